use crate::pages::Pages;

/// Filters and order of [`Projects::studies`](super::Projects::studies). By default studies are
/// listed in order of creation.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProjectStudyFilters {}

impl<T: Send + 'static> Pages<T, ProjectStudyFilters> {
    /// Lists newest studies first.
    pub fn newest_first(self) -> Self {
        self.with_query("ordering", "-date_created")
    }

    /// Lists only published studies, or only drafts. *(known from the official CLI only)*
    pub fn published(self, is_published: bool) -> Self {
        self.with_query("published", flag(is_published))
    }

    /// Lists only active studies, or only others. *(known from the official CLI only)*
    pub fn active(self, is_active: bool) -> Self {
        self.with_query("active", flag(is_active))
    }

    /// Lists only completed studies, or only others. *(known from the official CLI only)*
    pub fn completed(self, is_completed: bool) -> Self {
        self.with_query("completed", flag(is_completed))
    }
}

fn flag(is_set: bool) -> &'static str {
    if is_set { "1" } else { "0" }
}

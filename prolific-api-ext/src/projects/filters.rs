use crate::pages::Pages;

/// The filters and the order of [`Projects::studies`](super::Projects::studies). By default studies
/// come in the order in which they were made.
#[derive(Debug)]
#[non_exhaustive]
pub struct ProjectStudyFilters {}

impl<T: Send + 'static> Pages<T, ProjectStudyFilters> {
    /// Lists the newest studies first.
    pub fn newest_first(self) -> Self {
        self.with_query("ordering", "-date_created")
    }

    /// Lists the studies that are published, or the drafts. *(known from the official CLI only)*
    pub fn published(self, is_published: bool) -> Self {
        self.with_query("published", flag(is_published))
    }

    /// Lists the studies that are active, or those that are not. *(known from the official CLI
    /// only)*
    pub fn active(self, is_active: bool) -> Self {
        self.with_query("active", flag(is_active))
    }

    /// Lists the studies that are completed, or those that are not. *(known from the official CLI
    /// only)*
    pub fn completed(self, is_completed: bool) -> Self {
        self.with_query("completed", flag(is_completed))
    }
}

fn flag(is_set: bool) -> &'static str {
    if is_set { "1" } else { "0" }
}

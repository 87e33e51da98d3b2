//! Filters that are kept under a name.

use prolific_api::types;

use crate::{
    WorkspaceId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with filter sets here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::filter_sets`](crate::Prolific::filter_sets).
    FilterSets
}

impl FilterSets {
    /// The filter sets of a workspace; how they page is known from the official command line
    /// alone.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-filter-sets")]
    pub fn list(&self, workspace: &WorkspaceId) -> Pages<types::FilterSet> {
        listed!(self, "get-filter-sets", Paging::UNBOUNDED, [workspace], |api, page| {
            let call = api.get_filter_sets().workspace_id(workspace.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }
}

//! The catalogue of filters that choose who takes part.

use prolific_api::types;

use crate::{
    WorkspaceId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with filters here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::filters`](crate::Prolific::filters).
    Filters
}

impl Filters {
    /// The filters that there are, with the choices that a workspace has of its own. All of them
    /// come at once, and they are many.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-filters")]
    pub fn list(&self, workspace: &WorkspaceId) -> Pages<types::FilterDefinition> {
        listed!(self, "get-filters", Paging::Whole, [workspace], |api, _page| {
            api.get_filters().workspace_id(workspace.as_str())
        })
    }

    /// The filters of a tag, such as `custom-group`. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    pub fn tagged(
        &self,
        workspace: &WorkspaceId,
        tag: impl Into<String>,
    ) -> Pages<types::FilterDefinition> {
        self.list(workspace).with_query("filter_tag", tag)
    }
}

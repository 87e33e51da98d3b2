//! The projects of workspaces.

use prolific_api::types;

use crate::{
    ProjectId,
    pages::{Pages, Paging},
    resource::resource,
};

resource! {
    /// What can be done with projects of workspaces. Made by [`Prolific::projects`](crate::Prolific::projects).
    Projects
}

impl Projects {
    /// The studies of a project, documented to come in pages. It reads only, and each
    /// page is repeated after any transient failure. The rows are those of the raw client.
    pub fn studies(&self, id: &ProjectId) -> Pages<types::StudySummary> {
        let id = id.clone();
        Pages::new(
            &self.prolific,
            "get-project-studies",
            Paging::PageAndSize,
            move |prolific, page| {
                let id = id.clone();
                async move {
                    let call = prolific
                        .api()
                        .get_project_studies()
                        .project_id(id.as_str())
                        .page(page.page);
                    match page.page_size {
                        Some(size) => call.page_size(size).send().await,
                        None => call.send().await,
                    }
                }
            },
            Ok,
        )
    }
}

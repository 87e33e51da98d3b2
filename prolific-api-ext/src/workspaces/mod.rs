//! The workspaces.

mod member;
mod workspace;

pub use member::Member;
pub use workspace::WorkspaceSummary;

use crate::{
    pages::{Pages, Paging},
    resource::resource,
};

const LIST: &str = "get-workspaces";

resource! {
    /// What can be done with workspaces. Made by
    /// [`Prolific::workspaces`](crate::Prolific::workspaces).
    Workspaces
}

impl Workspaces {
    /// The workspaces that the token gives access to. It reads only, and each page is repeated
    /// after any transient failure. How it pages is known from Prolific's command line alone.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    ///
    /// # async fn run(prolific: prolific_api_ext::Prolific) -> prolific_api_ext::Result<()> {
    /// let workspaces: Vec<_> = prolific.workspaces().list().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pages<WorkspaceSummary> {
        Pages::new(
            &self.prolific,
            LIST,
            Paging::UNBOUNDED,
            |prolific, page| async move {
                let call = prolific.api().get_workspaces();
                call.limit(page.limit).offset(page.offset).send().await
            },
            WorkspaceSummary::read,
        )
    }
}

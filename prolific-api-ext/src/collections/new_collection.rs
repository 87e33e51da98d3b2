use serde_json::Value;

use super::{
    CollectionPage,
    content::{self, check},
};
use crate::{Result, WorkspaceId, batches::TaskDetails, request::request};

request! {
    /// A collection to [create](super::Collections::create). Exactly this is sent, with the
    /// positions of pages and items.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{
    ///     batches::TaskDetails,
    ///     collections::{CollectionPage, NewCollection},
    ///     questions::Question,
    /// };
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, _| {
    /// # let workspace = simulator.workspace_id()?;
    /// let texts = TaskDetails::new("Pets", "<p>About pets.</p>", "<p>Answer.</p>");
    /// let page = CollectionPage::new([Question::free_text("Which pet do you have?").into()]);
    /// let collection = NewCollection::new("pets", workspace, texts, [page]);
    /// collection.check()?;
    /// # Ok(())
    /// # });
    /// ```
    pub struct NewCollection(
        /// The name.
        name: String,
        /// The workspace that it is in.
        workspace_id: WorkspaceId,
        /// The texts for participants.
        task_details: TaskDetails,
        /// The pages, at least one.
        pages: Vec<CollectionPage> = "collection_items"
    ) {}
}

impl NewCollection {
    /// Checks it against the documented limits.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), naming everything that is wrong.
    pub fn check(&self) -> Result<()> {
        check(&self.name, &self.pages)
    }

    /// The collection as it is sent.
    pub(super) fn written(&self) -> Result<Value> {
        self.check()?;
        content::written(self, &self.pages)
    }
}

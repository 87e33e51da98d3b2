//! The collections of AI Task Builder.
//!
//! A collection asks participants questions without showing them data: it needs no dataset and
//! no setup. It is made, attached to a study, and its answers are [exported](
//! Collections::export_to_file).

mod collection;
mod content;
mod export;
#[cfg(test)]
mod on_the_wire;
mod response;

pub use collection::{Collection, CollectionPage};
pub use content::CollectionContent;
pub use response::CollectionResponse;

use prolific_api::types;

use crate::{
    CollectionId, Result, WorkspaceId,
    model::{answer, made},
    pages::{Pages, Paging, listed},
    request::body,
    resource::resource,
};

const CREATE: &str = "create-collection";
const UPDATE: &str = "update-collection";

resource! {
    /// What can be done with collections of AI Task Builder. Made by
    /// [`Prolific::collections`](crate::Prolific::collections).
    Collections
}

impl Collections {
    /// Makes a collection. Its pages come back with ids.
    ///
    /// A repeated request would make another one, so it is not repeated once the server may have
    /// acted on it, only after a 429 or a connection that never stood. After any other failure
    /// look for it by name in the [`list`](Self::list) before making it again.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where the content is against the
    /// documented limits, before anything is sent, and those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{
    ///     batches::TaskDetails,
    ///     collections::{CollectionContent, CollectionPage},
    ///     questions::Question,
    /// };
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let question = Question::free_text("Which pet do you have?");
    /// let texts = TaskDetails::new("Pets", "<p>About pets.</p>", "<p>Answer.</p>");
    /// let content = CollectionContent::new("pets", texts, [CollectionPage::new([question.into()])]);
    /// let collection = prolific.collections().create(&workspace, content).await?;
    /// println!("{}", collection.id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-collection")]
    pub async fn create(
        &self,
        workspace_id: &WorkspaceId,
        content: CollectionContent,
    ) -> Result<Collection> {
        let mut content = content.written().map_err(|error| error.of(CREATE))?;
        content["workspace_id"] = workspace_id.as_str().into();
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_collection();
        let call = call.body(body::<types::CreateCollection>(content, CREATE)?);
        made(call.send().await, CREATE)
    }

    /// A collection as it is now. It reads only, and is repeated after any transient failure.
    ///
    /// # Errors
    ///
    /// Those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.collection()?;
    /// let collection = prolific.collections().get(&id).await?;
    /// println!("{:?} has {} pages", collection.name, collection.pages.len());
    /// # assert_eq!(collection.pages.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-collection")]
    pub async fn get(&self, id: &CollectionId) -> Result<Collection> {
        let call = self.prolific.api().get_collection().collection_id(id.as_str());
        answer(call.send().await, "get-collection")
    }

    /// The collections of a workspace, whose rows may lack the pages. It reads only, and each page
    /// is repeated after any transient failure. How it pages is known from Prolific's command line
    /// alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.collection()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let mut collections = prolific.collections().list(&workspace);
    /// # let mut count = 0;
    /// while let Some(collection) = collections.try_next().await? {
    ///     println!("{} {:?}", collection.id, collection.name);
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "list-collections")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<Collection> {
        listed!(self, "list-collections", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.list_collections().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Replaces all of a collection: an entry that is sent with its id is kept, one without is
    /// new, and one that is left out is deleted.
    ///
    /// It is not repeated once the server may have acted on it: new entries without ids would be
    /// made twice over. Where every entry has its id it is safe to call it again after a failure;
    /// else look at the collection first.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// Another name, with everything else kept:
    ///
    /// ```
    /// use prolific_api_ext::collections::CollectionContent;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.collection()?;
    /// let collections = prolific.collections();
    /// let stored = collections.get(&id).await?;
    /// let texts = stored.task_details.unwrap_or_default();
    /// let content = CollectionContent::new("pets again", texts, stored.pages);
    /// let replaced = collections.update(&id, content).await?;
    /// # assert_eq!(replaced.name.as_deref(), Some("pets again"));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update-collection")]
    pub async fn update(
        &self,
        id: &CollectionId,
        content: CollectionContent,
    ) -> Result<Collection> {
        let content = content.written().map_err(|error| error.of(UPDATE))?;
        let call = self.prolific.api().update_collection().collection_id(id.as_str());
        let call = call.body(body::<types::UpdateCollection>(content, UPDATE)?);
        answer(call.send().await, UPDATE)
    }

    /// The answers to a collection. **Documented as not available yet**: the server may refuse
    /// it; use an [export](Self::export_to_file). It reads only.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.collection()?;
    /// # simulator.answer_collection(&id, 2)?;
    /// let responses: Vec<_> = prolific.collections().responses(&id).try_collect().await?;
    /// # assert_eq!(responses.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-collection-responses")]
    pub fn responses(&self, id: &CollectionId) -> Pages<CollectionResponse> {
        listed!(self, "get-collection-responses", Paging::Whole, [id], |api, _page| {
            api.get_collection_responses().collection_id(id.as_str())
        })
    }
}

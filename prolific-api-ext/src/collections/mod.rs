//! Collections of AI Task Builder.
//!
//! A collection asks participants questions without showing them data: it needs no dataset and no
//! setup. Create it, attach it to a study, and [export]( Collections::export_to_file) the
//! responses.

mod collection;
mod content;
mod export;
mod new_collection;
#[cfg(test)]
mod on_the_wire;
mod response;

pub use collection::{Collection, CollectionPage};
pub use content::CollectionContent;
pub use new_collection::NewCollection;
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
    /// Operations on collections of AI Task Builder. Returned by
    /// [`Prolific::collections`](crate::Prolific::collections).
    Collections
}

impl Collections {
    /// Creates a collection. The pages in the response have ids.
    ///
    /// Unsafe: every call creates another collection, so it is retried only if the server did not
    /// act. After any other failure, look for it by name in the [`list`](Self::list) before you
    /// create it again.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// collection exceeds the documented limits; another [`ErrorKind`](crate::ErrorKind) if the call
    /// fails.
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
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let texts = TaskDetails::new("Pets", "<p>About pets.</p>", "<p>Answer.</p>");
    /// let page = CollectionPage::new([Question::free_text("Which pet do you have?").into()]);
    /// let new = NewCollection::new("pets", workspace, texts, [page]);
    /// let collection = prolific.collections().create(new).await?;
    /// println!("{}", collection.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-collection")]
    pub async fn create(&self, collection: NewCollection) -> Result<Collection> {
        let collection = collection.written().map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_collection();
        let call = call.body(body::<types::CreateCollection>(collection, CREATE)?);
        made(call.send().await, CREATE)
    }

    /// Fetches a collection.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// let collection = prolific.collections().get(&id).await?;
    /// println!("{:?} has {} pages", collection.name, collection.pages.len());
    /// # assert_eq!(collection.pages.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-collection")]
    pub async fn get(&self, id: &CollectionId) -> Result<Collection> {
        let call = self.prolific.api().get_collection().collection_id(id.as_str());
        answer(call.send().await, "get-collection")
    }

    /// Lists the collections of a workspace. Rows may lack the pages. *(paging: known from the
    /// official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
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
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "list-collections")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<Collection> {
        listed!(self, "list-collections", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.list_collections().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Replaces a whole collection: an entry that is sent with its id is kept, one without an id is
    /// new, and one that is left out is deleted.
    ///
    /// Conditional: retried only if the server did not act, as entries without ids would be created
    /// twice. If every entry has an id, you can safely call it again after a failure; if not, check
    /// the collection first.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// content exceeds the documented limits; another [`ErrorKind`](crate::ErrorKind) if the call
    /// fails.
    ///
    /// # Examples
    ///
    /// Changes the name and keeps everything else:
    ///
    /// ```
    /// use prolific_api_ext::collections::CollectionContent;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// let collections = prolific.collections();
    /// let stored = collections.get(&id).await?;
    /// let texts = stored.task_details.unwrap_or_default();
    /// let content = CollectionContent::new("pets again", texts, stored.pages);
    /// let replaced = collections.update(&id, content).await?;
    /// # assert_eq!(replaced.name.as_deref(), Some("pets again"));
    /// # Ok(())
    /// # });
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

    /// Lists the responses to a collection. **Documented as not available yet**: the server may
    /// refuse the request; use an [export](Self::export_to_file).
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.collection()?;
    /// # simulator.answer_collection(&id, 2)?;
    /// let responses: Vec<_> = prolific.collections().responses(&id).try_collect().await?;
    /// # assert_eq!(responses.len(), 2);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-collection-responses")]
    pub fn responses(&self, id: &CollectionId) -> Pages<CollectionResponse> {
        listed!(self, "get-collection-responses", Paging::Whole, [id], |api, _page| {
            api.get_collection_responses().collection_id(id.as_str())
        })
    }
}

use prolific_api::types;
use serde::Serialize;

use crate::{
    CollectionId, LayoutPartId, Result, Timestamp, UserId, WorkspaceId,
    batches::TaskDetails,
    model::{Read, by_json_or, model},
    questions::Item,
    request::request,
};

model! {
    /// A collection: pages of questions without a dataset.
    ///
    /// The rows of a list may be shorter than what [`get`](super::Collections::get) gives.
    pub struct Collection from types::Collection {
        /// The id.
        key id: CollectionId,
        /// The name.
        pub name: Option<String>,
        /// The workspace that it is in.
        pub workspace_id: Option<WorkspaceId>,
        /// The texts that participants see.
        pub task_details: Option<TaskDetails>,
        /// The pages with all their ids, to be changed and sent back by
        /// [`update`](super::Collections::update): an entry that is sent with its id is kept, one
        /// without is new, and one that is missing is deleted. Responses of participants point at
        /// these ids.
        pub pages: Vec<CollectionPage> = collection_items,
        /// The number of pages. *(known from the official CLI only)*
        pub item_count: Option<u64>,
        /// The version of its form.
        pub schema_version: Option<u64>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// Who made it.
        pub created_by: Option<UserId>,
        /// When it was last changed.
        pub last_modified_at: Option<Timestamp>,
        /// Who changed it last.
        pub last_modified_by: Option<UserId>,
    }
}

request! {
    /// A page of a collection.
    pub struct CollectionPage(
        /// The items: questions, texts and pictures.
        #[serde(default)]
        items: Vec<Item> = "page_items"
    ) {
        /// The id. The server makes it; a page that is sent with its id is kept.
        id: LayoutPartId,
        /// The position. Default: that of the list.
        order: u64,
    }
}

impl<R: Serialize> Read<R> for CollectionPage {
    /// A page that can't be read is kept as an item that can't be sent: left out, it would be deleted
    /// by sending back the rest.
    fn read(raw: R, _: &'static str) -> Result<Self> {
        by_json_or(&raw, |json| Self::new([Item::Unknown(json)]))
    }
}

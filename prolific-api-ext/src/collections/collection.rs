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
    /// Rows of a list may have fewer fields than the result of [`get`](super::Collections::get).
    pub struct Collection from types::Collection {
        /// The id.
        key id: CollectionId,
        /// The name.
        pub name: Option<String>,
        /// The workspace that it is in.
        pub workspace_id: Option<WorkspaceId>,
        /// The texts for participants.
        pub task_details: Option<TaskDetails>,
        /// The pages with all their ids. Change them and send them back with
        /// [`update`](super::Collections::update): an entry that is sent with its id is kept, one
        /// without is new, and one that is missing is deleted. Participants' responses refer to
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
        items: Vec<Item> = "page_items" or empty
    ) {
        /// The id. Assigned by the server; a page that is sent with its id is kept.
        id: LayoutPartId,
        /// The position. Default: the order of the list.
        order: u64,
    }
}

impl<R: Serialize> Read<R> for CollectionPage {
    /// A page that can't be read is kept as an item that can't be sent: if it were left out,
    /// sending back the rest would delete it.
    fn read(raw: R, _: &'static str) -> Result<Self> {
        by_json_or(&raw, |json| Self::new([Item::Unknown(json)]))
    }
}

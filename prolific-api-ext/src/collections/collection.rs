use prolific_api::types;

use super::page_of_answer;
use crate::{
    CollectionId, Result, Timestamp, WorkspaceId,
    batches::TaskDetails,
    resource::{count, present, usable_id},
};

/// A collection: pages of questions without a dataset.
///
/// The rows of a list may be shorter than what [`get`](super::Collections::get) gives: what an
/// answer lacks is none, or empty.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// Its name.
    pub name: Option<String>,
    /// The workspace that it is in.
    pub workspace_id: Option<WorkspaceId>,
    /// The texts that participants see.
    pub task_details: Option<TaskDetails>,
    /// Its pages, as the raw client has them. [`pages`](Self::pages) makes of them what can be
    /// sent back.
    pub collection_items: Vec<types::CollectionPage>,
    /// How many pages it has. Known from the official command line alone.
    pub item_count: Option<i64>,
    /// The version of its form, as the raw client has it: a number or a text.
    pub schema_version: Option<types::IntegerOrText>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Who made it, by user id.
    pub created_by: Option<String>,
    /// When it was last changed.
    pub last_modified_at: Option<Timestamp>,
    /// Who changed it last, by user id.
    pub last_modified_by: Option<String>,
}

impl Collection {
    /// Its pages with all their ids, to be changed and sent back by
    /// [`update`](super::Collections::update): an entry that is sent with its id is kept, one
    /// without is new, and one that is missing is deleted. Answers of participants point at
    /// these ids.
    ///
    /// # Errors
    ///
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer), saying which entry, where one
    /// can't be sent back whole: one of a type or with a value that this version does not know,
    /// or one that lacks what a request needs. To send such pages, write them in full.
    pub fn pages(&self) -> Result<Vec<types::CollectionPageInput>> {
        let pages = self.collection_items.iter().enumerate();
        pages.map(|(at, page)| page_of_answer::page(at, page)).collect()
    }

    pub(super) fn from_raw(raw: types::Collection) -> Result<Self> {
        let types::Collection {
            collection_items,
            created_at,
            created_by,
            id,
            item_count,
            last_modified_at,
            last_modified_by,
            name,
            schema_version,
            task_details,
            workspace_id,
            ..
        } = raw;
        Ok(Self {
            id: present(usable_id(id), "id")?,
            name,
            workspace_id: usable_id(workspace_id),
            task_details: task_details.map(TaskDetails::from_raw),
            collection_items,
            item_count: count(item_count),
            schema_version,
            created_at,
            created_by,
            last_modified_at,
            last_modified_by,
        })
    }
}

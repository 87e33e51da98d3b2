//! Batches of AI Task Builder.
//!
//! A batch asks participants questions about the datapoints of a dataset. Create it with a
//! [`Layout`], [set it up](Batches::setup_and_wait), attach it to a study, and read the responses
//! as [JSON](Batches::responses), [CSV](Batches::report_to_file) or [ZIP](Batches::export_to_file).

mod batch;
mod change;
mod copy;
mod export;
mod layout_check;
mod layout_issue;
mod layout_parts;
mod new_batch;
#[cfg(test)]
mod on_the_wire;
mod ready;
mod report;
mod setup;
mod status;
mod sync;
mod sync_status;
mod task_details;
mod task_response;

pub mod layout;

pub use batch::{Batch, BatchDataset};
pub use change::BatchChange;
pub use copy::BatchCopy;
pub use layout::Layout;
pub use layout_issue::{LayoutIssue, layout_issues};
pub use new_batch::NewBatch;
pub use setup::BatchSetup;
pub use status::BatchStatus;
pub use sync::BatchSync;
pub use sync_status::SyncStatus;
pub use task_details::TaskDetails;
pub use task_response::TaskResponse;

use prolific_api::types;

use crate::{
    BatchId, Error, Result, TaskGroupId, TaskId, WorkspaceId,
    model::{answer, made},
    pages::{Pages, Paging, listed},
    request::body,
    resource::resource,
};

const CREATE: &str = "create-task-builder-batch";
const UPDATE: &str = "update-task-builder-batch";
const DUPLICATE: &str = "duplicate-task-builder-batch";

resource! {
    /// Operations on batches of AI Task Builder. Returned by
    /// [`Prolific::batches`](crate::Prolific::batches).
    Batches
}

impl Batches {
    /// Creates a batch. The layout in the response has ids.
    ///
    /// Unsafe: every call creates another batch, so it is retried only if the server did not act.
    /// After any other failure, look for it by name in the [`list`](Self::list) before you create
    /// it again.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// layout exceeds the documented limits; [`Unprocessable`](crate::ErrorKind::Unprocessable) if
    /// the server rejects the layout, with details in [`layout_issues`]; another
    /// [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::{NewBatch, TaskDetails, layout::{self, Layout}};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # use prolific_api_ext::datasets::{DatasetSchema, NewDataset};
    /// # let schema = DatasetSchema::new().image_url("image");
    /// # let dataset = NewDataset::new("cats", workspace.clone()).schema(schema);
    /// # let dataset = prolific.datasets().create(dataset).await?.id;
    /// let question = layout::multiple_choice("Is it a cat?", 1, [("Yes", "yes"), ("No", "no")]);
    /// let row = layout::row([vec![layout::dataset_field("image")], vec![question]]);
    /// let texts = TaskDetails::new("Cats", "<p>Look at a picture.</p>", "<p>Answer.</p>");
    /// let batch = NewBatch::new("cats", workspace, texts)
    ///     .dataset_id(dataset)
    ///     .layout(Layout::from_iter([layout::page([row])]));
    /// let batch = prolific.batches().create(batch).await?;
    /// println!("{}", batch.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-task-builder-batch")]
    pub async fn create(&self, batch: NewBatch) -> Result<Batch> {
        checked(Some(&batch.name), batch.layout.as_ref(), CREATE)?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_task_builder_batch();
        let call = call.body(body::<types::CreateBatch>(batch, CREATE)?);
        made(call.send().await, CREATE)
    }

    /// Fetches a batch.
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
    /// # let id = simulator.ready_batch()?;
    /// let batch = prolific.batches().get(&id).await?;
    /// println!("{:?} has {:?} tasks", batch.name, batch.total_task_count);
    /// # assert_eq!(batch.total_task_count, Some(2));
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-task-builder-batch")]
    pub async fn get(&self, id: &BatchId) -> Result<Batch> {
        let call = self.prolific.api().get_task_builder_batch().batch_id(id.as_str());
        answer(call.send().await, "get-task-builder-batch")
    }

    /// Lists the batches of a workspace. No paging is documented: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let mut batches = prolific.batches().list(&workspace);
    /// # let mut count = 0;
    /// while let Some(batch) = batches.try_next().await? {
    ///     println!("{} {:?}", batch.id, batch.status);
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 1);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-task-builder-batches")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<Batch> {
        listed!(self, "get-task-builder-batches", Paging::Whole, [workspace_id], |api, _page| {
            api.get_task_builder_batches().workspace_id(workspace_id.as_str())
        })
    }

    /// Changes a batch. What can be changed once it is READY is not documented.
    ///
    /// Conditional: retried only if the server did not act, as layout entries without ids would be
    /// created twice. If every entry has an id, or no layout is sent, you can safely call it again
    /// after a failure; if not, check the batch first.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// Adds a page and keeps the others:
    ///
    /// ```
    /// use prolific_api_ext::batches::{BatchChange, layout};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let batches = prolific.batches();
    /// let mut layout = batches.get(&id).await?.layout.unwrap_or_default();
    /// let question = layout::free_text("Anything else?");
    /// layout.pages.push(layout::page([layout::row([vec![question]])]));
    /// let batch = batches.update(&id, BatchChange::new().layout(layout)).await?;
    /// # assert_eq!(batch.total_instruction_count, Some(2));
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-task-builder-batch")]
    pub async fn update(&self, id: &BatchId, change: BatchChange) -> Result<Batch> {
        checked(change.name.as_deref(), change.layout.iter().flatten().next(), UPDATE)?;
        let call = self.prolific.api().update_task_builder_batch().batch_id(id.as_str());
        let call = call.body(body::<types::UpdateBatch>(change, UPDATE)?);
        answer(call.send().await, UPDATE)
    }

    /// Copies a batch. The copy shares the dataset unless you name another.
    ///
    /// Unsafe: every call creates another copy, so it is retried only if the server did not act.
    /// After any other failure, look for the copy in the [`list`](Self::list).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::batches::BatchCopy;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let copy = prolific.batches().duplicate(&id, BatchCopy::new().name("cats again")).await?;
    /// # assert_ne!(copy.id, id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "duplicate-task-builder-batch")]
    pub async fn duplicate(&self, id: &BatchId, copy: BatchCopy) -> Result<Batch> {
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().duplicate_task_builder_batch().batch_id(id.as_str());
        let call = call.body(body::<types::DuplicateBatch>(copy, DUPLICATE)?);
        made(call.send().await, DUPLICATE)
    }

    /// Lists the responses to a batch. No paging is documented: one request returns all of them, so
    /// prefer an [export](Self::export_to_file) for very large batches.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// # simulator.answer(&id, 2)?;
    /// let mut responses = prolific.batches().responses(&id);
    /// # let mut count = 0;
    /// while let Some(response) = responses.try_next().await? {
    ///     println!("{:?} {:?}", response.task_id, response.response);
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 4);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-task-builder-batch-task-responses")]
    pub fn responses(&self, id: &BatchId) -> Pages<TaskResponse> {
        listed!(self, "get-task-builder-batch-task-responses", Paging::Whole, [id], |api, _page| {
            api.get_task_builder_batch_task_responses().batch_id(id.as_str())
        })
    }

    /// Lists the ids of the tasks of a batch. Not paged: one request returns all of them. *(not
    /// published: known from the official CLI only, and may vanish without notice)*
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let tasks = prolific.batches().tasks(&id).collect_all().await?;
    /// println!("{} tasks", tasks.len());
    /// # assert_eq!(tasks.len(), 2);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-task-builder-batch-tasks")]
    pub fn tasks(&self, id: &BatchId) -> Pages<TaskId> {
        listed!(self, "get-task-builder-batch-tasks", Paging::Whole, [id], |api, _page| {
            api.get_task_builder_batch_tasks().batch_id(id.as_str())
        })
    }

    /// Lists the ids of the task groups of a batch. Not paged: one request returns all of them.
    /// *(not published: known from the official CLI only, and may vanish without notice)*
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.ready_batch()?;
    /// let groups = prolific.batches().task_groups(&id).collect_all().await?;
    /// println!("{} groups of tasks", groups.len());
    /// # assert_eq!(groups.len(), 2);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-task-builder-batch-task-groups")]
    pub fn task_groups(&self, id: &BatchId) -> Pages<TaskGroupId> {
        listed!(self, "get-task-builder-batch-task-groups", Paging::Whole, [id], |api, _page| {
            api.get_task_builder_batch_task_groups().batch_id(id.as_str())
        })
    }
}

fn checked(name: Option<&str>, layout: Option<&Layout>, operation: &'static str) -> Result<()> {
    if name.is_some_and(|name| name.trim().is_empty()) {
        let error = Error::invalid_input("the name of a batch is empty: set one");
        return Err(error.of(operation));
    }
    layout.map_or(Ok(()), Layout::check).map_err(|error| error.of(operation))
}

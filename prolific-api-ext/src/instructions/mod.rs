//! The instructions of batches of AI Task Builder.
//!
//! **Deprecated by Prolific**, with an announced end on 2026-09-01 at 23:59:59 GMT: they may
//! answer no longer. They work only on batches that were made without `batch_items`, and are
//! refused with 422 on all others: give a batch a [`Layout`](crate::batches::Layout) instead.

#![allow(deprecated, reason = "so are the operations of the raw client")]

mod instruction;
#[cfg(test)]
mod on_the_wire;

pub use instruction::Instruction;

use prolific_api::types::InstructionSet;
use serde_json::json;

use crate::{
    BatchId, Error, Result,
    model::{answer, made},
    pages::{Pages, Paging, listed},
    questions::{Faults, Place, Question},
    request::body,
    resource::resource,
};

const CREATE: &str = "create-task-builder-instructions";
const UPDATE: &str = "update-task-builder-instructions";

resource! {
    /// What can be done with instructions of batches of AI Task Builder. Made by
    /// [`Prolific::instructions`](crate::Prolific::instructions).
    Instructions
}

impl Instructions {
    /// The instructions of a batch. It reads only, and is repeated after any transient failure. No
    /// paging is documented: all of them come at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::questions::Question;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// # prolific.instructions().create(&batch, [Question::free_text("Which bird?")]).await?;
    /// let instructions: Vec<_> = prolific.instructions().list(&batch).try_collect().await?;
    /// println!("{} instructions", instructions.len());
    /// # assert_eq!(instructions.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: read `batch_items` of the batch"]
    #[inline]
    #[doc(alias = "get-task-builder-instructions")]
    pub fn list(&self, batch: &BatchId) -> Pages<Instruction> {
        listed!(self, "get-task-builder-instructions", Paging::Whole, [batch], |api, _page| {
            api.get_task_builder_instructions().batch_id(batch.as_str())
        })
    }

    /// Stores instructions of a batch that has none. Their ids come back.
    ///
    /// A repeated request might store them twice, so it is not repeated once the server may have
    /// acted on it. After a failure look at the list.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where one is against the documented limits,
    /// before anything is sent; [`Unprocessable`](crate::ErrorKind::Unprocessable) where the batch
    /// was made with a layout; and those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::questions::Question;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// let questions = [Question::free_text("Which bird?")];
    /// let stored = prolific.instructions().create(&batch, questions).await?;
    /// # assert!(stored[0].question.id.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: make the batch with a layout"]
    #[doc(alias = "create-task-builder-instructions")]
    pub async fn create(
        &self,
        batch: &BatchId,
        questions: impl IntoIterator<Item = Question>,
    ) -> Result<Vec<Instruction>> {
        let body = checked(questions, CREATE)?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_task_builder_instructions();
        made(call.batch_id(batch.as_str()).body(body).send().await, CREATE)
    }

    /// Replaces the instructions of a batch: one that is sent with its id is kept, one without is
    /// new, and one that is left out is deleted. [`Instruction::question`] has the id.
    ///
    /// It is not repeated once the server may have acted on it. Where every one has its id it is
    /// safe to call it again after a failure; else look at the list first.
    ///
    /// # Errors
    ///
    /// As `create`.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::questions::Question;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// # prolific.instructions().create(&batch, [Question::free_text("Which bird?")]).await?;
    /// let stored: Vec<_> = prolific.instructions().list(&batch).try_collect().await?;
    /// let mut questions: Vec<_> = stored.into_iter().map(|stored| stored.question).collect();
    /// questions[0].description = "Which bird is it?".to_owned();
    /// let replaced = prolific.instructions().update(&batch, questions).await?;
    /// # assert!(replaced[0].question.id.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: give the batch a layout"]
    #[doc(alias = "update-task-builder-instructions")]
    pub async fn update(
        &self,
        batch: &BatchId,
        questions: impl IntoIterator<Item = Question>,
    ) -> Result<Vec<Instruction>> {
        let body = checked(questions, UPDATE)?;
        let call = self.prolific.api().update_task_builder_instructions();
        answer(call.batch_id(batch.as_str()).body(body).send().await, UPDATE)
    }
}

fn checked(
    questions: impl IntoIterator<Item = Question>,
    operation: &'static str,
) -> Result<InstructionSet> {
    let questions: Vec<_> = questions.into_iter().collect();
    let mut faults = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        let mut found = Faults::default();
        question.check(Place::Instructions, &mut found);
        faults.extend(found.0.into_iter().map(|fault| format!("instruction {at}: {fault}")));
    }
    if !faults.is_empty() {
        return Err(Error::invalid_input(faults.join("; ")).of(operation));
    }
    body(json!({ "instructions": questions }), operation)
}

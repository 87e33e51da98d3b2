//! Instructions of batches of AI Task Builder.
//!
//! **Deprecated by Prolific**, with an announced end on 2026-09-01 at 23:59:59 GMT, so they may no
//! longer work. They only apply to batches created without `batch_items`; all others refuse them
//! with 422. Give batches a [`Layout`](crate::batches::Layout) instead.

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
    /// Operations on instructions of batches of AI Task Builder. Returned by
    /// [`Prolific::instructions`](crate::Prolific::instructions).
    Instructions
}

impl Instructions {
    /// Lists the instructions of a batch. No paging is documented: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::questions::Question;
    /// # #[allow(deprecated)]
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// # prolific.instructions().create(&batch, [Question::free_text("Which bird?")]).await?;
    /// let instructions: Vec<_> = prolific.instructions().list(&batch).try_collect().await?;
    /// println!("{} instructions", instructions.len());
    /// # assert_eq!(instructions.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: read `batch_items` of the batch"]
    #[inline]
    #[doc(alias = "get-task-builder-instructions")]
    pub fn list(&self, batch_id: &BatchId) -> Pages<Instruction> {
        listed!(self, "get-task-builder-instructions", Paging::Whole, [batch_id], |api, _page| {
            api.get_task_builder_instructions().batch_id(batch_id.as_str())
        })
    }

    /// Creates the instructions of a batch that has none. The response has their ids.
    ///
    /// Unsafe: a repeated request might create them twice, so it is retried only if the server did
    /// not act. After any other failure, check the list.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if an
    /// instruction exceeds the documented limits;
    /// [`Unprocessable`](crate::ErrorKind::Unprocessable) if the batch was created with a layout;
    /// another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::questions::Question;
    ///
    /// # #[allow(deprecated)]
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// let questions = [Question::free_text("Which bird?")];
    /// let stored = prolific.instructions().create(&batch, questions).await?;
    /// # assert!(stored[0].question.id.is_some());
    /// # Ok(())
    /// # });
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: create the batch with a layout"]
    #[doc(alias = "create-task-builder-instructions")]
    pub async fn create(
        &self,
        batch_id: &BatchId,
        questions: impl IntoIterator<Item = Question>,
    ) -> Result<Vec<Instruction>> {
        let body = checked(questions, CREATE)?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_task_builder_instructions();
        made(call.batch_id(batch_id.as_str()).body(body).send().await, CREATE)
    }

    /// Replaces the instructions of a batch: an instruction that is sent with its id is kept, one
    /// without an id is new, and one that is left out is deleted. [`Instruction::question`] has the
    /// id.
    ///
    /// Conditional: retried only if the server did not act. If every instruction has an id, you can
    /// safely call it again after a failure; if not, check the list first.
    ///
    /// # Errors
    ///
    /// Those of [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::questions::Question;
    /// # #[allow(deprecated)]
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
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
    /// # });
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: give the batch a layout"]
    #[doc(alias = "update-task-builder-instructions")]
    pub async fn update(
        &self,
        batch_id: &BatchId,
        questions: impl IntoIterator<Item = Question>,
    ) -> Result<Vec<Instruction>> {
        let body = checked(questions, UPDATE)?;
        let call = self.prolific.api().update_task_builder_instructions();
        answer(call.batch_id(batch_id.as_str()).body(body).send().await, UPDATE)
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

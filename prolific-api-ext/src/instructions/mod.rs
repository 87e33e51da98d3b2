//! The instructions of batches of AI Task Builder.
//!
//! **Deprecated by Prolific**, with an announced end on 2026-09-01 at 23:59:59 GMT: they may
//! answer no longer. They work only on batches that were made without `batch_items`, and are
//! refused with 422 on all others: give a batch a [`Layout`](crate::batches::Layout) instead. What
//! they take and give are the raw client's types.

#![allow(deprecated, reason = "so are the operations of the raw client")]

mod input;
#[cfg(test)]
mod on_the_wire;

pub use crate::collections::InstructionType;
pub use input::of_answer;

use prolific_api::types::{Instruction, InstructionInput, InstructionSet};

use crate::{
    BatchId, Result,
    pages::{Pages, Paging},
    resource::{read, read_left, resource},
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
    /// # use prolific_api_ext::{instructions::InstructionType, raw::types::InstructionInput};
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// # let question = InstructionInput::builder();
    /// # let question = question.type_(InstructionType::FreeText).description("Which bird?");
    /// # let questions = vec![InstructionInput::try_from(question)?];
    /// # prolific.instructions().create(&batch, questions).await?;
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
        let batch = batch.clone();
        Pages::new(
            &self.prolific,
            "get-task-builder-instructions",
            Paging::Whole,
            move |prolific, _| {
                let batch = batch.clone();
                async move {
                    let call = prolific.api().get_task_builder_instructions();
                    call.batch_id(batch.as_str()).send().await
                }
            },
            Ok,
        )
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
    /// use prolific_api_ext::{instructions::InstructionType, raw::types::InstructionInput};
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
    /// let question = InstructionInput::builder()
    ///     .type_(InstructionType::FreeText)
    ///     .description("Which bird?");
    /// let questions = vec![InstructionInput::try_from(question)?];
    /// let stored = prolific.instructions().create(&batch, questions).await?;
    /// # assert!(stored[0].id.is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: make the batch with a layout"]
    #[doc(alias = "create-task-builder-instructions")]
    pub async fn create(
        &self,
        batch: &BatchId,
        instructions: Vec<InstructionInput>,
    ) -> Result<Vec<Instruction>> {
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_task_builder_instructions();
        let body = input::checked(instructions).map_err(|error| error.of(CREATE))?;
        let body = InstructionSet::builder().instructions(body);
        let sent = call.batch_id(batch.as_str()).body(body);
        read_left(sent.send().await, CREATE, Ok)
    }

    /// Replaces the instructions of a batch: one that is sent with its id is kept, one without is
    /// new, and one that is left out is deleted. [`of_answer`] keeps the ids.
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
    /// use prolific_api_ext::instructions;
    ///
    /// # use prolific_api_ext::{instructions::InstructionType, raw::types::InstructionInput};
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[allow(deprecated)]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let texts = prolific_api_ext::batches::TaskDetails::new("Birds", "Look.", "Answer.");
    /// # let batch = prolific_api_ext::batches::NewBatch::new("Birds", simulator.workspace_id()?, texts);
    /// # let batch = prolific.batches().create(batch).await?.id;
    /// # let question = InstructionInput::builder();
    /// # let question = question.type_(InstructionType::FreeText).description("Which bird?");
    /// # let questions = vec![InstructionInput::try_from(question)?];
    /// # prolific.instructions().create(&batch, questions).await?;
    /// let stored: Vec<_> = prolific.instructions().list(&batch).try_collect().await?;
    /// let mut questions = instructions::of_answer(&stored)?;
    /// questions[0].description = "Which bird is it?".to_owned();
    /// let replaced = prolific.instructions().update(&batch, questions).await?;
    /// # assert_eq!(replaced[0].id, stored[0].id);
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated = "Prolific ends instructions on 2026-09-01: give the batch a layout"]
    #[doc(alias = "update-task-builder-instructions")]
    pub async fn update(
        &self,
        batch: &BatchId,
        instructions: Vec<InstructionInput>,
    ) -> Result<Vec<Instruction>> {
        let call = self.prolific.api().update_task_builder_instructions();
        let body = input::checked(instructions).map_err(|error| error.of(UPDATE))?;
        let body = InstructionSet::builder().instructions(body);
        let sent = call.batch_id(batch.as_str()).body(body);
        read(sent.send().await, UPDATE, Ok)
    }
}

use prolific_api::types;

use crate::{
    BatchId, Result, Timestamp, UserId,
    model::{Read, by_json, model},
    questions::Question,
};

model! {
    /// An instruction of a batch.
    pub struct Instruction {
        /// The question, with its id: what can be sent back.
        key question: Question,
        /// The batch. *(known from the official CLI only)*
        pub batch_id: Option<BatchId>,
        /// Who made it. *(known from the official CLI only)*
        pub created_by: Option<UserId>,
        /// When it was made. *(known from the official CLI only)*
        pub created_at: Option<Timestamp>,
    }
}

impl Read<types::Instruction> for Instruction {
    fn read(raw: types::Instruction, _: &'static str) -> Result<Self> {
        let mut instruction = Self::new(by_json(&raw)?);
        instruction.batch_id = Read::read(raw.batch_id, "Instruction.batch_id")?;
        instruction.created_by = Read::read(raw.created_by, "Instruction.created_by")?;
        instruction.created_at = raw.created_at;
        Ok(instruction)
    }
}

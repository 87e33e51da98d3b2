use prolific_api::{
    Integer,
    types::{Instruction, InstructionInput},
};

use super::InstructionType;
use crate::{Error, Result, batches::Faults};

/// Instructions of an answer as ones to send, with their ids.
///
/// # Errors
///
/// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer), saying which, where one has a form
/// that this version can't send.
pub fn of_answer(instructions: &[Instruction]) -> Result<Vec<InstructionInput>> {
    let each = instructions.iter().enumerate();
    each.map(|(at, instruction)| {
        let json = serde_json::to_value(instruction).ok();
        json.and_then(|json| serde_json::from_value(json).ok()).ok_or_else(|| {
            Error::unexpected(format!(
                "instruction {at} has a form that this version can't send: write it in full instead"
            ))
        })
    })
    .collect()
}

pub(super) fn checked(instructions: Vec<InstructionInput>) -> Result<Vec<InstructionInput>> {
    let mut faults = Vec::new();
    for (at, instruction) in instructions.iter().enumerate() {
        let mut found = Faults::default();
        check(instruction, &mut found);
        faults.extend(found.0.into_iter().map(|fault| format!("instruction {at}: {fault}")));
    }
    if faults.is_empty() {
        return Ok(instructions);
    }
    Err(Error::invalid_input(faults.join("; ")))
}

fn check(instruction: &InstructionInput, faults: &mut Faults) {
    match InstructionType::from(&instruction.type_) {
        InstructionType::MultipleChoice | InstructionType::MultipleChoiceWithFreeText => {
            let options = instruction.options.as_ref().map_or(0, |options| options.0.len());
            // Without a limit the server has its own.
            faults.choice(instruction.answer_limit.map_or(-1, Integer::get), options);
        }
        InstructionType::FreeTextWithUnit => {
            let units = instruction.unit_options.as_ref().map_or(&[][..], |units| &units.0);
            faults.units(units, instruction.default_unit.as_deref());
        }
        InstructionType::FreeText => faults.validation(instruction.validation.as_ref()),
        InstructionType::FileUpload => faults.files(
            instruction.accepted_file_types.as_ref().map(|types| &*types.0),
            instruction.max_file_size_mb,
            instruction.min_file_count,
            instruction.max_file_count,
        ),
        InstructionType::Unknown(_) => {}
    }
}

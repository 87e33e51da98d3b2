use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// The kind of a question of a collection, or of an instruction.
    pub enum InstructionType from types::InstructionType {
        /// A choice among options.
        MultipleChoice = "multiple_choice",
        /// A choice among options, each of which may take a text.
        MultipleChoiceWithFreeText = "multiple_choice_with_free_text",
        /// A text.
        FreeText = "free_text",
        /// A text with a unit.
        FreeTextWithUnit = "free_text_with_unit",
        /// A file.
        FileUpload = "file_upload",
    }
}

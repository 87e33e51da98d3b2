use prolific_api::types;

use super::{AnswerLimit, ChoiceOption, Faults, TextValidation, UnitOption, UnitPosition};
use crate::{InstructionId, Number, open_enum::open_enum, request::request};

open_enum! {
    /// The kind of a question.
    pub enum QuestionType from types::AnswerType, types::InstructionType {
        /// A choice among options.
        MultipleChoice = "multiple_choice",
        /// A choice among options, each of which can take a text.
        MultipleChoiceWithFreeText = "multiple_choice_with_free_text",
        /// A text.
        FreeText = "free_text",
        /// A text with a unit.
        FreeTextWithUnit = "free_text_with_unit",
        /// Files.
        FileUpload = "file_upload",
        /// A recorded narration; only in batches. *(known from a documentation page)*
        VideoNarration = "video_narration",
    }
}

request! {
    /// A question to participants: in the layout of a batch, on a page of a collection, or as an
    /// instruction.
    ///
    /// A setting that is not supported where the question is sent is an error before anything is
    /// sent.
    pub struct Question(
        /// The kind.
        kind: QuestionType = "type",
        /// The question, or the prompt.
        description: String
    ) {
        /// The id. Assigned by the server; a question that is sent with its id is kept.
        id: InstructionId,
        /// The position on the page of a collection, or among instructions. Default: the order of
        /// the list.
        order: u64,
        /// A hint under the question.
        helper_text: String,
        /// The placeholder text.
        placeholder: String = "placeholder_text_input",
        /// How many options can be picked.
        answer_limit: AnswerLimit,
        /// Whether options are always shown as buttons or boxes. Default: 5 or more options become
        /// a dropdown.
        disable_dropdown: bool,
        /// The options of a choice.
        options: Vec<ChoiceOption>,
        /// The units, for a text with a unit.
        units: Vec<UnitOption> = "unit_options",
        /// The value of the preselected unit.
        default_unit: String,
        /// The side of the text on which the unit is shown.
        unit_position: UnitPosition,
        /// The bounds of a text answer.
        validation: TextValidation,
        /// The accepted file extensions, each with its dot. Default: those of pictures.
        accepted_file_types: Vec<String>,
        /// The maximum size of a file, in megabytes. Default: 25.
        max_file_size_mb: Number,
        /// The minimum number of files. Default: 1.
        min_file_count: u64,
        /// The maximum number of files. Default: 10.
        max_file_count: u64,
    }
}

/// Where a question is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A batch or a collection.
    Page,
    /// The instructions of a batch of the legacy kind, which have more defaults.
    Instructions,
}

impl Question {
    /// Asks for a text.
    pub fn free_text(description: impl Into<String>) -> Self {
        Self::new(QuestionType::FreeText, description)
    }

    /// Asks for a text with one of these units, at least two.
    pub fn free_text_with_unit<U: Into<UnitOption>>(
        description: impl Into<String>,
        position: UnitPosition,
        units: impl IntoIterator<Item = U>,
    ) -> Self {
        let units: Vec<_> = units.into_iter().map(Into::into).collect();
        Self::new(QuestionType::FreeTextWithUnit, description).unit_position(position).units(units)
    }

    /// Asks to pick up to `limit` options.
    pub fn multiple_choice<O: Into<ChoiceOption>>(
        description: impl Into<String>,
        limit: impl Into<AnswerLimit>,
        options: impl IntoIterator<Item = O>,
    ) -> Self {
        Self::choice(QuestionType::MultipleChoice, description.into(), limit.into(), options)
    }

    /// Asks to pick up to `limit` options, each of which can take a text. Every option needs a
    /// [`heading`](ChoiceOption::heading).
    pub fn multiple_choice_with_free_text<O: Into<ChoiceOption>>(
        description: impl Into<String>,
        limit: impl Into<AnswerLimit>,
        options: impl IntoIterator<Item = O>,
    ) -> Self {
        let kind = QuestionType::MultipleChoiceWithFreeText;
        Self::choice(kind, description.into(), limit.into(), options)
    }

    /// Asks for files.
    pub fn file_upload(description: impl Into<String>) -> Self {
        Self::new(QuestionType::FileUpload, description)
    }

    fn choice<O: Into<ChoiceOption>>(
        kind: QuestionType,
        description: String,
        limit: AnswerLimit,
        options: impl IntoIterator<Item = O>,
    ) -> Self {
        let options: Vec<_> = options.into_iter().map(Into::into).collect();
        Self::new(kind, description).answer_limit(limit).options(options)
    }

    pub(crate) fn check(&self, place: Place, faults: &mut Faults) {
        match self.kind {
            QuestionType::MultipleChoice | QuestionType::MultipleChoiceWithFreeText => {
                self.check_choice(place, faults);
            }
            QuestionType::FreeTextWithUnit => {
                let units = self.units.as_deref().unwrap_or_default();
                faults.units(units, self.default_unit.as_deref());
                if place == Place::Page && self.unit_position.is_none() {
                    faults.add("a free text with a unit needs unit_position");
                }
            }
            QuestionType::FreeText => faults.validation(self.validation.as_ref()),
            QuestionType::FileUpload => faults.files(
                self.accepted_file_types.as_deref().unwrap_or_default(),
                self.max_file_size_mb,
                self.min_file_count,
                self.max_file_count,
            ),
            QuestionType::VideoNarration | QuestionType::Unknown(_) => {}
        }
    }

    fn check_choice(&self, place: Place, faults: &mut Faults) {
        let options = self.options.as_deref().unwrap_or_default();
        if place == Place::Page && self.answer_limit.is_none() {
            faults.add("a choice needs answer_limit: give `AnswerLimit::Unlimited` for no limit");
        }
        faults.choice(self.answer_limit.unwrap_or(AnswerLimit::Unlimited), options.len());
        let takes_text = self.kind == QuestionType::MultipleChoiceWithFreeText;
        if takes_text && options.iter().any(|option| option.heading.is_none()) {
            faults.add("every option of a choice with free text needs a heading");
        }
    }
}

use prolific_api::types;

use super::{AnswerValue, TextValidation};
use crate::{open_enum::open_enum, request::request};

request! {
    /// A unit of a text answer.
    pub struct UnitOption(
        /// What participants see.
        label: String,
        /// What answers have.
        value: AnswerValue
    ) {
        /// The bounds of an answer in this unit.
        validation: TextValidation,
    }
}

impl<L: Into<String>, V: Into<AnswerValue>> From<(L, V)> for UnitOption {
    fn from((label, value): (L, V)) -> Self {
        Self::new(label, value)
    }
}

open_enum! {
    /// The side of the text on which a unit is shown.
    pub enum UnitPosition from types::UnitPosition {
        /// Before it.
        Prefix = "prefix",
        /// After it.
        Suffix = "suffix",
    }
}

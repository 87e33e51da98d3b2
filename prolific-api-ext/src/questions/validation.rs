use prolific_api::types;

use crate::{Number, open_enum::open_enum, request::request};

open_enum! {
    /// The type of a text answer.
    pub enum ValidationType from types::ValidationType {
        /// A number within bounds.
        Number = "number",
        /// A text with a length within bounds.
        Text = "string",
    }
}

request! {
    /// The bounds of a text answer.
    pub struct TextValidation(
        /// The type of the answer.
        kind: ValidationType = "type"
    ) {
        /// The minimum value or length. Default: none.
        min: Number,
        /// The maximum value or length. Default: none.
        max: Number,
    }
}

impl TextValidation {
    /// Accepts numbers between [`min`](Self::min) and [`max`](Self::max).
    pub fn number() -> Self {
        Self::new(ValidationType::Number)
    }

    /// Accepts texts with a length between [`min`](Self::min) and [`max`](Self::max) characters.
    pub fn length() -> Self {
        Self::new(ValidationType::Text)
    }
}

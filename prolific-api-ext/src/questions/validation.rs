use prolific_api::types;

use crate::{Number, open_enum::open_enum, request::request};

open_enum! {
    /// What a text answer has to be.
    pub enum ValidationType from types::ValidationType {
        /// A number, whose value is bounded.
        Number = "number",
        /// A text, whose length is bounded.
        Text = "string",
    }
}

request! {
    /// The bounds of a text answer.
    pub struct TextValidation(
        /// What the answer has to be.
        kind: ValidationType = "type"
    ) {
        /// The least value, or the least length. Default: none.
        min: Number,
        /// The greatest value, or the greatest length. Default: none.
        max: Number,
    }
}

impl TextValidation {
    /// Takes numbers, which [`min`](Self::min) and [`max`](Self::max) bound.
    pub fn number() -> Self {
        Self::new(ValidationType::Number)
    }

    /// Takes texts, whose length in characters [`min`](Self::min) and [`max`](Self::max) bound.
    pub fn length() -> Self {
        Self::new(ValidationType::Text)
    }
}

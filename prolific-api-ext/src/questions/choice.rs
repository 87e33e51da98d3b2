use serde::{Deserialize, Serialize};

use super::AnswerValue;
use crate::request::request;

request! {
    /// An option of a choice.
    pub struct ChoiceOption(
        /// What participants see.
        label: String,
        /// What answers have.
        value: AnswerValue
    ) {
        /// The title of its group. Every option of a choice with free text needs one.
        heading: String,
        /// Whether picking it clears all other choices.
        exclusive: bool,
    }
}

impl<L: Into<String>, V: Into<AnswerValue>> From<(L, V)> for ChoiceOption {
    fn from((label, value): (L, V)) -> Self {
        Self::new(label, value)
    }
}

/// How many options of a choice can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(from = "i64", into = "i64")]
pub enum AnswerLimit {
    /// At most this many.
    AtMost(u32),
    /// Any number.
    Unlimited,
}

impl From<u32> for AnswerLimit {
    fn from(limit: u32) -> Self {
        Self::AtMost(limit)
    }
}

impl From<i32> for AnswerLimit {
    /// A negative number removes the limit, as -1 does in the API.
    fn from(limit: i32) -> Self {
        i64::from(limit).into()
    }
}

impl From<i64> for AnswerLimit {
    /// A negative number removes the limit, as -1 does in the API.
    fn from(limit: i64) -> Self {
        match u32::try_from(limit) {
            Ok(limit) => Self::AtMost(limit),
            Err(_) if limit < 0 => Self::Unlimited,
            Err(_) => Self::AtMost(u32::MAX),
        }
    }
}

impl From<AnswerLimit> for i64 {
    fn from(limit: AnswerLimit) -> Self {
        match limit {
            AnswerLimit::AtMost(limit) => limit.into(),
            AnswerLimit::Unlimited => -1,
        }
    }
}

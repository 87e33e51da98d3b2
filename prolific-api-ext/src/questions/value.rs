use std::fmt;

use prolific_api::types;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::{Number, Result, model::Read};

/// The value of an option or an answer: text, number or boolean. The official command line only
/// sends text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum AnswerValue {
    /// True or false.
    Bool(bool),
    /// A text.
    Text(String),
    /// A number.
    Number(Number),
}

impl<'de> Deserialize<'de> for AnswerValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(value) => Ok(Self::Bool(value)),
            Value::String(text) => Ok(Self::Text(text)),
            other => Number::deserialize(&other).map(Self::Number).map_err(D::Error::custom),
        }
    }
}

impl fmt::Display for AnswerValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Text(text) => f.pad(text),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl From<&str> for AnswerValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for AnswerValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for AnswerValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for AnswerValue {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<i32> for AnswerValue {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for AnswerValue {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl Read<types::ScalarAnswer> for AnswerValue {
    fn read(raw: types::ScalarAnswer, _: &'static str) -> Result<Self> {
        crate::model::by_json(&raw)
    }
}

#[cfg(test)]
mod tests {
    use super::AnswerValue;

    #[test]
    fn a_value_is_written_as_what_it_is_and_read_back() {
        let values: [(AnswerValue, &str); 4] = [
            ("7".into(), "\"7\""),
            (7.into(), "7"),
            (true.into(), "true"),
            ("true".into(), "\"true\""),
        ];
        for (value, json) in values {
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(serde_json::from_str::<AnswerValue>(json).unwrap(), value);
        }
        assert_eq!(AnswerValue::from(7).to_string(), "7");
    }
}

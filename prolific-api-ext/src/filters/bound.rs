use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use crate::Timestamp;

/// A bound of a [range](super::range): a number or a date. Whole numbers are sent as integers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// A whole number.
    Integer(i64),
    /// A number with a fraction. If it has none, it is sent as an integer all the same.
    Number(f64),
    /// A text, usually a date.
    Text(String),
}

impl Serialize for Bound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Number(number) => match Self::from(*number) {
                Self::Integer(number) => serializer.serialize_i64(number),
                _ => serializer.serialize_f64(*number),
            },
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    /// Whole numbers may have a decimal point.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let number = || json.as_i64().map(Self::Integer).or_else(|| json.as_f64().map(Self::from));
        let text = || json.as_str().map(Self::from);
        let wrong = || D::Error::custom("a bound is a number or a text");
        number().or_else(text).ok_or_else(wrong)
    }
}

impl From<i32> for Bound {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Bound {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Bound {
    fn from(number: f64) -> Self {
        // Up to here every whole number is one of these.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match number.fract() == 0.0 && number.abs() <= EXACT {
            true => Self::Integer(number as i64),
            false => Self::Number(number),
        }
    }
}

impl From<&str> for Bound {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Bound {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Timestamp> for Bound {
    fn from(time: Timestamp) -> Self {
        Self::Text(time.to_string())
    }
}

impl Bound {
    /// The bound as a number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

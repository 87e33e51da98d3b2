use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{NotANumber, Number};

/// A whole number in any form that servers send: `61`, but also `61.0`, `61.4` and `"61"`.
///
/// [`get`](Self::get) rounds, and [`number`](Self::number) is the number as received. Integers that
/// a program creates are whole.
///
/// # Examples
///
/// ```
/// use prolific_api::Integer;
///
/// let seconds: Integer = serde_json::from_str("61.4")?;
/// assert_eq!((seconds.get(), seconds.number().as_f64()), (61, 61.4));
/// assert_eq!(seconds.to_string(), "61.4");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Integer(Number);

impl Integer {
    /// The nearest whole number; the largest or smallest one if it doesn't fit.
    pub fn get(self) -> i64 {
        self.0.round()
    }

    /// The number, unchanged.
    pub fn number(self) -> Number {
        self.0
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for Integer {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        text.parse().map(Self)
    }
}

impl From<Integer> for i64 {
    fn from(number: Integer) -> Self {
        number.get()
    }
}

impl From<Integer> for Number {
    fn from(number: Integer) -> Self {
        number.0
    }
}

macro_rules! from_whole_numbers {
    ($($of:ty)+) => { $(
        impl From<$of> for Integer {
            fn from(number: $of) -> Self {
                Self(number.into())
            }
        }
    )+ };
}

from_whole_numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Integer {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Integer".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer" })
    }
}

#[cfg(test)]
mod tests {
    use super::Integer;

    #[test]
    fn an_integer_is_rounded_and_what_came_is_at_hand() {
        for (json, rounded, came) in [
            ("61", 61, 61.0),
            ("61.0", 61, 61.0),
            ("61.4", 61, 61.4),
            ("\"61\"", 61, 61.0),
            ("150.5", 151, 150.5),
        ] {
            let integer: Integer = serde_json::from_str(json).unwrap();
            assert_eq!((integer.get(), integer.number().as_f64()), (rounded, came), "{json}");
        }
        assert_eq!(serde_json::to_string(&Integer::from(7_usize)).unwrap(), "7");
        assert_eq!(serde_json::to_string(&Integer::from(u64::MAX)).unwrap(), u64::MAX.to_string());
    }
}

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A JSON number, exactly as received.
///
/// Whole numbers of up to 64 bits are exact and written without a fraction: `18.0` is sent as `18`.
/// A number that was received as a string (`"283.34"`) is read, and written as a string again.
/// There are no NaN and infinity, as in JSON.
///
/// # Examples
///
/// ```
/// use prolific_api::Number;
///
/// let reward: Number = serde_json::from_str("\"283.34\"")?;
/// assert_eq!((reward.as_f64(), reward.as_i64()), (283.34, None));
/// assert_eq!(serde_json::to_string(&Number::try_from(18.0)?)?, "18");
/// assert!(Number::try_from(f64::NAN).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Number(Kept);

/// Equal numbers have the same representation, except for strings: a whole number that fits an
/// integer is one.
#[derive(Clone, Copy)]
enum Kept {
    Signed(i64),
    /// Beyond an `i64`.
    Unsigned(u64),
    Float(f64),
    SignedText(i64),
    FloatText(f64),
}

/// A value that is not a JSON number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANumber(());

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a number that JSON can carry")
    }
}

impl std::error::Error for NotANumber {}

impl Number {
    /// The nearest `f64`.
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Kept::Signed(number) | Kept::SignedText(number) => number as f64,
            Kept::Unsigned(number) => number as f64,
            Kept::Float(number) | Kept::FloatText(number) => number,
        }
    }

    /// The whole number, or `None` if it has a fraction or doesn't fit.
    pub fn as_i64(self) -> Option<i64> {
        match self.0 {
            Kept::Signed(number) | Kept::SignedText(number) => Some(number),
            _ => None,
        }
    }

    /// The nearest whole number, with halves rounded away from zero; the largest or smallest one if
    /// it doesn't fit.
    pub fn round(self) -> i64 {
        match self.0 {
            Kept::Signed(number) | Kept::SignedText(number) => number,
            Kept::Unsigned(_) => i64::MAX,
            // A conversion from a float saturates.
            Kept::Float(number) | Kept::FloatText(number) => number.round() as i64,
        }
    }

    /// Whether it was received as a string: `"61"` instead of `61`.
    pub fn is_text(self) -> bool {
        matches!(self.0, Kept::SignedText(_) | Kept::FloatText(_))
    }

    fn of_float(number: f64) -> Option<Self> {
        // 2^63 and 2^64, which a float is exactly.
        const SIGNED: f64 = 9_223_372_036_854_775_808.0;
        const UNSIGNED: f64 = 18_446_744_073_709_551_616.0;
        let kept = match number.fract() == 0.0 {
            true if (-SIGNED..SIGNED).contains(&number) => Kept::Signed(number as i64),
            true if (SIGNED..UNSIGNED).contains(&number) => Kept::Unsigned(number as u64),
            _ if number.is_finite() => Kept::Float(number),
            _ => return None,
        };
        Some(Self(kept))
    }

    /// The number in a string, written as in JSON.
    fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        // What Rust reads besides: `inf`, `NaN`, `+1`, `.5`.
        if !digits.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        match text.parse::<i64>() {
            Ok(number) => Some(Self(Kept::Signed(number))),
            Err(_) => Self::of_float(text.parse().ok()?),
        }
    }

    fn into_text(self) -> Self {
        Self(match self.0 {
            Kept::Signed(number) => Kept::SignedText(number),
            Kept::Unsigned(number) => Kept::FloatText(number as f64),
            Kept::Float(number) => Kept::FloatText(number),
            text => text,
        })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::Signed(number) | Kept::SignedText(number) => number.fmt(f),
            Kept::Unsigned(number) => number.fmt(f),
            // Shorter than `Display` where it is very large or small: `1e300`.
            Kept::Float(number) | Kept::FloatText(number) => fmt::Debug::fmt(number, f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_text() {
            true => write!(f, "\"{self}\""),
            false => fmt::Display::fmt(self, f),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let whole = |number: &Self| match number.0 {
            Kept::Signed(number) | Kept::SignedText(number) => Some(i128::from(number)),
            Kept::Unsigned(number) => Some(i128::from(number)),
            Kept::Float(_) | Kept::FloatText(_) => None,
        };
        match (whole(self), whole(other)) {
            (Some(first), Some(second)) => first.cmp(&second),
            // No float that is kept as one is near a whole number that is not an `f64`.
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_f64().to_bits().hash(state);
    }
}

macro_rules! from_whole_numbers {
    ($($of:ty)+) => { $(
        impl From<$of> for Number {
            fn from(number: $of) -> Self {
                match i64::try_from(number) {
                    Ok(number) => Self(Kept::Signed(number)),
                    Err(_) => Self(Kept::Unsigned(number as u64)),
                }
            }
        }
    )+ };
}

from_whole_numbers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

impl TryFrom<f64> for Number {
    type Error = NotANumber;

    fn try_from(number: f64) -> Result<Self, NotANumber> {
        Self::of_float(number).ok_or(NotANumber(()))
    }
}

impl TryFrom<f32> for Number {
    type Error = NotANumber;

    /// Takes the shortest decimal of the `f32`: 0.1 is 0.1, not 0.10000000149011612.
    fn try_from(number: f32) -> Result<Self, NotANumber> {
        number.to_string().parse()
    }
}

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        number.as_f64()
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        Self::of_text(text).ok_or(NotANumber(()))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Kept::Signed(number) => serializer.serialize_i64(number),
            Kept::Unsigned(number) => serializer.serialize_u64(number),
            Kept::Float(number) => serializer.serialize_f64(number),
            Kept::SignedText(_) | Kept::FloatText(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
        Ok(number.into())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Number, E> {
        let invalid = || E::invalid_value(de::Unexpected::Float(number), &self);
        Number::of_float(number).ok_or_else(invalid)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        let invalid = || E::invalid_value(de::Unexpected::Str(text), &self);
        Number::of_text(text).map(Number::into_text).ok_or_else(invalid)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn read(json: &str) -> Number {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_long_number_keeps_its_last_digit() {
        let long = format!("[{}]", "1".repeat(74));
        let read: serde_json::Value = serde_json::from_str(&long).unwrap();
        let again: serde_json::Value = serde_json::from_str(&read.to_string()).unwrap();
        assert_eq!(again, read);
    }

    #[test]
    fn debug_is_what_is_written() {
        for json in ["18", "2.5", "-1", "18446744073709551615", "\"283.34\"", "\"18\""] {
            assert_eq!(format!("{:?}", read(json)), json);
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_worth_and_texts_stay_texts() {
        let table = [
            ("61", "61"),
            ("61.0", "61"),
            ("61.4", "61.4"),
            ("-0.0", "0"),
            ("6.1e1", "61"),
            ("1e300", "1e+300"),
            ("9007199254740993", "9007199254740993"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551615", "18446744073709551615"),
            ("\"61\"", "\"61\""),
            ("\" 61.0 \"", "\"61\""),
            ("\"283.34\"", "\"283.34\""),
            ("\"1e3\"", "\"1000\""),
        ];
        for (json, written) in table {
            let number = read(json);
            assert_eq!(serde_json::to_string(&number).unwrap(), written, "{json}");
            assert_eq!(read(written), number);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for json in [
            "\"\"",
            "\"inf\"",
            "\"NaN\"",
            "\"+1\"",
            "\".5\"",
            "\"1,5\"",
            "\"1e999\"",
            "true",
            "null",
            "[1]",
        ] {
            assert!(serde_json::from_str::<Number>(json).is_err(), "{json}");
        }
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(
                Number::try_from(number).unwrap_err().to_string(),
                "not a number that JSON can carry"
            );
        }
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest_and_saturate() {
        let table = [
            ("61.4", 61),
            ("61.5", 62),
            ("-61.5", -62),
            ("1e300", i64::MAX),
            ("-1e300", i64::MIN),
            ("18446744073709551615", i64::MAX),
        ];
        for (json, rounded) in table {
            assert_eq!(read(json).round(), rounded, "{json}");
        }
    }

    #[test]
    fn numbers_are_ordered_by_what_they_are_worth() {
        let ordered = [
            "-1e300",
            "-9223372036854775808",
            "-0.5",
            "0",
            "\"0.5\"",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "18446744073709551615",
            "1e20",
        ];
        for (index, first) in ordered.iter().enumerate() {
            for (other, second) in ordered.iter().enumerate() {
                assert_eq!(read(first).cmp(&read(second)), index.cmp(&other), "{first} {second}");
            }
        }
        assert_eq!(read("\"61\""), read("61.0"));
    }

    #[test]
    fn a_float_of_32_bits_is_the_decimal_that_it_shows() {
        assert_eq!(Number::try_from(0.1_f32).unwrap(), read("0.1"));
        assert!(Number::try_from(f32::NAN).is_err());
    }
}

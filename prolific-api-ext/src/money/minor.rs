use std::{cmp::Ordering, fmt, str::FromStr};

use prolific_api::{Integer, Number};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Result, error::excerpt};

/// How many digits a decimal may have and still survive a JSON number unchanged.
const DIGITS: u32 = 15;

/// An amount in minor units (pence, cents): an exact decimal without a currency. The API counts in
/// minor units, so this is the type of rewards, costs and balances. To show or enter pounds and
/// dollars, use [`Money`](crate::Money).
///
/// Amounts of the API are JSON numbers in minor units, sometimes with a fraction for bonus payments
/// (283.34). The one exception is the list of bonuses that is sent, which [`Money`](crate::Money)
/// writes.
///
/// At most 15 digits in total: that many survive a JSON number unchanged, and reach into the
/// trillions. Amounts of the same value are equal, however they are written.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::Minor;
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let fee: Minor = "0.1".parse()?;
/// let vat = Minor::try_from(0.2)?;
/// assert_eq!(fee.checked_add(vat), Some("0.30".parse()?));
/// assert_eq!(Minor::from(150).to_string(), "150");
/// assert_eq!(f64::from(Minor::try_from(283.34)?), 283.34);
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Minor {
    /// Removes trailing zeros after the point.
    coefficient: i64,
    decimals: u32,
}

impl Minor {
    /// Zero.
    pub const ZERO: Self = Self { coefficient: 0, decimals: 0 };

    /// More than any realistic amount.
    pub(crate) const MAX: Self = Self { coefficient: 999_999_999_999_999, decimals: 0 };

    /// This many units of the last decimal; `None` if that has too many digits.
    pub(super) fn scaled(coefficient: i128, decimals: u32) -> Option<Self> {
        let (mut coefficient, mut decimals) = (coefficient, decimals);
        while decimals > 0 && coefficient % 10 == 0 {
            (coefficient, decimals) = (coefficient / 10, decimals - 1);
        }
        let fits = decimals <= DIGITS && coefficient.unsigned_abs() < 10_u128.pow(DIGITS);
        let coefficient = i64::try_from(coefficient).ok().filter(|_| fits)?;
        Some(Self { coefficient, decimals })
    }

    /// Parses a decimal, and moves its point to the right.
    pub(super) fn parse_moved(text: &str, moved: u32) -> Result<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (true, unsigned),
            None => (false, text),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        let is_number =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) {
            let shown = excerpt(text);
            let message =
                format!("{shown:?} is not an amount: write digits and a point, such as 1.50");
            return Err(Error::invalid_input(message));
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}");
        let value = digits.trim_start_matches('0');
        let decimals = u32::try_from(fraction.len()).ok();
        let amount = decimals.filter(|_| value.len() <= 2 * DIGITS as usize).and_then(|decimals| {
            let value = if value.is_empty() { 0 } else { value.parse::<i128>().ok()? };
            let value = if negative { -value } else { value };
            let missing = moved.saturating_sub(decimals);
            Self::scaled(value * 10_i128.pow(missing), decimals.saturating_sub(moved))
        });
        amount.ok_or_else(|| too_long(text))
    }

    /// Returns the sum, or `None` if it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        Self::scaled(self.aligned(decimals) + other.aligned(decimals), decimals)
    }

    /// Returns the difference, or `None` if it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let decimals = self.decimals.max(other.decimals);
        Self::scaled(self.aligned(decimals) - other.aligned(decimals), decimals)
    }

    /// Returns `true` if the amount is positive.
    pub fn is_positive(self) -> bool {
        self.coefficient > 0
    }

    /// Returns `true` if the amount has no fraction of a minor unit.
    pub fn is_whole(self) -> bool {
        self.decimals == 0
    }

    /// The decimal with its point moved to the left, with all decimals written.
    pub(super) fn moved_left(self, by: u32) -> String {
        let decimals = (self.decimals + by) as usize;
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", self.coefficient.unsigned_abs(), decimals + 1);
        match digits.split_at(digits.len() - decimals) {
            (whole, "") => format!("{sign}{whole}"),
            (whole, fraction) => format!("{sign}{whole}.{fraction}"),
        }
    }

    /// The amount in units of the last decimal.
    fn aligned(self, decimals: u32) -> i128 {
        i128::from(self.coefficient) * 10_i128.pow(decimals - self.decimals)
    }
}

fn too_long(text: &str) -> Error {
    let shown = excerpt(text);
    Error::invalid_input(format!(
        "the amount {shown} has more than {DIGITS} digits, which JSON can't represent exactly: \
         round it"
    ))
}

impl FromStr for Minor {
    type Err = Error;

    /// Parses digits with an optional point and minus sign: no exponent, no currency sign.
    fn from_str(text: &str) -> Result<Self> {
        Self::parse_moved(text, 0)
    }
}

impl From<i32> for Minor {
    fn from(amount: i32) -> Self {
        Self { coefficient: amount.into(), decimals: 0 }
    }
}

impl From<u32> for Minor {
    fn from(amount: u32) -> Self {
        Self { coefficient: amount.into(), decimals: 0 }
    }
}

impl TryFrom<i64> for Minor {
    type Error = Error;

    fn try_from(amount: i64) -> Result<Self> {
        Self::scaled(amount.into(), 0).ok_or_else(|| too_long(&amount.to_string()))
    }
}

impl TryFrom<f64> for Minor {
    type Error = Error;

    /// Converts a JSON number to the decimal it was written as, up to the 15 digits that such a
    /// number carries exactly. Anything beyond is rounding noise: 0.30000000000000004 becomes 0.3.
    fn try_from(amount: f64) -> Result<Self> {
        if !amount.is_finite() {
            return Err(Error::invalid_input(format!("{amount} is not an amount")));
        }
        // Never larger than what an `f64` is: at most some 310 digits, all but 15 of them zeros.
        let scientific = format!("{amount:.*e}", DIGITS as usize - 1);
        let beyond = || too_long(&amount.to_string());
        let (digits, exponent) = scientific.split_once('e').ok_or_else(beyond)?;
        let coefficient: i128 = digits.replace('.', "").parse().map_err(|_| beyond())?;
        let exponent: i32 = exponent.parse().map_err(|_| beyond())?;
        let decimals = DIGITS.cast_signed() - 1 - exponent;
        let read = match u32::try_from(decimals) {
            Ok(decimals) => Self::scaled(coefficient, decimals),
            Err(_) => None,
        };
        read.ok_or_else(beyond)
    }
}

impl TryFrom<Number> for Minor {
    type Error = Error;

    fn try_from(amount: Number) -> Result<Self> {
        match amount.as_i64() {
            Some(whole) => whole.try_into(),
            None => amount.as_f64().try_into(),
        }
    }
}

impl TryFrom<Integer> for Minor {
    type Error = Error;

    /// Takes the number as written; amounts are not rounded.
    fn try_from(amount: Integer) -> Result<Self> {
        amount.number().try_into()
    }
}

impl From<Minor> for Number {
    /// The number with the same JSON as the amount.
    fn from(amount: Minor) -> Self {
        let number = Self::try_from(f64::from(amount));
        number.unwrap_or_else(|_| amount.coefficient.into())
    }
}

impl From<Minor> for f64 {
    /// The number with the same JSON as the amount.
    fn from(amount: Minor) -> Self {
        // Both are exact below 2^53, and a division of exact numbers is rounded once: the result
        // is the number nearest to the decimal, as if it had been read.
        amount.coefficient as f64 / 10_u64.pow(amount.decimals) as f64
    }
}

impl PartialOrd for Minor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Minor {
    fn cmp(&self, other: &Self) -> Ordering {
        let decimals = self.decimals.max(other.decimals);
        self.aligned(decimals).cmp(&other.aligned(decimals))
    }
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.moved_left(0))
    }
}

impl fmt::Debug for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Minor({self})")
    }
}

impl Serialize for Minor {
    /// Serialises as a JSON number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.decimals {
            0 => serializer.serialize_i64(self.coefficient),
            _ => serializer.serialize_f64((*self).into()),
        }
    }
}

impl<'de> Deserialize<'de> for Minor {
    /// Deserialises from a JSON number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Minor;
    use crate::ErrorKind;

    fn minor(text: &str) -> Minor {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_exact() {
        let sum = minor("0.1").checked_add(minor("0.2")).unwrap();
        assert_eq!((sum, sum.to_string()), (minor("0.3"), "0.3".to_owned()));
        assert_eq!(f64::from(sum), 0.3);
        assert_eq!(minor("1").checked_sub(minor("1.1")).unwrap().to_string(), "-0.1");
        assert_eq!(minor("999999999999999").checked_add(minor("1")), None);
    }

    #[test]
    fn json_numbers_are_read_as_they_were_written() {
        let table = [
            ("283.34", "283.34"),
            ("150", "150"),
            ("150.0", "150"),
            ("-1.10", "-1.1"),
            ("0.30000000000000004", "0.3"),
            ("283.34000000000003", "283.34"),
            ("1e3", "1000"),
            ("0", "0"),
            ("-0.0", "0"),
            ("0.000000000000001", "0.000000000000001"),
            ("999999999999999", "999999999999999"),
        ];
        for (json, expected) in table {
            let read: Minor = serde_json::from_str(json).unwrap();
            assert_eq!(read.to_string(), expected, "{json}");
        }
        for json in ["1e15", "1e-16", "1e300", "5e-324", "\"1\"", "null"] {
            assert!(serde_json::from_str::<Minor>(json).is_err(), "{json}");
        }
        assert!(Minor::try_from(f64::NAN).is_err() && Minor::try_from(f64::INFINITY).is_err());
    }

    #[test]
    fn whole_amounts_are_written_whole() {
        let written = |text: &str| serde_json::to_string(&minor(text)).unwrap();
        assert_eq!((&*written("150.00"), &*written("283.34")), ("150", "283.34"));
    }

    #[test]
    fn what_is_no_decimal_of_15_digits_is_refused() {
        let long = "9".repeat(400);
        let no_amounts = ["", "-", ".", "1.", ".5", "+1", "1e3", "1,5", " 1", "£1", "--1", "١"];
        for text in no_amounts.into_iter().chain(["1000000000000000", "0.1234567890123456", &long])
        {
            let error = text.parse::<Minor>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{text:?}");
        }
        assert!(Minor::try_from(1_000_000_000_000_000_i64).is_err());
        assert_eq!(minor(&format!("{}1.50{0}", "0".repeat(400))), minor("1.5"));
    }

    #[test]
    fn amounts_are_ordered_by_what_they_are_worth() {
        let mut amounts = ["10", "9.99", "-1", "0", "9.995", "-1.5"].map(minor);
        amounts.sort();
        assert_eq!(
            amounts.map(|amount| amount.to_string()),
            ["-1.5", "-1", "0", "9.99", "9.995", "10"]
        );
    }

    proptest! {
        #[test]
        fn every_amount_survives_json_and_text(coefficient in -999_999_999_999_999_i64..=999_999_999_999_999, decimals in 0_u32..=15) {
            let amount = Minor::scaled(coefficient.into(), decimals).unwrap();
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(serde_json::from_str::<Minor>(&json).unwrap(), amount);
            prop_assert_eq!(amount.to_string().parse::<Minor>().unwrap(), amount);
            prop_assert_eq!(Minor::try_from(f64::from(amount)).unwrap(), amount);
        }

        #[test]
        fn no_text_and_no_number_panics(text in "[-+.0-9e]{0,40}", number in any::<f64>()) {
            let _ = text.parse::<Minor>();
            let _ = Minor::try_from(number);
        }
    }
}

//! Money, in minor and major units.
//!
//! The API uses **minor** units (pence, cents) in every JSON number: [`Minor`]. Only the list of
//! bonuses uses **major** units (pounds, dollars): it is written from [`Money`], so that nobody is
//! paid a hundred times too much.

mod currency;
mod minor;

use std::fmt;

pub use currency::Currency;
pub use minor::Minor;

use crate::{Error, Result};

/// An amount in a currency, in major or minor units. Use it for bonuses and to show amounts to
/// people; the models of the API have a [`Minor`] and, where the API says it, the currency
/// separately.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{Money, money::Currency};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let bonus = Money::from_major("1.50", Currency::Gbp)?;
/// assert_eq!(bonus, Money::from_minor(150, Currency::Gbp));
/// assert_eq!(bonus.to_string(), "1.50 GBP");
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
pub struct Money {
    minor: Minor,
    currency: Currency,
}

impl Money {
    /// Creates an amount of minor units (pence, cents).
    pub fn from_minor(minor: impl Into<Minor>, currency: Currency) -> Self {
        Self { minor: minor.into(), currency }
    }

    /// Creates an amount of major units (pounds, dollars) from a decimal text: `"1.50"`. A text,
    /// since most decimals have no exact binary number.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the text is not a decimal, has
    /// more digits than [`Minor`] holds, or the currency is unknown to this version, as its number
    /// of decimals is not known.
    pub fn from_major(major: &str, currency: Currency) -> Result<Self> {
        let Some(decimals) = currency.decimals() else {
            return Err(Error::invalid_input(format!(
                "the number of minor units of {:?} is not known: use Money::from_minor",
                currency.as_str()
            )));
        };
        Ok(Self { minor: Minor::parse_moved(major, decimals)?, currency })
    }

    /// The amount in minor units.
    pub fn minor(&self) -> Minor {
        self.minor
    }

    /// The currency.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// The amount in major units, with all decimals of the currency: `1.50`. `None` for currencies
    /// that this version does not know.
    pub fn to_major(&self) -> Option<String> {
        self.currency.decimals().map(|decimals| self.minor.moved_left(decimals))
    }

    /// Returns the sum, or `None` if the currencies differ or it has more digits than [`Minor`]
    /// holds.
    #[must_use]
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        let is_same = self.currency == other.currency;
        let minor = self.minor.checked_add(other.minor).filter(|_| is_same)?;
        Some(Self { minor, currency: self.currency.clone() })
    }
}

impl fmt::Display for Money {
    /// Prints major units, or, for a currency that this version does not know, minor units with a
    /// note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_major() {
            Some(major) => write!(f, "{major} {}", self.currency),
            None => write!(f, "{} minor units of {}", self.minor, self.currency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Currency, Money};

    #[test]
    fn minor_units_are_a_hundredth_of_major_ones() {
        let table = [
            ("30", "3000", "30.00"),
            ("1.5", "150", "1.50"),
            ("0.01", "1", "0.01"),
            ("0.005", "0.5", "0.005"),
            ("2.8334", "283.34", "2.8334"),
            ("-0.1", "-10", "-0.10"),
            ("0", "0", "0.00"),
        ];
        for (major, minor, written) in table {
            let money = Money::from_major(major, Currency::Usd).unwrap();
            assert_eq!(money.minor().to_string(), minor);
            assert_eq!(money.to_major().unwrap(), written);
            assert_eq!(money, Money::from_minor(money.minor(), Currency::Usd));
        }
    }

    #[test]
    fn of_an_unknown_currency_only_minor_units_are_known() {
        let yen = Currency::from("JPY");
        assert!(Money::from_major("1", yen.clone()).is_err());
        let money = Money::from_minor(150, yen);
        assert_eq!((money.to_major(), &*money.to_string()), (None, "150 minor units of JPY"));
    }

    #[test]
    fn two_currencies_have_no_sum() {
        let pounds = Money::from_minor(10, Currency::Gbp);
        assert_eq!(pounds.checked_add(&Money::from_minor(20, Currency::Usd)), None);
        assert_eq!(pounds.checked_add(&pounds).unwrap().to_string(), "0.20 GBP");
    }
}

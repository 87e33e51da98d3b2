use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// The currency of a workspace, and so of every amount in it.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::money::Currency;
    ///
    /// assert_eq!(Currency::from("GBP"), Currency::Gbp);
    /// assert!(!Currency::from("gbp").is_known());
    /// ```
    pub enum Currency from types::Currency {
        /// US dollars, of 100 cents.
        Usd = "USD",
        /// Pounds sterling, of 100 pence.
        Gbp = "GBP",
    }
}

impl Currency {
    /// How many digits after the point a major unit has. Of a currency that this version does not
    /// know nobody can say.
    pub(super) fn decimals(&self) -> Option<u32> {
        match self {
            Self::Usd | Self::Gbp => Some(2),
            Self::Unknown(_) => None,
        }
    }
}

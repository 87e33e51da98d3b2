use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// The currency of a workspace, and of every amount in it.
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
    /// The number of decimals of a major unit. `None` for currencies that this version does not
    /// know.
    pub(super) fn decimals(&self) -> Option<u32> {
        match self {
            Self::Usd | Self::Gbp => Some(2),
            Self::Unknown(_) => None,
        }
    }
}

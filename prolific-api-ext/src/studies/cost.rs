use prolific_api::types;

use crate::{Error, Minor, Money, Result, model::model, money::Currency};

model! {
    /// What a study costs.
    pub struct StudyCost from types::StudyCost {
        /// Pay for submissions, with fees and tax.
        pub rewards: Option<CostBreakdown>,
        /// Bonuses, with fees and tax.
        pub bonuses: Option<CostBreakdown>,
    }
}

model! {
    /// The parts of a cost.
    pub struct CostBreakdown from types::CostBreakdown {
        /// The pay of participants.
        pub rewards: Option<Amount>,
        /// The fees.
        pub fees: Option<Amount>,
        /// The tax.
        pub tax: Option<Amount>,
        /// The fees of a representative sample. *(known from the documentation of January 2025
        /// only)*
        pub rep_sample_fees: Option<Amount>,
        /// The tax on those. *(known from the documentation of January 2025 only)*
        pub rep_sample_tax: Option<Amount>,
    }
}

model! {
    /// An amount with its currency.
    pub struct Amount from types::Money {
        /// The amount, in pence or cents.
        pub amount: Option<Minor>,
        /// The currency.
        pub currency: Option<Currency>,
    }
}

impl Amount {
    /// Returns amount and currency as [`Money`](crate::Money), or `None` if the response lacks one
    /// of them.
    pub fn money(&self) -> Option<Money> {
        Some(Money::from_minor(self.amount?, self.currency.clone()?))
    }
}

impl StudyCost {
    /// Returns the total of pay, bonuses, fees and tax. `None` if the response has no amount.
    ///
    /// # Errors
    ///
    /// Returns [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the amounts are in two
    /// currencies.
    pub fn total(&self) -> Result<Option<Money>> {
        let parts = self.rewards.iter().chain(&self.bonuses);
        parts.map(CostBreakdown::total).try_fold(None, |sum, part| plus(sum, part?))
    }
}

impl CostBreakdown {
    fn parts(&self) -> [&Option<Amount>; 5] {
        [&self.rewards, &self.fees, &self.tax, &self.rep_sample_fees, &self.rep_sample_tax]
    }

    /// Returns the total. `None` if the response has no amount.
    ///
    /// # Errors
    ///
    /// Returns [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the amounts are in two
    /// currencies.
    pub fn total(&self) -> Result<Option<Money>> {
        let amounts = self.parts().into_iter().flatten();
        amounts.map(Amount::money).try_fold(None, plus)
    }

    /// The sum, part by part.
    pub(crate) fn plus(&self, other: &Self) -> Result<Self> {
        let sum = |one: &Option<Amount>, other: &Option<Amount>| {
            let money = |amount: &Option<Amount>| amount.as_ref().and_then(Amount::money);
            let sum = plus(money(one), money(other))?;
            Ok::<_, Error>(sum.map(|sum| Amount {
                amount: Some(sum.minor()),
                currency: Some(sum.currency().clone()),
            }))
        };
        Ok(Self {
            rewards: sum(&self.rewards, &other.rewards)?,
            fees: sum(&self.fees, &other.fees)?,
            tax: sum(&self.tax, &other.tax)?,
            rep_sample_fees: sum(&self.rep_sample_fees, &other.rep_sample_fees)?,
            rep_sample_tax: sum(&self.rep_sample_tax, &other.rep_sample_tax)?,
        })
    }
}

/// The sum of the amounts that are present.
fn plus(one: Option<Money>, other: Option<Money>) -> Result<Option<Money>> {
    let (Some(first), Some(second)) = (&one, &other) else { return Ok(one.or(other)) };
    let sum = first.checked_add(second).map(Some);
    sum.ok_or_else(|| Error::unexpected(format!("{first} and {second} can't be added")))
}

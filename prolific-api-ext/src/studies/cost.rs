use prolific_api::types;
use serde_json::{Map, Value};

use crate::{Minor, Money, money::Currency};

/// What a study costs.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct StudyCost {
    /// The pay for submissions, and what goes with it.
    pub rewards: Option<CostBreakdown>,
    /// The bonuses, and what goes with them.
    pub bonuses: Option<CostBreakdown>,
    /// The links of the answer, as they came.
    pub links: Map<String, Value>,
}

/// What a cost is made of.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CostBreakdown {
    /// The pay of participants.
    pub rewards: Option<Amount>,
    /// The fees.
    pub fees: Option<Amount>,
    /// The tax.
    pub tax: Option<Amount>,
    /// The fees of a representative sample. Known from an older specification alone.
    pub rep_sample_fees: Option<Amount>,
    /// The tax on those. Known from an older specification alone.
    pub rep_sample_tax: Option<Amount>,
}

/// An amount with its currency.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Amount {
    /// How much, in pence or cents. None where it is a number that is no amount.
    pub amount: Option<Minor>,
    /// The currency.
    pub currency: Option<Currency>,
}

impl Amount {
    /// Both in one; none where the answer lacks one of them.
    pub fn money(&self) -> Option<Money> {
        Some(Money::from_minor(self.amount?, self.currency.clone()?))
    }
}

impl From<types::StudyCost> for StudyCost {
    fn from(raw: types::StudyCost) -> Self {
        let types::StudyCost { bonuses, links, rewards, .. } = raw;
        Self { rewards: rewards.map(Into::into), bonuses: bonuses.map(Into::into), links }
    }
}

impl From<types::CostBreakdown> for CostBreakdown {
    fn from(raw: types::CostBreakdown) -> Self {
        let types::CostBreakdown { fees, rep_sample_fees, rep_sample_tax, rewards, tax, .. } = raw;
        Self {
            rewards: rewards.map(Into::into),
            fees: fees.map(Into::into),
            tax: tax.map(Into::into),
            rep_sample_fees: rep_sample_fees.map(Into::into),
            rep_sample_tax: rep_sample_tax.map(Into::into),
        }
    }
}

impl From<types::Money> for Amount {
    fn from(raw: types::Money) -> Self {
        let types::Money { amount, currency, .. } = raw;
        Self { amount: Minor::read(amount), currency: currency.as_deref().map(Currency::from) }
    }
}

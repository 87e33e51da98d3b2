use prolific_api::types;

use crate::{Minor, Money, model::model, money::Currency};

model! {
    /// What a study costs.
    pub struct StudyCost from types::StudyCost {
        /// The pay for submissions, and what goes with it.
        pub rewards: Option<CostBreakdown>,
        /// The bonuses, and what goes with them.
        pub bonuses: Option<CostBreakdown>,
    }
}

model! {
    /// What a cost is made of.
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
        /// How much, in pence or cents.
        pub amount: Option<Minor>,
        /// The currency.
        pub currency: Option<Currency>,
    }
}

impl Amount {
    /// Both in one; none if the response lacks one of them.
    pub fn money(&self) -> Option<Money> {
        Some(Money::from_minor(self.amount?, self.currency.clone()?))
    }
}

use prolific_api::types;

use crate::{Minor, model::model, money::Currency};

model! {
    /// The funds of a workspace, in pence or cents of its currency.
    #[derive(Eq)]
    pub struct Balance from types::WorkspaceBalance {
        /// The currency.
        pub currency: Option<Currency> = currency_code,
        /// All funds, those that are committed to studies included.
        pub total: Option<Minor> = total_balance,
        /// What the total is made of.
        pub total_parts: Option<BalanceParts> = balance_breakdown,
        /// The funds that are not committed to studies.
        pub available: Option<Minor> = available_balance,
        /// What the available funds are made of.
        pub available_parts: Option<BalanceParts> = available_balance_breakdown,
    }
}

model! {
    /// What funds are made of. *(known from the official CLI and the documentation of January 2025
    /// only)*
    #[derive(Copy, Eq)]
    pub struct BalanceParts from types::BalanceBreakdown {
        /// For participants.
        pub rewards: Option<Minor>,
        /// For the fees of the platform.
        pub fees: Option<Minor>,
        /// For value added tax.
        pub vat: Option<Minor>,
    }
}

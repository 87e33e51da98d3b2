use prolific_api::types;

use crate::{Minor, model::model, money::Currency};

model! {
    /// The funds of a workspace, in pence or cents of its currency.
    #[derive(Eq)]
    pub struct Balance from types::WorkspaceBalance {
        /// The currency.
        pub currency: Option<Currency> = currency_code,
        /// All funds, including those committed to studies.
        pub total: Option<Minor> = total_balance,
        /// The parts of the total.
        pub total_parts: Option<BalanceParts> = balance_breakdown,
        /// The funds that are not committed to studies.
        pub available: Option<Minor> = available_balance,
        /// The parts of the available funds.
        pub available_parts: Option<BalanceParts> = available_balance_breakdown,
    }
}

model! {
    /// The parts of funds. *(known from the official CLI and the documentation of January 2025
    /// only)*
    #[derive(Copy, Eq)]
    pub struct BalanceParts from types::BalanceBreakdown {
        /// For participants.
        pub rewards: Option<Minor>,
        /// Platform fees.
        pub fees: Option<Minor>,
        /// For value added tax.
        pub vat: Option<Minor>,
    }
}

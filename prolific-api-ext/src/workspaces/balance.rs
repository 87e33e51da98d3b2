use prolific_api::types;

use crate::{Minor, money::Currency};

/// The funds of a workspace, in its currency. An amount is none where the answer lacks it, or has a
/// number that is no amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Balance {
    /// The currency.
    pub currency: Option<Currency>,
    /// All funds, those that are committed to studies included.
    pub total: Option<Minor>,
    /// What the total is made of.
    pub total_parts: Option<BalanceParts>,
    /// The funds that are not committed to studies.
    pub available: Option<Minor>,
    /// What the available funds are made of.
    pub available_parts: Option<BalanceParts>,
}

/// What funds are made of. Known from Prolific's command line and an older specification alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BalanceParts {
    /// For participants.
    pub rewards: Option<Minor>,
    /// For the fees of the platform.
    pub fees: Option<Minor>,
    /// For value added tax.
    pub vat: Option<Minor>,
}

impl From<types::WorkspaceBalance> for Balance {
    fn from(raw: types::WorkspaceBalance) -> Self {
        let types::WorkspaceBalance {
            available_balance,
            available_balance_breakdown,
            balance_breakdown,
            currency_code,
            total_balance,
            ..
        } = raw;
        Self {
            currency: currency_code.as_deref().map(Currency::from),
            total: Minor::read(total_balance),
            total_parts: balance_breakdown.map(BalanceParts::from),
            available: Minor::read(available_balance),
            available_parts: available_balance_breakdown.map(BalanceParts::from),
        }
    }
}

impl From<types::BalanceBreakdown> for BalanceParts {
    fn from(raw: types::BalanceBreakdown) -> Self {
        let types::BalanceBreakdown { fees, rewards, vat, .. } = raw;
        Self { rewards: Minor::read(rewards), fees: Minor::read(fees), vat: Minor::read(vat) }
    }
}

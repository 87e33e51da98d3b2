use prolific_api::types;

/// The funds of a workspace, in pence or cents of its currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Balance {
    /// The currency, `GBP` for one.
    pub currency_code: Option<String>,
    /// All funds, those that are committed to studies included, in pence or cents.
    pub total_minor: Option<i64>,
    /// What the total is made of.
    pub total_parts: Option<BalanceParts>,
    /// The funds that are not committed to studies, in pence or cents.
    pub available_minor: Option<i64>,
    /// What the available funds are made of.
    pub available_parts: Option<BalanceParts>,
}

/// What funds are made of. Known from Prolific's command line and an older specification alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BalanceParts {
    /// For participants, in pence or cents.
    pub rewards_minor: Option<i64>,
    /// For the fees of the platform, in pence or cents.
    pub fees_minor: Option<i64>,
    /// For value added tax, in pence or cents.
    pub vat_minor: Option<i64>,
}

impl From<types::WorkspaceBalance> for Balance {
    fn from(raw: types::WorkspaceBalance) -> Self {
        let types::WorkspaceBalance {
            available_balance,
            available_balance_breakdown,
            balance_breakdown,
            currency_code,
            total_balance,
        } = raw;
        Self {
            currency_code,
            total_minor: total_balance,
            total_parts: balance_breakdown.map(BalanceParts::from),
            available_minor: available_balance,
            available_parts: available_balance_breakdown.map(BalanceParts::from),
        }
    }
}

impl From<types::BalanceBreakdown> for BalanceParts {
    fn from(raw: types::BalanceBreakdown) -> Self {
        let types::BalanceBreakdown { fees, rewards, vat } = raw;
        Self { rewards_minor: rewards, fees_minor: fees, vat_minor: vat }
    }
}

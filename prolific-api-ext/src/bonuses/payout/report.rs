use serde::{Deserialize, Serialize};

use crate::{BonusPaymentsId, Minor, Money};

/// What says that a part was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaidBy {
    /// The response to the payment.
    Response,
    /// The bonuses that the submissions show: the response was lost.
    Submissions,
    /// [`Payout::resolve`](super::Payout::resolve).
    You,
}

/// What you found out about bonuses that may have been paid; see
/// [`Payout::resolve`](super::Payout::resolve).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resolution {
    /// They were paid.
    Paid,
    /// They were not paid, and are to be.
    NotPaid,
}

/// A step that is in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PayoutStep {
    /// A part was prepared; no money has moved.
    Created {
        /// The part, from 0.
        part: usize,
        /// What the bonuses are paid by.
        id: BonusPaymentsId,
    },
    /// A part is about to be paid.
    Sent {
        /// The part, from 0.
        part: usize,
        /// What the bonuses are paid by.
        id: BonusPaymentsId,
    },
    /// A part was not paid after all.
    NotPaid {
        /// The part, from 0.
        part: usize,
        /// What the bonuses were to be paid by.
        id: BonusPaymentsId,
    },
    /// A part was paid.
    Paid {
        /// The part, from 0.
        part: usize,
        /// What the bonuses were paid by.
        id: BonusPaymentsId,
        /// What says so.
        by: PaidBy,
    },
}

/// What a payout has come to, or what it is going to cost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayoutReport {
    /// How many bonuses there are.
    pub bonuses: usize,
    /// What the participants get.
    pub amount: Money,
    /// What it costs in all, with fees and tax.
    pub total: Money,
    /// The parts that were paid, in this run or before.
    pub paid: Vec<PaidPart>,
}

/// A part that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaidPart {
    /// The part, from 0.
    pub part: usize,
    /// What the bonuses were paid by.
    pub id: BonusPaymentsId,
    /// What it cost, in pence or cents.
    pub total: Minor,
    /// What says that it was paid.
    pub by: PaidBy,
}

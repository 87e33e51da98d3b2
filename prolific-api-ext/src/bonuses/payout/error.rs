use std::{error, fmt};

use crate::{
    BonusPaymentsId, Error, ErrorKind, Minor, Money, Timestamp, bonuses::LedgerError,
    money::Currency,
};

/// How many lines a message names.
const SHOWN: usize = 10;

/// Why a payout ended before all was paid. Recipients are named by their lines in the plan.
///
/// What was paid is in the ledger: running the same payout again continues from there. Converts to
/// an [`Error`] with `?`.
#[derive(Debug)]
#[non_exhaustive]
pub enum PayoutError {
    /// Whether a part was paid is not known. Nothing more was paid.
    Doubtful(Box<Doubt>),
    /// The ledger can't be used.
    Ledger(LedgerError),
    /// A request failed.
    Call(Error),
    /// The API did not take a part, and names bonuses of it.
    Refused {
        /// The lines of those that it names.
        lines: Vec<u64>,
        /// The error, without what the API said.
        error: Error,
    },
    /// Recipients that have no submission in the study.
    UnknownRecipients {
        /// Their lines.
        lines: Vec<u64>,
    },
    /// Bonuses whose recipient has another one, by another id.
    SamePerson {
        /// Their lines.
        lines: Vec<u64>,
    },
    /// The workspace has another currency than the plan.
    OtherCurrency {
        /// That of the plan.
        plan: Currency,
        /// That of the workspace; none if it does not say.
        workspace: Option<Currency>,
    },
    /// The funds of the workspace that are free do not suffice. Nothing was paid in this run.
    Balance {
        /// What is available; none if the workspace does not say.
        available: Option<Money>,
        /// What is needed at least.
        needed: Money,
    },
    /// The API was to pay another sum than the plan. Nothing was paid in this run.
    OtherTotal {
        /// The part, from 0.
        part: usize,
        /// What the participants get by the plan, in pence or cents.
        planned: Minor,
        /// What the API says that they get, or that it costs; none if it does not say.
        told: Option<Minor>,
    },
    /// All recipients of a part show a bonus of exactly this amount already, and this ledger did not pay
    /// it: is the plan paid, by another ledger or by hand? If it is another bonus, say
    /// [`pay_again`](super::Payout::pay_again).
    AlreadyShown {
        /// The part, from 0.
        part: usize,
        /// The first and the last line of the part in the plan.
        lines: (u64, u64),
    },
    /// It costs more than [`total_at_most`](super::Payout::total_at_most). Nothing was paid in
    /// this run.
    TooExpensive {
        /// What it costs.
        total: Money,
        /// What it may cost.
        limit: Money,
    },
    /// A [resolution](super::Payout::resolve) is of bonuses that are not in doubt.
    NotInDoubt(BonusPaymentsId),
    /// The client makes a [dry run](crate::ProlificBuilder::dry_run): all is prepared, and nothing
    /// was paid.
    DryRun {
        /// What paying costs.
        total: Money,
    },
    /// The plan has more bonuses than fit, or the study no workspace that can be found.
    Unusable(&'static str),
}

/// A part that may have been paid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubt {
    /// The part, from 0.
    pub part: usize,
    /// What the bonuses are paid by: what [`resolve`](super::Payout::resolve) takes.
    pub id: BonusPaymentsId,
    /// The first and the last line of the part in the plan.
    pub lines: (u64, u64),
    /// What paying it costs, in pence or cents.
    pub total: Minor,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How many of the recipients show their bonus.
    pub shown: usize,
    /// How many recipients there are.
    pub recipients: usize,
    /// How the call failed, if it did in this run.
    pub error: Option<String>,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, lines: (first, last), sent_at, shown, recipients, .. } = self;
        write!(
            f,
            "it is not known whether bonus payments {id} (lines {first} to {last}) were paid: they \
             were sent at {sent_at}, and {shown} of {recipients} recipients show them. Check the \
             payments of the study in Prolific, or wait and run the payout again; then call \
             `resolve` with Paid or NotPaid"
        )?;
        match &self.error {
            Some(error) => write!(f, " ({error})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for PayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doubtful(doubt) => doubt.fmt(f),
            Self::Ledger(error) => error.fmt(f),
            Self::Call(error) => error.fmt(f),
            Self::Refused { lines, error } => {
                write!(f, "{error}; the API names ")?;
                list(f, lines)
            }
            Self::UnknownRecipients { lines } => {
                f.write_str("recipients without a submission in the study: ")?;
                list(f, lines)
            }
            Self::SamePerson { lines } => {
                f.write_str("one person has several bonuses under different ids: ")?;
                list(f, lines)
            }
            Self::OtherCurrency { plan, workspace: Some(workspace) } => {
                write!(f, "the plan is in {plan}, but the workspace uses {workspace}")
            }
            Self::OtherCurrency { plan, workspace: None } => {
                write!(f, "the plan is in {plan}, but the currency of the workspace is not known")
            }
            Self::Balance { available: Some(available), needed } => {
                write!(f, "at least {needed} is needed, but only {available} is available")
            }
            Self::Balance { available: None, needed } => {
                write!(f, "{needed} is needed, but the workspace's available balance is not known")
            }
            Self::OtherTotal { part, planned, told } => {
                write!(
                    f,
                    "part {part} costs {planned} in pence or cents according to the plan, and "
                )?;
                match told {
                    Some(told) => write!(f, "{told} according to the API: nothing was paid"),
                    None => f.write_str("an unknown amount according to the API: nothing was paid"),
                }
            }
            Self::AlreadyShown { lines: (first, last), .. } => write!(
                f,
                "all recipients of lines {first} to {last} already show a bonus of exactly this \
                 amount, which may have been paid with another ledger or by hand. If this is an \
                 additional bonus, call `pay_again`"
            ),
            Self::TooExpensive { total, limit } => {
                write!(f, "it costs {total}, which is more than {limit}: nothing was paid")
            }
            Self::NotInDoubt(id) => {
                write!(f, "bonus payments {id} are not in doubt, and can't be resolved")
            }
            Self::DryRun { total } => {
                write!(f, "it would cost {total}; this is a dry run, and nothing was paid")
            }
            Self::Unusable(why) => f.write_str(why),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, lines: &[u64]) -> fmt::Result {
    f.write_str(if lines.len() == 1 { "line " } else { "lines " })?;
    for (index, line) in lines.iter().take(SHOWN).enumerate() {
        write!(f, "{}{line}", if index == 0 { "" } else { ", " })?;
    }
    match lines.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

impl error::Error for PayoutError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Ledger(error) => Some(error),
            Self::Call(error) | Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<LedgerError> for PayoutError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl From<Error> for PayoutError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<PayoutError> for Error {
    fn from(error: PayoutError) -> Self {
        let kind = match error {
            PayoutError::Call(error) => return error,
            PayoutError::Doubtful(_) => ErrorKind::InDoubt,
            PayoutError::Ledger(_) => ErrorKind::File,
            PayoutError::DryRun { .. } => ErrorKind::DryRun,
            PayoutError::TooExpensive { .. } => ErrorKind::SpendingLimit,
            _ => ErrorKind::InvalidInput,
        };
        let may_have_acted = matches!(error, PayoutError::Doubtful(_));
        let made = Self::new(kind, error.to_string()).caused_by(error);
        if may_have_acted { made.in_doubt() } else { made }
    }
}

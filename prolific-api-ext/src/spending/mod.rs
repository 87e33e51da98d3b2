//! A limit on what a client may spend, and dry runs.
//!
//! Whatever commits or pays money passes the guard, also through
//! [`Prolific::api`](crate::Prolific::api): publishing and scheduling a study, adding places,
//! approving and completing submissions, paying bonuses. Before such a call is sent, its cost is
//! asked of the API and reserved; a refusal releases it, a success spends it. What
//! [may have acted](crate::Error::may_have_acted), or was dropped half way, stays reserved.
//!
//! Both are off by default: see [`spending_limit`](crate::ProlificBuilder::spending_limit) and
//! [`dry_run`](crate::ProlificBuilder::dry_run).
//!
//! - Publishing costs the projected cost of the study, with fees and tax. Approvals of its submissions
//!   are paid of that, and not counted again.
//! - More places, or a higher reward, cost the difference.
//! - Approving costs the reward with fees and tax; submissions that are paid already cost nothing.
//!   Completing one counts as a whole reward, as a code may pay all of it.
//! - Bonuses cost the total that [`create`](crate::bonuses::Bonuses::create) was told, by this client or
//!   its clones; [`declare_total`](crate::bonuses::Bonuses::declare_total) tells that of others.
//!
//! What comes back, as from a study that is stopped, is not taken off. Other clients and other programs
//! aren't seen: the limit is that of a client and its clones, from when it was built.
//!
//! # Examples
//!
//! ```
//! use prolific_api_ext::{ErrorKind, Money, money::Currency};
//!
//! # use prolific_api_ext::{simulator::Simulator, studies::{CompletionCode, CompletionCodeType, NewStudy}};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> prolific_api_ext::Result<()> {
//! # let simulator = Simulator::start();
//! # let draft = NewStudy::new("Birds", "Name them.").external_url("https://example.com")
//! #     .places(20).reward(100).minutes(5)
//! #     .completion_code(CompletionCode::new("C1", CompletionCodeType::Completed));
//! # let study = simulator.prolific()?.studies().create(draft).await?.id;
//! let limit = Money::from_major("25.00", Currency::Gbp)?;
//! let prolific = simulator.builder().spending_limit(limit).build()?; // or Prolific::builder()
//! let error = prolific.studies().publish(&study).await.unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::SpendingLimit);
//! let expense = error.expense().expect("it says what it would have cost");
//! assert_eq!((expense.asked, expense.spent), (Some(2600.into()), 0.into()));
//! # Ok(())
//! # }
//! ```

mod account;
mod cost;
mod guard;

pub(crate) use account::Account;
pub(crate) use guard::Guard;

use std::fmt;

use crate::{Minor, Money, money::Currency};

/// What a client has spent, as far as the [guard](self) counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spending {
    /// The limit.
    pub limit: Option<Money>,
    /// What was spent or committed, in pence or cents.
    pub spent: Minor,
    /// The reserved amount: for calls in flight, and for those that may have acted.
    pub reserved: Minor,
    /// What the calls of dry runs would have spent.
    pub would_spend: Minor,
}

/// What a call would have cost that was not sent, for [the limit](crate::ErrorKind::SpendingLimit) or
/// in [a dry run](crate::ErrorKind::DryRun).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expense {
    /// What it would cost, with fees and tax, in pence or cents; none if that can't be told.
    pub asked: Option<Minor>,
    /// The currency, as far as it is known.
    pub currency: Option<Currency>,
    /// What is spent and reserved.
    pub spent: Minor,
    /// The limit.
    pub limit: Option<Money>,
}

/// An amount in a currency that may not be known.
struct Shown<'a>(Minor, Option<&'a Currency>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(currency) => Money::from_minor(self.0, currency.clone()).fmt(f),
            None => write!(f, "{} pence or cents", self.0),
        }
    }
}

impl Expense {
    /// Both in one; none if one of them is not known.
    pub fn money(&self) -> Option<Money> {
        Some(Money::from_minor(self.asked?, self.currency.clone()?))
    }
}

impl fmt::Display for Expense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.asked {
            Some(asked) => write!(f, "it costs {}", Shown(asked, self.currency.as_ref()))?,
            None => f.write_str("its cost is not known")?,
        }
        if let Some(limit) = &self.limit {
            let spent = Shown(self.spent, Some(limit.currency()));
            write!(f, ", and {spent} of the limit of {limit} is spent or reserved")?;
        }
        Ok(())
    }
}

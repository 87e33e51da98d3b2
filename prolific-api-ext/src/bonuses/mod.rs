//! The bonus payments.
//!
//! Bonuses are paid in two steps: they are prepared, which moves no money and tells what paying
//! them costs, and then paid.

mod bonus;
#[cfg(feature = "payments")]
mod ledger;
#[cfg(test)]
mod on_the_wire;
mod payments;
#[cfg(feature = "payments")]
mod payout;
#[cfg(feature = "payments")]
mod plan;
#[cfg(feature = "payments")]
mod plan_error;
#[cfg(feature = "payments")]
mod plan_file;
mod row_problem;

pub use bonus::{Bonus, BonusRecipient};
#[cfg(feature = "payments")]
pub use ledger::LedgerError;
pub use payments::BonusPayments;
#[cfg(feature = "payments")]
pub use payout::{
    Doubt, PaidBy, PaidPart, Payout, PayoutError, PayoutReport, PayoutStep, Resolution,
};
#[cfg(feature = "payments")]
pub use plan::{BonusPlan, PlanOptions};
#[cfg(feature = "payments")]
pub use plan_error::{BadRow, PlanError};
pub use row_problem::RowProblem;

use prolific_api::types;

use crate::{BonusPaymentsId, Error, Minor, Result, StudyId, model::made, resource::resource};

const CREATE: &str = "create-bonus-payments";

resource! {
    /// What can be done with bonus payments. Made by [`Prolific::bonuses`](crate::Prolific::bonuses).
    ///
    /// Prolific documents that bonus requests must not run at the same time: those of a client and
    /// its clones wait for one another, also those made through
    /// [`Prolific::api`](crate::Prolific::api). A request that was begun and is not polled keeps
    /// the turn. The wait is part of the total timeout of the call, and ends with
    /// [`Timeout`](crate::ErrorKind::Timeout) before anything is sent. Requests of other clients and
    /// other processes are yours to keep apart.
    Bonuses
}

impl Bonuses {
    /// Prepares bonuses of a study, at most 200 at once. No money moves: the answer says what
    /// paying them costs, and [`pay`](Self::pay) pays them.
    ///
    /// Every call prepares a batch of its own, so it is repeated only where the server did not
    /// act: after a connection that did not stand, and after 429. One that is never paid costs
    /// nothing. More than 200 are not split, as each batch is paid by itself. Known from the
    /// published specification; that a repeat makes a second batch is inferred.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, where there is
    /// no bonus or more than 200, an amount is not positive or has a fraction of a minor unit, the
    /// currencies differ or are unknown, or an id has a comma, a quote or a blank in it; those of
    /// a call: unknown ids are answered with 400 and their list
    /// ([`Error::detail`](crate::Error::detail));
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer has no id.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use prolific_api_ext::{Money, StudyId, SubmissionId, bonuses::Bonus, money::Currency};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let study = StudyId::new("60d9aadeb86739de712faee0")?;
    /// let submission = SubmissionId::new("60aca280709ee40ec37d4885")?;
    /// let bonus = Bonus::new(submission, Money::from_major("1.50", Currency::Gbp)?);
    /// let payments = prolific.bonuses().create(&study, [bonus]).await?;
    /// println!("paying them costs {:?} pence", payments.total);
    /// prolific.bonuses().pay(&payments.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-bonus-payments")]
    pub async fn create(
        &self,
        study_id: &StudyId,
        bonuses: impl IntoIterator<Item = Bonus>,
    ) -> Result<BonusPayments> {
        let bonuses: Vec<_> = bonuses.into_iter().collect();
        let csv_bonuses = bonus::to_csv(&bonuses).map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_bonus_payments();
        let body = types::CreateBonuses::builder();
        let call = call.body(body.csv_bonuses(csv_bonuses).study_id(study_id.as_str()));
        made(call.send().await, CREATE)
    }

    /// Pays a plan: all of it is prepared and compared with the plan and with what is available, and then
    /// paid, one part after the other. **Money moves** when it is awaited.
    ///
    /// What was done stands in a ledger, a file that is written and synced before each payment. A run
    /// that ended half way, killed or with an error, goes on when the same payout is run again, and
    /// pays nothing twice. Where nobody can tell whether a payment went through, it ends with
    /// [`Doubtful`](PayoutError::Doubtful). See [paying safely](crate::guide::pay_safely).
    ///
    /// # Errors
    ///
    /// See [`PayoutError`].
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{bonuses::BonusPlan, money::Currency};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let study = simulator.active_study()?;
    /// # let file = format!("{},1.50\n", simulator.submit(&study)?);
    /// # let folder = tempfile::tempdir()?;
    /// # let ledger = folder.path().join("bonuses.ledger");
    /// let plan = BonusPlan::from_csv(file.as_bytes(), Currency::Gbp)?;
    /// let report = prolific.bonuses().payout(&study, &plan, &ledger).await?;
    /// println!("{} bonuses cost {}", report.bonuses, report.total);
    /// # assert_eq!(report.total.to_string(), "1.95 GBP");
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "payments")]
    pub fn payout(
        &self,
        study_id: &StudyId,
        plan: &BonusPlan,
        ledger: impl Into<std::path::PathBuf>,
    ) -> Payout {
        Payout::new(&self.prolific, study_id, plan, ledger.into())
    }

    /// Tells a client with a [spending limit](crate::ProlificBuilder::spending_limit) what paying
    /// bonuses costs that another client prepared. It is told of its own.
    pub fn declare_total(&self, id: &BonusPaymentsId, total: Minor) {
        if let Some(guard) = &self.prolific.policy().guard {
            guard.account.declare(id.as_str(), total);
        }
    }

    /// Pays bonuses that have been prepared. **Money moves**, within minutes after the answer, and
    /// every call pays again.
    ///
    /// Once it may have been sent it is never repeated, whatever the
    /// [`RetryPolicy`](crate::RetryPolicy) says; it is repeated only after a connection that did
    /// not stand, and after 429. Any answer of success is taken for one, also where its body is
    /// not as documented or breaks off. A call that is dropped half way may have paid too.
    /// Known from the published specification, which says that it is not idempotent.
    ///
    /// # Errors
    ///
    /// Those of a call. Where the answer is lost or does not say (a timeout, a broken connection,
    /// 5xx, 408, a redirect), [`Error::may_have_been_paid`](crate::Error::may_have_been_paid) is
    /// true: read the `bonus_payments` of the submissions before you pay again. Where it is false,
    /// this call paid nothing.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use prolific_api_ext::BonusPaymentsId;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let id = BonusPaymentsId::new("60e3b2f5d1c8a90012345678")?;
    /// match prolific.bonuses().pay(&id).await {
    ///     Ok(()) => println!("accepted"),
    ///     Err(error) if error.may_have_been_paid() => println!("look before paying again: {error}"),
    ///     Err(error) => println!("not paid: {error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pay-bonus-payments")]
    pub async fn pay(&self, id: &BonusPaymentsId) -> Result<()> {
        let answer = self.prolific.api().pay_bonus_payments().id(id.as_str()).send().await;
        let Err(error) = answer else {
            return Ok(());
        };
        let error = Error::of_payment(error, id);
        match error.status() {
            Some(status) if status.is_success() => Ok(()),
            _ => Err(error),
        }
    }
}

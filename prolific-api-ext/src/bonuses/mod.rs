//! Bonus payments.
//!
//! Bonuses are paid in two steps: preparing them moves no money and shows what paying them costs;
//! then they are paid.

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
    /// Operations on bonus payments. Returned by [`Prolific::bonuses`](crate::Prolific::bonuses).
    ///
    /// Prolific documents that bonus requests must not run concurrently: those of a client and its
    /// clones take turns, including calls through [`Prolific::api`](crate::Prolific::api). A
    /// request that was started and is not polled holds the turn. Waiting for the turn counts
    /// towards the total timeout of the call, and ends with [`Timeout`](crate::ErrorKind::Timeout)
    /// before anything is sent. Keeping requests of other clients and processes apart is up to you.
    Bonuses
}

impl Bonuses {
    /// Prepares up to 200 bonuses of a study. No money moves: the response says what paying them
    /// costs, and [`pay`](Self::pay) pays them.
    ///
    /// Unsafe: every call prepares another batch *(inferred)*, so it is retried only if the server
    /// did not act. A batch that is never paid costs nothing. More than 200 bonuses are not split,
    /// as each batch is paid separately.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if there
    /// are no bonuses or more than 200, an amount is not positive or has a fraction of a minor
    /// unit, the currencies differ or are unknown, or an id contains a comma, a quote or a space;
    /// another [`ErrorKind`](crate::ErrorKind) if the call fails (unknown ids are refused with 400
    /// and listed in [`Error::detail`](crate::Error::detail));
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use prolific_api_ext::{Money, StudyId, SubmissionId, bonuses::Bonus, money::Currency};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let study = StudyId::new("60d9aadeb86739de712faee0")?;
    /// let submission = SubmissionId::new("60aca280709ee40ec37d4885")?;
    /// let bonus = Bonus::new(submission, Money::from_major("1.50", Currency::Gbp)?);
    /// let payments = prolific.bonuses().create(&study, [bonus]).await?;
    /// println!("paying them costs {:?} pence", payments.total);
    /// prolific.bonuses().pay(&payments.id).await?;
    /// # Ok(())
    /// # });
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

    /// Pays a plan: all of it is prepared and compared with the plan and the available balance, and
    /// then paid in parts, one after the other. **Money moves** when it is awaited.
    ///
    /// Progress is kept in a ledger, a file that is written and synced before each payment. A run
    /// that was killed or failed half way continues when the same payout is run again, and pays
    /// nothing twice. If it can't be known whether a payment went through, it ends with
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
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let file = format!("{},1.50\n", simulator.submit(&study)?);
    /// # let folder = tempfile::tempdir()?;
    /// # let ledger = folder.path().join("bonuses.ledger");
    /// let plan = BonusPlan::from_csv(file.as_bytes(), Currency::Gbp)?;
    /// let report = prolific.bonuses().payout(&study, &plan, &ledger).await?;
    /// println!("{} bonuses cost {}", report.bonuses, report.total);
    /// # assert_eq!(report.total.to_string(), "1.95 GBP");
    /// # Ok(())
    /// # });
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

    /// Declares the cost of bonuses that another client prepared, for a client with a [spending
    /// limit](crate::ProlificBuilder::spending_limit). It knows the cost of those it prepared
    /// itself.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = prolific_api_ext::BonusPaymentsId::new("60a")?;
    /// // Another program prepared these bonuses, for 13.00 in all.
    /// prolific.bonuses().declare_total(&id, 1_300.into());
    /// # Ok(())
    /// # });
    /// ```
    pub fn declare_total(&self, id: &BonusPaymentsId, total: Minor) {
        if let Some(guard) = &self.prolific.policy().guard {
            guard.account.declare(id.as_str(), total);
        }
    }

    /// Pays bonuses that have been prepared. **Money moves**, within minutes of the response, and
    /// every call pays again.
    ///
    /// Never: once it may have been sent it is not retried, whatever the
    /// [`RetryPolicy`](crate::RetryPolicy) says; only if no connection was made, and after 429.
    /// Every successful status counts as success, even if the body is malformed or incomplete. A
    /// call that is dropped half way may have paid too. *(documented as not idempotent)*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind). If the response is
    /// lost or inconclusive (a timeout, a broken connection, 5xx, 408, a redirect),
    /// [`Error::may_have_been_paid`](crate::Error::may_have_been_paid) is `true`: read the
    /// `bonus_payments` of the submissions before you pay again. If it is `false`, this call paid
    /// nothing.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use prolific_api_ext::BonusPaymentsId;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let id = BonusPaymentsId::new("60e3b2f5d1c8a90012345678")?;
    /// match prolific.bonuses().pay(&id).await {
    ///     Ok(()) => println!("accepted"),
    ///     Err(error) if error.may_have_been_paid() => println!("look before paying again: {error}"),
    ///     Err(error) => println!("not paid: {error}"),
    /// }
    /// # Ok(())
    /// # });
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

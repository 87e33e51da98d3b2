use std::{fmt, future::IntoFuture, path::PathBuf, sync::Mutex, time::Duration};

use futures_util::future::BoxFuture;

use super::{PayoutError, PayoutReport, PayoutStep, Resolution};
use crate::{
    BonusPaymentsId, Money, Prolific, StudyId, WorkspaceId,
    bonuses::{BonusPlan, bonus},
};

/// How long a payment may take to show: within minutes, as is documented.
const READ_BACK: Duration = Duration::from_secs(300);

type Progress = Box<dyn FnMut(&PayoutStep) + Send>;

/// Pays a [`BonusPlan`]. Returned by [`Bonuses::payout`](crate::bonuses::Bonuses::payout); it is awaited.
#[must_use = "a payout does nothing until it is awaited"]
pub struct Payout {
    pub(super) prolific: Prolific,
    pub(super) study: StudyId,
    pub(super) plan: BonusPlan,
    pub(super) ledger: PathBuf,
    pub(super) workspace_id: Option<WorkspaceId>,
    pub(super) part_size: usize,
    pub(super) total_at_most: Option<Money>,
    pub(super) read_back: Duration,
    pub(super) pays_again: bool,
    pub(super) resolutions: Vec<(BonusPaymentsId, Resolution)>,
    pub(super) progress: Option<Mutex<Progress>>,
}

impl Payout {
    pub(in super::super) fn new(
        prolific: &Prolific,
        study: &StudyId,
        plan: &BonusPlan,
        ledger: PathBuf,
    ) -> Self {
        Self {
            prolific: prolific.clone(),
            study: study.clone(),
            plan: plan.clone(),
            ledger,
            workspace_id: None,
            part_size: bonus::MOST,
            total_at_most: None,
            read_back: READ_BACK,
            pays_again: false,
            resolutions: Vec::new(),
            progress: None,
        }
    }

    /// Sets the workspace whose funds it is paid from. Default: that of the project of the study.
    pub fn workspace_id(mut self, id: &WorkspaceId) -> Self {
        self.workspace_id = Some(id.clone());
        self
    }

    /// Sets how many bonuses are paid at a time, 1 to 200. Default: 200. If the response to a
    /// payment is lost, one part is in doubt: smaller parts make smaller doubts.
    pub fn part_size(mut self, bonuses: usize) -> Self {
        self.part_size = bonuses.clamp(1, bonus::MOST);
        self
    }

    /// Sets what it may cost, with fees and tax, the parts that are paid already included. Default:
    /// no more than what is available in the workspace.
    pub fn total_at_most(mut self, total: Money) -> Self {
        self.total_at_most = Some(total);
        self
    }

    /// Sets how long after a payment, whose response was lost, the submissions are read for it.
    /// Default: 5 minutes. They are read once in any case.
    pub fn read_back_for(mut self, time: Duration) -> Self {
        self.read_back = time;
        self
    }

    /// Pays although all recipients of a part show a bonus of exactly this amount already: it is another one.
    /// By default that [stops](PayoutError::AlreadyShown) the payout, as the plan may have been paid by
    /// another ledger, or by hand.
    pub fn pay_again(mut self) -> Self {
        self.pays_again = true;
        self
    }

    /// Says what became of bonuses that were [in doubt](PayoutError::Doubtful), as you found out.
    ///
    /// What the submissions show counts for more: bonuses that all recipients show are paid, and
    /// [`NotPaid`](Resolution::NotPaid) is not taken as long as one of them shows its bonus. What was
    /// resolved so before is left as it is.
    pub fn resolve(mut self, id: &BonusPaymentsId, resolution: Resolution) -> Self {
        self.resolutions.push((id.clone(), resolution));
        self
    }

    /// Sets a callback for each step. It is called once the step is in the ledger, and before the
    /// next request is sent.
    pub fn progress(mut self, progress: impl FnMut(&PayoutStep) + Send + 'static) -> Self {
        self.progress = Some(Mutex::new(Box::new(progress)));
        self
    }

    /// Prepares all that is to be paid and returns what it costs, and pays nothing. The same payout
    /// pays what was prepared when it is awaited.
    ///
    /// # Errors
    ///
    /// Returns an error like those of paying; see [`PayoutError`].
    pub async fn quote(self) -> Result<PayoutReport, PayoutError> {
        self.run(false).await
    }
}

impl IntoFuture for Payout {
    type Output = Result<PayoutReport, PayoutError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run(true))
    }
}

impl fmt::Debug for Payout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payout")
            .field("study", &self.study)
            .field("plan", &self.plan)
            .field("ledger", &self.ledger)
            .field("workspace_id", &self.workspace_id)
            .field("part_size", &self.part_size)
            .field("total_at_most", &self.total_at_most)
            .field("read_back", &self.read_back)
            .field("pays_again", &self.pays_again)
            .field("resolutions", &self.resolutions)
            .finish_non_exhaustive()
    }
}

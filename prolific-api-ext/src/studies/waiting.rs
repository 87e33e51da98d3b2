use std::borrow::Cow;

use super::{GET, Studies, Study, StudyStatus};
use crate::{
    Prolific, StudyId,
    poll::{Standing, StartAndWait, Wait, Watch},
};

/// The status that a wait is for.
#[derive(Clone, Debug)]
struct Awaited {
    study: StudyId,
    wanted: StudyStatus,
    /// Whether the waiting call published the study, so that a draft is only a stale read.
    is_published: bool,
}

/// Waits for a status or a later one.
static REACHED: Watch<Awaited, Study> = Watch {
    operation: Some(GET),
    subject: |awaited| format!("study {}", awaited.study),
    look: |prolific, awaited| Box::pin(async move { prolific.studies().get(&awaited.study).await }),
    state: |study| {
        Cow::Borrowed(study.status.as_ref().map_or("without a status", StudyStatus::as_str))
    },
    standing: |awaited, last, study| {
        let last = last.and_then(|last| last.status.as_ref());
        study.status.as_ref().map_or(Standing::Pending, |status| awaited.standing(last, status))
    },
    advice: |study| {
        (study.status == Some(StudyStatus::Unpublished)).then(|| {
            "it is a draft: publishing it failed, was cancelled or was never requested".to_owned()
        })
    },
};

impl StudyStatus {
    /// How far along a study is. ACTIVE and PAUSED can alternate.
    fn stage(&self) -> Option<u8> {
        Some(match self {
            Self::Unpublished => 0,
            Self::Scheduled => 1,
            Self::Publishing => 2,
            Self::Active | Self::Paused => 3,
            Self::AwaitingReview => 4,
            Self::Completed => 5,
            Self::Unknown(_) => return None,
        })
    }

    fn has_been_published(&self) -> bool {
        self.stage() >= Self::Active.stage()
    }
}

impl Awaited {
    fn standing(&self, last: Option<&StudyStatus>, now: &StudyStatus) -> Standing {
        use StudyStatus::{Completed, Paused, Unpublished};
        if *now == self.wanted || self.is_published && now.has_been_published() {
            return Standing::Succeeded;
        }
        match (&self.wanted, now) {
            (Unpublished, now) if now.has_been_published() => Standing::Failed,
            (Paused, Completed) => Standing::Failed,
            (Unpublished | Paused, _) if *now != Unpublished => Standing::Pending,
            (_, Unpublished) if self.has_fallen_back(last) => Standing::Failed,
            (wanted, now) => {
                let has_passed = wanted.stage().is_some() && now.stage() > wanted.stage();
                has_passed.into()
            }
        }
    }

    /// Whether a draft had been something else before. Right after publishing, a single read that
    /// shows a draft proves nothing.
    fn has_fallen_back(&self, last: Option<&StudyStatus>) -> bool {
        last.is_some_and(|last| self.is_published || *last != StudyStatus::Unpublished)
    }
}

fn reached(
    prolific: Prolific,
    study: StudyId,
    wanted: StudyStatus,
    is_published: bool,
) -> Wait<Study> {
    Wait::of(prolific, &REACHED, Awaited { study, wanted, is_published })
}

impl Studies {
    /// Publishes a draft and waits until it is ACTIVE or further along: a small study can pass
    /// ACTIVE between two polls. **This commits money.**
    ///
    /// [`publish`](Self::publish) is sent once. If its response is lost, the study is read: if it
    /// is being published, the wait continues; if not, the error says that the call [may have
    /// acted](crate::Error::may_have_acted).
    ///
    /// # Errors
    ///
    /// Returns an error if a call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`Failed`](crate::ErrorKind::Failed) if the study becomes a draft again;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it isn't published in time.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// let study = prolific.studies().publish_and_wait(&id).await?;
    /// println!("{:?}", study.status);
    /// # Ok(())
    /// # });
    /// ```
    pub fn publish_and_wait(&self, id: &StudyId) -> StartAndWait<Study> {
        let (studies, id) = (self.clone(), id.clone());
        StartAndWait::new(format!("study {id}"), async move {
            if let Err(error) = studies.publish(&id).await
                && !(error.may_have_acted() && studies.is_on_its_way(&id).await)
            {
                return Err(error);
            }
            Ok(reached(studies.prolific, id, StudyStatus::Active, true))
        })
    }

    async fn is_on_its_way(&self, id: &StudyId) -> bool {
        let status = self.get(id).await.ok().and_then(|study| study.status);
        status.is_some_and(|status| status.stage() >= StudyStatus::Publishing.stage())
    }

    /// Waits until a study has a status, or a later one in its life, and returns the study.
    /// [`updates`](Wait::updates) streams the changes until then.
    ///
    /// The order is UNPUBLISHED, SCHEDULED, PUBLISHING, ACTIVE or PAUSED, AWAITING REVIEW,
    /// COMPLETED. Waits for PAUSED and UNPUBLISHED need exactly that status, as a later one does
    /// not imply it. COMPLETED ends every wait, even though adding places makes a study ACTIVE
    /// again.
    ///
    /// Studies run for hours or days: set a matching [`timeout`](Wait::timeout) and
    /// [`interval`](Wait::interval). Prolific asks for webhooks instead of fast polling.
    ///
    /// # Errors
    ///
    /// Returns an error if a call fails permanently; see [`ErrorKind`](crate::ErrorKind).
    /// [`Failed`](crate::ErrorKind::Failed) if the status can't be reached any more: the study
    /// became a draft again instead of being published, or is COMPLETED instead of PAUSED;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it isn't reached in time.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use prolific_api_ext::studies::StudyStatus;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # for _ in 0..10 { simulator.submit(&id)?; }
    /// let full = prolific
    ///     .studies()
    ///     .wait_until(&id, StudyStatus::AwaitingReview)
    ///     .timeout(Duration::from_secs(7 * 24 * 3600))
    ///     .interval(Duration::from_secs(30)..=Duration::from_secs(300))
    ///     .await?;
    /// assert_eq!(full.places_taken, Some(10));
    /// # Ok(())
    /// # });
    /// ```
    pub fn wait_until(&self, id: &StudyId, status: StudyStatus) -> Wait<Study> {
        reached(self.prolific.clone(), id.clone(), status, false)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Awaited,
        Standing::{self, Failed, Pending, Succeeded},
        StudyStatus::{self, *},
    };

    fn standing(wanted: StudyStatus, last: Option<StudyStatus>, now: StudyStatus) -> Standing {
        let study = "s1".parse().unwrap();
        Awaited { study, wanted, is_published: false }.standing(last.as_ref(), &now)
    }

    #[test]
    fn a_status_is_reached_by_itself_or_by_a_later_one() {
        let table = [
            (Active, Unpublished, Pending),
            (Active, Scheduled, Pending),
            (Active, Publishing, Pending),
            (Active, Paused, Pending),
            (Active, AwaitingReview, Succeeded),
            (Active, Completed, Succeeded),
            (Scheduled, Active, Succeeded),
            (Paused, Active, Pending),
            (Paused, AwaitingReview, Pending),
            (Paused, Completed, Failed),
            (AwaitingReview, Active, Pending),
            (AwaitingReview, Completed, Succeeded),
            (Completed, AwaitingReview, Pending),
            (Unpublished, Scheduled, Pending),
            (Unpublished, Active, Failed),
            (Active, "NEW".into(), Pending),
            ("NEW".into(), Completed, Pending),
        ];
        for (wanted, now, expected) in table {
            assert_eq!(standing(wanted.clone(), None, now.clone()), expected, "{wanted} {now}");
            assert_eq!(standing(now.clone(), None, now), Succeeded);
        }
    }

    #[test]
    fn a_study_that_is_a_draft_again_will_not_come() {
        for last in [Scheduled, Publishing, Active] {
            assert_eq!(standing(Completed, Some(last), Unpublished), Failed);
        }
        assert_eq!(standing(Active, Some(Unpublished), Unpublished), Pending);
        let study = "s1".parse().unwrap();
        let published = Awaited { study, wanted: Active, is_published: true };
        assert_eq!(published.standing(None, &Paused), Succeeded);
        assert_eq!(published.standing(None, &Unpublished), Pending);
        assert_eq!(published.standing(Some(&Unpublished), &Unpublished), Failed);
    }
}

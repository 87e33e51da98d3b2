use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::StudyEvent;
use crate::{
    Error, Result, StudyId, SubmissionId, studies::StudyStatus, submissions::SubmissionStatus,
};

/// The only format of positions that this version reads and writes.
const VERSION: u32 = 1;

/// The maximum number of submissions of a watch.
pub(super) const MOST_SUBMISSIONS: usize = 100_000;

/// What a [`StudyWatch`](super::StudyWatch) has reported, to resume from, in another process as
/// well.
///
/// Store it as JSON or in another serde format: it holds the status of the study and the ids of its
/// submissions by status, about 27 bytes each in JSON, for up to 100,000 submissions. Positions in
/// the format of another version of this crate are refused.
///
/// Cheap to clone.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::studies::WatchPosition;
///
/// # prolific_api_ext::simulator::example(async |simulator, prolific| {
/// # let id = simulator.active_study()?;
/// let mut watch = prolific.studies().watch(&id);
/// watch.next().await;
/// let stored = serde_json::to_string(&watch.position())?;
///
/// let position: WatchPosition = serde_json::from_str(&stored)?;
/// let watch = prolific.studies().watch(&id).resume_from(position);
/// # Ok(())
/// # });
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct WatchPosition(pub(super) Arc<Told>);

/// The reported changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) study_id: StudyId,
    pub(super) study: Option<StudyStatus>,
    pub(super) submissions: BTreeMap<SubmissionId, SubmissionStatus>,
}

impl Told {
    pub(super) fn nothing(study_id: StudyId) -> Self {
        Self { study_id, study: None, submissions: BTreeMap::new() }
    }

    pub(super) fn take(&mut self, event: &StudyEvent) {
        match event {
            StudyEvent::SubmissionNew { status, submission }
            | StudyEvent::SubmissionChanged { to: status, submission, .. } => {
                self.submissions.insert(submission.id.clone(), status.clone());
            }
            StudyEvent::StudyChanged { to, .. } => self.study = Some(to.clone()),
        }
    }

    /// Whether nothing can change any more after these events.
    pub(super) fn is_over<'e>(&self, events: impl Iterator<Item = &'e StudyEvent>) -> bool {
        let mut news = Self::nothing(self.study_id.clone());
        events.for_each(|event| news.take(event));
        let study = news.study.as_ref().or(self.study.as_ref());
        study.is_some_and(StudyStatus::is_terminal)
            && news.submissions.values().all(SubmissionStatus::is_terminal)
            && self
                .submissions
                .iter()
                .all(|(id, status)| status.is_terminal() || news.submissions.contains_key(id))
    }
}

impl WatchPosition {
    /// The study.
    pub fn study_id(&self) -> &StudyId {
        &self.0.study_id
    }

    /// The last reported status of the study.
    pub fn study_status(&self) -> Option<&StudyStatus> {
        self.0.study.as_ref()
    }

    /// The last reported status of a submission.
    pub fn submission_status(&self, id: &SubmissionId) -> Option<&SubmissionStatus> {
        self.0.submissions.get(id)
    }

    /// The number of reported submissions.
    pub fn submissions(&self) -> usize {
        self.0.submissions.len()
    }
}

impl fmt::Debug for WatchPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchPosition")
            .field("study_id", &self.0.study_id)
            .field("study_status", &self.0.study)
            .field("submissions", &self.0.submissions.len())
            .finish()
    }
}

/// A position as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    study_id: StudyId,
    #[serde(default)]
    study_status: Option<StudyStatus>,
    #[serde(default)]
    submissions: BTreeMap<SubmissionStatus, Vec<SubmissionId>>,
}

impl From<WatchPosition> for Stored {
    fn from(WatchPosition(told): WatchPosition) -> Self {
        let mut submissions = BTreeMap::<_, Vec<_>>::new();
        for (id, status) in &told.submissions {
            submissions.entry(status.clone()).or_default().push(id.clone());
        }
        let (study_id, study_status) = (told.study_id.clone(), told.study.clone());
        Self { version: VERSION, study_id, study_status, submissions }
    }
}

impl TryFrom<Stored> for WatchPosition {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        let Stored { version, study_id, study_status: study, submissions } = stored;
        if version != VERSION {
            let message = format!(
                "the position of a watch has format {version}, but this version only reads \
                 {VERSION}"
            );
            return Err(Error::invalid_input(message));
        }
        let count: usize = submissions.values().map(Vec::len).sum();
        if count > MOST_SUBMISSIONS {
            let message =
                format!("the position of a watch has {count} submissions, which is too many");
            return Err(Error::invalid_input(message));
        }
        let by_id = submissions
            .into_iter()
            .flat_map(|(status, ids)| ids.into_iter().map(move |id| (id, status.clone())));
        let submissions: BTreeMap<_, _> = by_id.collect();
        if submissions.len() < count {
            let message = "the position of a watch lists a submission twice";
            return Err(Error::invalid_input(message));
        }
        Ok(Self(Arc::new(Told { study_id, study, submissions })))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::WatchPosition;

    #[test]
    fn a_position_is_stored_and_read_back() {
        let stored = json!({ "version": 1, "study_id": "s", "study_status": "AWAITING REVIEW",
            "submissions": { "APPROVED": ["a", "c"], "LOST": ["b"] } });
        let position: WatchPosition = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(position.submissions(), 3);
        assert_eq!(serde_json::to_value(&position).unwrap(), stored);
        let least: WatchPosition =
            serde_json::from_value(json!({ "version": 1, "study_id": "s" })).unwrap();
        assert_eq!((least.submissions(), least.study_status()), (0, None));
    }

    #[test]
    fn what_is_no_position_is_refused_and_says_why() {
        let many = vec!["a"; super::MOST_SUBMISSIONS + 1];
        let table = [
            (json!({ "version": 2, "study_id": "s" }), "has format 2"),
            (json!({ "study_id": "s" }), "missing field `version`"),
            (json!({ "version": 1, "study_id": "a/b" }), "contains a slash"),
            (
                json!({ "version": 1, "study_id": "s",
                    "submissions": { "ACTIVE": ["a"], "APPROVED": ["a"] } }),
                "twice",
            ),
            (
                json!({ "version": 1, "study_id": "s", "submissions": { "ACTIVE": many } }),
                "too many",
            ),
        ];
        for (stored, why) in table {
            let error = serde_json::from_value::<WatchPosition>(stored).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn a_position_stays_small() {
        let ids: Vec<_> =
            (0..1_000).map(|number| format!("60d9aadeb86739de{number:08x}")).collect();
        let stored = json!({ "version": 1, "study_id": "s", "submissions": { "APPROVED": ids } });
        let position: WatchPosition = serde_json::from_value(stored).unwrap();
        assert!(serde_json::to_string(&position).unwrap().len() < 27 * 1_000 + 200);
    }
}

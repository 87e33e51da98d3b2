//! Participants, whose actions a test controls.

use super::{
    answer::Refusal, feedback, impossible, messages, server::Shared, submissions, world::World,
};
use crate::{Result, StudyId, SubmissionId};

/// The participants of a [`Simulator`](super::Simulator).
///
/// # Errors
///
/// All methods return [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no such study or
/// submission, or its status does not allow the action.
///
/// # Examples
///
/// ```
/// # use prolific_api_ext::simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> prolific_api_ext::Result<()> {
/// let simulator = Simulator::start();
/// let study = simulator.active_study()?; // ten places
/// let participants = simulator.participants();
///
/// let begun = participants.take(&study, 10)?;
/// assert!(participants.take(&study, 1).is_err(), "there is no place left");
/// participants.submit(&begun[0], "DONE")?;
/// participants.submit_without_code(&begun[1])?;
/// participants.return_place(&begun[2])?;
/// participants.time_out(&begun[3])?;
///
/// let prolific = simulator.prolific()?;
/// let counts = prolific.studies().submission_counts(&study).await?;
/// # let _ = counts;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Participants(pub(super) Shared);

impl Participants {
    /// Makes `count` participants take a place of an ACTIVE study and start: submissions that are
    /// ACTIVE. If there are fewer places, nobody takes one.
    pub fn take(&self, study: &StudyId, count: usize) -> Result<Vec<SubmissionId>> {
        self.act(|world| {
            let taken = reserve_all(world, study, count)?;
            taken.iter().try_for_each(|id| submissions::begin(world, id))?;
            Ok(taken)
        })?
        .into_iter()
        .map(SubmissionId::new)
        .collect()
    }

    /// Makes `count` participants reserve a place of an ACTIVE study without starting: submissions
    /// that are RESERVED. Reservations end after ten minutes of the [`Clock`](super::Clock).
    pub fn reserve(&self, study: &StudyId, count: usize) -> Result<Vec<SubmissionId>> {
        let reserved = self.act(|world| reserve_all(world, study, count))?;
        reserved.into_iter().map(SubmissionId::new).collect()
    }

    /// Makes a participant with a reserved place start.
    pub fn begin(&self, submission: &SubmissionId) -> Result<()> {
        self.act(|world| submissions::begin(world, submission.as_str()))
    }

    /// Makes a participant finish with a code. A code of the study triggers its actions: it
    /// approves, screens out, requests a return, changes groups. Any other leaves the submission
    /// AWAITING REVIEW.
    pub fn submit(&self, submission: &SubmissionId, code: &str) -> Result<()> {
        self.act(|world| submissions::finish(world, submission.as_str(), Some(code)))
    }

    /// Makes a participant finish without a code.
    pub fn submit_without_code(&self, submission: &SubmissionId) -> Result<()> {
        self.act(|world| submissions::finish(world, submission.as_str(), None))
    }

    /// Makes a participant return a submission, which frees the place.
    pub fn return_place(&self, submission: &SubmissionId) -> Result<()> {
        self.end(submission, "RETURNED")
    }

    /// Makes a submission time out, which frees the place. Advancing the [`Clock`](super::Clock) by
    /// the study's `maximum_allowed_time` does the same to all that are in progress.
    pub fn time_out(&self, submission: &SubmissionId) -> Result<()> {
        self.end(submission, "TIMED-OUT")
    }

    /// Screens a participant out, which frees the place.
    pub fn screen_out(&self, submission: &SubmissionId) -> Result<()> {
        self.end(submission, "SCREENED OUT")
    }

    /// Makes the participant of a submission write to the researcher.
    pub fn write(&self, submission: &SubmissionId, message: &str) -> Result<()> {
        self.act(|world| {
            let row = world.submissions.named(submission.as_str())?;
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let (participant, study) = (text("participant"), text("study_id"));
            messages::receive(world, &participant, &study, message);
            Ok(())
        })
    }

    /// Makes the participant of a submission rate the study from 1 to 5, optionally with a text.
    pub fn rate(&self, submission: &SubmissionId, rating: u8, text: Option<&str>) -> Result<()> {
        self.act(|world| {
            let row = world.submissions.named(submission.as_str())?.clone();
            feedback::add(world, &row, rating, text);
            Ok(())
        })
    }

    fn end(&self, submission: &SubmissionId, status: &str) -> Result<()> {
        self.act(|world| submissions::end(world, submission.as_str(), status))
    }

    fn act<T>(&self, act: impl FnOnce(&mut World) -> std::result::Result<T, Refusal>) -> Result<T> {
        let mut world = self.0.lock();
        world.move_on();
        act(&mut world).map_err(|refusal| impossible("the participant can't do that", &refusal))
    }
}

/// Reserves all of these places, or none.
fn reserve_all(
    world: &mut World,
    study: &StudyId,
    count: usize,
) -> std::result::Result<Vec<String>, Refusal> {
    submissions::check_places(world, study.as_str(), count)?;
    (0..count).map(|_| submissions::reserve(world, study.as_str())).collect()
}

use super::{BULK, Messages, has_text};
use crate::{Error, ParticipantId, Result, StudyId, submissions::SubmissionStatus};

/// How many may be written to at once by default; documented with `create-broadcast`.
const AT_ONCE: usize = 4_000;

/// A message to [everybody of a study](Messages::send_to_study).
#[derive(Clone, Debug)]
pub struct StudyMessage {
    study_id: StudyId,
    text: String,
    statuses: Vec<SubmissionStatus>,
    at_once: usize,
}

/// Whom a message went to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// Those that the server took the message for.
    pub to: Vec<ParticipantId>,
    /// Those whose message may have been taken: the call failed, and nothing says whether the server
    /// acted before.
    pub in_doubt: Vec<ParticipantId>,
    /// Those that it was not taken for.
    pub not_to: Vec<ParticipantId>,
}

impl StudyMessage {
    /// A message to everybody who has a submission in the study.
    pub fn new(study_id: StudyId, text: impl Into<String>) -> Self {
        Self { study_id, text: text.into(), statuses: Vec::new(), at_once: AT_ONCE }
    }

    /// Writes only to those who have a submission of this status, or of another one that is given
    /// the same way.
    #[must_use]
    pub fn status(mut self, status: impl Into<SubmissionStatus>) -> Self {
        self.statuses.push(status.into());
        self
    }

    /// How many are written to by one call, 4,000 by default. The limit differs by account; the
    /// server refuses more, and says which one it is.
    #[must_use]
    pub fn at_once(mut self, participants: usize) -> Self {
        self.at_once = participants.max(1);
        self
    }
}

impl Messages {
    /// Writes to everybody of a study, or to those whose submissions have a status, each once: in as
    /// many calls as it takes, one after another.
    ///
    /// Unsafe: it reaches them at every call, so that each part is retried only if the server did not
    /// act.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the text is
    /// empty or there is nobody to write to. The error of the first part that fails, which ends it:
    /// [`last_seen::<Sent>()`](Error::last_seen) has who was reached.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// use prolific_api_ext::{messages::StudyMessage, submissions::SubmissionStatus};
    ///
    /// let message = StudyMessage::new(study, "The second part begins on Monday.")
    ///     .status(SubmissionStatus::AwaitingReview)
    ///     .status(SubmissionStatus::Approved);
    /// let sent = prolific.messages().send_to_study(message).await?;
    /// assert_eq!(sent.to.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send_to_study(&self, message: StudyMessage) -> Result<Sent> {
        has_text(&message.text).map_err(|error| error.of(BULK))?;
        let StudyMessage { study_id, text, statuses, at_once } = message;
        let participants = self.prolific.studies().participants(&study_id, statuses).await?;
        if participants.is_empty() {
            let message = "nobody has such a submission in the study: there is nobody to write to";
            return Err(Error::invalid_input(message).of(BULK));
        }
        let mut sent = Sent { not_to: participants, ..Sent::default() };
        while !sent.not_to.is_empty() {
            let later = sent.not_to.split_off(at_once.min(sent.not_to.len()));
            let part = std::mem::replace(&mut sent.not_to, later);
            match self.send_to_many(&part, &study_id, &text).await {
                Ok(()) => sent.to.extend(part),
                Err(error) => {
                    match error.may_have_acted() {
                        true => sent.in_doubt = part,
                        false => sent.not_to = [part, sent.not_to].concat(),
                    }
                    let done = format!("{} participants were written to before", sent.to.len());
                    let error = error.having_done(&done);
                    return Err(error.with_last_seen("PARTIAL".to_owned(), sent));
                }
            }
        }
        Ok(sent)
    }
}

use super::{BULK, Messages, has_text};
use crate::{Error, ParticipantId, Result, StudyId, Whole, submissions::SubmissionStatus};

/// How many participants one request can write to by default; documented with `create-broadcast`.
const AT_ONCE: usize = 4_000;

/// A message to [the participants of a study](Messages::send_to_study).
#[derive(Clone, Debug)]
pub struct StudyMessage {
    study_id: StudyId,
    text: String,
    statuses: Vec<SubmissionStatus>,
    at_once: usize,
}

/// Who received a message.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Sent {
    /// Participants for whom the server accepted the message.
    pub to: Vec<ParticipantId>,
    /// Participants who may have received it: the call failed, and it is unknown whether the server
    /// had acted.
    pub in_doubt: Vec<ParticipantId>,
    /// Participants who did not receive it.
    pub not_to: Vec<ParticipantId>,
    /// Why it ended before all were written to. Of an error that has this it is the
    /// [source](std::error::Error::source).
    pub error: Option<Error>,
}

impl StudyMessage {
    /// Creates a message to everyone who has a submission in the study.
    pub fn new(study_id: StudyId, text: impl Into<String>) -> Self {
        Self { study_id, text: text.into(), statuses: Vec::new(), at_once: AT_ONCE }
    }

    /// Restricts it to participants with a submission of this status. Call it again to add
    /// statuses.
    #[must_use]
    pub fn status(mut self, status: impl Into<SubmissionStatus>) -> Self {
        self.statuses.push(status.into());
        self
    }

    /// Sets how many participants one request writes to. Default: 4,000. The limit depends on the
    /// account; the server refuses more, and its error states the limit.
    #[must_use]
    pub fn at_once(mut self, participants: usize) -> Self {
        self.at_once = participants.max(1);
        self
    }
}

impl Messages {
    /// Sends a message to the participants of a study, or to those whose submissions have a given
    /// status, once to each. Takes as many requests as needed, one after another.
    ///
    /// Unsafe: every call sends another message, so each request is retried only if the server did
    /// not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// text is empty or there are no recipients. The first request that fails ends the call: with
    /// its own error if nobody was reached before, and otherwise with
    /// [`Partial`](crate::ErrorKind::Partial), unless that is [allowed](Whole::allow_partial). In
    /// either case [`last_seen::<Sent>()`](Error::last_seen) tells who was reached. **Don't repeat
    /// it**: send to the remaining participants with [`send_to_many`](Self::send_to_many).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
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
    /// # });
    /// ```
    pub fn send_to_study(&self, message: StudyMessage) -> Whole<Sent> {
        let messages = self.clone();
        Whole::new(async move { messages.send_in_parts(message).await }, Sent::lack)
    }

    async fn send_in_parts(&self, message: StudyMessage) -> Result<Sent> {
        has_text(&message.text).map_err(|error| error.of(BULK))?;
        let StudyMessage { study_id, text, statuses, at_once } = message;
        let participants = self.prolific.studies().participants(&study_id, statuses).await?;
        if participants.is_empty() {
            let message =
                "no participant has such a submission in the study, so there are no recipients";
            return Err(Error::invalid_input(message).of(BULK));
        }
        let mut sent = Sent { not_to: participants, ..Sent::default() };
        while !sent.not_to.is_empty() {
            let later = sent.not_to.split_off(at_once.min(sent.not_to.len()));
            let part = std::mem::replace(&mut sent.not_to, later);
            match self.send_to_many(&part, &study_id, &text).await {
                Ok(()) => sent.to.extend(part),
                Err(error) => return sent.ended_by(error, part),
            }
        }
        Ok(sent)
    }
}

impl Sent {
    fn ended_by(mut self, error: Error, part: Vec<ParticipantId>) -> Result<Self> {
        match error.may_have_acted() {
            true => self.in_doubt = part,
            false => self.not_to = [part, self.not_to].concat(),
        }
        if self.to.is_empty() {
            return Err(error.with_last_seen("partial".to_owned(), self));
        }
        self.error = Some(error);
        Ok(self)
    }

    fn lack(&mut self) -> Option<Error> {
        let error = self.error.take()?;
        let (to, in_doubt, not_to) = (self.to.len(), self.in_doubt.len(), self.not_to.len());
        let message = format!(
            "the message was sent to {to} of {} participants, may have been sent to {in_doubt}, \
             and was not sent to {not_to}: {error}",
            to + in_doubt + not_to
        );
        Some(Error::partly(BULK, message).caused_by(error))
    }
}

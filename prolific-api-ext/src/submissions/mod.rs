//! Submissions: listing, approving, rejecting, asking for returns.

mod action;
mod approve_all;
mod feedback_upload;
mod filters;
mod limits;
#[cfg(test)]
mod on_the_wire;
mod rejection_category;
mod status;
mod submission;
mod transition;

pub use action::SubmissionAction;
pub use approve_all::{Approvals, ApproveAll, ApproveWhenReady};
#[cfg(feature = "simulator")]
pub(crate) use feedback_upload::FEEDBACK_FILES;
pub use feedback_upload::FeedbackUpload;
pub use filters::{SubmissionFilters, SubmissionKey};
pub use rejection_category::RejectionCategory;
pub use status::SubmissionStatus;
pub use submission::{ReturnRequest, Submission, SubmissionSummary};
pub use transition::{CompletionCodeData, Transition};

pub(crate) use approve_all::approve;
pub(crate) use limits::check_transition;

use prolific_api::types;

use crate::{
    Error, ErrorKind, ParticipantId, Result, StudyId, SubmissionId,
    model::{self, answer},
    pages::{Pages, Paging},
    request::body,
    resource::resource,
};

const GET: &str = "get-submission";
const TRANSITION: &str = "transition-submission";
const BULK_APPROVE: &str = "bulk-approve-submissions";
const REQUEST_RETURN: &str = "request-submission-return";

resource! {
    /// Operations on the submissions of participants. Returned by
    /// [`Prolific::submissions`](crate::Prolific::submissions).
    Submissions
}

impl Submissions {
    /// Lists the submissions of a study. Documented to come in pages of 20 unless a size is set.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// let mut submissions = prolific.submissions().list(&study);
    /// while let Some(submission) = submissions.next().await {
    ///     let submission = submission?;
    ///     println!("{}: {:?}", submission.id, submission.status);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-submissions")]
    pub fn list(&self, study_id: &StudyId) -> Pages<SubmissionSummary, SubmissionFilters> {
        let id = study_id.clone();
        Pages::new(
            &self.prolific,
            "get-submissions",
            Paging::Page,
            move |prolific, page| {
                let id = id.clone();
                async move {
                    let call = prolific.api().get_submissions().study(id.as_str()).page(page.page);
                    match page.page_size {
                        Some(size) => call.page_size(size).send().await,
                        None => call.send().await,
                    }
                }
            },
            model::row,
        )
        .with_query("ordering", "started_at")
    }

    /// Fetches a submission.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`].
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.submit(&simulator.active_study()?)?;
    /// let submission = prolific.submissions().get(&id).await?;
    /// println!("{:?}", submission.status);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-submission")]
    pub async fn get(&self, id: &SubmissionId) -> Result<Submission> {
        let call = self.prolific.api().get_submission().id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Moves a submission to another status; [`approve`](Self::approve) and
    /// [`reject`](Self::reject) are shorter. **`APPROVE` pays the participant.** In general it
    /// can't be undone.
    ///
    /// Idempotent: documented to ignore a repeated request, so it is retried after any transient
    /// failure. The rules for RETURN, START, SCREEN_OUT, UNREJECT and UNRETURN are not documented.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// COMPLETE has no `completion_code`, a REJECT has no `rejection_category` or a message of
    /// fewer than 100 characters, or a dynamic payment is not 8 to 99 percent; another
    /// [`ErrorKind`] if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::{SubmissionAction, Transition};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.submit(&simulator.active_study()?)?;
    /// let screen_out = Transition::new(SubmissionAction::ScreenOut);
    /// prolific.submissions().transition(&id, screen_out).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "transition-submission")]
    pub async fn transition(
        &self,
        id: &SubmissionId,
        transition: Transition,
    ) -> Result<Submission> {
        limits::transition(&transition).map_err(|error| error.of(TRANSITION))?;
        let call = self.prolific.api().transition_submission().id(id.as_str());
        let call = call.body(body::<types::SubmissionTransition>(&transition, TRANSITION)?);
        answer::<types::Submission, _>(call.send().await, TRANSITION)
    }

    /// Approves a submission. **This pays the participant.**
    ///
    /// Idempotent: retried after any transient failure, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.submit(&simulator.active_study()?)?;
    /// prolific.submissions().approve(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "transition-submission")]
    pub async fn approve(&self, id: &SubmissionId) -> Result<Submission> {
        self.transition(id, Transition::new(SubmissionAction::Approve)).await
    }

    /// Rejects a submission, with a message of at least 100 characters to the participant.
    ///
    /// Idempotent: retried after any transient failure, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::RejectionCategory;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.submit(&simulator.active_study()?)?;
    /// let message = "Each bird was called a duck, and half of them were none, as the photographs \
    ///     show. Thank you for your time all the same.";
    /// prolific.submissions().reject(&id, RejectionCategory::LowEffort, message).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "transition-submission")]
    pub async fn reject(
        &self,
        id: &SubmissionId,
        category: RejectionCategory,
        message: impl Into<String>,
    ) -> Result<Submission> {
        let rejection =
            Transition::new(SubmissionAction::Reject).rejection_category(category).message(message);
        self.transition(id, rejection).await
    }

    /// Approves up to 1,000 submissions. **This pays the participants.** The server works in the
    /// background: a successful response only means that it accepted the request. Read the
    /// submissions to see the result, or use [`approve_all`](Self::approve_all).
    ///
    /// Conditional: approving twice should be harmless, as it is for a single submission, but that
    /// is not documented. So it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there are none or more than
    /// 1,000, before anything is sent; another [`ErrorKind`] if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let ids = [simulator.submit(&simulator.active_study()?)?];
    /// prolific.submissions().bulk_approve(&ids).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "bulk-approve-submissions")]
    pub async fn bulk_approve<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a SubmissionId>,
    ) -> Result<()> {
        let submission_ids = limits::bulk(ids).map_err(|error| error.of(BULK_APPROVE))?;
        let request = serde_json::json!({ "submission_ids": submission_ids });
        self.send_bulk(body(request, BULK_APPROVE)?).await
    }

    /// Approves any number of submissions of a study, and reads back the result. **This pays the
    /// participants.**
    ///
    /// They are sent in chunks of 1,000, each once, and then polled, as the server approves them in
    /// the background. Money operations of a workspace run one at a time: those of this process
    /// take turns, and a request that is refused with 429 or 409 because another process is
    /// spending is sent again after a pause, until the [timeout](ApproveAll::timeout). If a
    /// response is lost, submissions that still await review after a tenth of that time are
    /// approved one by one, which is documented to be harmless.
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](ErrorKind::Partial) if some are not approved in the end, for example
    /// because participants returned them, unless you [allow that](ApproveAll::allow_partial); the
    /// error of the call that ended it. Both hold the [`Approvals`] as
    /// [`error.last_seen()`](crate::Error::last_seen).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let ids = [simulator.submit(&study)?];
    /// let approvals = prolific.submissions().approve_all(&study, &ids).await?;
    /// println!("{} are approved", approvals.approved.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn approve_all<'a>(
        &self,
        study_id: &StudyId,
        ids: impl IntoIterator<Item = &'a SubmissionId>,
    ) -> ApproveAll {
        let ids = ids.into_iter().cloned().collect();
        ApproveAll::new(self.prolific.clone(), study_id.clone(), ids)
    }

    /// Waits until a submission awaits review, and approves it. **This pays the participant.** A
    /// submission that is already approved is left alone.
    ///
    /// For many submissions, [`review`](crate::studies::Studies::review) and
    /// [`approve_all`](Self::approve_all) take fewer requests. Like them, it takes turns with other
    /// money operations of the workspace.
    ///
    /// # Errors
    ///
    /// Returns [`Failed`](ErrorKind::Failed) if the submission was returned or rejected, or timed
    /// out; [`WaitTimedOut`](ErrorKind::WaitTimedOut) if it is not ready in time; another
    /// [`ErrorKind`] if a call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.submit(&simulator.active_study()?)?;
    /// let submission = prolific.submissions().approve_when_ready(&id).await?;
    /// println!("{} is {:?}", submission.id, submission.status);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn approve_when_ready(&self, id: &SubmissionId) -> ApproveWhenReady {
        ApproveWhenReady::new(self.prolific.clone(), id.clone())
    }

    /// Approves the submissions of up to 1,000 participants of a study. **This pays the
    /// participants.** Otherwise like [`bulk_approve`](Self::bulk_approve), which the API prefers.
    ///
    /// # Errors
    ///
    /// Those of [`bulk_approve`](Self::bulk_approve).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.submit(&study)?;
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap_or_else(|| unreachable!());
    /// prolific.submissions().bulk_approve_participants(&study, [&participant]).await?;
    /// # Ok(())
    /// # });
    /// ```
    pub async fn bulk_approve_participants<'a>(
        &self,
        study_id: &StudyId,
        participants: impl IntoIterator<Item = &'a ParticipantId>,
    ) -> Result<()> {
        let participant_ids = limits::bulk(participants).map_err(|error| error.of(BULK_APPROVE))?;
        let request =
            serde_json::json!({ "study_id": study_id, "participant_ids": participant_ids });
        self.send_bulk(body(request, BULK_APPROVE)?).await
    }

    async fn send_bulk(&self, body: types::BulkApprove) -> Result<()> {
        let answer = self.prolific.api().bulk_approve_submissions().body(body).send().await;
        match answer.map_err(|error| Error::from(error).of(BULK_APPROVE)) {
            Ok(_) => Ok(()),
            // The documented answer is a text that says nothing; whatever came in its place, the
            // request was taken in.
            Err(error) if was_taken_in(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Asks a participant to return a submission, with reasons in your own words. Prolific calls
    /// this experimental.
    ///
    /// Unsafe: every call sends the participant another message, so it is retried only if the
    /// server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no reason or an empty
    /// one, before anything is sent; another [`ErrorKind`] if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.submit(&simulator.active_study()?)?;
    /// let reasons = ["Withdrew consent."];
    /// prolific.submissions().request_return(&id, reasons).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "request-submission-return")]
    pub async fn request_return(
        &self,
        id: &SubmissionId,
        reasons: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<ReturnRequest> {
        let reasons: Vec<String> = reasons.into_iter().map(Into::into).collect();
        if reasons.is_empty() || reasons.iter().any(|reason| reason.trim().is_empty()) {
            let message = "a request to return a submission needs reasons: give at least one";
            return Err(Error::invalid_input(message).of(REQUEST_RETURN));
        }
        let call = self.prolific.api().request_submission_return().id(id.as_str());
        let call = call.body(types::RequestReturn::builder().request_return_reasons(reasons));
        answer(call.send().await, REQUEST_RETURN)
    }
}

fn was_taken_in(error: &Error) -> bool {
    error.kind() == ErrorKind::UnexpectedAnswer
        && error.status().is_some_and(|status| status.is_success())
}

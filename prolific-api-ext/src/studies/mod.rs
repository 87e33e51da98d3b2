//! Studies: drafts, publishing, cost, submissions, review.

mod action;
mod completion_code;
mod cost;
mod fields;
mod file;
mod filters;
mod follow_up;
mod issue;
mod limits;
#[cfg(test)]
mod on_the_wire;
mod participants;
mod places;
mod review;
mod setup;
mod signing_keys;
mod status;
mod study;
mod submission_counts;
mod waiting;
mod watch;

pub use action::StudyAction;
pub use completion_code::{CompletionAction, CompletionActor, CompletionCode, CompletionCodeType};
pub use cost::{Amount, CostBreakdown, StudyCost};
pub use fields::{BatchSettings, NewStudy, StudyChange};
pub use filters::{StudyFilters, StudySubmissionFilters, StudySubmissionKey};
pub use issue::{StudyIssue, StudyProblem, StudyWarning, study_issues};
pub(crate) use places::PlaceTurns;
pub use review::{Decision, Review, ReviewOutcome, ReviewReport, Reviewed};
pub use setup::{
    AccessDetail, AutoRejectionCategory, ContentWarning, DataCollectionMethod, Device, Peripheral,
    ProlificIdOption, StudyLabel, StudyType, SubmissionLimit, SubmissionsConfig,
};
pub use signing_keys::SigningKey;
pub use status::StudyStatus;
pub use study::{
    AccessDetailProgress, AccessDetailsProgress, AverageRating, CompletionOption,
    DataCollectionMetadata, FeedbackRatings, Institution, Researcher, Study, StudyFeedback,
    StudyFeedbackRatings, StudySummary, TestStudy,
};
pub use submission_counts::SubmissionCounts;
pub use watch::{FeedError, StudyEvent, StudyWatch, WatchFeed, WatchPosition};

use prolific_api::{Timestamp, types};

use crate::{
    Error, Minor, Result, StudyId,
    model::{self, answer, made},
    pages::{Pages, Paging, listed},
    request::body,
    resource::{present, read, resource, table},
    submissions::SubmissionSummary,
    tables::Table,
};

const GET: &str = "get-study";
const CREATE: &str = "create-study";
const UPDATE: &str = "update-study";
const DELETE: &str = "delete-study";
const DUPLICATE: &str = "duplicate-study";
const TRANSITION: &str = "publish-study";
const COST: &str = "get-study-cost";
const ESTIMATE: &str = "calculate-study-cost";
const SUBMISSIONS: &str = "get-study-submissions";
const COUNTS: &str = "count-study-submissions-by-status";
const PROGRESS: &str = "get-study-access-details-progress";
const TEST: &str = "create-test-study";
const RATINGS: &str = "get-study-feedback-ratings";
const EXPORT: &str = "export-study";
const CREDENTIALS: &str = "download-study-credential-report";

/// Emits an event for each warning.
fn tell(warnings: &[StudyWarning]) {
    for warning in warnings {
        tracing::warn!(%warning, "a study is probably not what you mean");
    }
}

resource! {
    /// Operations on studies. Returned by [`Prolific::studies`](crate::Prolific::studies).
    Studies
}

impl Studies {
    /// Lists the studies that the token gives access to, newest first. *(paging: known from the
    /// official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # simulator.active_study()?;
    /// use prolific_api_ext::studies::StudyStatus;
    ///
    /// let studies = prolific.studies().list().state([StudyStatus::Active]);
    /// for study in studies.collect_all().await? {
    ///     println!("{}: {:?} submissions", study.id, study.number_of_submissions);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-studies")]
    pub fn list(&self) -> Pages<StudySummary, StudyFilters> {
        Pages::new(
            &self.prolific,
            "get-studies",
            Paging::Page,
            |prolific, page| async move {
                let call = prolific.api().get_studies().page(page.page);
                match page.page_size {
                    Some(size) => call.page_size(size).send().await,
                    None => call.send().await,
                }
            },
            model::row,
        )
    }

    /// Fetches a study.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let study = prolific.studies().get(&id).await?;
    /// println!("{:?} is {:?}", study.name, study.status);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-study")]
    pub async fn get(&self, id: &StudyId) -> Result<Study> {
        answer(self.prolific.api().get_study().id(id.as_str()).send().await, GET)
    }

    /// Creates a draft. Nothing is paid before it is [published](Self::publish).
    ///
    /// Unsafe: every call creates another draft, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// draft has [issues](NewStudy::issues), all of which are in the error ([`study_issues`]);
    /// another [`ErrorKind`](crate::ErrorKind) if the call fails. [Warnings](NewStudy::warnings)
    /// don't fail the call; they are emitted as events.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::{CompletionCode, CompletionCodeType, NewStudy};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let draft = NewStudy::new("Birds", "Name the birds that you see.")
    ///     .external_url("https://example.com/birds")
    ///     .places(20)
    ///     .reward(100)
    ///     .minutes(5)
    ///     .completion_code(CompletionCode::new("CDONE", CompletionCodeType::Completed));
    /// let study = prolific.studies().create(draft).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-study")]
    pub async fn create(&self, mut study: NewStudy) -> Result<Study> {
        issue::refuse(study.issues()).map_err(|error| error.of(CREATE))?;
        tell(&study.warnings());
        study.prolific_id_option.get_or_insert(ProlificIdOption::UrlParameters);
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_study();
        let call = call.body(body::<types::CreateStudy>(&study, CREATE)?);
        made(call.send().await, CREATE)
    }

    /// Changes a study. Only the fields that are set are sent. **More places cost more money.**
    ///
    /// Conditional: `total_available_places` may be sent again, but each `access_details` adds
    /// places. So it is retried only if the server did not act. After any other failure,
    /// [read](Self::get) the study before you call it again.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// change has [issues](StudyChange::issues), all of which are in the error ([`study_issues`]);
    /// another [`ErrorKind`](crate::ErrorKind) if the call fails. [Warnings](StudyChange::warnings)
    /// don't fail the call; they are emitted as events.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyChange;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let study = prolific.studies().update(&id, StudyChange::new().places(40)).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-study")]
    pub async fn update(&self, id: &StudyId, change: StudyChange) -> Result<Study> {
        issue::refuse(change.issues()).map_err(|error| error.of(UPDATE))?;
        tell(&change.warnings());
        let call = self.prolific.api().update_study().id(id.as_str());
        let call = call.body(body::<types::UpdateStudy>(&change, UPDATE)?);
        answer(call.send().await, UPDATE)
    }

    /// Deletes a draft.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the draft already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound) *(inferred)*.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// prolific.studies().delete(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-study")]
    pub async fn delete(&self, id: &StudyId) -> Result<()> {
        let answer = self.prolific.api().delete_study().id(id.as_str()).send().await;
        read(answer, DELETE, Ok)
    }

    /// Copies a study as a draft. By default (`None`), and if `block_previous_participants` is
    /// true, participants of the original can't take part in the copy.
    ///
    /// Unsafe: every call creates another copy, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let draft = prolific.studies().duplicate(&id, None).await?;
    /// assert_ne!(draft.id, id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "duplicate-study")]
    pub async fn duplicate(
        &self,
        id: &StudyId,
        block_previous_participants: impl Into<Option<bool>>,
    ) -> Result<Study> {
        let block_previous_participants = block_previous_participants.into();
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().duplicate_study().id(id.as_str());
        let body = types::DuplicateStudy::builder();
        let call = call.body(body.block_previous_participants(block_previous_participants));
        made(call.send().await, DUPLICATE)
    }

    /// Moves a study to another state. **`PUBLISH` commits money.**
    ///
    /// Unsafe: the response to a repeated request is not documented, so it is retried only if
    /// the server did not act. After any other failure, [read](Self::get) the study before you call
    /// it again. A study that has just been published may be PUBLISHING first.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyAction;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// # prolific.studies().schedule(&id, prolific_api_ext::Timestamp::new("2026-12-01T12:00:00Z")).await?;
    /// let study = prolific.studies().transition(&id, StudyAction::CancelPublish).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn transition(&self, id: &StudyId, action: StudyAction) -> Result<Study> {
        self.move_on(id, action, None).await
    }

    /// Publishes a draft. **This commits money.**
    ///
    /// Unsafe: retried only if the server did not act, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// let study = prolific.studies().publish(&id).await?;
    /// println!("{:?}", study.status);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn publish(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Publish).await
    }

    /// Publishes a draft at a set time: `at`, or if `None` the time that is already set on the
    /// study. **This commits money.**
    ///
    /// Unsafe: retried only if the server did not act, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::Timestamp;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// let noon = Timestamp::new("2026-12-01T12:00:00Z");
    /// prolific.studies().schedule(&id, noon).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn schedule(&self, id: &StudyId, at: impl Into<Option<Timestamp>>) -> Result<Study> {
        self.move_on(id, StudyAction::SchedulePublish, at.into()).await
    }

    /// Turns a scheduled study back into a draft.
    ///
    /// Unsafe: retried only if the server did not act, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// # prolific.studies().schedule(&id, prolific_api_ext::Timestamp::new("2026-12-01T12:00:00Z")).await?;
    /// let draft = prolific.studies().cancel_schedule(&id).await?;
    /// println!("{:?}", draft.status);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn cancel_schedule(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::CancelPublish).await
    }

    /// Pauses an active study.
    ///
    /// Unsafe: retried only if the server did not act, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let paused = prolific.studies().pause(&id).await?;
    /// println!("{:?}", paused.status);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn pause(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Pause).await
    }

    /// Resumes a paused study.
    ///
    /// Unsafe: retried only if the server did not act, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// prolific.studies().pause(&id).await?;
    /// // No participant can start a submission now.
    /// prolific.studies().start(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn start(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Start).await
    }

    /// Ends an active or paused study.
    ///
    /// Unsafe: retried only if the server did not act, like [`transition`](Self::transition).
    ///
    /// # Errors
    ///
    /// Those of [`transition`](Self::transition).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// prolific.studies().stop(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn stop(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Stop).await
    }

    async fn move_on(
        &self,
        id: &StudyId,
        action: StudyAction,
        publish_at: Option<Timestamp>,
    ) -> Result<Study> {
        let call = self.prolific.api().publish_study().id(id.as_str());
        let call = call
            .body(types::StudyTransition::builder().action(action.as_str()).publish_at(publish_at));
        answer(call.send().await, TRANSITION)
    }

    /// Returns what a study has cost so far. For what it will cost, see
    /// [`projected_cost`](Self::projected_cost).
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let cost = prolific.studies().cost(&id).await?;
    /// println!("{:?}", cost.rewards);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-study-cost")]
    pub async fn cost(&self, id: &StudyId) -> Result<StudyCost> {
        let call = self.prolific.api().get_study_cost().id(id.as_str());
        answer(call.send().await, COST)
    }

    /// Returns what a study will cost in the end. Otherwise like [`cost`](Self::cost).
    ///
    /// # Errors
    ///
    /// Those of [`cost`](Self::cost).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let cost = prolific.studies().projected_cost(&id).await?;
    /// println!("{:?}", cost.total()?);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn projected_cost(&self, id: &StudyId) -> Result<StudyCost> {
        let call = self.prolific.api().get_study_cost().id(id.as_str()).is_projected(true);
        answer(call.send().await, COST)
    }

    /// Returns the total cost of a draft, in pence or cents, fees and tax included; see
    /// [`calculate_cost`](Self::calculate_cost). The number of places is that of
    /// [`places`](NewStudy::places), or the sum over its URLs.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// draft has no reward, or no places (the server computes those of a study of a batch); another
    /// [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::NewStudy;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let draft = NewStudy::new("Birds", "Name the birds that you see.").places(20).reward(100);
    /// let total = prolific.studies().estimate(&draft).await?;
    /// println!("{total} in all");
    /// # Ok(())
    /// # });
    /// ```
    pub async fn estimate(&self, study: &NewStudy) -> Result<Minor> {
        let of_urls = study.access_details.iter().flatten().map(|detail| detail.total_allocation);
        let places = study.places.or_else(|| of_urls.reduce(u64::saturating_add));
        let places = places.and_then(|places| u32::try_from(places).ok());
        let (Some(reward), Some(places)) = (study.reward, places) else {
            let message = "a draft without a reward or without places can't be priced: set both";
            return Err(Error::invalid_input(message).of(ESTIMATE));
        };
        self.calculate_cost(reward, places).await
    }

    /// Returns the cost of `places` at `reward`, fees and tax included. Both amounts are in pence
    /// or cents.
    ///
    /// Safe, although it is a POST: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// reward is negative; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response
    /// has no cost, or one that is not an amount; another [`ErrorKind`](crate::ErrorKind) if the
    /// call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// use prolific_api_ext::{Money, money::Currency};
    ///
    /// let reward = Money::from_major("1.00", Currency::Gbp)?;
    /// let cost = prolific.studies().calculate_cost(reward.minor(), 20).await?;
    /// println!("{}", Money::from_minor(cost, Currency::Gbp));
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "calculate-study-cost")]
    pub async fn calculate_cost(&self, reward: impl Into<Minor>, places: u32) -> Result<Minor> {
        let reward = reward.into();
        if reward < Minor::ZERO {
            let message = format!("a reward of {reward} can't be priced: give 0 or more");
            return Err(Error::invalid_input(message).of(ESTIMATE));
        }
        let call = self.prolific.api().calculate_study_cost();
        let body = types::CostQuery::builder().reward(reward);
        let call = call.body(body.total_available_places(places));
        read(call.send().await, ESTIMATE, |raw| {
            Minor::try_from(present(raw.total_cost, "total_cost")?).map_err(|error| {
                Error::unexpected("the `total_cost` is not an amount").caused_by(error)
            })
        })
    }

    /// Lists the submissions of a study. *(paging: known from the official CLI only)*
    /// [`Submissions::list`](crate::submissions::Submissions::list) returns the same rows, and its
    /// paging is documented.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let submissions: Vec<_> = prolific.studies().submissions(&id).try_collect().await?;
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-study-submissions")]
    pub fn submissions(&self, id: &StudyId) -> Pages<SubmissionSummary, StudySubmissionFilters> {
        listed!(self, SUBMISSIONS, Paging::UNBOUNDED, [id], |api, page| {
            let call = api.get_study_submissions().id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
        .with_query("ordering", "started_at")
    }

    /// Watches a study: a stream of [`StudyEvent`]s, one for each change of the study or of a
    /// submission, from polling, from webhook events that you [pass in](StudyWatch::feed), or from
    /// both. See [watching](crate::guide::watch_and_review).
    ///
    /// It starts with the current state: the status of the study, and every submission as new. It
    /// can [resume](StudyWatch::resume_from) from a stored [position](StudyWatch::position). It ends when
    /// nothing can change any more: the study is COMPLETED, and no submission is reserved, active
    /// or awaiting review.
    ///
    /// Safe: calls are retried after any transient failure. The watch itself continues through
    /// longer failures, for up to an [hour](StudyWatch::patience).
    ///
    /// # Errors
    ///
    /// The last item is an error if a call fails permanently, or nothing has succeeded for an hour.
    /// The error holds the position:
    /// [`error.last_seen::<WatchPosition>()`](crate::Error::last_seen). A submission that can't be
    /// read is an error too ([`UnreadableRow`](crate::ErrorKind::UnreadableRow)), once; the stream
    /// continues after it.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyEvent;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let submission = simulator.submit(&id)?;
    /// # prolific.submissions().approve(&submission).await?;
    /// # prolific.studies().stop(&id).await?;
    /// let mut watch = prolific.studies().watch(&id);
    /// while let Some(event) = watch.next().await.transpose()? {
    ///     match event {
    ///         StudyEvent::SubmissionNew { status, submission } => {
    ///             println!("{} is there: {status}", submission.id);
    ///         }
    ///         StudyEvent::SubmissionChanged { from, to, submission } => {
    ///             println!("{}: {from} to {to}", submission.id);
    ///         }
    ///         StudyEvent::StudyChanged { to, .. } => println!("the study is {to}"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn watch(&self, id: &StudyId) -> StudyWatch {
        StudyWatch::new(self.prolific.clone(), id.clone())
    }

    /// Reviews the submissions of a study that are awaiting review. `decide` returns the decision
    /// for each. **Approved submissions are paid.** See [watching](crate::guide::watch_and_review#review).
    ///
    /// All decisions are made and checked before anything is sent. What costs nothing goes first
    /// (rejections and return requests), then screen-outs and approvals, as [bulk calls whose
    /// result is read back](crate::submissions::Submissions::approve_all), one money operation at a
    /// time for each workspace.
    ///
    /// A review that was interrupted can simply be run again: submissions that were handled no
    /// longer await review, and nobody is asked twice to return a submission.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// message is shorter than 100 characters, a return request has no reasons, or the study has no
    /// such code whose actor is the researcher; [`Partial`](crate::ErrorKind::Partial) if some
    /// decisions were not carried out, unless you [allow that](Review::allow_partial); the error of
    /// the call that ended the review. The last two hold the [`ReviewReport`] as
    /// [`error.last_seen()`](crate::Error::last_seen).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::Decision;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// let review = prolific.studies().review(&study, |submission| match &submission.entered_code {
    ///     Some(_) => Decision::Approve,
    ///     None => Decision::request_return(["No completion code was entered."]),
    /// });
    /// let report = review.await?;
    /// println!("{} approved", report.approvals());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn review<'a>(
        &self,
        id: &StudyId,
        decide: impl FnMut(&SubmissionSummary) -> Decision + Send + 'a,
    ) -> Review<'a> {
        Review::new(self.prolific.clone(), id.clone(), decide)
    }

    /// Reviews the submissions of a study with an async closure. Otherwise like
    /// [`review`](Self::review).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::Decision;
    ///
    /// # use prolific_api_ext::submissions::SubmissionSummary;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// # async fn has_data(_: &SubmissionSummary) -> bool { true }
    /// let review = prolific.studies().review_async(&study, async |submission| {
    ///     if has_data(&submission).await { Decision::Approve } else { Decision::Skip }
    /// });
    /// let report = review.dry_run().await?;
    /// println!("{} approvals would pay {:?} pence", report.approvals(), report.pay());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn review_async<'a, D>(
        &self,
        id: &StudyId,
        decide: impl FnMut(SubmissionSummary) -> D + Send + 'a,
    ) -> Review<'a>
    where
        D: Future<Output = Decision> + Send + 'a,
    {
        Review::with(self.prolific.clone(), id.clone(), decide)
    }

    /// Counts the submissions of a study by status.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let counts = prolific.studies().submission_counts(&id).await?;
    /// println!("{:?} of {:?} are approved", counts.approved, counts.total);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "count-study-submissions-by-status")]
    pub async fn submission_counts(&self, id: &StudyId) -> Result<SubmissionCounts> {
        let call = self.prolific.api().count_study_submissions_by_status().id(id.as_str());
        answer(call.send().await, COUNTS)
    }

    /// Returns how many places of each URL of a study are taken (Taskflow).
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind). A study without
    /// such URLs is [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # use prolific_api_ext::studies::{AccessDetail, CompletionCode, CompletionCodeType, NewStudy};
    /// # let urls = [AccessDetail::new("https://example.com/a", 5), AccessDetail::new("https://example.com/b", 5)];
    /// # let draft = NewStudy::new("Birds", "Name the birds that you see.").access_details(urls).reward(100).minutes(5)
    /// #     .completion_code(CompletionCode::new("CDONE", CompletionCodeType::Completed));
    /// # let id = prolific.studies().create(draft).await?.id;
    /// for url in prolific.studies().access_details_progress(&id).await?.progress {
    ///     println!("{url:?}");
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-study-access-details-progress")]
    pub async fn access_details_progress(&self, id: &StudyId) -> Result<AccessDetailsProgress> {
        let call = self.prolific.api().get_study_access_details_progress().id(id.as_str());
        answer(call.send().await, PROGRESS)
    }

    /// Creates a copy of a study that a [test
    /// participant](crate::users::Users::create_test_participant) can take. Not available to every
    /// account.
    ///
    /// Unsafe: every call creates another copy, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// # prolific.users().create_test_participant("tester@example.com").await?;
    /// let test = prolific.studies().create_test_study(&id).await?;
    /// println!("{test:?}");
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-test-study")]
    pub async fn create_test_study(&self, id: &StudyId) -> Result<TestStudy> {
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_test_study().id(id.as_str());
        made(call.send().await, TEST)
    }

    /// Lists what participants say about a study. This is personal data. Not available to every
    /// account. *(fields of the rows: known from the official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// for feedback in prolific.studies().feedback(&id).collect_all().await? {
    ///     println!("{:?}", feedback.ratings);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "list-study-feedback-responses")]
    pub fn feedback(&self, id: &StudyId) -> Pages<StudyFeedback> {
        listed!(self, "list-study-feedback-responses", Paging::UNBOUNDED, [id], |api, page| {
            let call = api.list_study_feedback_responses().id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Returns the participants' ratings of a study. Not available to every account.
    ///
    /// Safe: retried after any transient failure. *(not published: known from the official CLI
    /// only, and may vanish without notice)*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let ratings = prolific.studies().feedback_ratings(&id).await?;
    /// println!("{ratings:?}");
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-study-feedback-ratings")]
    pub async fn feedback_ratings(&self, id: &StudyId) -> Result<FeedbackRatings> {
        let call = self.prolific.api().get_study_feedback_ratings().id(id.as_str());
        read(call.send().await, RATINGS, |raw| model::Read::read(raw.0, RATINGS))
    }

    /// Downloads the submissions of a study as CSV. The columns are not documented and change;
    /// prefer [`submissions`](Self::submissions).
    ///
    /// Safe: retried after any transient failure. Prolific has announced its removal after April
    /// 2026. *(that the response is CSV: documentation of January 2025 only)*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # #[allow(deprecated)]
    /// let submissions = prolific.studies().export(&id).await?;
    /// println!("{:?}", submissions.columns().collect::<Vec<_>>());
    /// # Ok(())
    /// # });
    /// ```
    #[allow(deprecated, reason = "so is the operation")]
    #[deprecated = "announced to end after April 2026: list the submissions"]
    #[doc(alias = "export-study")]
    pub async fn export(&self, id: &StudyId) -> Result<Table> {
        let call = self.prolific.api().export_study().id(id.as_str());
        table(&self.prolific, call.send().await, EXPORT).await
    }

    /// Downloads which participant of a study got which credentials, as CSV. The columns are not
    /// documented, and the rows hold secrets.
    ///
    /// Safe: retried after any transient failure. *(that the response is CSV: known from the
    /// official CLI only)*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// # use prolific_api_ext::{credentials::Credential, studies::StudyChange};
    /// # let credentials = [Credential::new("anna", "secret")?];
    /// # let pool = prolific.credentials().create(&simulator.workspace_id()?, credentials).await?;
    /// # prolific.studies().update(&id, StudyChange::new().credential_pool_id(pool)).await?;
    /// let report = prolific.studies().credentials_report(&id).await?;
    /// println!("{:?}", report.columns().collect::<Vec<_>>());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "download-study-credential-report")]
    pub async fn credentials_report(&self, id: &StudyId) -> Result<Table> {
        let call = self.prolific.api().download_study_credential_report().id(id.as_str());
        table(&self.prolific, call.send().await, CREDENTIALS).await
    }
}

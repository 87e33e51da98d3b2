//! The studies.

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

/// Tells what is hardly meant.
fn tell(warnings: &[StudyWarning]) {
    for warning in warnings {
        tracing::warn!(%warning, "a study is hardly meant as it is");
    }
}

resource! {
    /// What can be done with studies. Made by [`Prolific::studies`](crate::Prolific::studies).
    Studies
}

impl Studies {
    /// The studies that the token gives access to, the newest first. How they page is known from the official CLI
    /// only. Safe: each page is retried after any transient failure.
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

    /// A study.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer)
    /// if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let study = prolific.studies().get(&id).await?;
    /// println!("{:?} is {:?}", study.name, study.status);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-study")]
    pub async fn get(&self, id: &StudyId) -> Result<Study> {
        answer(self.prolific.api().get_study().id(id.as_str()).send().await, GET)
    }

    /// Makes a draft of a study. Nothing is paid before it is [published](Self::publish).
    ///
    /// Unsafe: it makes one at every call, so it is retried only if the server did not act. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if it has
    /// [issues](NewStudy::issues), all of which the error tells ([`study_issues`]); an error if the call
    /// fails. What is hardly meant ([`warnings`](NewStudy::warnings)) is an event and no error.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::{CompletionCode, CompletionCodeType, NewStudy};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let draft = NewStudy::new("Birds", "Name the birds that you see.")
    ///     .external_url("https://example.com/birds")
    ///     .places(20)
    ///     .reward(100)
    ///     .minutes(5)
    ///     .completion_code(CompletionCode::new("CDONE", CompletionCodeType::Completed));
    /// let study = prolific.studies().create(draft).await?;
    /// # Ok(())
    /// # }
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

    /// Changes a study: what is set is sent, and nothing else. **More places cost more money.**
    ///
    /// A number of places may be sent again, but `access_details` add their places each time. So it
    /// is retried only if the server did not act. After any other failure [read](Self::get) the
    /// study before you repeat it. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if it has
    /// [issues](StudyChange::issues), all of which the error tells ([`study_issues`]); an error if the call
    /// fails. What is hardly meant ([`warnings`](StudyChange::warnings)) is an event and no error.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyChange;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let study = prolific.studies().update(&id, StudyChange::new().places(40)).await?;
    /// # Ok(())
    /// # }
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
    /// A repeat changes nothing, so it is repeated after any transient failure; a draft that the
    /// first attempt deleted may then be [`NotFound`](crate::ErrorKind::NotFound), which is
    /// inferred. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// prolific.studies().delete(&id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete-study")]
    pub async fn delete(&self, id: &StudyId) -> Result<()> {
        let answer = self.prolific.api().delete_study().id(id.as_str()).send().await;
        read(answer, DELETE, Ok)
    }

    /// Copies a study as a draft. Participants of the original are blocked from the copy where
    /// `block_previous_participants` is true, and by default (`None`).
    ///
    /// It makes a copy at every call, so it is repeated only where the server did not act: after
    /// a connection that did not stand, and after 429. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer)
    /// if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let draft = prolific.studies().duplicate(&id, None).await?;
    /// assert_ne!(draft.id, id);
    /// # Ok(())
    /// # }
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
    /// What a repeat answers is not documented, so it is repeated only where the server did not
    /// act: after a connection that did not stand, and after 429. After any other failure
    /// [read](Self::get) the study before you repeat it. A study that was just published may be
    /// PUBLISHING first. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer)
    /// if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyAction;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// # prolific.studies().schedule(&id, prolific_api_ext::Timestamp::new("2026-12-01T12:00:00Z")).await?;
    /// let study = prolific.studies().transition(&id, StudyAction::CancelPublish).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "publish-study")]
    pub async fn transition(&self, id: &StudyId, action: StudyAction) -> Result<Study> {
        self.move_on(id, action, None).await
    }

    /// Publishes a draft. **It commits money.** See [`transition`](Self::transition) for what may
    /// be repeated, and for errors.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// let study = prolific.studies().publish(&id).await?;
    /// println!("{:?}", study.status);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn publish(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Publish).await
    }

    /// Publishes a draft at a time: at `at`, or where it is `None` at the time that is set on the
    /// study. **It commits money.** See [`transition`](Self::transition) for what may be repeated,
    /// and for errors.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::Timestamp;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// # let id = prolific.studies().duplicate(&id, None).await?.id;
    /// let noon = Timestamp::new("2026-12-01T12:00:00Z");
    /// prolific.studies().schedule(&id, noon).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn schedule(&self, id: &StudyId, at: impl Into<Option<Timestamp>>) -> Result<Study> {
        self.move_on(id, StudyAction::SchedulePublish, at.into()).await
    }

    /// Makes a scheduled study a draft again. See [`transition`](Self::transition) for what may be
    /// repeated, and for errors.
    pub async fn cancel_schedule(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::CancelPublish).await
    }

    /// Pauses an active study. See [`transition`](Self::transition) for what may be repeated, and
    /// for errors.
    pub async fn pause(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Pause).await
    }

    /// Lets a paused study go on. See [`transition`](Self::transition) for what may be repeated,
    /// and for errors.
    pub async fn start(&self, id: &StudyId) -> Result<Study> {
        self.transition(id, StudyAction::Start).await
    }

    /// Ends an active or paused study. See [`transition`](Self::transition) for what may be
    /// repeated, and for errors.
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

    /// What a study has cost. [`projected_cost`](Self::projected_cost) says what it will cost.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let cost = prolific.studies().cost(&id).await?;
    /// println!("{:?}", cost.rewards);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-study-cost")]
    pub async fn cost(&self, id: &StudyId) -> Result<StudyCost> {
        let call = self.prolific.api().get_study_cost().id(id.as_str());
        answer(call.send().await, COST)
    }

    /// What a study is going to cost; like [`cost`](Self::cost) otherwise.
    pub async fn projected_cost(&self, id: &StudyId) -> Result<StudyCost> {
        let call = self.prolific.api().get_study_cost().id(id.as_str()).is_projected(true);
        answer(call.send().await, COST)
    }

    /// The cost of a draft in all, fees and tax included, in pence or cents; see
    /// [`calculate_cost`](Self::calculate_cost). Its places are
    /// [`places`](NewStudy::places), or those of its URLs.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if it has no reward, or no
    /// places, as a study of a batch, whose places the server computes; an error if the call fails.
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

    /// What a study would cost in all, fees and tax included, in pence or cents: so many places
    /// at a reward of so many pence or cents, in pence or cents.
    ///
    /// It changes nothing on the server, though it is a POST, and is repeated after any transient
    /// failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where the reward is negative, before
    /// anything is sent; those of a call;
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer has no cost, or
    /// a number that is no amount.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// use prolific_api_ext::{Money, money::Currency};
    ///
    /// let reward = Money::from_major("1.00", Currency::Gbp)?;
    /// let cost = prolific.studies().calculate_cost(reward.minor(), 20).await?;
    /// println!("{}", Money::from_minor(cost, Currency::Gbp));
    /// # Ok(())
    /// # }
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
                Error::unexpected("the `total_cost` is no amount").caused_by(error)
            })
        })
    }

    /// The submissions of a study. How they page is known from the official CLI only;
    /// [`Submissions::list`](crate::submissions::Submissions::list) gives the same ones, and its
    /// paging is documented. Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::TryStreamExt;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let submissions: Vec<_> = prolific.studies().submissions(&id).try_collect().await?;
    /// # Ok(())
    /// # }
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

    /// The changes of a study and of its submissions, each once: a stream of
    /// [`StudyEvent`]s from polling, from webhook events that are
    /// [handed in](StudyWatch::feed), or from both. See [watching](crate::guide::watch_and_review).
    ///
    /// It begins with what there is: the status of the study, and each submission as new. It goes on
    /// [from](StudyWatch::from) a [position](StudyWatch::position), and ends when nothing more can
    /// come: the study is COMPLETED, and no submission is reserved, active or awaiting review.
    ///
    /// Safe: it changes nothing on the server. Calls are retried after any transient failure, and what
    /// they can't outlast the watch does, for an [hour](StudyWatch::patience).
    ///
    /// # Errors
    ///
    /// The last item is an error if a call fails in a way that will not pass, or nothing has succeeded
    /// for an hour. It has the position:
    /// [`error.last_seen::<WatchPosition>()`](crate::Error::last_seen). A submission that can't be
    /// read is an error too ([`UnreadableRow`](crate::ErrorKind::UnreadableRow)), once, and the stream
    /// goes on behind it.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::StudyEvent;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
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
    /// # }
    /// ```
    #[inline]
    pub fn watch(&self, id: &StudyId) -> StudyWatch {
        StudyWatch::new(self.prolific.clone(), id.clone())
    }

    /// Reviews the submissions of a study that await it: `decide` says what becomes of each. **It pays
    /// those that are approved.** See [watching](crate::guide::watch_and_review#reviewing).
    ///
    /// All of them are decided and checked before anything is sent. Then what costs nothing is carried
    /// out, rejections and requests to return, and then screen-outs and approvals, which are
    /// [bulk calls that are read back](crate::submissions::Submissions::approve_all), one money operation
    /// at a time in a workspace.
    ///
    /// A review that ended half way is made again as it is: what was carried out does not await its review
    /// any more, and nobody is asked twice to return a submission.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is carried out, if a message is
    /// shorter than 100 characters, a request to return has no reasons, or the study has no such code whose
    /// actor is the researcher; [`Partial`](crate::ErrorKind::Partial) if some decisions were not carried
    /// out, with the [`ReviewReport`] as [`error.last_seen()`](crate::Error::last_seen), unless
    /// [that is allowed](Review::allow_partial); the error of a call that ends it, which has the report too.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::Decision;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// let review = prolific.studies().review(&study, |submission| match &submission.entered_code {
    ///     Some(_) => Decision::Approve,
    ///     None => Decision::request_return(["No completion code was entered."]),
    /// });
    /// let report = review.await?;
    /// println!("{} approved", report.approvals());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn review<'a>(
        &self,
        id: &StudyId,
        decide: impl FnMut(&SubmissionSummary) -> Decision + Send + 'a,
    ) -> Review<'a> {
        Review::new(self.prolific.clone(), id.clone(), decide)
    }

    /// Reviews the submissions of a study by an async closure; like [`review`](Self::review) otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::Decision;
    ///
    /// # use prolific_api_ext::{Result, simulator::Simulator, submissions::SubmissionSummary};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// # async fn has_data(_: &SubmissionSummary) -> bool { true }
    /// let review = prolific.studies().review_async(&study, async |submission| {
    ///     if has_data(&submission).await { Decision::Approve } else { Decision::Skip }
    /// });
    /// let report = review.dry_run().await?;
    /// println!("{} approvals would pay {:?} pence", report.approvals(), report.pay());
    /// # Ok(())
    /// # }
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

    /// How many submissions of a study are in which state.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let counts = prolific.studies().submission_counts(&id).await?;
    /// println!("{:?} of {:?} are approved", counts.approved, counts.total);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "count-study-submissions-by-status")]
    pub async fn submission_counts(&self, id: &StudyId) -> Result<SubmissionCounts> {
        let call = self.prolific.api().count_study_submissions_by_status().id(id.as_str());
        answer(call.send().await, COUNTS)
    }

    /// How the places of the URLs of a study (Taskflow) are taken up.
    ///
    /// Safe: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails: [`NotFound`](crate::ErrorKind::NotFound) also of a study
    /// without such URLs.
    #[doc(alias = "get-study-access-details-progress")]
    pub async fn access_details_progress(&self, id: &StudyId) -> Result<AccessDetailsProgress> {
        let call = self.prolific.api().get_study_access_details_progress().id(id.as_str());
        answer(call.send().await, PROGRESS)
    }

    /// Makes a copy of a study to try it out with, as a
    /// [test participant](crate::users::Users::create_test_participant). Not open to everybody.
    ///
    /// Unsafe: it makes one at every call, so it is retried only if the server did not act. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[doc(alias = "create-test-study")]
    pub async fn create_test_study(&self, id: &StudyId) -> Result<TestStudy> {
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_test_study().id(id.as_str());
        made(call.send().await, TEST)
    }

    /// What participants say of a study. It is personal data; not open to everybody. Safe: each
    /// page is retried after any transient failure. The rows are known from the official CLI only.
    #[inline]
    #[doc(alias = "list-study-feedback-responses")]
    pub fn feedback(&self, id: &StudyId) -> Pages<StudyFeedback> {
        listed!(self, "list-study-feedback-responses", Paging::UNBOUNDED, [id], |api, page| {
            let call = api.list_study_feedback_responses().id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// How participants rate a study. Not open to everybody.
    ///
    /// Safe: retried after any transient failure. *Published nowhere: known from the official CLI
    /// only, and may vanish without notice.*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[doc(alias = "get-study-feedback-ratings")]
    pub async fn feedback_ratings(&self, id: &StudyId) -> Result<FeedbackRatings> {
        let call = self.prolific.api().get_study_feedback_ratings().id(id.as_str());
        read(call.send().await, RATINGS, |raw| model::Read::read(raw.0, RATINGS))
    }

    /// The submissions of a study as CSV. Its columns are not documented and change; prefer
    /// [`submissions`](Self::submissions).
    ///
    /// Safe: retried after any transient failure. Announced to end after April 2026; that the
    /// response is CSV is known from the documentation of January 2025 only.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[allow(deprecated, reason = "so is the operation")]
    #[deprecated = "announced to end after April 2026: list the submissions"]
    #[doc(alias = "export-study")]
    pub async fn export(&self, id: &StudyId) -> Result<Table> {
        let call = self.prolific.api().export_study().id(id.as_str());
        table(&self.prolific, call.send().await, EXPORT).await
    }

    /// Which participant of a study was given which credentials, as CSV. Its columns are not
    /// documented, and it holds secrets.
    ///
    /// Safe: retried after any transient failure. That the response is CSV is known from the
    /// official CLI only.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[doc(alias = "download-study-credential-report")]
    pub async fn credentials_report(&self, id: &StudyId) -> Result<Table> {
        let call = self.prolific.api().download_study_credential_report().id(id.as_str());
        table(&self.prolific, call.send().await, CREDENTIALS).await
    }
}

//! The studies.

mod action;
mod cost;
mod filters;
mod limits;
#[cfg(test)]
mod on_the_wire;
mod status;
mod study;
mod submission_counts;

pub use action::StudyAction;
pub use cost::{Amount, CostBreakdown, StudyCost};
pub use filters::{StudyFilters, StudySubmissionFilters, StudySubmissionKey};
pub use status::StudyStatus;
pub use study::Study;
pub use submission_counts::SubmissionCounts;

use std::fmt::Display;

use prolific_api::{Timestamp, types};

use crate::{
    Error, Minor, Result, StudyId,
    pages::{Pages, Paging},
    resource::{present, read, read_left, request, resource},
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

resource! {
    /// What can be done with studies. Made by [`Prolific::studies`](crate::Prolific::studies).
    Studies
}

impl Studies {
    /// The studies that the token gives access to, the newest first; how they page is known from
    /// Prolific's command line alone. It reads only, and each page is repeated after any transient
    /// failure. The rows are those of the raw client.
    #[inline]
    #[doc(alias = "get-studies")]
    pub fn list(&self) -> Pages<types::StudySummary, StudyFilters> {
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
            Ok,
        )
    }

    /// A study.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no id.
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
        read(self.prolific.api().get_study().id(id.as_str()).send().await, GET, Study::read)
    }

    /// Makes a draft of a study, from a [`types::CreateStudy`] or its builder. Nothing is paid
    /// before it is [published](Self::publish).
    ///
    /// It makes one at every call, so it is repeated only where the server did not act: after a
    /// connection that did not stand, and after 429. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, where a
    /// required field is missing, the name is empty, there is neither an `external_study_url` nor
    /// `access_details` nor a `data_collection_method`, a method comes without its
    /// `data_collection_id`, filters come beside a filter set, or the estimated time is under a
    /// minute; those of a call.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::raw::types::{CreateStudy, NullableString};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let draft = CreateStudy::builder()
    ///     .name("Birds")
    ///     .description("Name the birds that you see.")
    ///     .prolific_id_option("url_parameters")
    ///     .estimated_completion_time(5.0)
    ///     .reward(100.0)
    ///     .total_available_places(20.0)
    ///     .external_study_url(NullableString(Some("https://example.com/birds".to_owned())));
    /// let study = prolific.studies().create(draft).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-study")]
    pub async fn create(
        &self,
        study: impl TryInto<types::CreateStudy, Error: Display>,
    ) -> Result<Study> {
        let body = request(study, CREATE)?;
        limits::check(&body).map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_study().body(body);
        read_left(call.send().await, CREATE, Study::read)
    }

    /// Changes a study: what is set in the [`types::UpdateStudy`] or its builder is sent, and
    /// nothing else. More places cost more money.
    ///
    /// A number of places that is sent may be sent again, but `access_details` add their places
    /// each time. So it is repeated only where the server did not act: after a connection that
    /// did not stand, and after 429. After any other failure [read](Self::get) the study before
    /// you repeat it. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where the completion time is under a
    /// minute, filters and a filter set are both there, or the naivety distribution rate is not 0
    /// to 1, before anything is sent; those of a call;
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::raw::types::UpdateStudy;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.active_study()?;
    /// let change = UpdateStudy::builder().total_available_places(40.0);
    /// let study = prolific.studies().update(&id, change).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update-study")]
    pub async fn update(
        &self,
        id: &StudyId,
        change: impl TryInto<types::UpdateStudy, Error: Display>,
    ) -> Result<Study> {
        let body = request(change, UPDATE)?;
        limits::check_change(&body).map_err(|error| error.of(UPDATE))?;
        let call = self.prolific.api().update_study().id(id.as_str());
        read(call.body(body).send().await, UPDATE, Study::read)
    }

    /// Deletes a draft.
    ///
    /// A repeat changes nothing, so it is repeated after any transient failure; a draft that the
    /// first attempt deleted may then be [`NotFound`](crate::ErrorKind::NotFound), which is
    /// inferred. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call.
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
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no id.
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
        read_left(call.send().await, DUPLICATE, Study::read)
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
    /// Those of a call; [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where the answer
    /// has no id.
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
    /// # prolific.studies().schedule_publish(&id, prolific_api_ext::Timestamp::new("2026-12-01T12:00:00Z")).await?;
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
    /// prolific.studies().schedule_publish(&id, noon).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn schedule_publish(
        &self,
        id: &StudyId,
        at: impl Into<Option<Timestamp>>,
    ) -> Result<Study> {
        self.move_on(id, StudyAction::SchedulePublish, at.into()).await
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
        let call =
            call.body(types::StudyTransition::builder().action(action).publish_at(publish_at));
        read(call.send().await, TRANSITION, Study::read)
    }

    /// What a study has cost. [`projected_cost`](Self::projected_cost) says what it will cost.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call.
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
        read(call.send().await, COST, |raw| Ok(raw.into()))
    }

    /// What a study is going to cost; like [`cost`](Self::cost) otherwise.
    pub async fn projected_cost(&self, id: &StudyId) -> Result<StudyCost> {
        let call = self.prolific.api().get_study_cost().id(id.as_str()).is_projected(true);
        read(call.send().await, COST, |raw| Ok(raw.into()))
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

    /// The submissions of a study. It reads only, and each page is repeated after any transient
    /// failure. How it pages is known from Prolific's command line alone. The rows are those of
    /// the raw client; [`Submissions::list`](crate::submissions::Submissions::list) gives the same
    /// ones, and its paging is documented.
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
    pub fn submissions(
        &self,
        id: &StudyId,
    ) -> Pages<types::SubmissionSummary, StudySubmissionFilters> {
        let id = id.clone();
        Pages::new(
            &self.prolific,
            SUBMISSIONS,
            Paging::UNBOUNDED,
            move |prolific, page| {
                let id = id.clone();
                async move {
                    let call = prolific.api().get_study_submissions().id(id.as_str());
                    call.limit(page.limit).offset(page.offset).send().await
                }
            },
            Ok,
        )
        .with_query("ordering", "started_at")
    }

    /// How many submissions of a study are in which state.
    ///
    /// It changes nothing on the server, and is repeated after any transient failure. Known from
    /// the published specification.
    ///
    /// # Errors
    ///
    /// Those of a call.
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
        read(call.send().await, COUNTS, |raw| Ok(raw.into()))
    }
}

//! A Prolific inside the process, to test code without a token.
//!
//! [`Simulator`] listens on a free port of 127.0.0.1, keeps state, and responds as the API documents. Add
//! the feature `simulator` to the `[dev-dependencies]`; the guide has a page on
//! [testing](crate::guide::testing).
//!
//! # State
//!
//! Most state is created through the API itself: create a dataset, upload a file, create a batch, set it up.
//! These methods do what no researcher can do through the API:
//!
//! | method | effect |
//! |---|---|
//! | [`dataset`](Simulator::dataset) | adds a dataset that has the given statuses, one per poll |
//! | [`dataset_without_schema`](Simulator::dataset_without_schema) | adds a V4 dataset whose imports wait as `pending_schema` |
//! | [`ready_batch`](Simulator::ready_batch), [`collection`](Simulator::collection), [`active_study`](Simulator::active_study) | adds one of them without the steps that lead to it |
//! | [`answer`](Simulator::answer), [`answer_collection`](Simulator::answer_collection) | participants respond to everything in a batch or a collection |
//! | [`participants`](Simulator::participants) | participants take places, submit with any code, return, time out, are screened out, write and rate |
//! | [`submit`](Simulator::submit) | a participant takes a place and submits; the submission awaits review |
//! | [`set_balance`](Simulator::set_balance) | sets the balance of a workspace |
//! | [`approve_in_background`](Simulator::approve_in_background), [`publish_in_background`](Simulator::publish_in_background) | bulk approvals or publishing take effect after a number of polls |
//! | [`deliveries`](Simulator::deliveries) | returns what was sent to webhooks, signed |
//! | [`fail`](Simulator::fail) | ends an import, a migration, a sync, an export, a batch or a dataset as failed |
//! | [`times_paid`](Simulator::times_paid) | returns how often a batch of bonus payments was paid |
//!
//! There is one researcher with one workspace ([`workspace_id`](Simulator::workspace_id)) and one project in
//! it ([`project_id`](Simulator::project_id)); lists have them too, and more can be created.
//!
//! An id that names nothing is refused with 404, whether it is in a path, a query or a body. Two kinds of ids are
//! not checked: those of filters, of which Prolific has hundreds and the simulator a few, and those of people, who
//! exist outside of the simulator (users, and participants in groups, allowlists and responses to surveys). A
//! message, however, is refused if its recipient never took a place, responded or wrote, is in no group, and is no
//! test participant. A broadcast can only name participants with a submission in its study.
//!
//! A study never has more submissions than places. It awaits review once each place has a finished submission
//! and is completed once all of them are paid. A submission that is returned, timed out or screened out frees
//! its place. A completion code triggers the actions that the study gives it: approve, pay a part, screen
//! out, request a return, change a group. Publishing reserves money, approvals and bonuses spend it, and
//! what exceeds the balance is refused.
//!
//! Confirmed webhooks receive changes. The simulator only calls receivers on this machine
//! (`http://127.0.0.1:…`); events for any other address count as delivered and are in
//! [`deliveries`](Simulator::deliveries). An event that is refused is sent up to twelve times within a day of
//! the simulated clock.
//!
//! # Time
//!
//! Imports, migrations, setups, syncs and exports take several steps. By default every poll advances them by one
//! step ([`Pace::Look`]), so a test needs no pause. With [`Pace::Time`] they advance with the
//! [`clock`](Simulator::clock), which a test can stop and move:
//!
//! ```
//! # use std::time::Duration;
//! # use prolific_api_ext::simulator::{Pace, Simulator};
//! let simulator = Simulator::start();
//! simulator.set_pace(Pace::Time(Duration::from_secs(60)));
//! simulator.clock().stop();
//! simulator.clock().advance(Duration::from_secs(120));
//! ```
//!
//! By the same clock, upload links expire after 15 minutes and download links after an hour, reservations
//! end after ten minutes, submissions time out after the `maximum_allowed_time` of their study, and a
//! submission that nobody reviews is approved after 21 days.
//!
//! # Faults
//!
//! [`Simulator::fault`] injects a [`Fault`] into the next responses of an operation: a status, a delay, a
//! `Retry-After`, a truncated body, a connection that breaks before or after the operation took effect. Use
//! [`STORAGE_UPLOAD`] and [`STORAGE_DOWNLOAD`] for uploads to and downloads from links.
//!
//! Refusals need no fault. Requests are checked against the documented schemas: a field of the wrong type,
//! an undocumented enum value or a missing required field is a 400 that names each of them. The simulator also
//! returns the documented 401, 404, 405, 409 (an append while an import runs), 413, 415 and 422 (with the
//! positions of layout errors). Undocumented fields are ignored, as Prolific does.
//!
//! # Limits
//!
//! Where the documentation is silent, the simulator does something plausible, and its source says that this is
//! inferred; a test that depends on such a place proves nothing about Prolific. Fees are a quarter of the
//! reward and VAT a fifth of the fees, and audiences are made up. The choices of a filter are only checked if they
//! are ids of groups or studies.
//!
//! # From another process
//!
//! The example `simulator` runs one until its standard input ends and prints the settings that a client needs.
//! [`Simulator::serve`] listens on an address of your choice.

mod answer;
mod audience;
mod batches;
mod bonuses;
mod broadcasts;
mod call;
mod campaigns;
mod check;
mod clock;
mod collections;
mod completion_codes;
mod credentials;
mod datasets;
mod deliveries;
mod demographics;
mod document;
mod example;
mod exports;
mod fault;
mod feedback;
mod filter_sets;
mod filters;
mod groups;
mod hooks;
mod ids;
mod imports;
mod instructions;
mod invitations;
mod layout;
mod messages;
mod migrations;
mod money;
mod page;
mod participants;
mod projects;
mod ready_made;
mod record;
mod records;
mod references;
mod responses;
mod reward_recommendations;
mod route;
mod schema;
mod server;
mod storage;
mod strangers;
mod studies;
mod study_keys;
mod submissions;
mod surveys;
mod syncs;
mod table;
mod test_participants;
mod users;
mod workspaces;
mod world;

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use serde_json::Value;

pub use self::{
    clock::{Clock, Pace},
    deliveries::Delivery,
    example::example,
    fault::Fault,
    participants::Participants,
    record::{RecordedBody, RecordedRequest, STORAGE_DOWNLOAD, STORAGE_UPLOAD},
};
use self::{
    datasets::{Dataset, Kind},
    server::Server,
};
use crate::{
    BatchId, BonusPaymentsId, CollectionId, DatasetId, DatasetStatus, Error, FullJitter, ProjectId,
    Prolific, ProlificBuilder, Result, StudyId, SubmissionId, WorkspaceId,
};

/// A simulated Prolific inside the process. Use it to test code that calls the API without a token
/// and without money: create one for each test, pass [`prolific`](Self::prolific) to your code,
/// control [`participants`](Self::participants) and [`fault`](Self::fault)s, and check the
/// [`requests`](Self::requests) it received.
///
/// Stops when it is dropped. Ids are unique among the simulators of a process, and the token
/// appears neither in recorded requests nor in `Debug`.
pub struct Simulator {
    server: Server,
    token: String,
}

impl Simulator {
    /// Starts a simulator on a free port of 127.0.0.1, on its own thread.
    ///
    /// # Panics
    ///
    /// Panics if the machine has no port or thread left; [`serve`](Self::serve) returns an error
    /// instead.
    pub fn start() -> Self {
        match Self::serve((Ipv4Addr::LOCALHOST, 0)) {
            Ok(simulator) => simulator,
            Err(error) => panic!("the simulator can't start: {error}"),
        }
    }

    /// Starts a simulator at an address, for example for another process. Port 0 selects a free
    /// one. The client sends tokens over plain http to this machine only.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't listen there.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// let simulator = Simulator::serve(([127, 0, 0, 1], 0))?;
    /// println!("PROLIFIC_URL={}", simulator.base_url());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn serve(address: impl Into<SocketAddr>) -> io::Result<Self> {
        let server = Server::start(address.into())?;
        let token = server.world.lock().token.clone();
        Ok(Self { server, token })
    }

    /// The token that it accepts. Other simulators of the process have other tokens.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The base URL of its API.
    pub fn base_url(&self) -> String {
        self.server.world.lock().base_url.clone()
    }

    /// Returns a client that does not keep a test waiting: it retries at once, and waits poll every
    /// millisecond. Hints of the server are respected all the same.
    ///
    /// # Errors
    ///
    /// Those of [`ProlificBuilder::build`](crate::ProlificBuilder::build).
    pub fn prolific(&self) -> Result<Prolific> {
        self.builder().build()
    }

    /// Returns the settings of [`prolific`](Self::prolific), to add others.
    ///
    /// ```
    /// # use prolific_api_ext::{NoRetry, simulator::Simulator};
    /// # fn main() -> prolific_api_ext::Result<()> {
    /// let simulator = Simulator::start();
    /// let prolific = simulator.builder().retry_policy(NoRetry).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(&self) -> ProlificBuilder {
        Prolific::builder()
            .token(self.token.as_str())
            .base_url(self.base_url())
            .poll_interval(Duration::from_millis(1))
            .backoff(FullJitter::new(Duration::ZERO, Duration::ZERO))
    }

    /// Its clock, which a test can advance.
    pub fn clock(&self) -> Clock {
        self.server.world.lock().clock.clone()
    }

    /// Sets what makes long-running work progress.
    pub fn set_pace(&self, pace: Pace) {
        self.server.world.lock().pace = pace;
    }

    /// Injects a fault into the next responses of an operation: the documented name
    /// (`get-task-builder-batch`), the Rust name, [`STORAGE_UPLOAD`] or [`STORAGE_DOWNLOAD`].
    /// Several faults of an operation apply one after another.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no such operation.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::{Fault, Simulator};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// let simulator = Simulator::start();
    /// simulator.fault("get-user", Fault::status(503).times(2))?;
    ///
    /// let prolific = simulator.prolific()?;
    /// assert!(prolific.api().get_user().send().await.is_ok());
    /// let statuses: Vec<_> = simulator.requests().iter().map(|request| request.status).collect();
    /// assert_eq!(statuses, [Some(503), Some(503), Some(200)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fault(&self, operation: &str, fault: Fault) -> Result<()> {
        self.server.world.lock().faults.add(operation, fault)
    }

    /// Returns the requests it received, in the order of its responses.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.world.lock().requests.clone()
    }

    /// Makes long-running work fail, by its id: an import, a migration, a sync or an export
    /// (`failed`), a batch or a V3 dataset (ERROR). A submission, a participant or an email address is
    /// passed over without a word where many are approved, added to a group, removed or invited.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{ErrorKind, workspaces::WorkspaceRole};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// simulator.fail("bob@example.com");
    /// let emails = ["ann@example.com", "bob@example.com"];
    /// let invited = prolific.invitations().create(&workspace, emails, WorkspaceRole::Admin).await;
    /// let error = invited.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Partial);
    /// assert_eq!(error.to_string(), "1 of 2 addresses were invited, 1 not");
    /// # Ok(())
    /// # });
    /// ```
    pub fn fail(&self, id: impl fmt::Display) {
        self.server.world.lock().doomed.insert(id.to_string());
    }

    /// Creates a dataset with these statuses, one for each poll; the last one stays. Without
    /// statuses it is UNINITIALISED. It has no schema, so records can't be appended to it: create one with
    /// [`Datasets::create`](crate::datasets::Datasets::create) for that.
    pub fn dataset<S: Into<DatasetStatus>>(
        &self,
        statuses: impl IntoIterator<Item = S>,
    ) -> DatasetId {
        self.add_dataset(Kind::Scripted(statuses.into_iter().map(Into::into).collect()))
    }

    /// Creates a V4 dataset without a schema, so that uploads to it wait as `pending_schema`. How
    /// such a dataset comes about at Prolific is not documented.
    pub fn dataset_without_schema(&self) -> DatasetId {
        self.add_dataset(Dataset::v4(None))
    }

    fn add_dataset(&self, kind: Kind) -> DatasetId {
        let number = ids::next();
        let id = DatasetId::numbered(number);
        let mut world = self.server.world.lock();
        let workspace = world.workspaces.ids().next().unwrap_or_default().to_owned();
        let mut dataset = Dataset::new(&world, "Dataset", &workspace, kind);
        dataset.id = id.to_string();
        world.datasets.insert(dataset.id.clone(), dataset);
        id
    }

    /// Creates a READY batch: of a V4 dataset with two records, and one question about each. Both
    /// are in [`workspace_id`](Self::workspace_id).
    ///
    /// # Errors
    ///
    /// None in practice: what it creates is valid.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// use futures_util::TryStreamExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// let simulator = Simulator::start();
    /// let id = simulator.ready_batch()?;
    /// assert_eq!(simulator.answer(&id, 3)?, 6);
    ///
    /// let prolific = simulator.prolific()?;
    /// let responses: Vec<_> = prolific.batches().responses(&id).try_collect().await?;
    /// assert_eq!(responses.len(), 6);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ready_batch(&self) -> Result<BatchId> {
        let workspace = self.workspace_id()?;
        let made = ready_made::batch(&mut self.server.world.lock(), workspace.as_str());
        BatchId::new(made.map_err(|refusal| impossible("the batch can't be created", &refusal))?)
    }

    /// Creates a collection with one question, in [`workspace_id`](Self::workspace_id).
    ///
    /// # Errors
    ///
    /// None in practice: what it creates is valid.
    pub fn collection(&self) -> Result<CollectionId> {
        let workspace = self.workspace_id()?;
        let made = ready_made::collection(&mut self.server.world.lock(), workspace.as_str());
        let made =
            made.map_err(|refusal| impossible("the collection can't be created", &refusal))?;
        CollectionId::new(made)
    }

    /// Creates an ACTIVE study with ten places, in [`project_id`](Self::project_id).
    ///
    /// # Errors
    ///
    /// None in practice: what it creates is valid.
    pub fn active_study(&self) -> Result<StudyId> {
        let project = self.project_id()?;
        let made = ready_made::study(&mut self.server.world.lock(), project.as_str());
        StudyId::new(made.map_err(|refusal| impossible("the study can't be created", &refusal))?)
    }

    /// The workspace that exists from the start.
    ///
    /// # Errors
    ///
    /// None in practice: the id is valid.
    pub fn workspace_id(&self) -> Result<WorkspaceId> {
        WorkspaceId::new(self.server.world.lock().workspaces.ids().next().unwrap_or_default())
    }

    /// The project that exists from the start.
    ///
    /// # Errors
    ///
    /// None in practice: the id is valid.
    pub fn project_id(&self) -> Result<ProjectId> {
        ProjectId::new(self.server.world.lock().projects.ids().next().unwrap_or_default())
    }

    /// Makes participants respond to every task of a READY batch, once per instruction. Returns the
    /// number of responses.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no such batch, or it is
    /// not READY.
    pub fn answer(&self, batch: &BatchId, participants: usize) -> Result<usize> {
        let mut world = self.server.world.lock();
        let answered = responses::answer_batch(&mut world, batch.as_str(), participants);
        answered.map_err(|refusal| impossible("the batch can't be answered", &refusal))
    }

    /// Makes participants respond to a collection, once per instruction. Returns the number of
    /// responses.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no such collection.
    pub fn answer_collection(
        &self,
        collection: &CollectionId,
        participants: usize,
    ) -> Result<usize> {
        let mut world = self.server.world.lock();
        let answered = responses::answer_collection(&mut world, collection.as_str(), participants);
        answered.map_err(|refusal| impossible("the collection can't be answered", &refusal))
    }

    /// Returns the participants, whose actions a test controls.
    pub fn participants(&self) -> Participants {
        Participants(self.server.world.clone())
    }

    /// Makes a participant take a place of an ACTIVE study and finish without a valid code: a
    /// submission that awaits review. [`participants`](Self::participants) can do more.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no such study, it is
    /// not ACTIVE, or it has no place left.
    pub fn submit(&self, study: &StudyId) -> Result<SubmissionId> {
        let participants = self.participants();
        let taken = participants.take(study, 1)?;
        let submission = taken.into_iter().next();
        let submission =
            submission.ok_or_else(|| Error::invalid_input("there is no submission"))?;
        participants.submit(&submission, "SIMULATED")?;
        Ok(submission)
    }

    /// Makes bulk approvals take effect in the background from now on: after submissions were read
    /// this many times, in lists, in counts or individually. By default they take effect at once.
    pub fn approve_in_background(&self, looks: usize) {
        self.server.world.lock().approval_looks = looks;
    }

    /// Makes newly published studies PUBLISHING first, until the study was read this many times. By
    /// default they are ACTIVE at once.
    pub fn publish_in_background(&self, looks: usize) {
        self.server.world.lock().publication_looks = looks;
    }

    /// Sets the balance of a workspace, in pence or cents. It starts at 1,000,000.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if there is no such workspace.
    pub fn set_balance(&self, workspace: &WorkspaceId, balance: u64) -> Result<()> {
        let mut world = self.server.world.lock();
        let filled = money::filled_for(&world, workspace.as_str(), balance);
        let found = world.workspaces.named_mut(workspace.as_str());
        let found = found.map_err(|refusal| impossible("the wallet can't be filled", &refusal))?;
        found["~filled"] = serde_json::json!(filled);
        Ok(())
    }

    /// Returns the events sent to webhooks, every attempt, in order. Webhooks on this machine
    /// (`http://127.0.0.1`) are called. Events for other addresses are only recorded, signed and
    /// ready to be passed to the receiving code, and count as delivered.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.server.world.lock().deliveries.clone()
    }

    /// Returns how many times a batch of bonus payments was paid; more than once is a bug. `None`
    /// if there is no such batch.
    pub fn times_paid(&self, bonuses: &BonusPaymentsId) -> Option<usize> {
        let world = self.server.world.lock();
        world.bonuses.get(bonuses.as_str()).map(|bonuses| bonuses.times_paid)
    }
}

fn impossible(what: &str, refusal: &answer::Refusal) -> Error {
    let why = match refusal {
        answer::Refusal::Detail(_, Value::String(detail)) => detail.clone(),
        answer::Refusal::Detail(_, detail) => detail.to_string(),
        answer::Refusal::Layout(faults) => Value::from(faults.clone()).to_string(),
        answer::Refusal::Method(methods) => format!("the path only supports {methods}"),
    };
    Error::invalid_input(format!("{what}: {why}"))
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Simulator;
    use crate::{ErrorKind, NoRetry};

    #[tokio::test]
    async fn nothing_answers_once_a_simulator_was_dropped() {
        let simulator = Simulator::start();
        let id = simulator.dataset(["READY"]);
        let prolific = simulator.prolific().unwrap().with_retry_policy(NoRetry);
        assert!(prolific.datasets().status(&id).await.is_ok());
        drop(simulator);
        let error = prolific.datasets().status(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    }

    #[tokio::test]
    async fn a_dataset_of_one_simulator_is_unknown_to_another() {
        let simulators = [Simulator::start(), Simulator::start()];
        let id = simulators[0].dataset(["READY"]);
        simulators[1].dataset(["READY"]);
        let error = simulators[1].prolific().unwrap().datasets().status(&id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[tokio::test]
    async fn what_it_does_not_know_is_not_found_and_needs_the_token() {
        let simulator = Simulator::start();
        let call = |token| {
            let request = reqwest::Client::new().get(format!("{}/api/v1/x", simulator.base_url()));
            request.header("authorization", format!("Token {token}")).send()
        };
        assert_eq!(call(simulator.token()).await.unwrap().status(), 404);
        assert_eq!(call("another").await.unwrap().status(), 401);
    }

    #[tokio::test]
    async fn neither_debug_nor_the_record_shows_the_token() {
        let simulator = Simulator::start();
        simulator.prolific().unwrap().api().get_user().send().await.unwrap();
        let shown = format!("{simulator:?} {:?}", simulator.requests());
        assert!(shown.contains("get-user") && shown.contains("has_token: true"), "{shown}");
        assert!(!shown.contains(simulator.token()), "{shown}");
    }
}

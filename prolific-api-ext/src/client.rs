use std::{fmt, sync::Arc, time::Duration};

use prolific_api::{Client, Transport};

use crate::{
    Error, Method, ProlificBuilder, RawRequest, ResponseHead, Result, RetryPolicy,
    audience::Audience,
    batches::Batches,
    bonuses::Bonuses,
    broadcasts::Broadcasts,
    call::{Policy, Seam},
    campaigns::Campaigns,
    collections::Collections,
    configuration::checked_header,
    conversations::Conversations,
    credentials::Credentials,
    datasets::Datasets,
    filter_sets::FilterSets,
    filters::Filters,
    hooks::Hooks,
    instructions::Instructions,
    invitations::Invitations,
    messages::Messages,
    pages::Query,
    participant_groups::ParticipantGroups,
    projects::Projects,
    spending::{Guard, Spending},
    studies::Studies,
    submissions::Submissions,
    surveys::Surveys,
    users::Users,
    workspaces::Workspaces,
};

/// A client of the Prolific API.
///
/// Clones are cheap and share the connections, the retry budget and the request-rate limit. It
/// is `Send` and `Sync`.
#[derive(Clone)]
pub struct Prolific {
    api: Arc<Client>,
    policy: Arc<Policy>,
}

impl Prolific {
    /// A client as the environment describes it: the token in `PROLIFIC_TOKEN` and, for another
    /// server than Prolific's, its base URL in `PROLIFIC_URL`. Prolific's own command line reads
    /// the same two.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the variable, where one is
    /// missing or can't be used.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # fn run() -> prolific_api_ext::Result<()> {
    /// let prolific = prolific_api_ext::Prolific::from_env()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_env() -> Result<Self> {
        ProlificBuilder::from_env()?.build()
    }

    /// A client with settings of your own.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn run() -> prolific_api_ext::Result<()> {
    /// let prolific = prolific_api_ext::Prolific::builder().token("0123456789").build()?;
    /// # Ok(())
    /// # }
    /// # run().unwrap();
    /// ```
    pub fn builder() -> ProlificBuilder {
        ProlificBuilder::default()
    }

    /// The datasets of AI Task Builder.
    pub fn datasets(&self) -> Datasets {
        Datasets::new(self.clone())
    }

    /// The batches of AI Task Builder.
    pub fn batches(&self) -> Batches {
        Batches::new(self.clone())
    }

    /// The collections of AI Task Builder.
    pub fn collections(&self) -> Collections {
        Collections::new(self.clone())
    }

    /// The instructions of batches of AI Task Builder.
    pub fn instructions(&self) -> Instructions {
        Instructions::new(self.clone())
    }

    /// The workspaces.
    pub fn workspaces(&self) -> Workspaces {
        Workspaces::new(self.clone())
    }

    /// The projects of workspaces.
    pub fn projects(&self) -> Projects {
        Projects::new(self.clone())
    }

    /// The studies.
    pub fn studies(&self) -> Studies {
        Studies::new(self.clone())
    }

    /// The submissions of participants.
    pub fn submissions(&self) -> Submissions {
        Submissions::new(self.clone())
    }

    /// The bonus payments.
    pub fn bonuses(&self) -> Bonuses {
        Bonuses::new(self.clone())
    }

    /// The users.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// What is advised on pay, and who was asked about.
    pub fn audience(&self) -> Audience {
        Audience::new(self.clone())
    }

    /// The broadcasts.
    pub fn broadcasts(&self) -> Broadcasts {
        Broadcasts::new(self.clone())
    }

    /// The campaigns.
    pub fn campaigns(&self) -> Campaigns {
        Campaigns::new(self.clone())
    }

    /// The conversations.
    pub fn conversations(&self) -> Conversations {
        Conversations::new(self.clone())
    }

    /// The pools of credentials.
    pub fn credentials(&self) -> Credentials {
        Credentials::new(self.clone())
    }

    /// The filter sets.
    pub fn filter_sets(&self) -> FilterSets {
        FilterSets::new(self.clone())
    }

    /// The catalogue of filters.
    pub fn filters(&self) -> Filters {
        Filters::new(self.clone())
    }

    /// The webhooks.
    pub fn hooks(&self) -> Hooks {
        Hooks::new(self.clone())
    }

    /// The invitations of researchers.
    pub fn invitations(&self) -> Invitations {
        Invitations::new(self.clone())
    }

    /// The messages.
    pub fn messages(&self) -> Messages {
        Messages::new(self.clone())
    }

    /// The participant groups.
    pub fn participant_groups(&self) -> ParticipantGroups {
        ParticipantGroups::new(self.clone())
    }

    /// The surveys.
    pub fn surveys(&self) -> Surveys {
        Surveys::new(self.clone())
    }

    /// The raw client, for every operation that has no method here. Its calls are authenticated,
    /// timed out, retried and traced like those of this client, and
    /// [`Error`](crate::Error) is made of its errors by `?`. In a function that boxes its errors `?`
    /// keeps what they say, and [`Error::within`](crate::Error::within) finds it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.dataset(["READY"]);
    /// let call = prolific.api().get_task_builder_dataset_status().dataset_id(id.as_str());
    /// let answer = call.send().await?;
    /// assert_eq!(answer.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn api(&self) -> &Client {
        &self.api
    }

    /// This client with another bound on how long a call may take, all its attempts included. In
    /// none nothing can be done: with a timeout of zero every call is
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let id = simulator.dataset(["READY"]);
    /// let patient = prolific.with_total_timeout(Duration::from_secs(300));
    /// let status = patient.datasets().status(&id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_total_timeout(&self, timeout: Duration) -> Self {
        self.with(|policy| policy.total_timeout = timeout)
    }

    /// This client with another bound on how long an attempt may take. With one of zero every call
    /// is [`InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    #[must_use]
    pub fn with_attempt_timeout(&self, timeout: Duration) -> Self {
        self.with(|policy| policy.attempt_timeout = timeout)
    }

    /// This client with another retry policy; [`NoRetry`](crate::NoRetry) for a single attempt.
    #[must_use]
    pub fn with_retry_policy(&self, retry: impl RetryPolicy) -> Self {
        self.with(|policy| policy.retry = Arc::new(retry))
    }

    /// This client with another least time to act; see
    /// [`least_time_to_act`](ProlificBuilder::least_time_to_act).
    #[must_use]
    pub fn with_least_time_to_act(&self, time: Duration) -> Self {
        self.with(|policy| policy.least_time_to_act = Some(time))
    }

    /// This client with another header in each request to the API; see
    /// [`default_header`](ProlificBuilder::default_header).
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if the header can't be sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let traced = prolific.with_header("x-correlation-id", "run-7")?;
    /// let me = traced.users().me().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self> {
        let (name, value) = checked_header(name, value)?;
        Ok(self.with(|policy| {
            Arc::make_mut(&mut policy.headers).insert(name, value);
        }))
    }

    /// This client, which sends nothing that costs money; see
    /// [`dry_run`](ProlificBuilder::dry_run).
    #[must_use]
    pub fn with_dry_run(&self) -> Self {
        self.with(|policy| {
            let guard = policy.guard.get_or_insert_with(|| Guard::new(None, true));
            guard.is_dry_run = true;
        })
    }

    /// What this client and its clones have spent; none without a
    /// [spending limit](ProlificBuilder::spending_limit) or a [dry run](ProlificBuilder::dry_run).
    pub fn spending(&self) -> Option<Spending> {
        self.policy.guard.as_ref().map(Guard::spending)
    }

    /// This client with another parameter in the query of each request to the API, in the place of one
    /// of that name: for what the documentation doesn't know yet. The parameters that a list pages and
    /// filters by stay its own.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let studies = prolific.with_query("include_archived", "true").studies().list();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_query(&self, name: &str, value: impl Into<String>) -> Self {
        self.with(|policy| Arc::make_mut(&mut policy.query).set(name, value.into()))
    }

    /// This client with another field in the body of each request to the API, in the place of one of
    /// that name: for what the documentation doesn't know yet. A POST, PUT or PATCH without a body gets
    /// one; a body that is no JSON object (CSV, JSON Lines) is
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) then, and nothing is sent. Files that are
    /// uploaded stay as they are.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if the value can't be written as JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::NewStudy;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let workspaces = prolific.with_body_field("region", "EU")?.workspaces();
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_body_field(
        &self,
        name: impl Into<String>,
        value: impl serde::Serialize,
    ) -> Result<Self> {
        let name = name.into();
        let value = serde_json::to_value(value).map_err(|error| {
            Error::invalid_input(format!("the field {name:?} can't be sent: {error}"))
        })?;
        Ok(self.with(|policy| Arc::make_mut(&mut policy.fields).set(name, value)))
    }

    /// This client, which calls `observer` with the head of each response of the API: each attempt of
    /// each call, whatever its status, before its body is read. It is called where the call is polled,
    /// and should be quick.
    ///
    /// # Examples
    ///
    /// See [`ResponseHead`].
    #[must_use]
    pub fn with_response_observer(
        &self,
        observer: impl Fn(&ResponseHead) + Send + Sync + 'static,
    ) -> Self {
        self.with(|policy| policy.observer = Some(Arc::new(observer)))
    }

    /// Begins a request of an operation that is not documented, under the policy of this client. The
    /// path begins with `/` and stays on the server of the API; see [`RawRequest::send`].
    ///
    /// For a documented operation there is [`api`](Self::api), and for what it doesn't know of one
    /// [`with_query`](Self::with_query), [`with_body_field`](Self::with_body_field) and
    /// [`with_header`](Self::with_header).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{Method, RetrySafety};
    /// use serde_json::{Value, json};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// let response = prolific.request(Method::GET, "/api/v1/studies/").query("page", 1).send().await?;
    /// let studies: Value = response.json()?;
    /// println!("{} of {:?}", studies["results"], response.head().request_id());
    ///
    /// # let workspace = simulator.workspace_id()?;
    /// let path = format!("/api/v1/workspaces/{workspace}/");
    /// let change = prolific.request(Method::PATCH, path).json(&json!({ "title": "Birds" }));
    /// change.retry(RetrySafety::Idempotent).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self.clone(), method, path.into())
    }

    /// For the polls of waits, which is asked again by them and has a turn already.
    pub(crate) fn for_polls(&self) -> Self {
        self.with(|policy| *policy = Policy { rate_limit: None, ..policy.once() })
    }

    /// For what is asked for again by others if it fails.
    pub(crate) fn once(&self) -> Self {
        self.with(|policy| *policy = policy.once())
    }

    /// This client, which leaves the bodies of successes to whoever makes the call.
    pub(crate) fn with_bodies_left(&self) -> Self {
        self.with(|policy| policy.leaves_bodies = true)
    }

    /// This client with parameters that are added to the query of every request.
    pub(crate) fn with_parameters(&self, query: &Query) -> Self {
        self.with(|policy| Arc::make_mut(&mut policy.query).set_all(query))
    }

    pub(crate) fn assemble(base_url: &str, http: reqwest::Client, policy: Policy) -> Self {
        let policy = Arc::new(policy);
        let transport = Transport::new(Seam::new(policy.clone()));
        Self { api: Arc::new(Client::new_with_client(base_url, http, transport)), policy }
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    fn with(&self, change: impl FnOnce(&mut Policy)) -> Self {
        let mut policy = Policy::clone(&self.policy);
        change(&mut policy);
        Self::assemble(self.api.baseurl(), self.api.client().clone(), policy)
    }
}

impl fmt::Debug for Prolific {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prolific")
            .field("base_url", &self.api.baseurl())
            .field("policy", &self.policy)
            .finish()
    }
}

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

/// A client of the Prolific API. Use one for a whole program: its methods return the resources,
/// such as [`studies`](Self::studies), and every call goes through its retries, timeouts and
/// limits.
///
/// Clones are cheap, and share connections, retry budget, request-rate limit and spending guard.
/// The methods `with_…` return a clone with one setting changed, for single calls.
#[derive(Clone)]
pub struct Prolific {
    api: Arc<Client>,
    policy: Arc<Policy>,
}

impl Prolific {
    /// Creates a client from the environment: `PROLIFIC_TOKEN` is the API token, and
    /// `PROLIFIC_URL`, if set, the base URL of another server. The official command line reads the
    /// same variables.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration), naming the variable, if one is
    /// missing or invalid.
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

    /// Returns a builder for a client with your own settings.
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

    /// Datasets of AI Task Builder.
    pub fn datasets(&self) -> Datasets {
        Datasets::new(self.clone())
    }

    /// Batches of AI Task Builder.
    pub fn batches(&self) -> Batches {
        Batches::new(self.clone())
    }

    /// Collections of AI Task Builder.
    pub fn collections(&self) -> Collections {
        Collections::new(self.clone())
    }

    /// Instructions of batches of AI Task Builder.
    pub fn instructions(&self) -> Instructions {
        Instructions::new(self.clone())
    }

    /// Workspaces.
    pub fn workspaces(&self) -> Workspaces {
        Workspaces::new(self.clone())
    }

    /// Projects of a workspace.
    pub fn projects(&self) -> Projects {
        Projects::new(self.clone())
    }

    /// Studies.
    pub fn studies(&self) -> Studies {
        Studies::new(self.clone())
    }

    /// Submissions of participants.
    pub fn submissions(&self) -> Submissions {
        Submissions::new(self.clone())
    }

    /// Bonus payments.
    pub fn bonuses(&self) -> Bonuses {
        Bonuses::new(self.clone())
    }

    /// Users.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// Recommended pay, and demographics of participants.
    pub fn audience(&self) -> Audience {
        Audience::new(self.clone())
    }

    /// Broadcasts.
    pub fn broadcasts(&self) -> Broadcasts {
        Broadcasts::new(self.clone())
    }

    /// Campaigns.
    pub fn campaigns(&self) -> Campaigns {
        Campaigns::new(self.clone())
    }

    /// Conversations.
    pub fn conversations(&self) -> Conversations {
        Conversations::new(self.clone())
    }

    /// Credential pools.
    pub fn credentials(&self) -> Credentials {
        Credentials::new(self.clone())
    }

    /// Filter sets.
    pub fn filter_sets(&self) -> FilterSets {
        FilterSets::new(self.clone())
    }

    /// The catalogue of filters.
    pub fn filters(&self) -> Filters {
        Filters::new(self.clone())
    }

    /// Webhooks.
    pub fn hooks(&self) -> Hooks {
        Hooks::new(self.clone())
    }

    /// Invitations of researchers.
    pub fn invitations(&self) -> Invitations {
        Invitations::new(self.clone())
    }

    /// Messages.
    pub fn messages(&self) -> Messages {
        Messages::new(self.clone())
    }

    /// Participant groups.
    pub fn participant_groups(&self) -> ParticipantGroups {
        ParticipantGroups::new(self.clone())
    }

    /// Surveys.
    pub fn surveys(&self) -> Surveys {
        Surveys::new(self.clone())
    }

    /// Returns the raw client, for operations without a method here. Its calls are authenticated,
    /// timed out, retried and traced like those of this client. `?` converts its errors into
    /// [`Error`](crate::Error). In a function that boxes errors, `?` keeps their message, and
    /// [`Error::within`](crate::Error::within) finds them.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.dataset(["READY"]);
    /// let call = prolific.api().get_task_builder_dataset_status().dataset_id(id.as_str());
    /// let answer = call.send().await?;
    /// assert_eq!(answer.status(), 200);
    /// # Ok(())
    /// # });
    /// ```
    pub fn api(&self) -> &Client {
        &self.api
    }

    /// Returns this client with another total timeout for a call with all its attempts. A zero
    /// timeout fails every call with [`InvalidInput`](crate::ErrorKind::InvalidInput) before it is
    /// sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.dataset(["READY"]);
    /// let patient = prolific.with_total_timeout(Duration::from_secs(300));
    /// let status = patient.datasets().status(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[must_use]
    pub fn with_total_timeout(&self, timeout: Duration) -> Self {
        self.with(|policy| policy.total_timeout = timeout)
    }

    /// Returns this client with another timeout for a single attempt. A zero timeout fails every
    /// call with [`InvalidInput`](crate::ErrorKind::InvalidInput) before it is sent.
    #[must_use]
    pub fn with_attempt_timeout(&self, timeout: Duration) -> Self {
        self.with(|policy| policy.attempt_timeout = timeout)
    }

    /// Returns this client with another retry policy. [`NoRetry`](crate::NoRetry) allows a single
    /// attempt.
    #[must_use]
    pub fn with_retry_policy(&self, retry: impl RetryPolicy) -> Self {
        self.with(|policy| policy.retry = Arc::new(retry))
    }

    /// Returns this client with another [`least_time_to_act`](ProlificBuilder::least_time_to_act).
    #[must_use]
    pub fn with_least_time_to_act(&self, time: Duration) -> Self {
        self.with(|policy| policy.least_time_to_act = Some(time))
    }

    /// Returns this client with another header in each request to the API; see
    /// [`default_header`](ProlificBuilder::default_header).
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the header is invalid or
    /// reserved.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let traced = prolific.with_header("x-correlation-id", "run-7")?;
    /// let me = traced.users().me().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn with_header(&self, name: &str, value: &str) -> Result<Self> {
        let (name, value) = checked_header(name, value)?;
        Ok(self.with(|policy| {
            Arc::make_mut(&mut policy.headers).insert(name, value);
        }))
    }

    /// Returns this client in dry-run mode, which sends nothing that costs money; see
    /// [`dry_run`](ProlificBuilder::dry_run).
    #[must_use]
    pub fn with_dry_run(&self) -> Self {
        self.with(|policy| {
            let guard = policy.guard.get_or_insert_with(|| Guard::new(None, true));
            guard.is_dry_run = true;
        })
    }

    /// Returns what this client and its clones have spent. `None` without a [spending
    /// limit](ProlificBuilder::spending_limit) or a [dry run](ProlificBuilder::dry_run).
    pub fn spending(&self) -> Option<Spending> {
        self.policy.guard.as_ref().map(Guard::spending)
    }

    /// Returns this client with another query parameter in each request to the API, for parameters
    /// that are not documented yet. It replaces a parameter of the same name, except those that a
    /// list pages and filters by.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let studies = prolific.with_query("include_archived", "true").studies().list();
    /// # Ok(())
    /// # });
    /// ```
    #[must_use]
    pub fn with_query(&self, name: &str, value: impl Into<String>) -> Self {
        self.with(|policy| Arc::make_mut(&mut policy.query).set(name, value.into()))
    }

    /// Returns this client with another field in the body of each request to the API, for fields
    /// that are not documented yet. It replaces a field of the same name. A POST, PUT or PATCH
    /// without a body gets one. If the body is not a JSON object (CSV, JSON Lines), the call fails
    /// with [`InvalidInput`](crate::ErrorKind::InvalidInput) before it is sent. Uploads of files
    /// are not changed.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the value can't be serialised as
    /// JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::studies::NewStudy;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let workspaces = prolific.with_body_field("region", "EU")?.workspaces();
    /// # Ok(())
    /// # });
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

    /// Returns this client with an observer of responses: `observer` is called with the head of
    /// each response of the API, of every attempt and status, before its body is read. It runs
    /// inside the call's future and should be quick.
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

    /// Starts a request for an undocumented operation, under the policy of this client. The path
    /// begins with `/`, relative to the server of the API; see [`RawRequest::send`].
    ///
    /// For documented operations use [`api`](Self::api), and for undocumented parts of them
    /// [`with_query`](Self::with_query), [`with_body_field`](Self::with_body_field) and
    /// [`with_header`](Self::with_header).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{Method, RetrySafety};
    /// use serde_json::{Value, json};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let response = prolific.request(Method::GET, "/api/v1/studies/").query("page", 1).send().await?;
    /// let studies: Value = response.json()?;
    /// println!("{} of {:?}", studies["results"], response.head().request_id());
    ///
    /// # let workspace = simulator.workspace_id()?;
    /// let path = format!("/api/v1/workspaces/{workspace}/");
    /// let change = prolific.request(Method::PATCH, path).json(&json!({ "title": "Birds" }));
    /// change.retry(RetrySafety::Idempotent).send().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self.clone(), method, path.into())
    }

    /// For polls of a wait: single attempts, which already have their turn under the rate limit.
    pub(crate) fn for_polls(&self) -> Self {
        self.with(|policy| *policy = Policy { rate_limit: None, ..policy.once() })
    }

    /// For speculative requests, which are repeated by others if they fail.
    pub(crate) fn once(&self) -> Self {
        self.with(|policy| *policy = policy.once())
    }

    /// Leaves the bodies of successful responses to the caller.
    pub(crate) fn with_bodies_left(&self) -> Self {
        self.with(|policy| policy.leaves_bodies = true)
    }

    /// Adds parameters to the query of every request.
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

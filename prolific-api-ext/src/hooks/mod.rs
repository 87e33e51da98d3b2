//! Webhooks: subscriptions, secrets and deliveries.

mod catch_up;
mod subscribe;

pub use subscribe::Subscribed;

use prolific_api::types;
use reqwest::{Url, header::HeaderMap};
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};

use crate::{
    Error, EventId, Result, SecretId, SubscriptionId, Timestamp, WorkspaceId,
    configuration::is_loopback,
    model::{Read as _, answer, made, model},
    open_enum::open_enum,
    pages::{Pages, Paging, listed},
    request::{body, request},
    resource::{Answer, read, read_left_as, resource},
    secret_text::secret_text,
};

const CREATE_SECRET: &str = "create-secret";
const GET: &str = "get-subscription";
const CREATE: &str = "create-subscription";
const CONFIRM: &str = "confirm-subscription";
const UPDATE: &str = "update-subscription";
const DELETE: &str = "delete-subscription";

open_enum! {
    /// The type of an event. This list is not complete: [`event_types`](Hooks::event_types) returns
    /// all types.
    pub enum EventType {
        /// The status of a submission changed.
        SubmissionStatusChange = "submission.status.change",
        /// The status of a study changed.
        StudyStatusChange = "study.status.change",
        /// More places of a study were taken.
        StudyProgressChange = "study.progress.change",
        /// Many participants returned their submissions of a study.
        StudyHighReturnRate = "study.has_high_return_rate",
    }
}

open_enum! {
    /// The delivery status of an event.
    pub enum DeliveryStatus from types::HookEventStatus {
        /// In progress.
        Pending = "PENDING",
        /// Delivered.
        Succeeded = "SUCCEEDED",
        /// Prolific gave up.
        Failed = "FAILED",
    }
}

secret_text! {
    /// The value of a secret that signs webhooks. Hidden in `Debug`.
    SecretValue
}

secret_text! {
    /// The token that confirms a subscription: the header `X-Hook-Secret` of the response that
    /// created it. It signs nothing. Hidden in `Debug`.
    Confirmation
}

model! {
    /// A type of event to subscribe to.
    pub struct EventKind from types::HookEventType {
        /// The type.
        pub event_type: Option<EventType>,
        /// A description.
        pub description: Option<String>,
    }
}

model! {
    /// A secret that signs the deliveries to a workspace.
    pub struct Secret from types::HookSecret {
        /// The id.
        pub id: Option<SecretId>,
        /// The value.
        pub value: Option<SecretValue>,
        /// The workspace.
        pub workspace_id: Option<WorkspaceId>,
    }
}

model! {
    /// A subscription of a workspace to events.
    pub struct Subscription from types::Hook {
        /// The id.
        key id: SubscriptionId,
        /// The type of its events.
        pub event_type: Option<EventType>,
        /// The URL that receives them.
        pub target_url: Option<String>,
        /// Whether events are delivered.
        pub is_enabled: Option<bool>,
        /// The workspace.
        pub workspace_id: Option<WorkspaceId>,
    }
}

model! {
    /// A delivery of an event.
    pub struct Delivery from types::HookEvent {
        /// The id of the event, the same for every attempt to deliver it.
        pub id: Option<EventId>,
        /// The type.
        pub event_type: Option<EventType>,
        /// The id of the study or submission that it is about.
        pub resource_id: Option<String>,
        /// The status of the delivery.
        pub status: Option<DeliveryStatus>,
        /// The URL that receives it.
        pub target_url: Option<String>,
        /// The payload.
        pub payload: Option<Map<String, Value>>,
        /// When the event was created.
        pub created_at: Option<Timestamp> = datetime_created,
        /// When delivery was last attempted.
        pub updated_at: Option<Timestamp> = datetime_updated,
    }
}

request! {
    /// A subscription to [create](Hooks::create).
    pub struct NewSubscription(
        /// The workspace.
        workspace_id: WorkspaceId,
        /// The type of its events.
        event_type: EventType,
        /// The URL that receives them: public, https.
        target_url: String
    ) {
        /// Whether events are delivered.
        is_enabled: bool,
    }
}

request! {
    /// A [change](Hooks::update) of a subscription. Fields that are not set stay as they are.
    #[derive(Default)]
    pub struct SubscriptionChange() {
        /// The type of its events.
        event_type: EventType,
        /// The URL that receives them: public, https.
        target_url: String,
        /// Whether events are delivered. Prolific turns a subscription off after five days of
        /// failures.
        is_enabled: bool,
    }
}

/// A new subscription, and the token that [confirms](Hooks::confirm) it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NewlySubscribed {
    /// The subscription.
    pub subscription: Subscription,
    /// The token that confirms it. Only this response has it; `None` if the server sent none.
    pub confirmation: Option<Confirmation>,
}

impl Subscription {
    /// Whether it is of the type and to the URL that are wanted.
    fn is_of(&self, wanted: &NewSubscription) -> bool {
        self.event_type.as_ref() == Some(&wanted.event_type)
            && self.target_url.as_ref() == Some(&wanted.target_url)
    }
}

/// The response that makes a subscription: that subscription, by the guide and the official command
/// line; a list, by the specification.
enum Made {
    List(Vec<types::Hook>),
    One(Box<types::Hook>),
}

impl<'de> Deserialize<'de> for Made {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        match Vec::deserialize(&json["results"]) {
            Ok(rows) => Ok(Self::List(rows)),
            Err(_) => types::Hook::deserialize(&json).map(Self::from).map_err(D::Error::custom),
        }
    }
}

impl From<types::Hook> for Made {
    fn from(hook: types::Hook) -> Self {
        Self::One(Box::new(hook))
    }
}

impl Made {
    fn subscription(self, wanted: &NewSubscription) -> Result<Subscription> {
        let rows = match self {
            Self::One(hook) => return Subscription::read(*hook, CREATE),
            Self::List(rows) => rows,
        };
        let read = rows.into_iter().filter_map(|row| Subscription::read(row, CREATE).ok());
        // What was just made is not confirmed yet.
        let is_new = |row: &Subscription| row.is_of(wanted) && row.is_enabled != Some(true);
        let mut made = read.filter(is_new);
        match (made.next(), made.next()) {
            (Some(made), None) => Ok(made),
            (None, _) => Err(Error::unexpected("the list does not contain the new subscription")),
            (Some(one), Some(other)) => Err(Error::unexpected(format!(
                "the new subscription may be {} or {}: delete the older one",
                one.id, other.id
            ))),
        }
    }
}

fn headers<T>(sent: &Answer<T>) -> Option<&HeaderMap> {
    match sent {
        Ok(sent) => Some(sent.headers()),
        Err(prolific_api::Error::UnexpectedResponse(response)) => Some(response.headers()),
        Err(_) => None,
    }
}

resource! {
    /// Operations on webhooks. Returned by [`Prolific::hooks`](crate::Prolific::hooks).
    Hooks
}

impl Hooks {
    /// Lists the types of events to subscribe to. Not paged: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// for kind in prolific.hooks().event_types().collect_all().await? {
    ///     println!("{kind:?}");
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-event-types")]
    pub fn event_types(&self) -> Pages<EventKind> {
        listed!(self, "get-event-types", Paging::Whole, [], |api, _page| { api.get_event_types() })
    }

    /// Lists the secrets that sign deliveries to a workspace. Not paged: one request returns all of
    /// them. Keep them out of logs.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let secrets = prolific.hooks().secrets(&workspace).collect_all().await?;
    /// println!("{} secrets", secrets.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-secrets")]
    pub fn secrets(&self, workspace_id: &WorkspaceId) -> Pages<Secret> {
        listed!(self, "get-secrets", Paging::Whole, [workspace_id], |api, _page| {
            api.get_secrets().workspace_id(workspace_id.as_str())
        })
    }

    /// Creates the secret that signs deliveries to a workspace. **It replaces the current one at
    /// once**: accept both for a while.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let secret = prolific.hooks().create_secret(&workspace).await?;
    /// println!("{:?}", secret.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-secret")]
    pub async fn create_secret(&self, workspace_id: &WorkspaceId) -> Result<Secret> {
        let request = serde_json::json!({ "workspace_id": workspace_id });
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_secret();
        let call = call.body(body::<types::CreateHookSecret>(request, CREATE_SECRET)?);
        made(call.send().await, CREATE_SECRET)
    }

    /// Lists the subscriptions of a workspace. *(paging: known from the official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription, SubscriptionChange};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// for subscription in prolific.hooks().subscriptions(&workspace).collect_all().await? {
    ///     println!("{} {:?}", subscription.id, subscription.is_enabled);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-subscriptions")]
    pub fn subscriptions(
        &self,
        workspace_id: &WorkspaceId,
    ) -> Pages<Subscription, SubscriptionFilters> {
        listed!(self, "get-subscriptions", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.get_subscriptions().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Fetches a subscription.
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
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// # let id = made.subscription.id;
    /// let subscription = prolific.hooks().get(&id).await?;
    /// println!("{:?}", subscription.is_enabled);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-subscription")]
    pub async fn get(&self, id: &SubscriptionId) -> Result<Subscription> {
        let call = self.prolific.api().get_subscription().subscription_id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Subscribes a workspace to events. Nothing is delivered until the subscription is
    /// [confirmed](Self::confirm), and the workspace needs a [secret](Self::create_secret) first.
    /// [`subscribe`](Self::subscribe) does all three.
    ///
    /// Unsafe: every call creates another subscription, so it is retried only if the server did not
    /// act. *(that the response is a single subscription: known from the official CLI only)*
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// URL is not https; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::hooks::{EventType, NewSubscription};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// prolific.hooks().create_secret(&workspace).await?;
    /// let new = NewSubscription::new(
    ///     workspace,
    ///     EventType::StudyStatusChange,
    ///     "https://example.com/hook",
    /// );
    /// let made = prolific.hooks().create(new).await?;
    /// if let Some(confirmation) = &made.confirmation {
    ///     prolific.hooks().confirm(&made.subscription.id, confirmation).await?;
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-subscription")]
    pub async fn create(&self, subscription: NewSubscription) -> Result<NewlySubscribed> {
        self.check_target(&subscription.target_url, CREATE)?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_subscription();
        let call = call.body(body::<types::CreateHook>(&subscription, CREATE)?);
        let sent: Answer<types::Hook> = call.send().await;
        let header = headers(&sent).and_then(|headers| headers.get("x-hook-secret"));
        let confirmation = header.and_then(|value| value.to_str().ok()).map(Confirmation::from);
        let made = |made: Made| made.subscription(&subscription);
        Ok(NewlySubscribed { subscription: read_left_as(sent, CREATE, made)?, confirmation })
    }

    /// Confirms a subscription with the token that came with it.
    ///
    /// Idempotent: retried after any transient failure. The effect of a second confirmation is not
    /// documented.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// # let id = made.subscription.id;
    /// if let Some(confirmation) = &made.confirmation {
    ///     let subscription = prolific.hooks().confirm(&id, confirmation).await?;
    ///     println!("{:?}", subscription.is_enabled);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "confirm-subscription")]
    pub async fn confirm(
        &self,
        id: &SubscriptionId,
        confirmation: &Confirmation,
    ) -> Result<Subscription> {
        let request = serde_json::json!({ "secret": confirmation.expose() });
        let call = self.prolific.api().confirm_subscription().subscription_id(id.as_str());
        answer(call.body(body::<types::ConfirmHook>(request, CONFIRM)?).send().await, CONFIRM)
    }

    /// Changes a subscription, or turns it back on.
    ///
    /// Idempotent: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// URL is not https; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription};
    /// use prolific_api_ext::hooks::SubscriptionChange;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// # let id = made.subscription.id;
    /// let off = SubscriptionChange::new().is_enabled(false);
    /// prolific.hooks().update(&id, off).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-subscription")]
    pub async fn update(
        &self,
        id: &SubscriptionId,
        change: SubscriptionChange,
    ) -> Result<Subscription> {
        if let Some(url) = &change.target_url {
            self.check_target(url, UPDATE)?;
        }
        let call = self.prolific.api().update_subscription().subscription_id(id.as_str());
        answer(call.body(body::<types::UpdateHook>(&change, UPDATE)?).send().await, UPDATE)
    }

    /// Deletes a subscription.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the subscription
    /// already deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription, SubscriptionChange};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// prolific.hooks().delete(&made.subscription.id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-subscription")]
    pub async fn delete(&self, id: &SubscriptionId) -> Result<()> {
        let call = self.prolific.api().delete_subscription().subscription_id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// Lists the deliveries of a subscription. A page has at most 1,000.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription, SubscriptionChange};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// for delivery in prolific.hooks().events(&made.subscription.id).collect_all().await? {
    ///     println!("{:?} {:?}", delivery.id, delivery.status);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-events")]
    pub fn events(&self, id: &SubscriptionId) -> Pages<Delivery, EventFilters> {
        listed!(self, "get-events", Paging::LimitOffset { max: Some(1_000) }, [id], |api, page| {
            let call = api.get_events().subscription_id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Whether events can be delivered to a URL. An API on this machine, such as a simulator,
    /// delivers to this machine too.
    fn check_target(&self, url: &str, operation: &'static str) -> Result<()> {
        let is_here = |url: &Url| url.scheme() == "http" && is_loopback(url);
        let is_api_here =
            || Url::parse(self.prolific.api().baseurl()).is_ok_and(|url| is_loopback(&url));
        match Url::parse(url) {
            Ok(url) if url.scheme() == "https" || is_here(&url) && is_api_here() => Ok(()),
            _ => {
                let wanted = "the target_url of a subscription must be a public https URL";
                Err(Error::invalid_input(wanted).of(operation))
            }
        }
    }
}

/// The filters of [`Hooks::subscriptions`].
#[derive(Debug)]
#[non_exhaustive]
pub struct SubscriptionFilters {}

impl<T: Send + 'static> Pages<T, SubscriptionFilters> {
    /// Lists only subscriptions that are enabled (the server's default), or only those that are
    /// not.
    pub fn enabled(self, is_enabled: bool) -> Self {
        self.with_query("is_enabled", is_enabled.to_string())
    }
}

/// Lists only deliveries with this status.
#[derive(Debug)]
#[non_exhaustive]
pub struct EventFilters {}

impl<T: Send + 'static> Pages<T, EventFilters> {
    /// Lists the deliveries of a status.
    pub fn status(self, status: impl Into<DeliveryStatus>) -> Self {
        self.with_query("status", status.into().as_str())
    }

    /// Lists only deliveries about a study or submission, by its id.
    pub fn resource(self, id: impl Into<String>) -> Self {
        self.with_query("resource_id", id)
    }
}

//! Webhooks: subscriptions, secrets and deliveries.

mod catch_up;
mod subscribe;

pub use subscribe::Subscribed;

use prolific_api::types;
use reqwest::{Url, header::HeaderMap};
use serde::Deserialize;
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
    /// What a webhook tells of. There are more than these:
    /// [`event_types`](Hooks::event_types) has all of them.
    pub enum EventType {
        /// The status of a submission changed.
        SubmissionStatusChange = "submission.status.change",
        /// The status of a study changed.
        StudyStatusChange = "study.status.change",
        /// More places of a study are taken.
        StudyProgressChange = "study.progress.change",
        /// Many participants return their submissions of a study.
        StudyHighReturnRate = "study.has_high_return_rate",
    }
}

open_enum! {
    /// How the delivery of an event stands.
    pub enum DeliveryStatus from types::HookEventStatus {
        /// Under way.
        Pending = "PENDING",
        /// Delivered.
        Succeeded = "SUCCEEDED",
        /// Given up.
        Failed = "FAILED",
    }
}

secret_text! {
    /// The value of a secret that signs webhooks. `Debug` does not show it.
    SecretValue
}

secret_text! {
    /// What confirms a subscription: the header `X-Hook-Secret` of the response that made it. It
    /// signs nothing. `Debug` does not show it.
    Confirmation
}

model! {
    /// A sort of events that can be subscribed to.
    pub struct EventKind from types::HookEventType {
        /// What it tells of.
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
        /// What it tells of.
        pub event_type: Option<EventType>,
        /// Where it is told.
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
        /// The id of the event: the same over all attempts to deliver it.
        pub id: Option<EventId>,
        /// What it tells of.
        pub event_type: Option<EventType>,
        /// The id of the study or the submission that it is about.
        pub resource_id: Option<String>,
        /// How the delivery stands.
        pub status: Option<DeliveryStatus>,
        /// Where it is told.
        pub target_url: Option<String>,
        /// What is told.
        pub payload: Option<Map<String, Value>>,
        /// When the event was made.
        pub created_at: Option<Timestamp> = datetime_created,
        /// When its delivery was last attempted.
        pub updated_at: Option<Timestamp> = datetime_updated,
    }
}

request! {
    /// A subscription to [create](Hooks::create).
    pub struct NewSubscription(
        /// The workspace.
        workspace_id: WorkspaceId,
        /// What it tells of.
        event_type: EventType,
        /// Where it is told: a public https URL.
        target_url: String
    ) {
        /// Whether events are delivered.
        is_enabled: bool,
    }
}

request! {
    /// What to [change](Hooks::update) of a subscription. What is not set is left as it is.
    #[derive(Default)]
    pub struct SubscriptionChange() {
        /// What it tells of.
        event_type: EventType,
        /// Where it is told: a public https URL.
        target_url: String,
        /// Whether events are delivered. Prolific turns a subscription off after five days of
        /// failures.
        is_enabled: bool,
    }
}

/// A subscription that was made, and what [confirms](Hooks::confirm) it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NewlySubscribed {
    /// The subscription.
    pub subscription: Subscription,
    /// What confirms it. It comes in this response alone; none if the server sent none.
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
#[derive(Deserialize)]
#[serde(untagged)]
enum Made {
    List { results: Vec<types::Hook> },
    One(Box<types::Hook>),
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
            Self::List { results } => results,
        };
        let mut read = rows.into_iter().filter_map(|row| Subscription::read(row, CREATE).ok());
        let made = read.find(|subscription| subscription.is_of(wanted));
        made.ok_or_else(|| Error::unexpected("the list does not have the new subscription"))
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
    /// What can be done with webhooks. Made by [`Prolific::hooks`](crate::Prolific::hooks).
    Hooks
}

impl Hooks {
    /// The sorts of events that can be subscribed to. All of them come at once. Safe: retried after
    /// any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// for kind in prolific.hooks().event_types().collect_all().await? {
    ///     println!("{kind:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-event-types")]
    pub fn event_types(&self) -> Pages<EventKind> {
        listed!(self, "get-event-types", Paging::Whole, [], |api, _page| { api.get_event_types() })
    }

    /// The secrets that sign the deliveries to a workspace. All of them come at once; keep them out
    /// of logs. Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let secrets = prolific.hooks().secrets(&workspace).collect_all().await?;
    /// println!("{} secrets", secrets.len());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-secrets")]
    pub fn secrets(&self, workspace_id: &WorkspaceId) -> Pages<Secret> {
        listed!(self, "get-secrets", Paging::Whole, [workspace_id], |api, _page| {
            api.get_secrets().workspace_id(workspace_id.as_str())
        })
    }

    /// Makes the secret that signs the deliveries to a workspace. **It replaces the one that there
    /// is, at once**: accept both for a while.
    ///
    /// Unsafe: it makes another one at every call, so it is retried only if the server did not act.
    /// Known from the published specification.
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
    /// # let workspace = simulator.workspace_id()?;
    /// let secret = prolific.hooks().create_secret(&workspace).await?;
    /// println!("{:?}", secret.id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-secret")]
    pub async fn create_secret(&self, workspace_id: &WorkspaceId) -> Result<Secret> {
        let request = serde_json::json!({ "workspace_id": workspace_id });
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_secret();
        let call = call.body(body::<types::CreateHookSecret>(request, CREATE_SECRET)?);
        made(call.send().await, CREATE_SECRET)
    }

    /// The subscriptions of a workspace. How they page is known from the official CLI only. Safe:
    /// each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription, SubscriptionChange};
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// for subscription in prolific.hooks().subscriptions(&workspace).collect_all().await? {
    ///     println!("{} {:?}", subscription.id, subscription.is_enabled);
    /// }
    /// # Ok(())
    /// # }
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

    /// A subscription.
    ///
    /// Safe: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[doc(alias = "get-subscription")]
    pub async fn get(&self, id: &SubscriptionId) -> Result<Subscription> {
        let call = self.prolific.api().get_subscription().subscription_id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Subscribes a workspace to events. Nothing is delivered until it is
    /// [confirmed](Self::confirm), and the workspace needs a [secret](Self::create_secret) before.
    ///
    /// Unsafe: each call subscribes once more, so it is retried only if the server did not act.
    /// Known from the published specification; that the response is one subscription from the
    /// official CLI only.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the URL is not
    /// one of https; an error if the call fails.
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

    /// Confirms a subscription, by what came with it.
    ///
    /// Idempotent: retried after any transient failure; what a second confirmation does is not
    /// documented. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
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

    /// Changes a subscription, or turns it on again.
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the URL is not
    /// one of https; an error if the call fails.
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

    /// Ends a subscription.
    ///
    /// Idempotent: retried after any transient failure; a subscription that the first attempt
    /// deleted may then be [`NotFound`](crate::ErrorKind::NotFound). Known from the published
    /// specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription, SubscriptionChange};
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// prolific.hooks().delete(&made.subscription.id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete-subscription")]
    pub async fn delete(&self, id: &SubscriptionId) -> Result<()> {
        let call = self.prolific.api().delete_subscription().subscription_id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// The deliveries of a subscription. A page has at most 1,000. Safe: each page is retried after
    /// any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::hooks::{EventType, NewSubscription, SubscriptionChange};
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # prolific.hooks().create_secret(&workspace).await?;
    /// # let new = NewSubscription::new(workspace.clone(), EventType::StudyStatusChange, "https://example.com/hook");
    /// # let made = prolific.hooks().create(new).await?;
    /// for delivery in prolific.hooks().events(&made.subscription.id).collect_all().await? {
    ///     println!("{:?} {:?}", delivery.id, delivery.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-events")]
    pub fn events(&self, id: &SubscriptionId) -> Pages<Delivery, EventFilters> {
        listed!(self, "get-events", Paging::LimitOffset { max: Some(1_000) }, [id], |api, page| {
            let call = api.get_events().subscription_id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Whether events can be delivered there. An API on this machine, as a simulator is, delivers to
    /// this machine too.
    fn check_target(&self, url: &str, operation: &'static str) -> Result<()> {
        let is_here = |url: &Url| url.scheme() == "http" && is_loopback(url);
        let is_api_here =
            || Url::parse(self.prolific.api().baseurl()).is_ok_and(|url| is_loopback(&url));
        match Url::parse(url) {
            Ok(url) if url.scheme() == "https" || is_here(&url) && is_api_here() => Ok(()),
            _ => {
                let wanted = "the target_url of a subscription is a public URL of https";
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
    /// Lists the subscriptions that are enabled, as the server does by default, or those that are
    /// not.
    pub fn enabled(self, is_enabled: bool) -> Self {
        self.with_query("is_enabled", is_enabled.to_string())
    }
}

/// The filters of [`Hooks::events`].
#[derive(Debug)]
#[non_exhaustive]
pub struct EventFilters {}

impl<T: Send + 'static> Pages<T, EventFilters> {
    /// Lists the deliveries of a status.
    pub fn status(self, status: impl Into<DeliveryStatus>) -> Self {
        self.with_query("status", status.into().as_str())
    }

    /// Lists the deliveries that are about a study or a submission, by its id.
    pub fn resource(self, id: impl Into<String>) -> Self {
        self.with_query("resource_id", id)
    }
}

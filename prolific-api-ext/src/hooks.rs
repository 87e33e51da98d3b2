//! Webhooks: subscriptions, secrets and deliveries.

use prolific_api::types;

use crate::{
    SubscriptionId, WorkspaceId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with webhooks here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::hooks`](crate::Prolific::hooks).
    Hooks
}

impl Hooks {
    /// The sorts of events that can be subscribed to. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-event-types")]
    pub fn event_types(&self) -> Pages<types::HookEventType> {
        listed!(self, "get-event-types", Paging::Whole, [], |api, _page| { api.get_event_types() })
    }

    /// The secrets that sign the deliveries to a workspace. All of them come at once; keep them out
    /// of logs.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-secrets")]
    pub fn secrets(&self, workspace: &WorkspaceId) -> Pages<types::HookSecret> {
        listed!(self, "get-secrets", Paging::Whole, [workspace], |api, _page| {
            api.get_secrets().workspace_id(workspace.as_str())
        })
    }

    /// The subscriptions of a workspace; how they page is known from the official command line
    /// alone.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-subscriptions")]
    pub fn subscriptions(
        &self,
        workspace: &WorkspaceId,
    ) -> Pages<types::Hook, SubscriptionFilters> {
        listed!(self, "get-subscriptions", Paging::UNBOUNDED, [workspace], |api, page| {
            let call = api.get_subscriptions().workspace_id(workspace.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// The deliveries of a subscription. A page has at most 1,000.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-events")]
    pub fn events(&self, id: &SubscriptionId) -> Pages<types::HookEvent, EventFilters> {
        listed!(self, "get-events", Paging::LimitOffset { max: Some(1_000) }, [id], |api, page| {
            let call = api.get_events().subscription_id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
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
    /// Lists the deliveries of a status, as the API writes it.
    pub fn status(self, status: impl Into<String>) -> Self {
        self.with_query("status", status)
    }

    /// Lists the deliveries that are about a study or a submission, by its id.
    pub fn resource(self, id: impl Into<String>) -> Self {
        self.with_query("resource_id", id)
    }
}

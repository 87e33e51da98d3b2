use super::{CREATE, Hooks, NewSubscription, SecretValue, Subscription, SubscriptionChange};
use crate::{Error, Result, WorkspaceId};
use futures_util::TryStreamExt as _;

/// A confirmed subscription, and the secret that signs its deliveries.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Subscribed {
    /// The subscription.
    pub subscription: Subscription,
    /// The secret of the workspace, for a [`Verifier`](crate::webhooks::Verifier).
    pub secret: SecretValue,
}

impl Hooks {
    /// Subscribes a workspace to events, ready for delivery: creates the secret of the workspace
    /// unless there is one, subscribes, and confirms.
    ///
    /// Call it at every start of a receiver: an existing subscription of the same type and URL is
    /// reused, or turned back on if Prolific turned it off. An existing secret is kept, since a new
    /// one would replace it for every receiver of the workspace.
    ///
    /// Not atomic: two programs that call it at the same time may subscribe twice. If the
    /// confirmation fails, the new subscription is deleted again.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// URL is not https; another [`ErrorKind`](crate::ErrorKind) if one of the calls fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "simulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = prolific_api_ext::simulator::Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace_id = simulator.workspace_id()?;
    /// use prolific_api_ext::hooks::{EventType, NewSubscription};
    ///
    /// let wanted = NewSubscription::new(
    ///     workspace_id,
    ///     EventType::SubmissionStatusChange,
    ///     "https://example.com/prolific",
    /// );
    /// let subscribed = prolific.hooks().subscribe(wanted).await?;
    /// assert_eq!(subscribed.subscription.is_enabled, Some(true));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "simulator"))]
    /// # fn main() {}
    /// ```
    pub async fn subscribe(&self, subscription: NewSubscription) -> Result<Subscribed> {
        self.check_target(&subscription.target_url, CREATE)?;
        let secret = self.secret_of(&subscription.workspace_id).await?;
        let subscription = match self.enabled_again(&subscription).await? {
            Some(subscription) => subscription,
            None => self.create_confirmed(subscription).await?,
        };
        Ok(Subscribed { subscription, secret })
    }

    async fn secret_of(&self, workspace_id: &WorkspaceId) -> Result<SecretValue> {
        let secrets: Vec<_> = self.secrets(workspace_id).try_collect().await?;
        if let Some(value) = secrets.into_iter().find_map(|secret| secret.value) {
            return Ok(value);
        }
        let made = self.create_secret(workspace_id).await?;
        made.value.ok_or_else(|| Error::unexpected("the created secret has no value"))
    }

    /// Finds the subscription of that type and URL. `None` if there is none, or it can't be turned
    /// on because it was never confirmed.
    async fn enabled_again(&self, wanted: &NewSubscription) -> Result<Option<Subscription>> {
        for is_enabled in [true, false] {
            let mut found = self.subscriptions(&wanted.workspace_id).enabled(is_enabled);
            while let Some(found) = found.try_next().await? {
                if !found.is_of(wanted) {
                    continue;
                }
                if is_enabled {
                    return Ok(Some(found));
                }
                let change = SubscriptionChange::default().is_enabled(true);
                match self.update(&found.id, change).await {
                    Ok(found) if found.is_enabled == Some(true) => return Ok(Some(found)),
                    Ok(_) => {}
                    Err(error) if error.status().is_some_and(|status| status == 400) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(None)
    }

    async fn create_confirmed(&self, subscription: NewSubscription) -> Result<Subscription> {
        let made = self.create(subscription).await?;
        let id = &made.subscription.id;
        let confirmed = match &made.confirmation {
            Some(confirmation) => self.confirm(id, confirmation).await,
            None => Err(Error::unexpected("the response has no header X-Hook-Secret")),
        };
        if confirmed.is_err()
            && let Err(error) = self.delete(id).await
        {
            tracing::warn!(%id, %error, "a subscription that was not confirmed could not be deleted");
        }
        confirmed
    }
}

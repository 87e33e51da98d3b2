use std::{fmt, sync::Arc};

use prolific_api::{Client, ClientInfo, Transport};

use crate::{ProlificBuilder, Result, datasets::Datasets, transport::Authenticated};

/// A client of the Prolific API.
///
/// Clones are cheap and share connections; it is `Send` and `Sync`.
#[derive(Clone)]
pub struct Prolific {
    api: Arc<Client>,
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

    /// The raw client, for every operation that has no method here. It sends the same token.
    pub fn api(&self) -> &Client {
        &self.api
    }

    pub(crate) fn assemble(base_url: &str, http: reqwest::Client, policy: Authenticated) -> Self {
        let transport = Transport::new(policy);
        Self { api: Arc::new(Client::new_with_client(base_url, http, transport)) }
    }
}

impl fmt::Debug for Prolific {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prolific")
            .field("base_url", &self.api.baseurl())
            .field("token", &"[redacted]")
            .finish()
    }
}

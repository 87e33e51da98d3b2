use std::{env, fmt, net::IpAddr, time::Duration};

use reqwest::{Url, redirect};

use crate::{Error, Prolific, Result, token::Token, transport::Authenticated};

const PROLIFIC: &str = "https://api.prolific.com";
const USER_AGENT: &str = concat!("prolific-api-ext/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const CALL_TIMEOUT: Duration = Duration::from_secs(60);
const MOST_REDIRECTS: usize = 5;

/// The settings of a [`Prolific`].
#[derive(Clone, Default)]
pub struct ProlificBuilder {
    token: Option<Setting>,
    base_url: Option<Setting>,
    connect_timeout: Option<Duration>,
    timeout: Option<Duration>,
}

/// A value and the name by which its giver knows it.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: String,
}

impl ProlificBuilder {
    /// The settings of the environment, `PROLIFIC_TOKEN` and `PROLIFIC_URL`.
    pub(crate) fn from_env() -> Result<Self> {
        Ok(Self {
            token: from_variable("PROLIFIC_TOKEN")?,
            base_url: from_variable("PROLIFIC_URL")?,
            ..Self::default()
        })
    }

    /// The API token, without the word `Token`. It has to be set.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Setting { name: "the token", value: token.into() });
        self
    }

    /// Another server than `https://api.prolific.com`. Plain `http` is for loopback alone, as
    /// the token would be readable on its way.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(Setting { name: "the base URL", value: url.into() });
        self
    }

    /// How long a connection may take to stand. 10 seconds where nothing is said.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long a call may take, its answer read whole. 60 seconds where nothing is said.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration), naming the setting, where one is
    /// missing or can't be used.
    pub fn build(self) -> Result<Prolific> {
        let token = match &self.token {
            Some(token) => Token::new(token.name, &token.value)?,
            None => {
                return Err(Error::configuration(
                    "no API token: set PROLIFIC_TOKEN, or call `.token(…)` on the builder",
                ));
            }
        };
        let base_url = match &self.base_url {
            Some(url) => checked_url(url)?,
            None => PROLIFIC.to_owned(),
        };
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .timeout(self.timeout.unwrap_or(CALL_TIMEOUT))
            .redirect(redirect::Policy::custom(within_the_origin))
            .build()
            .map_err(|error| Error::configuration("no HTTP client can be made").caused_by(error))?;
        Ok(Prolific::assemble(&base_url, http, Authenticated::new(&token)?))
    }
}

impl fmt::Debug for ProlificBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProlificBuilder")
            .field("token", &self.token.as_ref().map(|_| "[redacted]"))
            .field("base_url", &self.base_url.as_ref().map(|url| &url.value))
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// An empty variable is one that is not set.
fn from_variable(name: &'static str) -> Result<Option<Setting>> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(Setting { name, value })),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => {
            Err(Error::configuration(format!("{name} is not Unicode: set it again")))
        }
    }
}

fn checked_url(setting: &Setting) -> Result<String> {
    let Setting { name, value } = setting;
    let refused = |why: &str| Err(Error::configuration(format!("{name} {why}")));
    let Ok(url) = Url::parse(value) else {
        return refused(&format!("`{value}` is no URL: write it as https://host"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "carries a user name or a password: leave them out, the token is sent in a header",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("has a `?` or a `#`: give the part before it alone");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return refused(&format!(
                "`{value}` is plain http, by which the token could be read: use https"
            ));
        }
        _ => {
            return refused(&format!(
                "`{value}` is neither https nor http: write it as https://host"
            ));
        }
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The token goes to the server it was given for and to no other.
fn within_the_origin(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let is_home =
        attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
    if is_home && attempt.previous().len() <= MOST_REDIRECTS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

#[cfg(test)]
mod tests {
    use crate::{ErrorKind, Prolific};

    fn refusal(token: &str, url: &str) -> String {
        let error = Prolific::builder().token(token).base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        error.to_string()
    }

    #[test]
    fn a_url_that_can_not_be_used_says_why() {
        let cases = [
            ("api.prolific.com", "is no URL"),
            ("ftp://api.prolific.com", "neither https nor http"),
            ("http://api.prolific.com", "plain http"),
            ("http://10.0.0.1", "plain http"),
            ("https://me:secret@api.prolific.com", "a user name or a password"),
            ("https://api.prolific.com/?a=b", "has a `?`"),
        ];
        for (url, why) in cases {
            let text = refusal("0123", url);
            assert!(text.contains(why), "{url}: {text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback() {
        for url in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:1/base/"] {
            let prolific = Prolific::builder().token("0123").base_url(url).build().unwrap();
            assert!(format!("{prolific:?}").contains(url.trim_end_matches('/')));
        }
    }

    #[test]
    fn debug_does_not_show_the_token() {
        let builder = Prolific::builder().token("sesame-open");
        assert!(!format!("{builder:?}").contains("sesame"));
        assert!(!format!("{:?}", builder.build().unwrap()).contains("sesame"));
    }

    #[test]
    fn without_a_token_there_is_no_client() {
        let error = Prolific::builder().build().unwrap_err();
        assert!(error.to_string().contains("PROLIFIC_TOKEN"), "{error}");
    }
}

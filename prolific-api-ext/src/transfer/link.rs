use std::fmt;

use reqwest::Url;

use crate::{Error, Result, configuration::is_loopback};

/// A presigned link. What it signs is in its query, which never shows.
#[derive(Clone)]
pub(crate) struct Link(Url);

impl Link {
    /// Checks the text of a link; `what` says what it is for.
    ///
    /// # Errors
    ///
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) where it is no URL, or would send
    /// the file over plain http to another machine.
    pub(crate) fn new(text: &str, what: &str) -> Result<Self> {
        let refused = |why: &str| Err(Error::unexpected(format!("the link for {what} {why}")));
        let Ok(url) = Url::parse(text) else {
            return refused("is no URL");
        };
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            scheme => refused(&format!(
                "is {scheme} to {}, where the file could be read on its way: only https is used",
                url.host_str().unwrap_or("no host")
            )),
        }
    }

    pub(crate) fn url(&self) -> Url {
        self.0.clone()
    }

    /// Where it leads, for a message.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({}, redacted)", self.host())
    }
}

#[cfg(test)]
mod tests {
    use super::Link;
    use crate::ErrorKind;

    #[test]
    fn a_link_is_https_or_leads_to_this_machine() {
        for text in [
            "https://a.example/x?s=1",
            "http://127.0.0.1:9/x",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert_eq!(Link::new(text, "a file").unwrap().url().as_str(), text);
        }
        for text in [
            "http://a.example/secret?s=1",
            "ftp://a.example/secret",
            "file:///secret",
            "secret",
            "",
        ] {
            let error = Link::new(text, "a file").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
    }

    #[test]
    fn what_it_signs_does_not_show() {
        let link = Link::new("https://a.example/key?signature=secret", "a file").unwrap();
        assert_eq!(format!("{link:?}"), "Link(a.example, redacted)");
    }
}

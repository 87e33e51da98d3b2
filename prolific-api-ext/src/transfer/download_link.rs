use std::{fmt, time::SystemTime};

use crate::Timestamp;

/// A presigned link to a file.
///
/// A secret while it is valid: anyone who has it can download the file. It is not shown in `Debug`,
/// errors or traces. Like all models it can be stored as JSON, which contains the whole link: keep
/// that where only its owner can read it.
#[derive(Clone, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct DownloadLink {
    url: Box<str>,
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

impl DownloadLink {
    pub(crate) fn new(url: String, expires_at: Option<Timestamp>) -> Self {
        Self { url: url.into(), expires_at }
    }

    /// The link itself, as the server sent it. Don't send the API token to it.
    pub fn expose_url(&self) -> &str {
        &self.url
    }

    /// Until when it can be used, if the server says so. Links of exports last for an hour.
    pub fn expires_at(&self) -> Option<&Timestamp> {
        self.expires_at.as_ref()
    }

    pub(crate) fn has_expired(&self, now: SystemTime) -> bool {
        let expires_at = self.expires_at.as_ref().and_then(Timestamp::to_system_time);
        expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

impl fmt::Debug for DownloadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadLink")
            .field("url", &"[redacted]")
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::DownloadLink;

    #[test]
    fn a_link_expires_at_its_moment_and_one_without_a_moment_never() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let expired = |expires_at: Option<SystemTime>| {
            let link =
                DownloadLink::new("https://a.example/x".to_owned(), expires_at.map(Into::into));
            link.has_expired(now)
        };
        assert!(!expired(None));
        assert!(!expired(Some(now + Duration::from_secs(1))));
        assert!(expired(Some(now)));
        let odd = DownloadLink::new(String::new(), Some("soon".into()));
        assert!(!odd.has_expired(now));
    }

    #[test]
    fn what_it_signs_does_not_show() {
        let link = DownloadLink::new("https://a.example/x?signature=secret".to_owned(), None);
        assert!(!format!("{link:?}").contains("a.example"), "{link:?}");
        assert_eq!(link.expose_url(), "https://a.example/x?signature=secret");
    }
}

//! The storage behind presigned links, which is a separate service from the API.

use std::time::Duration;
use std::{collections::HashMap, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};

use super::{
    answer::Answer,
    clock::{Moment, time_text},
    ids,
};

/// The host of the links.
pub(super) const PATH: &str = "/storage/";

/// How long an upload link is valid. Prolific's period is not documented.
pub(super) const UPLOAD_LIFE: Duration = Duration::from_secs(15 * 60);
/// How long a download link is valid: an hour, as documented for exports.
pub(super) const DOWNLOAD_LIFE: Duration = Duration::from_secs(60 * 60);

/// A presigned link as issued.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) url: String,
    pub(super) key: String,
    pub(super) expires: SystemTime,
}

impl Issued {
    pub(super) fn expires_at(&self) -> String {
        time_text(self.expires)
    }

    pub(super) fn has_expired(&self, moment: Moment) -> bool {
        moment.now >= self.expires
    }
}

/// The purpose of a link.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// A file for a dataset, with its import if there is one, or a file that is never used.
    Upload { dataset: Option<String>, import: Option<String>, content_type: &'static str },
    /// A generated file.
    Download { content_type: &'static str, body: Bytes },
}

#[derive(Clone, Debug)]
struct Place {
    query: String,
    expires: SystemTime,
    purpose: Purpose,
}

/// The issued links by path.
#[derive(Debug, Default)]
pub(super) struct Storage(HashMap<String, Place>);

/// The parts of a request that are known before its body is read.
#[derive(Debug)]
pub(super) struct Head<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
}

impl Head<'_> {
    fn text(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The target of an upload.
#[derive(Debug)]
pub(super) struct Destination {
    pub(super) dataset: Option<String>,
    pub(super) import: Option<String>,
}

impl Storage {
    /// Creates a link; its name is the last segment of its path.
    pub(super) fn issue(
        &mut self,
        base_url: &str,
        name: &str,
        purpose: Purpose,
        moment: Moment,
    ) -> Issued {
        let life = match purpose {
            Purpose::Upload { .. } => UPLOAD_LIFE,
            Purpose::Download { .. } => DOWNLOAD_LIFE,
        };
        let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
        let key = format!("{}/{name}", ids::uuid());
        let path = format!("{PATH}{key}");
        let signature = hex(&Sha256::digest(format!("{path} {}", time_text(moment.now))));
        let query = format!("X-Amz-Expires={}&X-Amz-Signature={signature}", life.as_secs());
        let url = format!("{base_url}{path}?{query}");
        let expires = moment.now + life;
        self.0.insert(path, Place { query, expires, purpose });
        Issued { url, key, expires }
    }

    /// Checks everything about an upload except its body.
    pub(super) fn destination(
        &self,
        head: &Head<'_>,
        moment: Moment,
    ) -> Result<Destination, Answer> {
        let place = self.open(head, moment)?;
        let Purpose::Upload { dataset, import, content_type } = &place.purpose else {
            return Err(refused(403, "AccessDenied", "The link is not for an upload."));
        };
        let sent = head.text(header::CONTENT_TYPE);
        if sent != Some(*content_type) {
            let message = "The content type is not the one that was signed.";
            return Err(refused(403, "SignatureDoesNotMatch", message));
        }
        if head.text(header::CONTENT_LENGTH).is_none() {
            let message = "You must provide the Content-Length HTTP header.";
            return Err(refused(411, "MissingContentLength", message));
        }
        Ok(Destination { dataset: dataset.clone(), import: import.clone() })
    }

    /// Returns a file, or the requested part of it.
    pub(super) fn download(&self, head: &Head<'_>, moment: Moment) -> Answer {
        let place = match self.open(head, moment) {
            Ok(place) => place,
            Err(refusal) => return refusal,
        };
        let Purpose::Download { content_type, body } = &place.purpose else {
            return refused(403, "AccessDenied", "The link is not for a download.");
        };
        let etag = format!("\"{}\"", &hex(&Sha256::digest(body))[..32]);
        let is_same = head.text(header::IF_RANGE).is_none_or(|known| known == etag);
        let range = head.text(header::RANGE).filter(|_| is_same);
        let answer = match range.and_then(|range| part(range, body.len())) {
            None => Answer::of(200, content_type, body.to_vec()),
            Some(None) => {
                return refused(416, "InvalidRange", "The requested range is not satisfiable.")
                    .with("content-range", format!("bytes */{}", body.len()));
            }
            Some(Some((first, last))) => {
                let part = body.slice(first..=last).to_vec();
                let what = format!("bytes {first}-{last}/{}", body.len());
                Answer::of(206, content_type, part).with("content-range", what)
            }
        };
        answer.with("etag", etag).with("accept-ranges", "bytes")
    }

    /// Returns the target of a link if the link may be used.
    fn open(&self, head: &Head<'_>, moment: Moment) -> Result<&Place, Answer> {
        if head.headers.contains_key(header::AUTHORIZATION) {
            let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query \
                parameter, Signature query string parameter or the Authorization header should be \
                specified";
            return Err(refused(400, "InvalidArgument", message));
        }
        let place = self.0.get(head.path);
        let place = place.ok_or_else(|| refused(404, "NoSuchKey", "There is no such key."))?;
        if place.query != head.query {
            let message = "The request signature we calculated does not match the one you sent.";
            return Err(refused(403, "SignatureDoesNotMatch", message));
        }
        if moment.now >= place.expires {
            return Err(refused(403, "AccessDenied", "Request has expired"));
        }
        Ok(place)
    }
}

/// The first and the last byte of a range; `Some(None)` if it can't be satisfied. Other units and
/// multiple ranges are ignored, as HTTP allows.
fn part(range: &str, length: usize) -> Option<Option<(usize, usize)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1);
    let bounds = match (first, last) {
        ("", count) => {
            let count: usize = count.parse().ok()?;
            end.filter(|_| count > 0).map(|end| (length.saturating_sub(count), end))
        }
        (first, last) => {
            let first: usize = first.parse().ok()?;
            let last = if last.is_empty() { usize::MAX } else { last.parse().ok()? };
            end.filter(|end| first <= *end && first <= last).map(|end| (first, last.min(end)))
        }
    };
    Some(bounds)
}

/// The error for a file that is too large.
pub(super) fn too_large() -> Answer {
    let message = "Your proposed upload exceeds the maximum allowed size";
    refused(400, "EntityTooLarge", message)
}

fn refused(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}\
         </Message><RequestId>SIMULATED</RequestId></Error>"
    );
    Answer::of(status, "application/xml", body)
}

/// Bytes in lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn ranges_are_read_as_http_says() {
        let cases = [
            ("bytes=0-3", Some(Some((0, 3)))),
            ("bytes=4-", Some(Some((4, 9)))),
            ("bytes=8-99", Some(Some((8, 9)))),
            ("bytes=-2", Some(Some((8, 9)))),
            ("bytes=-99", Some(Some((0, 9)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-4", Some(None)),
            ("bytes=0-1,4-5", None),
            ("lines=0-1", None),
            ("bytes=x", None),
        ];
        for (range, expected) in cases {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Some(None));
    }
}

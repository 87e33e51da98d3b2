//! Headers of requests.

use reqwest::header::{HeaderName, HeaderValue};

/// A header, or why it is invalid.
pub(super) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
    let value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
    Ok((name, value))
}

use std::net::IpAddr;

use reqwest::Url;

use super::Setting;
use crate::{Error, Result};

/// Checks a base URL.
pub(super) fn checked(setting: &Setting, allow_plain_http: bool) -> Result<Url> {
    let Setting { name, value } = setting;
    let refused = |why: &str| Err(Error::configuration(format!("{name} {why}")));
    let Ok(url) = Url::parse(value) else {
        // It may be a token or a password that came to the wrong place.
        if !value.contains("://") || value.contains('@') {
            return refused("is not a URL: write it as https://host");
        }
        return refused(&format!("`{value}` is not a URL: write it as https://host"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "contains a user name or a password: remove them, the token is sent in a header",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refused("contains a `?` or a `#`: give only the part before it");
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_plain_http || is_loopback(&url) => {}
        "http" => {
            return refused(&format!(
                "`{value}` is plain http, which would expose the token: use https, or allow it \
                 with `allow_plain_http`"
            ));
        }
        _ => {
            return refused(&format!(
                "`{value}` is neither https nor http: write it as https://host"
            ));
        }
    }
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

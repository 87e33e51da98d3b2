use reqwest::{
    Response,
    header::{HeaderName, SET_COOKIE},
};

/// Response headers that are secrets. The second has the secret of a webhook.
const SECRET: [HeaderName; 2] = [SET_COOKIE, HeaderName::from_static("x-hook-secret")];

/// Marks secret headers, so that `Debug` does not show them.
pub(super) fn conceal(mut response: Response) -> Response {
    for name in &SECRET {
        let Ok(entry) = response.headers_mut().try_entry(name) else { continue };
        if let http::header::Entry::Occupied(mut values) = entry {
            values.iter_mut().for_each(|value| value.set_sensitive(true));
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::conceal;

    #[test]
    fn secrets_in_headers_do_not_show() {
        let response = http::Response::builder()
            .header("x-hook-secret", "sesame")
            .header("set-cookie", "a=sesame")
            .header("set-cookie", "b=sesame")
            .header("x-request-id", "r-1")
            .body("")
            .unwrap();
        let shown = format!("{:?}", conceal(response.into()));
        assert!(shown.contains("r-1") && !shown.contains("sesame"), "{shown}");
    }
}

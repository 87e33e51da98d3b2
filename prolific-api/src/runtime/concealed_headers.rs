use reqwest::{
    Response,
    header::{AUTHORIZATION, COOKIE, HeaderName, PROXY_AUTHORIZATION, SET_COOKIE},
};

/// Response headers that are secrets, or repeat one of the request. The first has the secret of a
/// webhook.
static SECRET: [HeaderName; 5] = [
    HeaderName::from_static("x-hook-secret"),
    SET_COOKIE,
    COOKIE,
    AUTHORIZATION,
    PROXY_AUTHORIZATION,
];

/// Marks secret headers, so that `Debug` does not show them.
pub(super) fn conceal(mut response: Response) -> Response {
    for (name, value) in response.headers_mut() {
        if SECRET.contains(name) {
            value.set_sensitive(true);
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
            .header("authorization", "Token sesame")
            .header("x-request-id", "r-1")
            .body("")
            .unwrap();
        let shown = format!("{:?}", conceal(response.into()));
        assert!(shown.contains("r-1") && !shown.contains("sesame"), "{shown}");
    }
}

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue,
    TRANSFER_ENCODING, USER_AGENT,
};

use crate::{Error, Result};

/// Headers that the client sets itself.
const OWN: [HeaderName; 8] = [
    ACCEPT,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    TRANSFER_ENCODING,
    USER_AGENT,
];

/// Checks a header. Its value is treated as a secret and appears in no message.
pub(crate) fn checked(name: &str, value: &str) -> Result<(HeaderName, HeaderValue)> {
    let refused = |why: &str| Err(Error::configuration(format!("the header {name:?} {why}")));
    let Ok(parsed) = HeaderName::try_from(name) else {
        return refused("has an invalid name");
    };
    if OWN.contains(&parsed) {
        return refused("is set by the client");
    }
    let Ok(mut value) = HeaderValue::try_from(value) else {
        return refused(
            "has a value that can't be sent: a line break or another control character",
        );
    };
    value.set_sensitive(true);
    Ok((parsed, value))
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn refuses_what_cannot_be_sent_and_what_the_client_sets_itself() {
        for (name, value, why) in [
            ("x y", "1", "an invalid name"),
            ("x-a", "sesame\nopen", "value that can't be sent"),
            ("Authorization", "Token sesame", "is set by the client"),
            ("content-length", "1", "is set by the client"),
        ] {
            let text = checked(name, value).unwrap_err().to_string();
            assert!(text.contains(why) && !text.contains("sesame"), "{text}");
        }
        let (name, value) = checked("X-Correlation-Id", "sesame").unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("x-correlation-id", "sesame"));
        assert!(!format!("{value:?}").contains("sesame"));
    }
}

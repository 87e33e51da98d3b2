use std::{error, sync::Arc};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, Result, call::Authorization};

/// An API token, checked.
#[derive(Clone, Debug)]
pub(crate) struct Token(SecretString);

impl Token {
    /// Checks a token. `name` is its name in messages, which show nothing of the token.
    pub(crate) fn new(name: &str, value: &str) -> Result<Self> {
        let refused = |why: &str| Err(Error::configuration(format!("{name} {why}")));
        if value.trim().is_empty() {
            return refused("is blank: give the API token");
        }
        if value.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("token ")) {
            return refused("begins with `Token `: remove the word, it is added automatically");
        }
        if value.contains(['\n', '\r']) {
            return refused(
                "contains a line break: the file or variable that it was read from ends with one",
            );
        }
        if let Some(at) = value.bytes().position(|byte| !byte.is_ascii_graphic()) {
            return refused(&format!(
                "has a space or a non-ASCII character at position {}: copy it again",
                at + 1
            ));
        }
        Ok(Self(SecretString::from(value)))
    }

    /// The value of the Authorization header, marked as secret.
    pub(crate) fn to_header(&self) -> Result<HeaderValue> {
        let text = format!("Token {}", self.0.expose_secret());
        let mut value = HeaderValue::try_from(text)
            .map_err(|_| Error::configuration("the token can't be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Calls a provider for each token.
pub(super) fn provided<P, F, E>(provider: P) -> Authorization
where
    P: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<String, E>> + Send + 'static,
    E: Into<Box<dyn error::Error + Send + Sync>> + 'static,
{
    Authorization::Provider(Arc::new(move || {
        let next = provider();
        Box::pin(async move {
            let token = next.await.map_err(|error| {
                // What the provider says may be secret: it is the source alone.
                Error::configuration("the token provider failed").caused_by_boxed(error.into())
            })?;
            Token::new("the token from the provider", &token)?.to_header()
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_that_can_not_be_sent_is_refused_without_being_repeated() {
        let cases = [
            ("", "blank"),
            (" ", "blank"),
            ("Token sesame", "remove the word"),
            ("token sesame", "remove the word"),
            ("sesame\n", "line break"),
            ("sesame open", "position 7"),
            ("sésame", "position 2"),
        ];
        for (token, why) in cases {
            let error = Token::new("PROLIFIC_TOKEN", token).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains("PROLIFIC_TOKEN") && text.contains(why), "{text}");
            assert!(!text.contains("same"), "{text}");
        }
    }

    #[test]
    fn the_header_is_marked_as_secret() {
        let header = Token::new("token", "sesame").unwrap().to_header().unwrap();
        assert_eq!(header.to_str().unwrap(), "Token sesame");
        assert!(header.is_sensitive());
        assert!(!format!("{header:?}").contains("sesame"));
    }
}

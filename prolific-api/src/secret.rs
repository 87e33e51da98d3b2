use std::{convert::Infallible, fmt, str::FromStr};

/// A secret text, such as a presigned link or the secret of a webhook. Hidden in `Debug`.
///
/// Reads and writes like any other text; [`expose_secret`](Self::expose_secret) returns it.
///
/// # Examples
///
/// ```
/// let secret = prolific_api::Secret::from("0badcafe");
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// assert_eq!(secret.expose_secret(), "0badcafe");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }

    /// Returns the text, which is no longer hidden.
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_is_read_and_written_and_does_not_show() {
        let secret: Secret = serde_json::from_str("\"0bad\\u00e9\"").unwrap();
        assert_eq!(secret.expose_secret(), "0badé");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"0badé\"");
        assert!(!format!("{secret:?} {:#?}", Some(&secret)).contains("0bad"));
        assert_eq!(secret.into_exposed(), "0badé");
    }
}

use std::{convert::Infallible, fmt, str::FromStr};

use prolific_api::types;

/// How a dataset stands.
///
/// A value that the server sends and this version does not know is kept as it came: compare
/// [`as_str`](Self::as_str) with it, or handle it in the `_` arm of a `match`.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::DatasetStatus;
///
/// let status: DatasetStatus = "ARCHIVED".parse().unwrap();
/// assert!(!status.is_known());
/// assert_eq!(status.as_str(), "ARCHIVED");
/// assert!(DatasetStatus::Error.is_terminal() && DatasetStatus::Error.is_failure());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DatasetStatus {
    /// Made, and nothing uploaded yet.
    Uninitialised,
    /// What was uploaded is being taken in.
    Processing,
    /// Ready for batches.
    Ready,
    /// What was uploaded could not be taken in.
    Error,
    /// A value that this version does not know. Don't match on it by name: the value may be
    /// known in the next version.
    #[doc(hidden)]
    Unknown(UnknownDatasetStatus),
}

/// The text of an unknown [`DatasetStatus`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownDatasetStatus(String);

impl DatasetStatus {
    /// The value as the API writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Uninitialised => "UNINITIALISED",
            Self::Processing => "PROCESSING",
            Self::Ready => "READY",
            Self::Error => "ERROR",
            Self::Unknown(UnknownDatasetStatus(text)) => text,
        }
    }

    /// Whether this version knows the value.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }

    /// Whether no other status follows. Of an unknown value nobody can say: it is taken to
    /// change yet.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Ready | Self::Error)
    }

    /// Whether it ended badly.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Error)
    }
}

impl From<types::OpenDatasetStatus> for DatasetStatus {
    fn from(status: types::OpenDatasetStatus) -> Self {
        match status {
            types::OpenDatasetStatus::Known(known) => known.into(),
            types::OpenDatasetStatus::Unknown(text) => {
                Self::Unknown(UnknownDatasetStatus(text.into()))
            }
        }
    }
}

/// Exhaustive, so that a value added to the documentation has to be decided on here.
impl From<types::DatasetStatus> for DatasetStatus {
    fn from(status: types::DatasetStatus) -> Self {
        match status {
            types::DatasetStatus::Uninitialised => Self::Uninitialised,
            types::DatasetStatus::Processing => Self::Processing,
            types::DatasetStatus::Ready => Self::Ready,
            types::DatasetStatus::Error => Self::Error,
        }
    }
}

impl From<&str> for DatasetStatus {
    fn from(text: &str) -> Self {
        match text {
            "UNINITIALISED" => Self::Uninitialised,
            "PROCESSING" => Self::Processing,
            "READY" => Self::Ready,
            "ERROR" => Self::Error,
            _ => Self::Unknown(UnknownDatasetStatus(text.to_owned())),
        }
    }
}

impl FromStr for DatasetStatus {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for DatasetStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl serde::Serialize for DatasetStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for DatasetStatus {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::from(&*text))
    }
}

#[cfg(test)]
mod tests {
    use super::DatasetStatus;

    #[test]
    fn every_text_survives_reading_and_writing() {
        for text in
            ["UNINITIALISED", "PROCESSING", "READY", "ERROR", "ARCHIVED", "ready", " READY", ""]
        {
            let json = serde_json::to_string(text).unwrap();
            let status: DatasetStatus = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&status).unwrap(), json);
            assert_eq!(status.to_string(), text);
            assert_eq!(text.parse(), Ok(status));
        }
    }

    #[test]
    fn another_case_or_white_space_is_another_value() {
        for text in ["ready", " READY", "READY ", ""] {
            assert!(!DatasetStatus::from(text).is_known(), "{text:?}");
        }
    }
}

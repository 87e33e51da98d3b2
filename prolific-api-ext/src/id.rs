use std::{fmt, str::FromStr};

use crate::{Error, Result};

/// The id of a dataset.
///
/// Any text that can be one segment of a path: it is not empty, not `.` or `..`, and has no
/// slash, backslash or control character in it. What else an id may be the API does not document.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::DatasetId;
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let id: DatasetId = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d".parse()?;
/// assert_eq!(id.as_str().len(), 36);
/// assert!(DatasetId::new("../users/me").is_err());
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasetId(String);

impl DatasetId {
    /// Checks an id.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) where the text would lead to another
    /// endpoint than the dataset's.
    pub fn new(id: impl Into<String>) -> Result<Self> {
        let id = id.into();
        match what_is_wrong(&id) {
            None => Ok(Self(id)),
            Some(why) => Err(Error::invalid_input(format!("the dataset id {id:?} {why}"))),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no single segment of a path. A URL takes a backslash for a slash.
fn what_is_wrong(id: &str) -> Option<&'static str> {
    match id {
        "" => Some("is empty"),
        "." | ".." => Some("would lead to another path"),
        _ if id.contains(['/', '\\']) => Some("has a slash in it"),
        _ if id.contains(char::is_control) => Some("has a control character in it"),
        _ => None,
    }
}

impl FromStr for DatasetId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self> {
        Self::new(id)
    }
}

impl fmt::Display for DatasetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::DatasetId;
    use crate::ErrorKind;

    #[test]
    fn what_would_lead_elsewhere_is_refused() {
        for id in ["", ".", "..", "a/b", "../users", "..\\users", "a\nb", "a\u{0}"] {
            assert_eq!(DatasetId::new(id).unwrap_err().kind(), ErrorKind::InvalidInput, "{id:?}");
        }
    }

    #[test]
    fn anything_else_is_an_id() {
        for id in ["0199c5a4", "a b", "...", "%2e%2e", "ü?#"] {
            assert_eq!(DatasetId::new(id).unwrap().as_str(), id);
        }
    }
}

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result, model::Read};

/// The id of a filter, such as `age` or `job title`.
///
/// A text that Prolific defines. It may contain spaces and slashes. The
/// [catalogue](super::Filters::list) and the [search](super::Filters::search) return ids.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::filters::FilterId;
///
/// assert_eq!(FilterId::from("job title").as_str(), "job title");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct FilterId(String);

impl FilterId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id, if it can be used in a path. It is percent-encoded there, except for ids that would
    /// change the path.
    pub(super) fn in_path(&self) -> Result<&str> {
        match self.as_str() {
            "" | "." | ".." => {
                Err(Error::invalid_input(format!("the filter id {:?} names no filter", self.0)))
            }
            id => Ok(id),
        }
    }
}

impl AsRef<str> for FilterId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for FilterId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for FilterId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&FilterId> for FilterId {
    fn from(id: &FilterId) -> Self {
        id.clone()
    }
}

impl From<FilterId> for String {
    fn from(id: FilterId) -> Self {
        id.0
    }
}

impl fmt::Display for FilterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Read<String> for FilterId {
    fn read(raw: String, _: &'static str) -> Result<Self> {
        Ok(Self(raw))
    }
}

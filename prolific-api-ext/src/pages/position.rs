use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The maximum length of a position as text, in bytes.
const LONGEST: usize = 16 << 10;

/// A position in a list, for [`Pages::resume_from`](super::Pages::resume_from).
///
/// Store it as text or with [`serde`], and resume in another process. It contains no row, no token
/// and no filters.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::pages::Position;
///
/// # prolific_api_ext::simulator::example(async |simulator, prolific| {
/// let mut workspaces = prolific.workspaces().list();
/// let first = workspaces.next().await;
/// let kept = workspaces.position().to_string();
///
/// let position: Position = kept.parse()?;
/// let rest = prolific.workspaces().list().resume_from(position).collect_all().await?;
/// # assert!(first.is_some() && rest.is_empty());
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The list operation, by its id in the document.
    pub(super) of: String,
    /// The number of rows before it.
    pub(super) rows: u64,
    /// The hash of the last row before it, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<u64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) offset: u64,
    /// The page of the last row.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) page: u64,
    /// The request for the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) told: Vec<(String, String)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it by reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Position {
    pub(super) fn start(operation: &str) -> Self {
        let (of, told) = (operation.to_owned(), Vec::new());
        Self { of, rows: 0, last: None, offset: 0, page: 0, told }
    }

    /// Returns the number of rows before the position.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Position {
    type Err = Error;

    /// Parses a position.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the text is not a position.
    fn from_str(text: &str) -> Result<Self> {
        if text.len() > LONGEST {
            return Err(Error::invalid_input("the text is too long to be a list position"));
        }
        serde_json::from_str(text).map_err(|error| {
            Error::invalid_input("the text is not a list position").caused_by(error)
        })
    }
}

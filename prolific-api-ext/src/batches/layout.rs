//! Layouts of batches, and functions that create their parts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{LayoutIssue, layout_check};
use crate::{
    Error, Result,
    datasets::DatasetSchema,
    model::{Read, by_json_or},
    questions::Item,
};

pub use super::layout_parts::{
    DisplayPosition, LayoutColumn, LayoutPage, LayoutRow, dataset_field, free_text, image,
    multiple_choice, page, rich_text, row,
};

/// What participants see and are asked in each task: pages of rows with one or two columns of
/// [items](crate::questions::Item). The functions of [this module](self) create the parts.
///
/// [`create`](super::Batches::create) and [`update`](super::Batches::update) check it before they
/// send it. The layout of a [`Batch`](super::Batch) has all its ids: when it is changed and sent
/// back, an entry with an id is kept, one without is new, and one that is missing is deleted.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::batches::layout::{self, Layout};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let question = layout::multiple_choice("Is it a cat?", 1, [("Yes", "yes"), ("No", "no")]);
/// let row = layout::row([vec![layout::dataset_field("image")], vec![question]]);
/// Layout::from_iter([layout::page([row])]).check()?;
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Layout {
    /// The pages, in order.
    pub pages: Vec<LayoutPage>,
}

impl Layout {
    /// Returns the problems that can be found locally. The server knows more, such as the fields of
    /// the dataset.
    pub fn issues(&self) -> Vec<LayoutIssue> {
        layout_check::issues(&self.pages)
    }

    /// Returns the problems with a dataset of this schema: missing fields, and fields that can't be
    /// shown.
    pub fn issues_with(&self, schema: &DatasetSchema) -> Vec<LayoutIssue> {
        layout_check::issues_with(&self.pages, schema)
    }

    /// Checks it against the documented limits.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), naming all its
    /// [`issues`](Self::issues).
    pub fn check(&self) -> Result<()> {
        let issues = self.issues();
        if issues.is_empty() {
            return Ok(());
        }
        let issues: Vec<String> = issues.iter().map(LayoutIssue::to_string).collect();
        Err(Error::invalid_input(format!("the layout can't be used: {}", issues.join("; "))))
    }
}

impl<R: Serialize> Read<Vec<R>> for Layout {
    fn read(raw: Vec<R>, _: &'static str) -> Result<Self> {
        raw.iter().map(|page| by_json_or(page, unread)).collect()
    }
}

/// A page that can't be read, as an item that can't be sent: left out, it would be deleted by sending
/// back the rest.
fn unread(page_json: Value) -> LayoutPage {
    page([row([vec![Item::Unknown(page_json)]])])
}

impl From<Vec<LayoutPage>> for Layout {
    fn from(pages: Vec<LayoutPage>) -> Self {
        Self { pages }
    }
}

impl FromIterator<LayoutPage> for Layout {
    fn from_iter<I: IntoIterator<Item = LayoutPage>>(pages: I) -> Self {
        pages.into_iter().collect::<Vec<_>>().into()
    }
}

//! Layouts of batches, and functions that make their parts of the raw client's types. Fields that
//! have no argument can be set afterwards.
//!
//! Each of the functions returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the part
//! requires a field that this version does not set: one that the documentation added.

use prolific_api::types::{BatchPage, BatchPageAnswer};

use super::{LayoutIssue, layout_check, layout_of_answer};
use crate::{Error, Result, datasets::DatasetSchema};

pub use super::layout_parts::{
    dataset_field, free_text, image, multiple_choice, page, rich_text, row,
};

/// What participants see and are asked, for each task: pages of rows, of one or two columns, of
/// items. It is made of the raw client's types; the functions of [this module](self) make them.
///
/// It is checked before it is sent, by [`BatchChange`](super::BatchChange) and
/// [`NewBatch`](super::NewBatch).
///
/// # Examples
///
/// ```
/// use prolific_api_ext::batches::layout::{self, Layout};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let question = layout::multiple_choice("Is it a cat?", 1, [("Yes", "yes"), ("No", "no")])?;
/// let picture = layout::dataset_field("image")?;
/// let row = layout::row([vec![picture], vec![question]])?;
/// Layout::from_iter([layout::page([row])?]).check()?;
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The pages, in their order.
    pub pages: Vec<BatchPage>,
}

impl Layout {
    /// A layout of an answer as one to send, with all its ids.
    ///
    /// # Errors
    ///
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer), saying which item, where one
    /// can't be sent back whole: one of a type or with a value that this version does not know,
    /// one that lacks what a request needs, and a `video_narration`, which may have settings that
    /// are not documented. To send such a layout, write its pages in full.
    pub fn of_answer(pages: &[BatchPageAnswer]) -> Result<Self> {
        let pages = pages.iter().enumerate();
        pages.map(|(at, page)| layout_of_answer::page(at, page)).collect()
    }

    /// What is wrong with it, as far as can be told here; the server knows more, such as which
    /// fields the dataset has.
    pub fn issues(&self) -> Vec<LayoutIssue> {
        layout_check::issues(&self.pages)
    }

    /// What is wrong with it for a dataset of this schema: fields that it has not, and such as
    /// can't be shown.
    pub fn issues_with(&self, schema: &DatasetSchema) -> Vec<LayoutIssue> {
        layout_check::issues_with(&self.pages, schema)
    }

    /// Checks it against the documented limits.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) that names all its
    /// [`issues`](Self::issues).
    pub fn check(&self) -> Result<()> {
        let issues = self.issues();
        if issues.is_empty() {
            return Ok(());
        }
        let issues: Vec<String> = issues.iter().map(LayoutIssue::to_string).collect();
        Err(Error::invalid_input(format!("the layout can't be used: {}", issues.join("; "))))
    }

    pub(super) fn checked(self) -> Result<Vec<BatchPage>> {
        self.check()?;
        Ok(self.pages)
    }
}

impl From<Vec<BatchPage>> for Layout {
    fn from(pages: Vec<BatchPage>) -> Self {
        Self { pages }
    }
}

impl FromIterator<BatchPage> for Layout {
    fn from_iter<I: IntoIterator<Item = BatchPage>>(pages: I) -> Self {
        pages.into_iter().collect::<Vec<_>>().into()
    }
}

use prolific_api::types;

use crate::{
    LayoutPartId,
    open_enum::open_enum,
    questions::{AnswerLimit, ChoiceOption, Item, Question},
    request::request,
};

request! {
    /// A page of a [`Layout`](super::Layout).
    pub struct LayoutPage(
        /// The rows.
        rows: Vec<LayoutRow> or empty
    ) {
        /// The id. Assigned by the server; an entry that is sent with its id is kept.
        id: LayoutPartId,
        /// When it is shown. Default: for each task. *(known from the official CLI only)*
        display_position: DisplayPosition,
    }
}

open_enum! {
    /// When a page is shown.
    pub enum DisplayPosition from types::DisplayPosition {
        /// Once, before the tasks. Only for rich text and images.
        Intro = "intro",
        /// For each task.
        Body = "body",
        /// Once, after the tasks. Only for rich text and images.
        Outro = "outro",
    }
}

request! {
    /// A row of a page.
    pub struct LayoutRow(
        /// One or two columns.
        columns: Vec<LayoutColumn> or empty
    ) {
        /// The id. Assigned by the server; an entry that is sent with its id is kept.
        id: LayoutPartId,
    }
}

request! {
    /// A column of a row.
    pub struct LayoutColumn(
        /// The items, at least one.
        items: Vec<Item> or empty
    ) {
        /// The id. Assigned by the server; an entry that is sent with its id is kept.
        id: LayoutPartId,
    }
}

/// Creates a page of rows, shown for each task unless
/// [`display_position`](LayoutPage::display_position) is set.
pub fn page(rows: impl IntoIterator<Item = LayoutRow>) -> LayoutPage {
    LayoutPage::new(rows.into_iter().collect::<Vec<_>>())
}

/// Creates a row of one or two columns, each with at least one item.
pub fn row<I: Into<Item>>(columns: impl IntoIterator<Item = Vec<I>>) -> LayoutRow {
    let column =
        |items: Vec<I>| LayoutColumn::new(items.into_iter().map(Into::into).collect::<Vec<Item>>());
    LayoutRow::new(columns.into_iter().map(column).collect::<Vec<_>>())
}

/// Shows a field of the datapoint; see [`Item::dataset_field`].
pub fn dataset_field(key: impl Into<String>) -> Item {
    Item::dataset_field(key)
}

/// Asks for a text; see [`Question::free_text`].
pub fn free_text(question: impl Into<String>) -> Item {
    Question::free_text(question).into()
}

/// Asks to pick up to `limit` options, given as label and value; see [`Question::multiple_choice`].
pub fn multiple_choice<O: Into<ChoiceOption>>(
    question: impl Into<String>,
    limit: impl Into<AnswerLimit>,
    options: impl IntoIterator<Item = O>,
) -> Item {
    Question::multiple_choice(question, limit, options).into()
}

/// Shows formatted text; see [`Item::rich_text`].
pub fn rich_text(content: impl Into<String>) -> Item {
    Item::rich_text(content)
}

/// Shows a picture; see [`Item::image`].
pub fn image(url: impl Into<String>, alt_text: impl Into<String>) -> Item {
    Item::image(url, alt_text)
}

use prolific_api::types::{
    BatchColumn, BatchItem, BatchPage, BatchRow, ChoiceItem, ChoiceOption, DatasetFieldItem,
    FreeTextItem, ImageItem, RichTextItem, Scalar,
};

use crate::Result;

/// A page of rows. It is shown for each task unless its `display_position` is set.
pub fn page(rows: impl IntoIterator<Item = BatchRow>) -> Result<BatchPage> {
    let rows: Vec<_> = rows.into_iter().collect();
    Ok(BatchPage::builder().rows(rows).try_into()?)
}

/// A row of one or two columns, each of one item at least.
pub fn row(columns: impl IntoIterator<Item = Vec<BatchItem>>) -> Result<BatchRow> {
    let columns = columns.into_iter().map(|items| BatchColumn::builder().items(items).try_into());
    Ok(BatchRow::builder().columns(columns.collect::<Result<Vec<_>, _>>()?).try_into()?)
}

/// Shows a field of the datapoint. The dataset needs a schema, and the field a type that can be
/// shown: one that is not `metadata` or `task_group_id`. Once per page.
pub fn dataset_field(key: impl Into<String>) -> Result<BatchItem> {
    let item = DatasetFieldItem::builder().type_("dataset_field").field(key.into());
    Ok(DatasetFieldItem::try_from(item)?.into())
}

/// Asks for a text.
pub fn free_text(question: impl Into<String>) -> Result<BatchItem> {
    let item = FreeTextItem::builder().type_("free_text").description(question.into());
    Ok(FreeTextItem::try_from(item)?.into())
}

/// Asks to pick up to `answer_limit` options, or any number of them where it is -1. Options are
/// label and value.
pub fn multiple_choice<L: Into<String>, V: Into<String>>(
    question: impl Into<String>,
    answer_limit: i64,
    options: impl IntoIterator<Item = (L, V)>,
) -> Result<BatchItem> {
    let options = options.into_iter().map(|(label, value)| {
        let value = Scalar::String(value.into());
        ChoiceOption::builder().label(label.into()).value(value).try_into()
    });
    let item = ChoiceItem::builder()
        .type_("multiple_choice")
        .description(question.into())
        .answer_limit(answer_limit)
        .options(options.collect::<Result<Vec<_>, _>>()?);
    Ok(ChoiceItem::try_from(item)?.into())
}

/// Shows formatted text, of HTML unless its `content_format` is set.
pub fn rich_text(content: impl Into<String>) -> Result<BatchItem> {
    let item = RichTextItem::builder().type_("rich_text").content(content.into());
    Ok(RichTextItem::try_from(item)?.into())
}

/// Shows a picture of an https address, with a text for screen readers.
pub fn image(url: impl Into<String>, alt_text: impl Into<String>) -> Result<BatchItem> {
    let item = ImageItem::builder().type_("image").url(url.into()).alt_text(alt_text.into());
    Ok(ImageItem::try_from(item)?.into())
}

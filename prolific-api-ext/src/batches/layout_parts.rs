use prolific_api::types::{
    BatchColumn, BatchItem, BatchPage, BatchRow, ChoiceItem, ChoiceItemType, ChoiceOption,
    DatasetFieldItem, DatasetFieldItemType, FreeTextItem, FreeTextItemType, ImageItem,
    ImageItemType, RichTextItem, RichTextItemType, Scalar,
};

/// A page of rows. It is shown for each task unless its `display_position` is set.
pub fn page(rows: impl IntoIterator<Item = BatchRow>) -> BatchPage {
    BatchPage { display_position: None, id: None, rows: rows.into_iter().collect() }
}

/// A row of one or two columns, each of one item at least.
pub fn row(columns: impl IntoIterator<Item = Vec<BatchItem>>) -> BatchRow {
    let columns = columns.into_iter().map(|items| BatchColumn { id: None, items });
    BatchRow { columns: columns.collect(), id: None }
}

/// Shows a field of the datapoint. The dataset needs a schema, and the field a type that can be
/// shown: one that is not `metadata` or `task_group_id`. Once per page.
pub fn dataset_field(key: impl Into<String>) -> BatchItem {
    let (field, type_) = (key.into(), DatasetFieldItemType::DatasetField);
    BatchItem::DatasetFieldItem(DatasetFieldItem { field, id: None, type_ })
}

/// Asks for a text.
pub fn free_text(question: impl Into<String>) -> BatchItem {
    BatchItem::FreeTextItem(FreeTextItem {
        description: question.into(),
        helper_text: None,
        id: None,
        placeholder_text_input: None,
        type_: FreeTextItemType::FreeText,
        validation: None,
    })
}

/// Asks to pick up to `answer_limit` options, or any number of them where it is -1. Options are
/// label and value.
pub fn multiple_choice<L: Into<String>, V: Into<String>>(
    question: impl Into<String>,
    answer_limit: i64,
    options: impl IntoIterator<Item = (L, V)>,
) -> BatchItem {
    let option = |(label, value): (L, V)| ChoiceOption {
        exclusive: None,
        heading: None,
        label: label.into(),
        value: Scalar::String(value.into()),
    };
    BatchItem::ChoiceItem(ChoiceItem {
        answer_limit,
        description: question.into(),
        disable_dropdown: None,
        helper_text: None,
        id: None,
        options: options.into_iter().map(option).collect(),
        placeholder_text_input: None,
        type_: ChoiceItemType::MultipleChoice,
    })
}

/// Shows formatted text, of HTML unless its `content_format` is set.
pub fn rich_text(content: impl Into<String>) -> BatchItem {
    BatchItem::RichTextItem(RichTextItem {
        content: content.into(),
        content_format: None,
        id: None,
        type_: RichTextItemType::RichText,
    })
}

/// Shows a picture of an https address, with a text for screen readers.
pub fn image(url: impl Into<String>, alt_text: impl Into<String>) -> BatchItem {
    BatchItem::ImageItem(ImageItem {
        alt_text: alt_text.into(),
        caption: None,
        id: None,
        type_: ImageItemType::Image,
        url: url.into(),
    })
}

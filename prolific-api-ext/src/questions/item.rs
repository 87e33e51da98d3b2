use prolific_api::types;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Faults, Place, Question, QuestionType};
use crate::{LayoutPartId, open_enum::open_enum, request::request};

/// An item of a page: a question, or content.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// A question.
    Question(Box<Question>),
    /// Formatted text.
    RichText(RichText),
    /// A picture.
    Image(Image),
    /// A field of the datapoint; only in batches.
    DatasetField(DatasetFieldItem),
    /// An item that can't be sent back unchanged: one that this version does not know, a stored
    /// `video_narration` (which may have undocumented settings), or a whole page that can't be
    /// read. Sending it is refused before anything is sent.
    Unknown(Value),
}

request! {
    /// Formatted text.
    pub struct RichText(
        /// The text.
        content: String
    ) {
        /// The id. Assigned by the server; an item that is sent with its id is kept.
        id: LayoutPartId,
        /// The position on the page of a collection. Default: the order of the list.
        order: u64,
        /// The format of the text. Default: HTML, which is how it is stored.
        content_format: ContentFormat,
    }
}

open_enum! {
    /// The format of a text.
    pub enum ContentFormat from types::ContentFormat {
        /// HTML.
        Html = "html",
        /// Markdown.
        Markdown = "markdown",
    }
}

request! {
    /// A picture.
    pub struct Image(
        /// The URL; https only.
        url: String,
        /// The text for screen readers.
        alt_text: String
    ) {
        /// The id. Assigned by the server; an item that is sent with its id is kept.
        id: LayoutPartId,
        /// The position on the page of a collection. Default: the order of the list.
        order: u64,
        /// The caption.
        caption: String,
    }
}

request! {
    /// A field of the datapoint that a task is about.
    pub struct DatasetFieldItem(
        /// The key of the field.
        field: String
    ) {
        /// The id. Assigned by the server; an item that is sent with its id is kept.
        id: LayoutPartId,
    }
}

impl Item {
    /// Shows formatted text, in HTML.
    pub fn rich_text(content: impl Into<String>) -> Self {
        RichText::new(content).into()
    }

    /// Shows a picture at an https URL, with a text for screen readers.
    pub fn image(url: impl Into<String>, alt_text: impl Into<String>) -> Self {
        Image::new(url, alt_text).into()
    }

    /// Shows a field of the datapoint, once per page. The dataset needs a schema, and the field a
    /// type that can be shown, which `metadata` and `task_group_id` are not.
    pub fn dataset_field(key: impl Into<String>) -> Self {
        DatasetFieldItem::new(key).into()
    }

    /// The type, as the API writes it.
    pub fn kind(&self) -> &str {
        match self {
            Self::Question(question) => question.kind.as_str(),
            Self::RichText(_) => "rich_text",
            Self::Image(_) => "image",
            Self::DatasetField(_) => "dataset_field",
            Self::Unknown(json) => json["type"].as_str().unwrap_or("without a type"),
        }
    }

    pub(crate) fn check(&self, faults: &mut Faults) {
        match self {
            Self::Question(question) => question.check(Place::Page, faults),
            Self::Image(image) => faults.picture(&image.url),
            Self::RichText(_) | Self::DatasetField(_) => {}
            Self::Unknown(_) => faults.add(format!(
                "an item ({}) has a form that this version can't send back whole: write it in full \
                 instead",
                self.kind()
            )),
        }
    }

    /// What is known of the JSON of an item.
    fn read(json: &Value) -> Option<Self> {
        match json["type"].as_str()? {
            "rich_text" => RichText::deserialize(json).ok().map(Self::RichText),
            "image" => Image::deserialize(json).ok().map(Self::Image),
            "dataset_field" => DatasetFieldItem::deserialize(json).ok().map(Self::DatasetField),
            "video_narration" => None,
            kind if QuestionType::from(kind).is_known() => {
                Question::deserialize(json).ok().map(Self::from)
            }
            _ => None,
        }
    }
}

impl From<Question> for Item {
    fn from(question: Question) -> Self {
        Self::Question(Box::new(question))
    }
}

impl From<RichText> for Item {
    fn from(text: RichText) -> Self {
        Self::RichText(text)
    }
}

impl From<Image> for Item {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl From<DatasetFieldItem> for Item {
    fn from(field: DatasetFieldItem) -> Self {
        Self::DatasetField(field)
    }
}

/// An item with its type.
#[derive(Serialize)]
struct Tagged<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(flatten)]
    item: &'a T,
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = self.kind();
        match self {
            Self::Question(question) => question.serialize(serializer),
            Self::RichText(item) => Tagged { kind, item }.serialize(serializer),
            Self::Image(item) => Tagged { kind, item }.serialize(serializer),
            Self::DatasetField(item) => Tagged { kind, item }.serialize(serializer),
            Self::Unknown(json) => json.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Ok(Self::read(&json).unwrap_or(Self::Unknown(json)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Item;
    use crate::questions::Question;

    #[test]
    fn items_are_written_with_their_type_and_read_back() {
        let items = [
            (Item::rich_text("<p>a</p>"), json!({ "type": "rich_text", "content": "<p>a</p>" })),
            (
                Item::image("https://a.example/a", "a"),
                json!({ "type": "image", "url": "https://a.example/a", "alt_text": "a" }),
            ),
            (Item::dataset_field("a"), json!({ "type": "dataset_field", "field": "a" })),
            (Question::free_text("a").into(), json!({ "type": "free_text", "description": "a" })),
        ];
        for (item, json) in items {
            assert_eq!(serde_json::to_value(&item).unwrap(), json);
            assert_eq!(serde_json::from_value::<Item>(json).unwrap(), item);
        }
    }

    #[test]
    fn an_item_that_can_not_be_sent_back_completely_is_kept_unchanged() {
        let odd = [
            json!({ "type": "hologram", "id": "i1" }),
            json!({ "type": "image", "url": "https://a.example/a" }),
            json!({ "type": "free_text", "description": 3 }),
            json!({ "type": "video_narration", "description": "a" }),
            json!("x"),
        ];
        for json in odd {
            let item: Item = serde_json::from_value(json.clone()).unwrap();
            assert!(matches!(item, Item::Unknown(_)), "{json}");
            assert_eq!(serde_json::to_value(item).unwrap(), json);
        }
    }
}

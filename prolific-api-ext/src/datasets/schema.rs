use prolific_api::types;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use super::FieldType;
use crate::{Error, Result, model::Read, request::body};

const MAX_FIELDS: usize = 200;
const MAX_KEY: usize = 128;
const MAX_LABEL: usize = 255;

/// The fields of the datapoints of a dataset. A dataset that has one is of version 4.
///
/// The limits that the API documents are checked before a schema is sent: 1 to 200 fields, keys
/// of 1 to 128 characters, each once, labels of at most 255 characters, one task group id at most.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::datasets::{DatasetField, DatasetSchema, FieldType};
///
/// let schema = DatasetSchema::new()
///     .text("prompt")
///     .field("photo", DatasetField::new(FieldType::ImageUrl).label("What was seen"))
///     .metadata("source")
///     .task_group_id("group")
///     .strict(true);
/// assert_eq!(schema.fields().count(), 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct DatasetSchema {
    #[serde(default, serialize_with = "write_fields", deserialize_with = "read_fields")]
    fields: Vec<(String, DatasetField)>,
    #[serde(default, rename = "strict")]
    is_strict: bool,
}

/// A field of a [`DatasetSchema`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct DatasetField {
    /// What it is.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// What participants see it called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl DatasetField {
    /// A field without a label.
    pub fn new(field_type: FieldType) -> Self {
        Self { field_type, label: None }
    }

    /// What participants see it called; at most 255 characters.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }
}

impl From<FieldType> for DatasetField {
    fn from(field_type: FieldType) -> Self {
        Self::new(field_type)
    }
}

impl DatasetSchema {
    /// A schema without fields, that is not strict.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field. Its key is what datapoints call it.
    #[must_use]
    pub fn field(mut self, key: impl Into<String>, field: impl Into<DatasetField>) -> Self {
        self.fields.push((key.into(), field.into()));
        self
    }

    /// Adds a text that is shown.
    #[must_use]
    pub fn text(self, key: impl Into<String>) -> Self {
        self.field(key, FieldType::Text)
    }

    /// Adds the address of an image that is shown.
    #[must_use]
    pub fn image_url(self, key: impl Into<String>) -> Self {
        self.field(key, FieldType::ImageUrl)
    }

    /// Adds what is kept with the datapoint and never shown.
    #[must_use]
    pub fn metadata(self, key: impl Into<String>) -> Self {
        self.field(key, FieldType::Metadata)
    }

    /// Adds what the datapoints of one task group have in common. Once data have arrived it can't
    /// be moved to another field.
    #[must_use]
    pub fn task_group_id(self, key: impl Into<String>) -> Self {
        self.field(key, FieldType::TaskGroupId)
    }

    /// Whether a record that lacks a field is refused. It is always sent; not strict where nothing
    /// is said.
    #[must_use]
    pub fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// The fields with their keys: as they were added, or sorted by key where the server sent
    /// them.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &DatasetField)> {
        self.fields.iter().map(|(key, field)| (&**key, field))
    }

    /// Whether a record that lacks a field is refused.
    pub fn is_strict(&self) -> bool {
        self.is_strict
    }

    /// As requests have it.
    pub(super) fn into_raw(self, operation: &'static str) -> Result<types::DatasetSchema> {
        self.check().map_err(|error| error.of(operation))?;
        body(self, operation)
    }

    pub(super) fn check(&self) -> Result<()> {
        match self.fields.len() {
            0 => return refused("it has no fields: add at least one"),
            1..=MAX_FIELDS => {}
            count => {
                return refused(format!("it has {count} fields, but the limit is {MAX_FIELDS}"));
            }
        }
        self.fields.iter().try_for_each(|(key, field)| check_field(key, field))?;
        let mut keys: Vec<&str> = self.fields().map(|(key, _)| key).collect();
        keys.sort_unstable();
        if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return refused(format!("the field {:?} is listed twice: keep one", twice[0]));
        }
        let is_group = |field: &DatasetField| field.field_type == FieldType::TaskGroupId;
        match self.fields().filter(|(_, field)| is_group(field)).count() {
            0 | 1 => Ok(()),
            count => refused(format!("{count} fields are task group ids: keep only one")),
        }
    }
}

fn check_field(key: &str, field: &DatasetField) -> Result<()> {
    match key.chars().count() {
        0 => return refused("a field has an empty key: give it a name"),
        1..=MAX_KEY => {}
        length => {
            return refused(format!(
                "the key of a field has {length} characters, but the limit is {MAX_KEY}"
            ));
        }
    }
    match field.label.as_deref().map_or(0, |label| label.chars().count()) {
        0..=MAX_LABEL => Ok(()),
        length => refused(format!(
            "the label of the field {key:?} has {length} characters, but the limit is {MAX_LABEL}"
        )),
    }
}

fn refused<T>(why: impl AsRef<str>) -> Result<T> {
    Err(Error::invalid_input(format!("the schema of a dataset can't be sent: {}", why.as_ref())))
}

/// As an object, in the order in which they were added.
fn write_fields<S: Serializer>(
    fields: &[(String, DatasetField)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().map(|(key, field)| (key, field)))
}

fn read_fields<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, DatasetField)>, D::Error> {
    struct Fields;

    impl<'de> Visitor<'de> for Fields {
        type Value = Vec<(String, DatasetField)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the fields of a dataset")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut fields = Vec::new();
            while let Some(field) = map.next_entry()? {
                fields.push(field);
            }
            Ok(fields)
        }
    }

    deserializer.deserialize_map(Fields)
}

impl Read<types::DatasetSchemaAnswer> for DatasetSchema {
    fn read(raw: types::DatasetSchemaAnswer, _: &'static str) -> Result<Self> {
        let mut fields: Vec<_> =
            raw.fields.into_iter().map(|(key, field)| (key, DatasetField::of_raw(field))).collect();
        fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Self { fields, is_strict: raw.strict.unwrap_or_default() })
    }
}

impl DatasetField {
    /// A field without a type has the unknown type of no name: kept, so that a schema which is
    /// read, changed and sent loses no field without a word.
    fn of_raw(raw: types::DatasetFieldAnswer) -> Self {
        let field_type = raw.type_.as_ref().map_or("", |field_type| field_type.as_str());
        Self { field_type: field_type.into(), label: raw.label }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DatasetField, DatasetSchema, FieldType};
    use crate::ErrorKind;

    fn wide(fields: usize) -> DatasetSchema {
        (0..fields).fold(DatasetSchema::new(), |schema, number| schema.text(format!("f{number}")))
    }

    #[test]
    fn what_the_limits_allow_is_sent_as_it_was_said() {
        let longest = "ü".repeat(255);
        let schema = DatasetSchema::new()
            .text("k".repeat(128))
            .field("a", DatasetField::new(FieldType::AudioUrl).label(&*longest))
            .task_group_id("g");
        let raw =
            serde_json::to_value(schema.into_raw("update-task-builder-dataset").unwrap()).unwrap();
        let expected = json!({ "strict": false, "fields": {
            "k".repeat(128): { "type": "text" },
            "a": { "type": "audio_url", "label": longest },
            "g": { "type": "task_group_id" },
        }});
        assert_eq!(raw, expected);
        let newer = DatasetSchema::new().field("a", FieldType::from("smell_url"));
        let newer =
            serde_json::to_value(newer.into_raw("update-task-builder-dataset").unwrap()).unwrap();
        assert_eq!(newer["fields"]["a"]["type"], "smell_url");
        assert_eq!(
            wide(200).strict(true).into_raw("update-task-builder-dataset").unwrap().fields.len(),
            200
        );
    }

    #[test]
    fn what_the_limits_forbid_is_refused_and_the_limit_is_named() {
        let label = |length| DatasetField::new(FieldType::Text).label("x".repeat(length));
        let cases = [
            (DatasetSchema::new(), "no fields"),
            (wide(201), "it has 201 fields, but the limit is 200"),
            (wide(1).text(""), "an empty key"),
            (wide(1).text("k".repeat(129)), "129 characters, but the limit is 128"),
            (wide(1).field("a", label(256)), "\"a\" has 256 characters, but the limit is 255"),
            (wide(1).text("f0"), "\"f0\" is listed twice"),
            (wide(1).task_group_id("g").task_group_id("h"), "2 fields are task group ids"),
        ];
        for (schema, why) in cases {
            let error = schema.into_raw("update-task-builder-dataset").unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}

//! The schema of a V4 dataset.

use serde_json::{Value, json};

use super::{answer::Refusal, records::Record};

/// The column of a V3 file that groups its tasks.
pub(super) const TASK_GROUP_COLUMN: &str = "META_TASK_GROUP_ID";

const TYPES: [&str; 6] =
    ["text", "image_url", "audio_url", "video_url", "metadata", "task_group_id"];
/// The types of fields that participants can be shown.
const DISPLAYABLE: [&str; 4] = ["text", "image_url", "audio_url", "video_url"];
/// The documented limits of a schema.
const FIELDS: usize = 200;
const KEY_CHARACTERS: usize = 128;
const LABEL_CHARACTERS: usize = 255;
/// How many unknown fields a rejection names.
const NAMED_UNKNOWN: usize = 3;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Schema {
    pub(super) strict: bool,
    /// The fields with their types and definitions, sorted by name.
    fields: Vec<(String, String, Value)>,
}

impl Schema {
    /// Parses and checks a schema.
    pub(super) fn new(schema: &Value) -> Result<Self, Refusal> {
        let refused = |why: String| Err(Refusal::field("schema", &why));
        let Some(strict) = schema["strict"].as_bool() else {
            return refused("strict is required, and must be true or false.".to_owned());
        };
        let Some(fields) = schema["fields"].as_object().filter(|fields| !fields.is_empty()) else {
            return refused("fields is required, and must have at least one field.".to_owned());
        };
        if fields.len() > FIELDS {
            return refused(format!("A schema can have at most {FIELDS} fields."));
        }
        let mut read = Vec::new();
        for (name, definition) in fields {
            if !(1..=KEY_CHARACTERS).contains(&name.chars().count()) {
                return refused(format!("A key must have 1 to {KEY_CHARACTERS} characters."));
            }
            let label = definition["label"].as_str().unwrap_or_default();
            if label.chars().count() > LABEL_CHARACTERS {
                return refused(format!("A label can have at most {LABEL_CHARACTERS} characters."));
            }
            match definition["type"].as_str().filter(|kind| TYPES.contains(kind)) {
                Some(kind) => read.push((name.clone(), kind.to_owned(), definition.clone())),
                None => return refused(format!("The field {name} has an unknown type.")),
            }
        }
        let schema = Self { strict, fields: read };
        if schema.fields.iter().filter(|(_, kind, _)| kind == "task_group_id").count() > 1 {
            return refused("A schema can have at most one task_group_id.".to_owned());
        }
        Ok(schema)
    }

    pub(super) fn to_json(&self) -> Value {
        let fields = self.fields.iter();
        let fields = fields.map(|(name, _, definition)| (name.clone(), definition.clone()));
        json!({ "strict": self.strict, "fields": serde_json::Map::from_iter(fields) })
    }

    /// The field that groups the tasks.
    pub(super) fn grouping(&self) -> Option<&str> {
        self.named("task_group_id").next()
    }

    /// The hidden fields.
    pub(super) fn hidden(&self) -> impl Iterator<Item = &str> {
        self.named("metadata")
    }

    /// Whether a field can be shown to participants; `None` if there is no such field.
    pub(super) fn is_displayable(&self, field: &str) -> Option<bool> {
        let found = self.fields.iter().find(|(name, ..)| name == field);
        found.map(|(_, kind, _)| DISPLAYABLE.contains(&kind.as_str()))
    }

    fn named(&self, wanted: &str) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(move |(_, kind, _)| kind == wanted);
        fields.map(|(name, ..)| name.as_str())
    }

    /// Checks a record. Null counts as missing. Unknown fields are ignored, and a record without
    /// any known field is rejected; both are inferred.
    pub(super) fn check(&self, mut record: Record) -> Result<Record, (String, String)> {
        record.retain(|_, value| !value.is_null());
        let lacking = self.lacking(&record);
        let lacks_all = lacking.len() == self.fields.len();
        if let Some(field) = lacking.first().filter(|_| self.strict || lacks_all) {
            let mut reason = match self.strict {
                true => "is missing, and the schema is strict".to_owned(),
                false => "is missing, as is every other field".to_owned(),
            };
            let unknown = record.keys().filter(|name| !self.has(name)).take(NAMED_UNKNOWN);
            let unknown: Vec<String> = unknown.map(|name| format!("no `{name}`")).collect();
            if !unknown.is_empty() {
                reason += &format!("; the schema has {}", unknown.join(" and "));
            }
            return Err(((*field).to_owned(), reason));
        }
        record.retain(|name, _| self.has(name));
        match record.iter().find(|(_, value)| value.is_array() || value.is_object()) {
            Some((name, _)) => {
                Err((name.clone(), "is not a string, a number or a boolean".to_owned()))
            }
            None => Ok(record),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, ..)| known == name)
    }

    /// The fields that a record lacks.
    pub(super) fn lacking(&self, record: &Record) -> Vec<&str> {
        let names = self.fields.iter().map(|(name, ..)| name.as_str());
        names.filter(|name| !record.contains_key(*name)).collect()
    }
}

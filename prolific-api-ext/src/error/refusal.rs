use serde_json::Value;

use super::{
    conceal::concealed,
    excerpt::{SHOWN, excerpt},
};

/// The API's error, in any of its forms.
///
/// Wrapped in `error`, the same object bare, and flat with `message` and `detail`; an invalid
/// layout has `type`, `message` and `issues`. The detail is a text, a list of texts, or lists of
/// texts by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) title: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) code: Option<String>,
}

impl Refusal {
    /// Reads a body, as far as it has any of these forms.
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(json) = prolific_api::read_json::<Value>(body) else {
            return Self::default();
        };
        let object = json.get("error").filter(|error| error.is_object()).unwrap_or(&json);
        let said = |key: &str| object.get(key).and_then(sentence).map(|said| concealed(&said));
        Self {
            title: said("title").or_else(|| said("message")).or_else(|| said("error")),
            detail: said("detail").or_else(|| said("issues")),
            code: said("error_code").or_else(|| said("type")),
        }
    }

    /// One line: title and detail, or the beginning of a body without them.
    pub(super) fn describe(&self, body: &[u8]) -> String {
        let text = match (&self.title, &self.detail) {
            (Some(title), Some(detail)) => {
                format!("{}: {detail}", title.trim_end_matches('.'))
            }
            (Some(said), None) | (None, Some(said)) => said.clone(),
            (None, None) if body.is_empty() => "without a body".to_owned(),
            (None, None) => {
                String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]).into_owned()
            }
        };
        excerpt(&text)
    }
}

/// A value in words: lists joined, fields named.
fn sentence(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => joined(items.iter().filter_map(sentence)),
        Value::Object(fields) => {
            joined(fields.iter().filter_map(|(field, value)| {
                sentence(value).map(|said| format!("{field}: {said}"))
            }))
        }
    }
}

fn joined(sentences: impl Iterator<Item = String>) -> Option<String> {
    let text = sentences.collect::<Vec<_>>().join("; ").replace(".; ", "; ");
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn every_shape_of_the_api_is_read() {
        let table = [
            (
                r#"{"error":{"status":404,"error_code":140004,"title":"Not found","detail":"No such dataset","interactive":false}}"#,
                (Some("Not found"), Some("No such dataset"), Some("140004")),
            ),
            (
                r#"{"status":400,"error_code":"x1","title":"Bad","detail":["a","b"]}"#,
                (Some("Bad"), Some("a; b"), Some("x1")),
            ),
            (
                r#"{"message":"No","detail":{"name":["too long","taken"],"size":[]}}"#,
                (Some("No"), Some("name: too long; taken"), None),
            ),
            (
                r#"{"type":"INVALID_BATCH_ITEMS","message":"Layout","issues":[{"row":0,"message":"empty"}]}"#,
                (Some("Layout"), Some("message: empty; row: 0"), Some("INVALID_BATCH_ITEMS")),
            ),
            (r#"{"detail":"Invalid token."}"#, (None, Some("Invalid token."), None)),
            (r#"{"error":"nope"}"#, (Some("nope"), None, None)),
            (r#"[1]"#, (None, None, None)),
            ("<html>", (None, None, None)),
        ];
        for (body, (title, detail, code)) in table {
            let refusal = Refusal::read(body.as_bytes());
            let said = |text: &Option<String>| text.clone();
            let mut detail_said = said(&refusal.detail);
            if let Some(text) = &mut detail_said {
                let mut parts: Vec<&str> = text.split("; ").collect();
                if text.contains("row") {
                    parts.sort_unstable();
                }
                *text = parts.join("; ");
            }
            assert_eq!(
                (
                    said(&refusal.title).as_deref(),
                    detail_said.as_deref(),
                    said(&refusal.code).as_deref()
                ),
                (title, detail, code),
                "{body}"
            );
        }
    }

    #[test]
    fn every_body_can_be_described_on_one_line() {
        let table: [(&[u8], &str); 7] = [
            (b"", "without a body"),
            (b"<html>\n <body>502</body>\n</html>", "<html> <body>502</body> </html>"),
            (b"{\"error\":", "{\"error\":"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
            (b"a\x1b[31mb\0c", "a [31mb c"),
            (
                br#"{"title":"Bad.","detail":["One is missing.","Two is long."]}"#,
                "Bad: One is missing; Two is long.",
            ),
            (br#"{"title":"Bad."}"#, "Bad."),
        ];
        for (body, expected) in table {
            assert_eq!(Refusal::read(body).describe(body), expected);
        }
        let long = vec![b'x'; 5_000];
        assert_eq!(Refusal::read(&long).describe(&long).chars().count(), 201);
    }
}

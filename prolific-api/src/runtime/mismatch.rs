use std::borrow::Cow;

use serde_json::{Error, error::Category};

/// Kinds of values, as serde names them before it quotes the value.
const KINDS: [&str; 15] = [
    "boolean",
    "integer",
    "floating point",
    "character",
    "string",
    "byte array",
    "unit value",
    "Option value",
    "newtype struct",
    "sequence",
    "map",
    "enum",
    "unit variant",
    "newtype variant",
    "null",
];

/// What is wrong with a body, without its contents: it may hold secrets, and errors are logged.
pub(super) fn described(error: &Error) -> String {
    let text = error.to_string();
    if error.classify() != Category::Data {
        return text;
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    format!("{}{place}", without_value(text))
}

fn without_value(text: &str) -> Cow<'_, str> {
    // These repeat what the type says alone.
    let names =
        ["missing field `", "duplicate field `", "data did not match any variant of untagged"];
    if names.iter().any(|name| text.starts_with(name)) {
        return text.into();
    }
    let kind = |what: &str| {
        let value = text.strip_prefix(what)?;
        KINDS.into_iter().find(|kind| value.starts_with(kind))
    };
    let found = kind("invalid type: ").or_else(|| kind("invalid value: "));
    // A value may have the words in it, and the type that was expected comes last.
    match (found, text.rsplit_once(", expected ")) {
        (Some(found), Some((_, expected))) => format!("{found}, expected {expected}").into(),
        (None, Some((_, expected))) => format!("expected {expected}").into(),
        (_, None) => "a value does not have the documented form".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::described;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Shade {
        Dark,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    enum Either {
        _Number(#[allow(dead_code)] u8),
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Thing {
        size: u8,
        shade: Option<Shade>,
        list: Option<Vec<u8>>,
        either: Option<Either>,
    }

    #[test]
    fn what_stands_in_a_body_is_not_told() {
        for (body, told) in [
            (r#"{"size":"sesame"}"#, "string, expected u8 at line 1 column 16"),
            (r#"{"size":"a, expected sesame, "}"#, "string, expected u8 at line 1 column 30"),
            (r#"{"size":7777777}"#, "integer, expected u8 at line 1 column 15"),
            (r#"{"size":{"sesame":1}}"#, "map, expected u8 at line 1 column 8"),
            (r#"{"size":1,"shade":"sesame"}"#, "expected `dark` at line 1 column 26"),
            (r#"{"size":1,"list":"sesame"}"#, "string, expected a sequence at line 1 column 25"),
            (
                r#"{"size":1,"either":"sesame"}"#,
                "data did not match any variant of untagged enum Either at line 1 column 28",
            ),
            (r#"{}"#, "missing field `size` at line 1 column 2"),
            (r#"{"size":1"#, "EOF while parsing an object at line 1 column 9"),
            ("<sesame>", "expected value at line 1 column 1"),
        ] {
            let error = serde_json::from_str::<Thing>(body).unwrap_err();
            assert_eq!(described(&error), told, "{body}: {error}");
        }
        let own = <serde_json::Error as serde::de::Error>::custom("sesame");
        assert_eq!(described(&own), "a value does not have the documented form at line 0 column 0");
    }
}

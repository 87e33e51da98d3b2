//! Values as the text of parameters and forms.

use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

/// The value of a parameter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    One(String),
    /// Each is sent under the name of the parameter.
    Many(Vec<String>),
    /// Each is sent under a separate name.
    Named(Vec<(String, String)>),
}

impl Text {
    /// The text of a value; `None` for null, which can't be sent.
    pub(super) fn of<T: Serialize>(value: &T) -> Result<Option<Self>, String> {
        let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
        Ok(Self::of_json(value))
    }

    fn of_json(value: Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Array(items) => Some(Self::Many(items.into_iter().map(text).collect())),
            Value::Object(members) => {
                let members = members.into_iter().filter(|(_, value)| !value.is_null());
                Some(Self::Named(members.map(|(name, value)| (name, text(value))).collect()))
            }
            one => Some(Self::One(text(one))),
        }
    }

    /// The pairs to send for a parameter of this name.
    pub(super) fn pairs(&self, name: &str, mut pair: impl FnMut(&str, &str)) {
        match self {
            Self::One(text) => pair(name, text),
            Self::Many(texts) => texts.iter().for_each(|text| pair(name, text)),
            Self::Named(members) => members.iter().for_each(|(name, text)| pair(name, text)),
        }
    }

    /// All of it as one text, for paths and headers.
    pub(super) fn joined(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(texts) => texts.join(","),
            Self::Named(members) => {
                let members = members.iter().map(|(name, text)| format!("{name},{text}"));
                members.collect::<Vec<_>>().join(",")
            }
        }
    }
}

/// Fields as `application/x-www-form-urlencoded`.
pub(super) fn form(fields: Option<Text>) -> String {
    // The serializer of the query of a URL is that of forms.
    let Ok(mut url) = Url::parse("form://fields") else {
        return String::new();
    };
    if let Some(fields) = fields {
        let mut pairs = url.query_pairs_mut();
        fields.pairs("", |name, text| {
            pairs.append_pair(name, text);
        });
    }
    url.query().unwrap_or_default().to_owned()
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        // Rust writes a whole number without a fraction, and JSON with one.
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(String::new, |number| number.to_string())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Text, form};

    #[test]
    fn each_form_of_a_value_has_its_pairs() {
        for (value, expected) in [
            (json!("a b"), vec!["q=a b"]),
            (json!(3), vec!["q=3"]),
            (json!(3.0), vec!["q=3"]),
            (json!(3.5), vec!["q=3.5"]),
            (json!(true), vec!["q=true"]),
            (json!(["a", 1]), vec!["q=a", "q=1"]),
            (json!([]), vec![]),
            (json!({"x": "a", "y": null, "z": 2}), vec!["x=a", "z=2"]),
            (Value::Null, vec![]),
        ] {
            let mut pairs = Vec::new();
            if let Some(text) = Text::of(&value).unwrap() {
                text.pairs("q", |name, text| pairs.push(format!("{name}={text}")));
            }
            assert_eq!(pairs, expected, "{value}");
        }
    }

    #[test]
    fn a_form_is_written_as_browsers_write_it() {
        let fields = Text::of(&json!({"a": "b c&d", "e": [1], "f": null, "g": "ü"})).unwrap();
        assert_eq!(form(fields), "a=b+c%26d&e=%5B1%5D&g=%C3%BC");
        assert_eq!(form(None), "");
    }
}

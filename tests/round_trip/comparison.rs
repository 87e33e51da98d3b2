//! What became of a value that went round.

use serde_json::{Value, json};

use super::samples::NEW_PROPERTY;

/// A way in which a value came back other than it went.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    /// A property that was null is absent.
    NullLeftOut,
    /// An empty list or map is absent.
    EmptyLeftOut,
    /// What is not documented is absent.
    NewPropertyLeftOut,
    /// A whole number with a fraction of zero becomes an integer.
    FractionLeftOut,
    /// The type does not read the value.
    NotRead(String),
    /// Anything else.
    Other(String),
}

/// What differs between a value and what became of it.
pub(crate) fn differences(sent: &Value, came: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(sent, came, "", &mut found);
    found
}

fn compare(sent: &Value, came: &Value, at: &str, found: &mut Vec<Difference>) {
    match (sent, came) {
        (Value::Object(sent), Value::Object(came)) => {
            for (name, value) in sent {
                match came.get(name) {
                    Some(came) => compare(value, came, &format!("{at}/{name}"), found),
                    None => found.push(left_out(name, value, at)),
                }
            }
            let more = came.keys().filter(|name| !sent.contains_key(*name));
            found.extend(more.map(|name| Difference::Other(format!("{at}/{name} is new"))));
        }
        (Value::Array(sent), Value::Array(came)) if sent.len() == came.len() => {
            for (sent, came) in sent.iter().zip(came) {
                compare(sent, came, &format!("{at}/[]"), found);
            }
        }
        (Value::Number(sent), Value::Number(came)) if sent == came => {}
        (Value::Number(sent), Value::Number(came))
            if sent.is_f64() && !came.is_f64() && sent.as_f64() == came.as_f64() =>
        {
            found.push(Difference::FractionLeftOut);
        }
        (sent, came) if sent == came => {}
        (sent, came) => found.push(Difference::Other(format!("{at}: {sent} became {came}"))),
    }
}

fn left_out(name: &str, value: &Value, at: &str) -> Difference {
    match value {
        _ if name == NEW_PROPERTY => Difference::NewPropertyLeftOut,
        Value::Null => Difference::NullLeftOut,
        value if *value == json!([]) || *value == json!({}) => Difference::EmptyLeftOut,
        _ => Difference::Other(format!("{at}/{name} is left out")),
    }
}

//! Replaces a part of a value by something that does not fit.

use fastrand::Rng;
use serde_json::Value;

/// As the text of JSON: a value of serde_json has neither half a character nor a number of any size.
const ODD: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "-0.0",
    "1e308",
    "1e-400",
    "1e400",
    "18446744073709551616",
    "-9223372036854775809",
    "\"\"",
    "\"\\ud83d\"",
    "\"\\u0000\"",
    "\"NaN\"",
    "\"2026-13-45T99:99:99Z\"",
    "\"0000-00-00\"",
    "\"-999999999-01-01T00:00:00Z\"",
    "[]",
    "{}",
    "[[[[[[[[[[]]]]]]]]]]",
    "{\"\":{\"\":{\"\":0}}}",
];

/// The mark is replaced in the text.
const MARK: &str = "a mark that no sample has";

/// The text of a value, a part of which is odd.
pub(crate) fn with_odd_part(rng: &mut Rng, mut value: Value) -> String {
    put_mark(rng, &mut value);
    value.to_string().replace(&format!("\"{MARK}\""), ODD[rng.usize(..ODD.len())])
}

fn put_mark(rng: &mut Rng, value: &mut Value) {
    let goes_deeper = rng.u8(..4) > 0;
    match value {
        Value::Array(items) if goes_deeper && !items.is_empty() => {
            let at = rng.usize(..items.len());
            put_mark(rng, &mut items[at]);
        }
        Value::Object(object) if goes_deeper && !object.is_empty() => {
            let at = rng.usize(..object.len());
            if let Some(value) = object.values_mut().nth(at) {
                put_mark(rng, value);
            }
        }
        other => *other = MARK.into(),
    }
}

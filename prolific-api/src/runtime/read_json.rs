//! JSON as servers write it, which is not always valid.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// Reads JSON, and the invalid JSON that servers write: unpaired surrogates (`"\ud83d"`) and
/// invalid UTF-8 are read as U+FFFD, `NaN`, `Infinity` and numbers beyond `f64` (`1e999`) as null,
/// and a byte order mark is skipped.
///
/// Valid JSON is read once, at no extra cost; anything else is copied and read a second time.
///
/// # Errors
///
/// Returns the error of the last attempt.
///
/// # Examples
///
/// ```
/// let text: String = prolific_api::read_json(br#""nice \ud83d""#)?;
/// assert_eq!(text, "nice \u{fffd}");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn read_json<T: DeserializeOwned>(body: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(body).or_else(|error| match mend_json(body) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    })
}

/// Replaces an unpaired surrogate.
const REPLACEMENT: &[u8] = br"\ufffd";

/// The body for the second reading; `None` if there is nothing to repair. Linear in its length, and
/// at most a third longer, or three times as long if it is not UTF-8.
pub fn mend_json(body: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    let is_utf8 = matches!(text, Cow::Borrowed(_));
    let without_mark = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut is_mended = !is_utf8 || without_mark.len() < text.len();
    let mut rest = without_mark.as_bytes();
    let mut mended = Vec::with_capacity(rest.len());
    let mut is_in_text = false;
    while let Some(first) = rest.first() {
        let (taken, in_its_place) = match (is_in_text, first) {
            (true, b'\\') => escape(rest),
            (false, b'N' | b'I' | b'-' | b'0'..=b'9') => number(rest),
            _ => (1, None),
        };
        is_in_text ^= *first == b'"';
        is_mended |= in_its_place.is_some();
        let (token, behind) = rest.split_at(taken.min(rest.len()));
        mended.extend_from_slice(in_its_place.unwrap_or(token));
        rest = behind;
    }
    is_mended.then_some(mended)
}

/// The length of the escape at the beginning, with a whole surrogate pair as one, and the
/// replacement of an unpaired one.
fn escape(text: &[u8]) -> (usize, Option<&'static [u8]>) {
    match (unit(text), text.get(6..).and_then(unit)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, None),
        (Some(0xd800..=0xdfff), _) => (6, Some(REPLACEMENT)),
        (Some(_), _) => (6, None),
        (None, _) => (2, None),
    }
}

/// The UTF-16 unit of `\uXXXX` at the beginning.
fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(br"\u")?.get(..4)?;
    let digit = |value: u16, digit: &u8| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value << 4 | u16::try_from(digit).ok()?)
    };
    digits.iter().try_fold(0, digit)
}

/// The length of the number at the beginning, and the replacement of one that JSON doesn't have or
/// no `f64` can hold: `1e999`.
fn number(text: &[u8]) -> (usize, Option<&'static [u8]>) {
    const NULL: Option<&[u8]> = Some(b"null");
    const NONE: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];
    if let Some(none) = NONE.into_iter().find(|none| text.starts_with(none)) {
        return (none.len(), NULL);
    }
    let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let length = text.iter().position(|byte| !is_of_number(byte)).unwrap_or(text.len());
    let number =
        std::str::from_utf8(&text[..length]).ok().and_then(|text| text.parse::<f64>().ok());
    (length.max(1), NULL.filter(|_| number.is_some_and(f64::is_infinite)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{mend_json, read_json};

    #[test]
    fn a_number_that_no_float_is_is_null() {
        let long = format!("[1{}, \"1e999\", -1e999, 1E+999, 1e-999, 1e300, 12]", "0".repeat(400));
        let read: Value = read_json(long.as_bytes()).unwrap();
        assert_eq!(read, json!([null, "1e999", null, null, 0.0, 1e300, 12]));
        assert!(read_json::<Value>(b"[1e999").is_err() && read_json::<Value>(b"[1-]").is_err());
    }

    #[test]
    fn half_a_surrogate_pair_is_the_replacement_character() {
        let table = [
            (r#""nice \ud83d""#, "nice \u{fffd}"),
            (r#""\ude00 and \ud83d\ud83d\ude00""#, "\u{fffd} and \u{fffd}😀"),
            (r#""\uD83D\n\\ud83d \"\udfff\"""#, "\u{fffd}\n\\ud83d \"\u{fffd}\""),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
        ];
        for (json, expected) in table {
            assert_eq!(read_json::<String>(json.as_bytes()).unwrap(), expected, "{json}");
        }
        let key: Value = read_json(br#"{"\ud83d": "NaN, -Infinity"}"#).unwrap();
        assert_eq!(key, json!({ "\u{fffd}": "NaN, -Infinity" }));
    }

    #[test]
    fn numbers_that_json_does_not_have_are_null() {
        let read: Value = read_json(br#"[NaN,Infinity, -Infinity, -1, {"a":NaN}, "NaN"]"#).unwrap();
        assert_eq!(read, json!([null, null, null, -1, { "a": null }, "NaN"]));
    }

    #[test]
    fn bytes_that_are_no_utf8_and_a_byte_order_mark_fail_nothing() {
        assert_eq!(read_json::<String>(b"\"caf\xe9\"").unwrap(), "caf\u{fffd}");
        assert_eq!(read_json::<Value>("\u{feff}[1]".as_bytes()).unwrap(), json!([1]));
    }

    #[test]
    fn what_is_not_mended_keeps_its_error() {
        for body in [
            &b""[..],
            b"<html>",
            b"{\"a\": ",
            b"[\"\\",
            b"[\"\\u",
            b"[\"\\ud83",
            b"[nan]",
            b"-",
            br#""\ud83d\ude00"#,
        ] {
            let error = read_json::<Value>(body).unwrap_err();
            assert_eq!(mend_json(body), None, "{error}");
        }
        // It refers to the repaired text, and is just as true.
        assert!(read_json::<Value>(b"[NaN").unwrap_err().is_eof());
    }

    #[test]
    fn a_long_body_takes_no_longer_than_it_is() {
        let body = format!("[{}NaN]", "\"\\ud83d\\\\\",-1,".repeat(100_000));
        let read: Vec<Value> = read_json(body.as_bytes()).unwrap();
        assert_eq!(read.len(), 200_001);
    }
}

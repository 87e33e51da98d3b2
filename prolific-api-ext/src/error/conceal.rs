//! Removes what is commonly secret from a text: queries and user names in links, and values of
//! fields with the names of secrets.

use reqwest::header::HeaderMap;

use super::mask::MASK;

/// How a link continues after its scheme: plain, in JSON, and nested in another link.
const LINKS: [&str; 3] = ["://", ":\\/\\/", "%3a%2f%2f"];
const QUERIES: [&str; 5] = ["?", "#", "%3f", "%23", "\\u003f"];

/// Parts of the names of secrets, in lower case.
const NAMES: [&str; 14] = [
    "signature",
    "secret",
    "token",
    "password",
    "passwd",
    "credential",
    "apikey",
    "api-key",
    "api_key",
    "accesskey",
    "access_key",
    "access-key",
    "jwt",
    "authorization",
];

/// Headers that are nothing but a secret.
const HEADERS: [&str; 5] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-hook-secret"];

/// How many times a text is scanned again, for what only shows once something else is removed.
const ROUNDS: usize = 8;

/// Marks what may be secret, so that `Debug` does not show it.
pub(crate) fn marked(mut headers: HeaderMap) -> HeaderMap {
    for (name, value) in &mut headers {
        let name = name.as_str();
        let is_secret = HEADERS.contains(&name) || NAMES.iter().any(|part| name.contains(part));
        // A link may be signed.
        let has_link = || value.as_bytes().windows(3).any(|mark| mark == b"://");
        if is_secret || name == "location" || has_link() {
            value.set_sensitive(true);
        }
    }
    headers
}

/// Returns a text without what is commonly secret.
pub(super) fn concealed(text: &str) -> String {
    let mut text = concealed_once(text);
    for _ in 1..ROUNDS {
        let again = concealed_once(&text);
        if again == text {
            break;
        }
        text = again;
    }
    text
}

fn concealed_once(text: &str) -> String {
    let text = without_queries(text);
    let mut concealed = String::new();
    let mut rest = text.as_str();
    while let Some((start, length)) = named_secret(rest) {
        let (before, found) = rest.split_at(start);
        concealed += before;
        concealed += MASK;
        rest = &found[length..];
    }
    concealed + rest
}

fn without_queries(text: &str) -> String {
    // In lower case it is as long.
    let lower = text.to_ascii_lowercase();
    let (mut without, mut kept) = (String::new(), 0);
    while let Some(start) = first_of(&lower[kept..], &LINKS).map(|(at, mark)| kept + at + mark) {
        let end = start + end_of_link(&lower[start..]);
        let link = &lower[start..end];
        let server = first_of(link, &["/", "\\", "%2f"]).map_or(link.len(), |(at, _)| at);
        let query = first_of(link, &QUERIES).map_or(link.len(), |(at, _)| at);
        let user = first_of(&link[..server.min(query)], &["@", "%40"]).map_or(0, |(at, _)| at);
        without += &text[kept..start];
        if user > 0 {
            without += MASK;
        }
        without += &text[start + user..start + query];
        if query < link.len() {
            without += "?";
            without += MASK;
        }
        kept = end;
    }
    without + &text[kept..]
}

/// Finds the first of these in a text: its position and length.
fn first_of(text: &str, marks: &[&str]) -> Option<(usize, usize)> {
    marks.iter().filter_map(|mark| text.find(mark).map(|at| (at, mark.len()))).min()
}

fn end_of_link(text: &str) -> usize {
    let quote = text.find("\\\"").unwrap_or(text.len());
    let is_end = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`".contains(c);
    text.find(is_end).unwrap_or(text.len()).min(quote)
}

/// Finds the first value under the name of a secret: its position and length.
fn named_secret(text: &str) -> Option<(usize, usize)> {
    text.match_indices(['=', ':']).find_map(|(at, sign)| {
        let before = text[..at].trim_end_matches([' ', '"', '\'', '\\']);
        let name = &before[start_of_name(before)..];
        let name = name.to_ascii_lowercase();
        let value = text[at + 1..].trim_start_matches([' ', '"', '\'', '\\']);
        let is_quoted = text[at + 1..].trim_start().starts_with(['"', '\'', '\\']);
        let is_header = HEADERS.contains(&&*name);
        let is_named = NAMES.iter().any(|part| name.contains(part)) || name == "sig";
        // "token: may not be blank" says something of a field.
        if !(is_header || is_named && (sign == "=" || is_quoted)) {
            return None;
        }
        let scheme = if is_header { scheme(value) } else { 0 };
        let start = text.len() - value.len() + scheme;
        let length = end_of_value(&text[start..]);
        (length > 0 && !text[start..].starts_with(MASK)).then_some((start, length))
    })
}

fn start_of_name(text: &str) -> usize {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
    text.rfind(is_other).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8))
}

/// The length of the scheme at the beginning of a header's value.
fn scheme(value: &str) -> usize {
    let word = value.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(value.len());
    let blanks = value[word..].len() - value[word..].trim_start_matches(' ').len();
    if word > 0 && blanks > 0 { word + blanks } else { 0 }
}

fn end_of_value(text: &str) -> usize {
    let is_end = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`&;,|)]}\\".contains(c);
    text.find(is_end).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{concealed, marked};

    #[test]
    fn headers_that_may_be_secret_are_marked() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Token 0bad"),
            ("set-cookie", "a=0bad"),
            ("set-cookie", "b=0bad"),
            ("x-hook-secret", "0bad"),
            ("x-amz-security-token", "0bad"),
            ("x-api-key", "0bad"),
            ("location", "/a?sig=0bad"),
            ("link", "<https://a.example/?sig=0bad>; rel=next"),
            ("x-request-id", "r-1"),
            ("retry-after", "3"),
            ("content-type", "application/json"),
        ] {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let shown = format!("{:?}", marked(headers.clone()));
        assert!(!shown.contains("0bad"), "{shown}");
        for known in ["r-1", "\"3\"", "application/json"] {
            assert!(shown.contains(known), "{shown}");
        }
        assert_eq!(marked(headers.clone()), headers);
    }

    #[test]
    fn queries_and_user_names_of_links_are_concealed() {
        for (text, shown) in [
            (
                "no file at https://a.example/k?X-Amz-Signature=0bad&x=1 today",
                "no file at https://a.example/k?[redacted] today",
            ),
            (
                "{\"url\":\"https:\\/\\/a.example\\/k?sig=0bad\"}",
                "{\"url\":\"https:\\/\\/a.example\\/k?[redacted]\"}",
            ),
            (
                "to=https%3A%2F%2Fa.example%2Fk%3Fsig%3D0bad end",
                "to=https%3A%2F%2Fa.example%2Fk?[redacted] end",
            ),
            ("https://me:0bad@a.example/k", "https://[redacted]@a.example/k"),
            ("https://a.example/k#0bad", "https://a.example/k?[redacted]"),
            (
                "<a href='https://a.example/?0bad'>https://b.example/?0bad</a>",
                "<a href='https://a.example/?[redacted]'>https://b.example/?[redacted]</a>",
            ),
            ("see https://docs.example/a@b", "see https://docs.example/a@b"),
        ] {
            assert_eq!(concealed(text), shown);
        }
    }

    #[test]
    fn values_under_names_of_secrets_are_concealed() {
        for (text, shown) in [
            (
                "bad X-Amz-Signature=0bad&X-Amz-Date=1",
                "bad X-Amz-Signature=[redacted]&X-Amz-Date=1",
            ),
            ("sig=0bad;token=0bad", "sig=[redacted];token=[redacted]"),
            ("authorization: Token 0bad|accept: a", "authorization: Token [redacted]|accept: a"),
            ("{\"Authorization\": \"Bearer 0bad\"}", "{\"Authorization\": \"Bearer [redacted]\"}"),
            ("{\\\"secret\\\":\\\"0bad\\\"}", "{\\\"secret\\\":\\\"[redacted]\\\"}"),
            ("X-Hook-Secret: 0bad", "X-Hook-Secret: [redacted]"),
            ("token: may not be blank", "token: may not be blank"),
            ("name=x", "name=x"),
            ("token=", "token="),
        ] {
            assert_eq!(concealed(text), shown);
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_concealed_and_a_second_time_changes_nothing(
            text in "(\\PC|https://|token=|secret\":\"|%3A%2F%2F|[ ?@:=/\\\\\"]){0,40}"
        ) {
            let once = concealed(&text);
            prop_assert_eq!(concealed(&once), once);
        }
    }
}

//! Request paths: the template of the operation, with its variables filled in.

use std::fmt::Write as _;

/// Fills in a template: every variable becomes its value, encoded.
///
/// # Errors
///
/// Returns an error if a variable has no value, or one that would lead to another resource: a
/// segment that is empty, `.` or `..`.
pub(super) fn fill<'a>(
    template: &str,
    value_of: impl Fn(&str) -> Option<&'a str>,
) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    let (mut rest, mut segment) = (template, 0);
    while let Some((before, name, after)) = next_variable(rest) {
        path.push_str(before);
        if let Some(slash) = before.rfind('/') {
            segment = path.len() + slash + 1 - before.len();
        }
        encode(value_of(name).ok_or_else(|| format!("`{name}` is not set"))?, &mut path);
        let end = after.find('/').unwrap_or(after.len());
        check_segment(name, &path[segment..], &after[..end])?;
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// Checks the segment of a variable: the part that is filled in, and the rest of its template.
fn check_segment(name: &str, filled: &str, rest: &str) -> Result<(), String> {
    if filled.len() + rest.len() > 2 || rest.contains('{') {
        return Ok(());
    }
    match &*format!("{filled}{rest}") {
        "" => Err(format!("`{name}` is empty")),
        whole @ ("." | "..") => {
            Err(format!("`{name}` is `{whole}`, which can't be part of a path"))
        }
        _ => Ok(()),
    }
}

/// Checks the path of an undocumented call: it has to stay on the server, and lead to the resource
/// it names.
///
/// # Errors
///
/// Returns an error if it does not begin with `/`, has a query or fragment, or has a segment that
/// is empty, `.` or `..`, encoded or not.
pub(super) fn check(path: &str) -> Result<(), String> {
    let refused = |why: &str| Err(format!("the path {path:?} {why}"));
    let Some(segments) = path.strip_prefix('/') else {
        return refused("does not begin with `/`");
    };
    if path.contains(['?', '#']) {
        return refused("has a query or a fragment: set parameters with `query`");
    }
    if path.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace()) {
        return refused("has a backslash, a space or a control character: encode it");
    }
    if segments.is_empty() {
        return Ok(());
    }
    for segment in segments.strip_suffix('/').unwrap_or(segments).split('/') {
        if segment.is_empty() {
            return refused("has an empty segment");
        }
        let decoded = decoded(segment);
        if decoded.split(['/', '\\']).any(|part| [".", ".."].contains(&part)) {
            return refused("has a `.` or `..` segment");
        }
    }
    Ok(())
}

/// A segment as servers read it, some of which decode it twice.
fn decoded(segment: &str) -> String {
    let mut decoded = segment.to_ascii_lowercase();
    while decoded.contains("%25") {
        decoded = decoded.replace("%25", "%");
    }
    decoded.replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\")
}

/// The text before the first variable, its name, and the text after it.
fn next_variable(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// A table of ASCII letters, digits and these bytes, as every byte of every request is looked up.
pub(super) const fn plain(others: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < others.len() {
        table[others[at] as usize] = true;
        at += 1;
    }
    table
}

/// Encodes a value so that it stays within its segment, and decodes to what it was.
fn encode(value: &str, path: &mut String) {
    const PLAIN: [bool; 256] = plain(b"-._~!$&'()*+,;=:@");
    let is_plain = |byte: u8| PLAIN[usize::from(byte)];
    if value.bytes().all(is_plain) {
        path.push_str(value);
        return;
    }
    for byte in value.bytes() {
        if is_plain(byte) {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check, fill};

    fn filled(template: &str, value: &str) -> Result<String, String> {
        fill(template, |_| Some(value))
    }

    #[test]
    fn a_value_stays_inside_its_segment() {
        for (value, expected) in [
            ("0199c5a4-7b5e", "/a/0199c5a4-7b5e/"),
            ("a b/c", "/a/a%20b%2Fc/"),
            ("..\\studies\\S1", "/a/..%5Cstudies%5CS1/"),
            ("../x", "/a/..%2Fx/"),
            ("%2e%2e", "/a/%252e%252e/"),
            ("a?b#c", "/a/a%3Fb%23c/"),
            ("...", "/a/.../"),
            ("me@x:1", "/a/me@x:1/"),
            ("ü\n", "/a/%C3%BC%0A/"),
            ("{id}", "/a/%7Bid%7D/"),
        ] {
            assert_eq!(filled("/a/{id}/", value).as_deref(), Ok(expected), "{value}");
        }
    }

    #[test]
    fn a_segment_that_leads_elsewhere_is_refused() {
        for (template, value, problem) in [
            ("/a/{id}/", "..", "`id` is `..`, which can't be part of a path"),
            ("/a/{id}", ".", "`id` is `.`, which can't be part of a path"),
            ("/a/{id}{id}", ".", "`id` is `..`, which can't be part of a path"),
            ("/a/.{id}", ".", "`id` is `..`, which can't be part of a path"),
            ("/a/{id}/b", "", "`id` is empty"),
        ] {
            assert_eq!(filled(template, value).unwrap_err(), problem);
        }
        assert_eq!(filled("/a/{id}.json", "..").as_deref(), Ok("/a/...json"));
    }

    #[test]
    fn every_variable_needs_a_value_and_may_stand_twice() {
        let value_of = |name: &str| (name == "id").then_some("7");
        assert_eq!(fill("/a/{id}/b/{id}-x", value_of).as_deref(), Ok("/a/7/b/7-x"));
        assert_eq!(fill("/a/{id}/{other}", value_of).unwrap_err(), "`other` is not set");
        assert_eq!(
            fill("/.well-known/jwks.json", value_of).as_deref(),
            Ok("/.well-known/jwks.json")
        );
    }

    #[test]
    fn a_path_of_the_caller_stays_on_the_server_and_where_it_says() {
        for path in
            ["/", "/a", "/api/v1/tomorrow/", "/a/%C3%BC/ü", "/.well-known/x", "/a/...", "/a@b"]
        {
            assert_eq!(check(path), Ok(()), "{path}");
        }
        for (path, why) in [
            ("", "does not begin with `/`"),
            ("@elsewhere.example/", "does not begin with `/`"),
            (".elsewhere.example/", "does not begin with `/`"),
            ("https://elsewhere.example/", "does not begin with `/`"),
            ("/a?b", "a query or a fragment"),
            ("/a#b", "a query or a fragment"),
            ("/a b", "a backslash, a space"),
            ("/a\\..", "a backslash, a space"),
            ("/.\t./a", "a backslash, a space"),
            ("//", "an empty segment"),
            ("///", "an empty segment"),
            ("//elsewhere.example", "an empty segment"),
            ("/a//b", "an empty segment"),
            ("/a//", "an empty segment"),
            ("/a/../b", "has a `.` or `..` segment"),
            ("/a/..", "has a `.` or `..` segment"),
            ("/./a/", "has a `.` or `..` segment"),
            ("/a/%2e%2E/b", "has a `.` or `..` segment"),
            ("/a/.%2e/b", "has a `.` or `..` segment"),
            ("/a/%252e%252e/b", "has a `.` or `..` segment"),
            ("/a/..%2fb", "has a `.` or `..` segment"),
            ("/a/%5c..", "has a `.` or `..` segment"),
        ] {
            let refused = check(path).unwrap_err();
            assert!(refused.contains(why), "{path}: {refused}");
        }
    }
}

//! The path of a request: the template of its operation, with the variables in their places.

use std::fmt::Write as _;

/// A template in which every variable is replaced by its value, encoded.
///
/// # Errors
///
/// Where a variable has no value, or one that would lead to another resource: a segment that is
/// empty, `.` or `..`.
pub(super) fn fill<'a>(
    template: &str,
    value_of: impl Fn(&str) -> Option<&'a str>,
) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    for segment in template.split_inclusive('/') {
        let (segment, end) = match segment.strip_suffix('/') {
            Some(segment) => (segment, "/"),
            None => (segment, ""),
        };
        let start = path.len();
        let mut variable = None;
        let mut rest = segment;
        while let Some((before, name, after)) = next_variable(rest) {
            let value = value_of(name).ok_or_else(|| format!("`{name}` is not set"))?;
            path.push_str(before);
            encode(value, &mut path);
            variable = Some(name);
            rest = after;
        }
        path.push_str(rest);
        if let Some(name) = variable {
            let filled = path.get(start..).unwrap_or_default();
            match filled {
                "" => return Err(format!("`{name}` is empty")),
                "." | ".." => {
                    return Err(format!("`{name}` is `{filled}`, which is no part of a path"));
                }
                _ => {}
            }
        }
        path.push_str(end);
    }
    Ok(path)
}

/// What stands before the first variable, its name, and what stands behind it.
fn next_variable(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// Writes a value so that it stays inside its segment, and is what it was for whoever decodes it.
fn encode(value: &str, path: &mut String) {
    for byte in value.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
        if is_plain {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

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
            ("/a/{id}/", "..", "`id` is `..`, which is no part of a path"),
            ("/a/{id}", ".", "`id` is `.`, which is no part of a path"),
            ("/a/{id}{id}", ".", "`id` is `..`, which is no part of a path"),
            ("/a/.{id}", ".", "`id` is `..`, which is no part of a path"),
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
}

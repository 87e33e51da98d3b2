//! Removes known secrets from what a server says.

use std::borrow::Cow;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;

/// Replaces a secret.
pub(crate) const MASK: &str = "[redacted]";

/// Shorter values are not secrets, and occur in any text.
const SECRET: usize = 6;

/// How many times a value may have been percent-encoded.
const TIMES: usize = 4;

/// The spellings of a secret to search for: plain, and in Base64 at any offset in the encoded text,
/// such as `Basic` credentials, without characters that other bytes contribute to.
pub(crate) fn spelled(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned()];
    for before in 0..3 {
        let bytes = [&[0; 3][..before], secret.as_bytes()].concat();
        let own = (8 * before).div_ceil(6)..8 * bytes.len() / 6;
        for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let encoded = alphabet.encode(&bytes);
            all.extend(encoded.get(own.clone()).map(str::to_owned));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Returns a text without these secrets, in any spelling: plain, in another case, percent-encoded
/// (several times), escaped as in JSON or HTML, and cut off at the end of the text.
pub(crate) fn masked<'t>(text: &'t str, secrets: &[impl AsRef<str>]) -> Cow<'t, str> {
    masked_from(text, secrets, &Beginnings::of(secrets))
}

/// [`masked`], by the beginnings of the same secrets, for those who look for them often.
pub(crate) fn masked_from<'t>(
    text: &'t str,
    secrets: &[impl AsRef<str>],
    beginnings: &Beginnings,
) -> Cow<'t, str> {
    if text.len() < SECRET {
        return Cow::Borrowed(text);
    }
    let mut masked = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some([byte, next, ..]) = text.as_bytes().get(at..) {
        if !beginnings.may_be(*byte, *next) {
            at += 1;
            continue;
        }
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let found = secrets.iter().filter_map(|secret| length_at(rest, secret.as_ref())).max();
        let Some(length) = found.filter(|length| text.is_char_boundary(at + length)) else {
            at += 1;
            continue;
        };
        masked += text.get(kept..at).unwrap_or_default();
        masked += MASK;
        at += length;
        kept = at;
    }
    match kept {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(masked + text.get(kept..).unwrap_or_default()),
    }
}

/// Returns a body without these secrets; the same one if it has none.
pub(crate) fn masked_body(body: Bytes, secrets: &[impl AsRef<str>]) -> Bytes {
    let text = String::from_utf8_lossy(&body);
    match masked(&text, secrets) {
        Cow::Borrowed(_) => body,
        Cow::Owned(masked) => masked.into(),
    }
}

/// What bytes secrets may begin with in a text. Most texts have no such pair of bytes, and the headers
/// of every response are searched. It tells of a secret, so it has no `Debug`.
pub(crate) struct Beginnings([u8; 256]);

/// A byte may be the first of a secret, the second, or the beginning of one that is encoded.
const FIRST: u8 = 1;
const SECOND: u8 = 2;
const ENCODED: u8 = 4;

impl Beginnings {
    pub(crate) fn of(secrets: &[impl AsRef<str>]) -> Self {
        let mut all = [0; 256];
        // They encode any byte.
        for byte in *b"%\\&" {
            all[usize::from(byte)] = SECOND | ENCODED;
        }
        for secret in secrets {
            for (byte, role) in secret.as_ref().bytes().zip([FIRST, SECOND]) {
                all[usize::from(byte.to_ascii_lowercase())] |= role;
                all[usize::from(byte.to_ascii_uppercase())] |= role;
            }
        }
        Self(all)
    }

    /// Whether a secret may begin somewhere.
    pub(crate) fn may_be_in(&self, text: &[u8]) -> bool {
        text.windows(2).any(|pair| self.may_be(pair[0], pair[1]))
    }

    /// Whether a secret may begin with these bytes.
    fn may_be(&self, first: u8, second: u8) -> bool {
        let [first, second] = [first, second].map(|byte| self.0[usize::from(byte)]);
        ((first << 1) & second & SECOND) | (first & ENCODED) != 0
    }
}

/// The length of the secret at the beginning of the text.
fn length_at(text: &[u8], secret: &str) -> Option<usize> {
    if secret.len() < SECRET {
        return None;
    }
    let mut length = 0;
    for (read, byte) in secret.bytes().enumerate() {
        let rest = text.get(length..).unwrap_or_default();
        if rest.is_empty() && read >= SECRET {
            return Some(length);
        }
        length += length_of(rest, byte)?;
    }
    Some(length)
}

/// The length of the encoded byte at the beginning of the text.
fn length_of(text: &[u8], byte: u8) -> Option<usize> {
    let spelled = match text.first()? {
        b'%' => percent_encoded(text, byte),
        b'\\' => escaped(text, byte),
        b'&' => entity(text, byte),
        _ => None,
    };
    spelled.or_else(|| text.first()?.eq_ignore_ascii_case(&byte).then_some(1))
}

/// A `%` that was encoded again is `%25`.
fn percent_encoded(text: &[u8], byte: u8) -> Option<usize> {
    let encoded = |times: usize| {
        let (again, rest) = text.get(1..)?.split_at_checked(2 * times)?;
        let is_meant =
            again.chunks(2).all(|code| code == b"25") && is_code(rest.get(..2)?, 16, byte);
        is_meant.then_some(3 + again.len())
    };
    (0..TIMES).rev().find_map(encoded)
}

fn escaped(text: &[u8], byte: u8) -> Option<usize> {
    match text.get(1)? {
        b'u' => is_code(text.get(2..6)?, 16, byte).then_some(6),
        b'x' => is_code(text.get(2..4)?, 16, byte).then_some(4),
        other => (*other == byte).then_some(2),
    }
}

fn entity(text: &[u8], byte: u8) -> Option<usize> {
    let end = text.iter().take(8).position(|byte| *byte == b';')?;
    let is_meant = match text.get(1..end)? {
        [b'#', b'x' | b'X', code @ ..] => is_code(code, 16, byte),
        [b'#', code @ ..] => is_code(code, 10, byte),
        b"amp" => byte == b'&',
        b"lt" => byte == b'<',
        b"gt" => byte == b'>',
        b"quot" => byte == b'"',
        b"apos" => byte == b'\'',
        _ => false,
    };
    is_meant.then_some(end + 1)
}

fn is_code(digits: &[u8], radix: u32, byte: u8) -> bool {
    let code =
        std::str::from_utf8(digits).ok().and_then(|digits| u32::from_str_radix(digits, radix).ok());
    let code = code.and_then(|code| u8::try_from(code).ok());
    code.is_some_and(|code| code.eq_ignore_ascii_case(&byte))
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    };
    use bytes::Bytes;

    use super::{masked, masked_body, spelled};

    const TOKEN: &str = "sesame-0/2&4%6<8+a";

    #[test]
    fn every_spelling_of_a_secret_is_masked() {
        for spelled in [
            TOKEN,
            "SESAME-0/2&4%6<8+A",
            "sesame-0%2F2%264%256%3C8%2Ba",
            "sesame-0%2f2%264%256%3c8%2ba",
            "sesame-0%252F2%25264%25256%253C8%252Ba",
            "sesame-0\\/2\\u00264%6\\u003c8\\u002ba",
            "sesame-0\\x2f2\\x264%6<8+a",
            "sesame-0/2&amp;4%6&lt;8+a",
            "sesame-0&#x2F;2&#38;4%6&#60;8&#43;a",
            "%73esame-0/2&4%6<8+a",
        ] {
            let text = format!("é Token {spelled}!");
            assert_eq!(masked(&text, &[TOKEN]), "é Token [redacted]!", "{text}");
        }
    }

    #[test]
    fn a_secret_in_base64_is_masked_wherever_it_is_in_what_was_encoded() {
        let secrets = spelled(TOKEN);
        for around in ["", "m", "me", "me:", "user:"] {
            let text = format!("{around}{TOKEN}{around}");
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let shown = masked(&encoded, &secrets);
                let left: usize = shown.split("[redacted]").map(str::len).sum();
                // Four characters are three bytes, and at each end a byte may be halved.
                assert!(left <= 4 * (2 * around.len()).div_ceil(3) + 4, "{encoded}: {shown}");
                assert!(shown.contains("[redacted]"), "{encoded}: {shown}");
            }
        }
        assert_eq!(masked("an ordinary text", &secrets), "an ordinary text");
        assert!(!spelled("").contains(&"AA".to_owned()));
    }

    #[test]
    fn a_secret_that_is_cut_off_at_the_end_is_masked() {
        assert_eq!(masked("Token sesame-0/2", &[TOKEN]), "Token [redacted]");
        assert_eq!(masked("Open sesam", &[TOKEN]), "Open sesam");
    }

    #[test]
    fn all_else_stays() {
        for text in
            ["", "sesame", "sesame-0 /2", "%", "\\", "&", "%2", "\\u00", "&#x2", "%25", "é\u{202e}"]
        {
            assert_eq!(masked(&format!("{text} ü"), &[TOKEN, "abc"]), format!("{text} ü"));
        }
        let body = Bytes::from_static(b"\xff\xfe abc");
        assert_eq!(masked_body(body.clone(), &["abc", TOKEN]), body);
        assert_eq!(
            masked_body(Bytes::from_static(b"\xffabcdef."), &["abcdef"]),
            "\u{fffd}[redacted]."
        );
    }

    #[test]
    fn many_secrets_are_masked_one_after_the_other() {
        let secrets = ["abcdef", "abcdefgh"];
        assert_eq!(masked("abcdefgh abcdef", &secrets), "[redacted] [redacted]");
    }
}

use super::conceal::concealed;

/// The maximum length of a quoted text of the server, in characters.
pub(super) const SHOWN: usize = 200;

/// Returns the beginning of a text on one line, without control characters and common secrets: a
/// server's text must not break a log, flood it, or put secrets in it.
pub(crate) fn excerpt(text: &str) -> String {
    let text = concealed(text);
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let one_line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}

#[cfg(test)]
mod tests {
    use super::{SHOWN, excerpt};

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" a\r\n\tb\u{1b}[31mc\u{2028}d "), "a b [31mc d");
        assert_eq!(excerpt(&"ü".repeat(SHOWN)), "ü".repeat(SHOWN));
        assert_eq!(excerpt(&"ü".repeat(SHOWN + 1)).chars().count(), SHOWN + 1);
    }
}

//! Makes foreign text safe to show: terminals obey control characters, bidirectional marks make a
//! line look different than it is, and job logs interpret commands.

use std::borrow::Cow;

/// The text with each character that a terminal would obey, and not show, spelled out.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) && !text.contains(MARK_OF_LOGS) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        match is_obeyed(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
        shown
    });
    Cow::Owned(shown.replace(MARK_OF_LOGS, r"##\u{5b}"))
}

/// What GitHub interprets as a command anywhere in a job log.
pub(crate) const MARK_OF_LOGS: &str = "##[";

/// Whether a character has an effect where it is shown. Includes line breaks, since the output is a
/// single line.
pub fn is_obeyed(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let is_break_or_filler =
        matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    // What a character of private use looks like is for each font to say.
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    c.is_control() || is_direction || is_break_or_filler || is_private
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        let hostile = "a\u{1b}[2Jb\u{202e}c\u{9b}d\ne\u{7}f\u{200f}g\u{e000}";
        let shown = r"a\u{1b}[2Jb\u{202e}c\u{9b}d\u{a}e\u{7}f\u{200f}g\u{e000}";
        assert_eq!(printable(hostile), shown);
    }

    #[test]
    fn what_the_log_of_a_job_would_obey_is_spelled_out() {
        assert_eq!(printable("a ##[error]b"), r"a ##\u{5b}error]b");
        assert_eq!(printable("# ##a [b] #[c]"), "# ##a [b] #[c]");
    }

    #[test]
    fn words_of_any_script_stay_as_they_are() {
        for text in ["plain", "Hélène", "数据集", "שלום", "👩‍🔬"] {
            assert_eq!(printable(text), text);
        }
    }
}

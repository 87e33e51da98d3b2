//! Texts by line and column.

use crate::document::Place;

/// The lines of a text. A minified document is one line, so that a column is found without counting
/// from the beginning of its line.
pub(super) struct Lines<'a>(Vec<Line<'a>>);

struct Line<'a> {
    text: &'a str,
    /// Where every [`STRIDE`]th character begins.
    marks: Vec<usize>,
}

const STRIDE: usize = 128;

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub(super) fn of(text: &'a str) -> Self {
        let line = |text: &'a str| Line {
            text,
            marks: text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect(),
        };
        Self(text.lines().map(line).collect())
    }

    /// The line of a place, split before and after the place; both parts are empty if there is no
    /// such line.
    pub(super) fn split_at(&self, place: Place) -> (&'a str, &'a str) {
        let index = |number: u32| usize::try_from(number).ok()?.checked_sub(1);
        let Some(line) = index(place.line).and_then(|index| self.0.get(index)) else {
            return ("", "");
        };
        let column = index(place.column).unwrap_or_default();
        let mark = line.marks.get(column / STRIDE).copied().unwrap_or(line.text.len());
        let mut behind = line.text[mark..].char_indices();
        let at = behind.nth(column % STRIDE).map_or(line.text.len(), |(at, _)| mark + at);
        line.text.split_at(at)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use crate::document::{Place, SourceId};

    #[test]
    fn a_column_counts_characters_and_what_is_beyond_is_empty() {
        let text = format!("first\n{}x{}y\n", "ü".repeat(300), "日".repeat(127));
        let lines = Lines::of(&text);
        let behind = |line, column| lines.split_at(Place { source: SourceId(0), line, column }).1;
        assert_eq!(behind(1, 1), "first");
        assert_eq!(behind(1, 5), "t");
        assert!(behind(2, 301).starts_with('x'));
        assert_eq!(behind(2, 429), "y");
        for (line, column) in [(1, 6), (2, 430), (2, 4_000), (3, 1), (0, 0)] {
            assert_eq!(behind(line, column), "", "{line}:{column}");
        }
    }
}

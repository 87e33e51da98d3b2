//! A finding as rustc shows an error: what is wrong, where, the line itself, and what to do.

use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Level, Origin, Padding, Renderer, Snippet,
};

use crate::{
    document::Pointer,
    finding::Finding,
    printable::{MARK_OF_LOGS, is_obeyed, printable},
    read::Sources,
};

/// How much of a line is shown around the value, in characters. JSON may be all one line.
const SHOWN_AROUND: usize = 60;

/// The last column whose line is shown.
const LAST_COLUMN: usize = 100_000;

/// What is drawn in addition to an error itself.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Whether it is an error or a warning.
    pub level: Level<'static>,
    /// The number by which other findings refer to it.
    pub number: Option<usize>,
    /// Where else the same was found.
    pub elsewhere: Option<String>,
}

/// Draws a finding.
pub fn draw(finding: &Finding, frame: &Frame, sources: &Sources, renderer: &Renderer) -> String {
    let Frame { level, number, elsewhere } = frame;
    let number = number.map_or_else(String::new, |number| format!(" (#{number})"));
    let problem = one_line(&finding.problem) + &number;
    let title = level.clone().primary_title(problem.as_str());
    let title = if finding.rule.is_empty() { title } else { title.id(finding.rule) };
    let place = finding.place;
    let file = printable(sources.name(place.source));
    let (line, column) = (place.line as usize, place.column as usize);
    let cut = sources.line(place).and_then(|text| Cut::around(text, column));
    let subject = one_line(&finding.subject());
    let remedy = one_line(&finding.remedy);

    let group = match &cut {
        Some(cut) => title.element(cut.snippet(&file, line)).element(Padding),
        None => title.element(Origin::path(&*file).line(line).char_column(column)),
    };
    let is_of_a_value = finding.pointer.as_ref().is_some_and(|at| *at != Pointer::root());
    let note = is_of_a_value.then(|| Element::from(Level::NOTE.message(subject.as_str())));
    let elsewhere = elsewhere.as_ref().map(|also| Level::NOTE.message(also.as_str()).into());
    let help = Element::from(Level::HELP.message(remedy.as_str()));
    let group = group.elements(note.into_iter().chain(elsewhere).chain([help]));
    renderer.render(&[group]).replace(MARK_OF_LOGS, "##\u{fffd}") + "\n"
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable(&words.join(" ")).into_owned()
}

/// The part of a line that is shown, and where the value is in it.
struct Cut {
    text: String,
    value: Range<usize>,
}

impl Cut {
    fn around(line: &str, column: usize) -> Option<Self> {
        let index = column.checked_sub(1).filter(|index| *index < LAST_COLUMN)?;
        let start = line.char_indices().nth(index).map(|(at, _)| at)?;
        let (before, rest) = line.split_at(start);
        let value = &rest[..length_of_value(rest)];
        let shown_value = first(value, SHOWN_AROUND);
        let after = first(&rest[shown_value.len()..], SHOWN_AROUND);
        let shown_before = last(before, SHOWN_AROUND);
        // Blanks keep the column; they are not drawn.
        let blanks = " ".repeat(index.saturating_sub(SHOWN_AROUND));
        let lead = blanks + &shown(shown_before);
        let trail = if shown_value.len() + after.len() < rest.len() { "…" } else { "" };
        let shown_value = shown(shown_value);
        let value = lead.len()..lead.len() + shown_value.len();
        Some(Self { text: lead + &shown_value + &shown(after) + trail, value })
    }

    fn snippet<'a>(&'a self, file: &'a str, line: usize) -> Snippet<'a, Annotation<'a>> {
        let value = AnnotationKind::Primary.span(self.value.clone());
        Snippet::source(self.text.as_str()).path(Some(file)).line_start(line).annotation(value)
    }
}

/// The source, a character for a character, so that the marks stay under the value.
fn shown(text: &str) -> String {
    text.chars().map(|c| if is_obeyed(c) && c != '\t' { '\u{fffd}' } else { c }).collect()
}

fn first(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(end, _)| &text[..end])
}

fn last(text: &str, count: usize) -> &str {
    let skipped = text.chars().count().saturating_sub(count);
    text.char_indices().nth(skipped).map_or("", |(start, _)| &text[start..])
}

/// How far the value or the key reaches that a rest of a line begins with, in bytes.
fn length_of_value(rest: &str) -> usize {
    let mut inner = rest.char_indices().skip(1);
    let end = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => inner.find(|(_, c)| *c == quote).map(|(at, _)| at + 1),
        Some('{' | '[' | '|' | '>') => Some(1),
        _ => rest
            .char_indices()
            .find(|(at, c)| match c {
                ',' | ']' | '}' => true,
                ':' => rest[at + 1..].chars().next().is_none_or(char::is_whitespace),
                '#' => rest[..*at].ends_with(char::is_whitespace),
                _ => false,
            })
            .map(|(at, _)| at),
    };
    rest[..end.unwrap_or(rest.len())].trim_end().len().max(first(rest, 1).len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;

    fn drawn(text: &str, line: u32, column: u32) -> String {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", text);
        let place = Place { source, line, column };
        let finding =
            Finding { rule: "types", ..Finding::about_source(place, "odd", "correct it") };
        let frame = Frame { level: Level::ERROR, number: None, elsewhere: None };
        draw(&finding, &frame, &sources, &Renderer::plain())
    }

    fn marked(line: &str, column: usize) -> String {
        let cut = Cut::around(line, column).unwrap();
        cut.text[cut.value].to_owned()
    }

    #[test]
    fn a_finding_shows_the_line_with_the_value_underlined_and_the_remedy() {
        let drawn = drawn("a: 1\nb:   two words # said\n", 2, 6);
        let expected = "\
error[types]: odd
 --> a.yaml:2:6
  |
2 | b:   two words # said
  |      ^^^^^^^^^
  |
  = help: correct it
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn the_value_is_marked_as_far_as_it_reaches() {
        let cases = [
            ("a: {$ref: '#/b/c d'}", 11, "'#/b/c d'"),
            ("a: [one, two]", 5, "one"),
            ("  key: value", 3, "key"),
            ("  https://h/a: {}", 3, "https://h/a"),
            ("a: {b: 1}", 4, "{"),
            ("\"a\": \"b, c\"", 6, "\"b, c\""),
            ("a: 'open", 4, "'open"),
            ("a: x", 4, "x"),
        ];
        for (line, column, value) in cases {
            assert_eq!(marked(line, column), value, "{line}");
        }
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_and_its_column_stays() {
        let text = format!("{}'here'{}", "x".repeat(500), ", y".repeat(500));
        let drawn = drawn(&text, 1, 501);
        assert!(drawn.contains("a.yaml:1:501"), "{drawn}");
        assert!(drawn.contains("x'here', y") && drawn.len() < 700, "{drawn}");
    }

    #[test]
    fn a_place_that_is_no_part_of_the_text_shows_no_line() {
        for (text, line, column) in [("", 1, 1), ("a\n", 7, 1), ("a\n", 1, 9)] {
            let drawn = drawn(text, line, column);
            assert!(drawn.contains("a.yaml") && drawn.contains("correct it"), "{drawn}");
            assert!(!drawn.contains('^'), "{drawn}");
        }
    }

    #[test]
    fn the_source_can_not_speak_to_the_terminal() {
        let drawn = drawn("a: ##[group]\u{1b}[31m\u{202e}x\u{9b}2J\n", 1, 4);
        assert!(drawn.contains("##") && !drawn.contains("##["), "{drawn:?}");
        assert!(!drawn.contains(|c| is_obeyed(c) && c != '\n'), "{drawn:?}");
    }
}

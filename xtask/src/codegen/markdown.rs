//! Makes foreign Markdown inert: the result contains no code that rustdoc would compile
//! or run, no HTML, no picture, and no link but to the web.
//!
//! It is read by the parser that rustdoc uses, edited where the parser finds something, and read
//! again until nothing is found. What is still found after some rounds is shown as plain text.

use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd,
};

use crate::printable::printable;

/// How often the text is edited before it is given up as Markdown.
const ROUNDS: usize = 12;

/// The links that the generator and this build step write themselves.
const OWN_LINKS: [&str; 5] = [
    "crate::Client::",
    "super::Client::",
    "super::super::Client::",
    "::httpmock::",
    "crate::types::",
];

/// The extensions that rustdoc shows a text with.
const SHOWN_WITH: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_SMART_PUNCTUATION);

/// Characters that have a meaning in Markdown.
const MARKUP: &str = "\\`*_{}[]<>()#+-.!|~&=\"'$^";

/// The text as documentation, line by line without a common indentation.
///
/// # Errors
///
/// Where the parser finds code even in plain text, which would be a fault of one of us.
pub(super) fn inert(text: &str) -> Result<String, String> {
    let text = lines(text);
    let mut edited = text.clone();
    for _ in 0..ROUNDS {
        match edits(&edited) {
            Some(edits) if edits.is_empty() => return Ok(edited),
            Some(edits) => edited = lines(&apply(&edited, edits)),
            None => break,
        }
    }
    let plain = plain(&text);
    match edits(&plain) {
        Some(edits) if edits.is_empty() => Ok(plain),
        _ => Err("this documentation can't be converted to plain text".to_owned()),
    }
}

/// The text as rustdoc reads it from comments: without blanks around it, without an indentation
/// that all lines have, and without what an editor or a compiler would obey.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
    let lines: Vec<String> = text.split('\n').map(line).collect();
    let filled = lines.iter().filter(|line| !line.is_empty());
    let common = filled.map(|line| indentation(line)).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(common..).unwrap_or("")).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn line(text: &str) -> String {
    match text.trim().is_empty() {
        true => String::new(),
        false => printable(text.trim_end_matches(' ')).into_owned(),
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A part of the text, and what takes its place.
type Edit = (Range<usize>, String);

/// The necessary changes; `None` if the text can't be made inert.
fn edits(text: &str) -> Option<Vec<Edit>> {
    // rustdoc looks for tests without the extensions that it shows the text with.
    for (options, is_shown) in [(Options::empty(), false), (SHOWN_WITH, true)] {
        let edits = Edits::of(text, options, is_shown).found?;
        if !edits.is_empty() {
            return Some(edits);
        }
    }
    Some(Vec::new())
}

struct Edits<'a> {
    text: &'a str,
    /// `None` once something can't be made inert.
    found: Option<Vec<Edit>>,
    /// How many quotes, lists and footnotes are open.
    depth: usize,
    /// A block of code that is open and indented: where it starts, and its lines.
    indented: Option<(usize, Vec<Range<usize>>)>,
}

impl<'a> Edits<'a> {
    fn of(text: &'a str, options: Options, is_shown: bool) -> Self {
        let mut edits = Self { text, found: Some(Vec::new()), depth: 0, indented: None };
        // rustdoc takes `[name]` for a link to an item of that name.
        let as_link = |_: BrokenLink<'_>| Some((CowStr::from(""), CowStr::from("")));
        let parser = Parser::new_with_broken_link_callback(text, options, Some(as_link));
        let parser = parser.into_offset_iter();
        let definitions = parser.reference_definitions().iter();
        for (_, link) in definitions.filter(|(_, link)| is_shown && !is_allowed(&link.dest)) {
            edits.escape(link.span.start);
        }
        for (event, range) in parser {
            if is_shown {
                edits.see_markup(&event, &range);
            }
            edits.see_code(event, range);
        }
        edits
    }

    fn see_markup(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::HtmlBlock) => {
                let block = self.text.get(range.clone()).unwrap_or_default();
                for (at, _) in block.match_indices('<') {
                    self.escape(range.start + at);
                }
            }
            Event::InlineHtml(_) | Event::Start(Tag::Image { .. }) => self.escape(range.start),
            Event::Start(Tag::Link { link_type, dest_url, .. })
                if *link_type == LinkType::Email || !is_allowed(dest_url) =>
            {
                self.escape(range.start);
            }
            _ => {}
        }
    }

    fn see_code(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                self.indented = Some((range.start, Vec::new()));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info != "text" => {
                self.mark_as_text(range);
            }
            Event::Text(_) => {
                if let Some((_, lines)) = &mut self.indented {
                    lines.push(range);
                }
            }
            Event::End(TagEnd::CodeBlock) => self.close(range.end),
            Event::Start(
                Tag::BlockQuote(_) | Tag::List(_) | Tag::Item | Tag::FootnoteDefinition(_),
            ) => self.depth += 1,
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition,
            ) => self.depth -= 1,
            _ => {}
        }
    }

    fn edit(&mut self, range: Range<usize>, text: String) {
        if let Some(found) = &mut self.found {
            found.push((range, text));
        }
    }

    fn escape(&mut self, at: usize) {
        self.edit(at..at, "\\".to_owned());
    }

    /// Marks the code in a fence as text.
    fn mark_as_text(&mut self, range: Range<usize>) {
        let block = self.text.get(range.clone()).unwrap_or_default();
        let marks = block.trim_start_matches(' ');
        let info = marks.trim_start_matches(if marks.starts_with('~') { '~' } else { '`' });
        if marks.len() - info.len() < 3 {
            self.found = None;
            return;
        }
        let start = range.start + block.len() - info.len();
        let length = info.find('\n').unwrap_or(info.len());
        self.edit(start..start + length, "text".to_owned());
    }

    fn close(&mut self, end: usize) {
        let Some((start, lines)) = self.indented.take() else {
            return;
        };
        if self.depth == 0 {
            self.fence(start, &lines, end);
        } else {
            lines.into_iter().for_each(|line| self.unindent(line));
        }
    }

    /// Puts a fence around code that is indented.
    fn fence(&mut self, start: usize, lines: &[Range<usize>], end: usize) {
        let text = self.text;
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let code: String = lines.iter().map(|line| &text[line.clone()]).collect();
        let code = code.trim_end();
        let runs = code.split(|c| c != '`').map(str::len);
        let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
        self.edit(line_start..end, format!("{fence}text\n{code}\n{fence}\n"));
    }

    /// Makes words of a line of code in a quote or a list.
    fn unindent(&mut self, line: Range<usize>) {
        let before = &self.text[..line.start];
        let start = before.trim_end_matches(' ').len();
        let is_first = start == 0 || before[..start].ends_with('\n');
        let code = &self.text[line.clone()];
        let end = line.start + code.trim_end_matches('\n').len();
        let blank = if is_first { "" } else { " " };
        self.edit(start..end, format!("{blank}{}", plain(code)));
    }
}

fn is_allowed(destination: &str) -> bool {
    let is_own = OWN_LINKS.iter().any(|own| {
        destination.strip_prefix(own).is_some_and(|rest| {
            rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
        })
    });
    let lower = destination.to_ascii_lowercase();
    let is_of_web = lower.starts_with("https://") || lower.starts_with("http://");
    is_own || is_of_web
}

/// Edits in the order of their places; of two that overlap, the first.
fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edited = String::with_capacity(text.len() + edits.len());
    let mut done = 0;
    for (range, replacement) in edits {
        if range.start < done {
            continue;
        }
        edited.push_str(&text[done..range.start]);
        edited.push_str(&replacement);
        done = range.end;
    }
    edited + &text[done..]
}

/// The text with each mark of Markdown escaped, and nothing indented.
fn plain(text: &str) -> String {
    let lines: Vec<String> = text.trim_matches('\n').split('\n').map(plain_line).collect();
    lines.join("\n")
}

fn plain_line(line: &str) -> String {
    line.trim().chars().fold(String::with_capacity(line.len()), |mut plain, c| {
        if MARKUP.contains(c) {
            plain.push('\\');
        }
        plain.push(c);
        plain
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Holds that the text comes out so, and stays so.
    fn assert_inert(text: &str, expected: &str) {
        let made = inert(text).unwrap();
        assert_eq!(made, expected, "{text:?}");
        assert_eq!(inert(&made).unwrap(), made, "{text:?}");
    }

    #[test]
    fn markdown_without_code_stays_as_it_is() {
        for text in [
            "no `code`, **strong**, *emphasised*, ~~struck~~",
            "# Title\n\n- a\n  - b\n    continued\n\n1. one\n\n> quoted",
            "| a | b |\n|---|---|\n| `GET /a` | c |",
            "[web](https://a.example/b), <https://a.example>",
            "[`Client::get`]\n\n[`Client::get`]: super::Client::get",
            "- [ ] to do\n- [x] done",
        ] {
            assert_inert(text, text);
        }
    }

    #[test]
    fn fenced_code_is_text_whatever_its_fence_says() {
        for info in [
            "",
            "rust",
            "json",
            "text,rust",
            "{.x}",
            ",rust",
            "(c) rust",
            "rust\tx",
            "rust,no_run",
            "test_harness",
            "standalone_crate",
            "ignore",
            "should_panic",
            "edition2024",
            "&#114;ust",
        ] {
            assert_inert(&format!("a\n\n```{info}\nb\n```\nc"), "a\n\n```text\nb\n```\nc");
        }
        assert_inert("a\n~~~ x`y\n```\nb\n~~~", "a\n~~~text\n```\nb\n~~~");
        assert_inert("> ```\n> a\n> ```", "> ```text\n> a\n> ```");
        assert_inert("- ~~~rust\n  a\n  ~~~", "- ~~~text\n  a\n  ~~~");
    }

    #[test]
    fn indented_code_is_fenced_or_where_it_can_not_be_made_words() {
        assert_inert("a\n\n    b\n      c```\n\nd", "a\n\n````text\nb\n  c```\n````\n\nd");
        assert_inert("a\n\n \tb", "a\n\n```text\n b\n```");
        assert_inert("-     f(x);\n", "- f\\(x\\);");
        assert_inert("- a\n\n      f(x);", "- a\n\nf\\(x\\);");
        assert_inert(">     # a\n>     b", "> \\# a\n> b");
        assert_inert("[^a]: a\n\n        b", "[^a]: a\n\n```text\n    b\n```");
    }

    #[test]
    fn an_indentation_that_all_lines_have_is_none() {
        assert_inert("    a\n      b\n\n    c", "a\n  b\n\nc");
    }

    #[test]
    fn html_and_pictures_and_links_to_elsewhere_than_the_web_are_words() {
        assert_inert("a <b onclick=x> <!-- c -->", "a \\<b onclick=x> \\<!-- c -->");
        assert_inert("<script>\nf()\n</script>", "\\<script>\nf()\n\\</script>");
        assert_inert("![a](https://b.example/c.png)", "\\![a](https://b.example/c.png)");
        for link in ["[a](javascript:f)", "[a](struct@Client)", "[a](../b)", "[Client]"] {
            assert_inert(link, &format!("\\{link}"));
        }
        assert_inert("[a][b]", "\\[a]\\[b]");
        assert_inert("[a]\n\n[a]: data:text/html,b", "\\[a]\n\n\\[a]: data:text/html,b");
        assert_inert("<javascript:f> <a@b.example>", "\\<javascript:f> \\<a@b.example>");
        assert_inert("[a](crate::Client::b\\(\\))", "\\[a](crate::Client::b\\(\\))");
    }

    #[test]
    fn line_breaks_of_any_system_are_lines_and_what_is_obeyed_is_spelled_out() {
        assert_inert("a\rb\r\nc", "a\nb\nc");
        assert_inert("a\u{202e}b\u{2028}c\0d", r"a\u{202e}b\u{2028}c\u{0}d");
        assert_inert("a \n\u{a0}\n b", "a\n\n b");
    }

    #[test]
    fn html_in_a_footnote_is_words_of_it() {
        assert_inert("[^a]:<div>- 'a b'\n", "[^a]:\\<div>- 'a b'");
    }

    #[test]
    fn plain_text_holds_no_markup() {
        let text = "```\n    a\n\n> - 1. b\n# c [d](e) <f> &amp; *g* ![h] |i|\n===\n---";
        assert_eq!(edits(&plain(text)), Some(Vec::new()), "{}", plain(text));
    }

    /// What Markdown is made of, and what looks like it.
    fn markup() -> impl Strategy<Value = String> {
        let parts = [
            "\n",
            "\n\n",
            "    ",
            "  ",
            " ",
            "\t",
            "```",
            "~~~",
            "````",
            "`",
            "> ",
            ">",
            "- ",
            "* ",
            "+ ",
            "1. ",
            "2) ",
            "rust",
            "text",
            "<div>",
            "</div>",
            "<!--",
            "-->",
            "<script>",
            "<![CDATA[",
            "<?",
            "[",
            "]",
            "](",
            ")",
            "[^a]:",
            "[^a]",
            "[a]: ",
            "b",
            "# ",
            "---",
            "===",
            "|",
            "\\",
            "&#96;",
            "\r",
            "*/",
            "/**",
            "//",
            "!",
            "\u{a0}",
            "\u{2028}",
            "\0",
            "a b",
            "- [ ] ",
            "https://a",
            ":",
            "\"",
            "'",
            "$",
            "{",
            "}",
        ];
        let part = proptest::sample::select(parts.to_vec());
        proptest::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_found_in_what_comes_out(text in markup()) {
            let made = inert(&text).unwrap();
            prop_assert_eq!(inert(&made).unwrap(), made);
        }

        #[test]
        fn plain_text_is_inert_whatever_it_was(text in markup()) {
            prop_assert_eq!(edits(&plain(&lines(&text))), Some(Vec::new()));
        }

        #[test]
        fn no_words_that_are_shown_are_lost(text in markup()) {
            // Text after the fence marks is not shown.
            let text = text.replace("```", "").replace("~~~", "");
            let words = |text: &str| {
                let shown: String = Parser::new_ext(text, SHOWN_WITH)
                    .filter_map(|event| match event {
                        Event::Text(text)
                        | Event::Code(text)
                        | Event::Html(text)
                        | Event::InlineHtml(text) => {
                            Some(text.into_string())
                        }
                        _ => None,
                    })
                    .collect();
                shown.matches("a b").count()
            };
            let made = inert(&text).unwrap();
            prop_assert!(words(&made) >= words(&lines(&text)), "{}", made);
        }
    }
}

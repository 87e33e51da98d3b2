//! What a documentation site serves instead of a page with an OpenAPI document.

use super::page;
use crate::document::SourceId;

/// A text that is neither an OpenAPI document nor a page with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// The notice that there is no such page, whatever the status that came with it.
    NotFound,
    /// A page for browsers.
    Html,
    /// A page that documents its operation in words, without any YAML.
    Prose,
    /// Something else.
    Other,
}

impl Foreign {
    /// Tells what a text is that a site sent; none where there is an API document in it.
    pub fn of(text: &str) -> Option<Self> {
        if is_not_found(text) {
            return Some(Self::NotFound);
        }
        let excerpts = page::api_excerpts(SourceId::default(), text);
        let has_document = excerpts.iter().any(Result::is_ok);
        (!has_document).then(|| Self::without_document(text))
    }

    /// The same of a text that has no API document in it.
    pub(super) fn without_document(text: &str) -> Self {
        match text {
            _ if is_not_found(text) => Self::NotFound,
            _ if is_html(text) => Self::Html,
            _ if text.lines().any(|line| page::request(line).is_some()) => Self::Prose,
            _ => Self::Other,
        }
    }

    /// What is wrong with it.
    pub fn problem(self) -> &'static str {
        match self {
            Self::NotFound => "the site says that there is no such page",
            Self::Html => "this is HTML, not a page in Markdown",
            Self::Prose => "the page documents its operation in prose, without an OpenAPI document",
            Self::Other => "it contains no OpenAPI document",
        }
    }
}

/// The first line that is more than marks. The list of similar pages below it may have anything in
/// it, so that nothing else is looked at.
fn is_not_found(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_matches([' ', '\t', '#', '*', '_', '>']));
    let first = lines.find(|line| !line.is_empty() && *line != "---").unwrap_or_default();
    let words: Vec<&str> =
        first.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let begins_with = |start: &[&str]| {
        words.len() >= start.len()
            && words.iter().zip(start).all(|(word, start)| word.eq_ignore_ascii_case(start))
    };
    begins_with(&["page", "not", "found"])
        || begins_with(&["404", "page", "not", "found"])
        || begins_with(&["404", "not", "found"])
}

/// How much of a text is looked at for the marks of HTML, in bytes.
const HEAD: usize = 1024;

fn is_html(text: &str) -> bool {
    let text = text.trim_start();
    let head: String = text.chars().take(HEAD).collect::<String>().to_ascii_lowercase();
    let marks = ["<!doctype html", "<html", "<head", "<body"];
    head.starts_with('<') && marks.iter().any(|mark| head.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::Foreign;

    #[test]
    fn what_a_site_sends_is_told_apart() {
        let page = "# Get\n\nGET https://a.example/x\n\n```yaml\nopenapi: 3.1.0\n```\n";
        let cases = [
            (page, None),
            ("openapi: 3.1.0\npaths: {}\n", None),
            ("{\"openapi\": \"3.1.0\"}", None),
            (
                "Page Not Found\n\nSimilar pages:\n- [Get](https://a.example/x)\n",
                Some(Foreign::NotFound),
            ),
            ("\n# Page not found\n\n```yaml\nopenapi: 3.1.0\n```\n", Some(Foreign::NotFound)),
            ("**404: Page Not Found** - see below", Some(Foreign::NotFound)),
            ("---\n# 404 - Not Found\n", Some(Foreign::NotFound)),
            ("# Page not founded\n", Some(Foreign::Other)),
            ("<!DOCTYPE html><html>", Some(Foreign::Html)),
            ("\n<!-- made by x -->\n<HTML lang=en>", Some(Foreign::Html)),
            ("<Note>Beta</Note>\n# Title\n", Some(Foreign::Other)),
            ("# Get\n\nGET https://a.example/x\n\n## Response\n\n### 200\n", Some(Foreign::Prose)),
            ("# Get\n\nWords.\n\n## Response\n", Some(Foreign::Other)),
            ("", Some(Foreign::Other)),
        ];
        for (text, expected) in cases {
            assert_eq!(Foreign::of(text), expected, "{text}");
        }
    }
}

use std::borrow::Cow;

use crate::{
    document::{Place, SourceId},
    finding::Finding,
};

/// The endpoint that a page names above its YAML, `GET https://host/path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method, in lower case.
    pub method: String,
    /// The URL, its path a template.
    pub url: String,
    /// Where the page says so.
    pub place: Place,
}

/// The YAML of a source and where it lies in it.
#[derive(Clone, Debug)]
pub(super) struct Excerpt<'a> {
    pub(super) text: Cow<'a, str>,
    /// How many lines of the file are above it.
    pub(super) lines_above: u32,
    /// How many columns of indentation were taken off its lines.
    pub(super) indentation: u32,
    pub(super) endpoint: Option<Endpoint>,
}

/// Finds the OpenAPI document of a source: the fence of a page, or the whole of a plain document.
pub(super) fn openapi_excerpt(source: SourceId, text: &str) -> Result<Excerpt<'_>, Finding> {
    if is_plain_document(text) {
        return Ok(Excerpt {
            text: Cow::Borrowed(text),
            lines_above: 0,
            indentation: 0,
            endpoint: None,
        });
    }
    let lines: Vec<&str> = text.lines().collect();
    let fences = fences(&lines);
    let yaml: Vec<&Fence> = fences.iter().filter(|fence| fence.is_api(&lines)).collect();
    match yaml[..] {
        [fence] => fence.excerpt(source, &lines),
        [] => Err(without_fence(source, &lines)),
        [first, second, ..] => Err(Finding::about_source(
            place(source, second.opener, 0),
            format!(
                "the page holds {} API documents; the first is at line {}",
                yaml.len(),
                first.opener + 1
            ),
            "keep one document a file, so that each operation has a place of its own",
        )),
    }
}

/// Whether the first line that says something is a brace, a YAML marker, or a field that an
/// API document begins with.
fn is_plain_document(text: &str) -> bool {
    const FIELDS: [&str; 10] = [
        "openapi",
        "asyncapi",
        "swagger",
        "info",
        "servers",
        "paths",
        "components",
        "security",
        "tags",
        "externalDocs",
    ];
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.find(|line| !is_yaml_comment(line)) else {
        return false;
    };
    let key = first.split_once(':').map(|(key, _)| key.trim_matches(['"', '\'', ' ']));
    first.starts_with(['{', '%'])
        || first.starts_with("---")
        || key.is_some_and(|key| FIELDS.contains(&key) || key.starts_with("x-"))
}

/// `# Title` is a heading where the file turns out to be a page, and a comment in YAML: either
/// way it does not decide.
fn is_yaml_comment(line: &str) -> bool {
    line.starts_with('#')
}

struct Fence {
    /// Index of the line that opens it.
    opener: usize,
    /// Index of the line that closes it, or one past the last line.
    end: usize,
    closed: bool,
    indentation: usize,
}

impl Fence {
    /// Whether its first line with text is the head of an API document.
    fn is_api(&self, lines: &[&str]) -> bool {
        let mut content = lines[self.opener + 1..self.end].iter().map(|line| line.trim());
        content.find(|line| !line.is_empty() && !line.starts_with('#')).is_some_and(|line| {
            ["openapi:", "asyncapi:", "swagger:", "\"openapi\"", "{\"openapi\""]
                .iter()
                .any(|head| line.starts_with(head))
        })
    }

    fn excerpt<'a>(&self, source: SourceId, lines: &[&str]) -> Result<Excerpt<'a>, Finding> {
        if !self.closed {
            return Err(Finding::about_source(
                place(source, self.opener, self.indentation),
                "the fence that opens here is never closed",
                "the page is cut short: get it again, whole",
            ));
        }
        let content = lines[self.opener + 1..self.end].iter().map(|line| {
            let blank = line.len() - line.trim_start_matches(' ').len();
            &line[self.indentation.min(blank)..]
        });
        Ok(Excerpt {
            text: Cow::Owned(content.collect::<Vec<_>>().join("\n") + "\n"),
            lines_above: count(self.opener + 1),
            indentation: count(self.indentation),
            endpoint: endpoint(source, &lines[..self.opener]),
        })
    }
}

/// The fences of a page. A fence ends at its opener's indentation, so that one inside a block
/// scalar of the YAML does not end it.
fn fences(lines: &[&str]) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let Some((indentation, ticks)) = fence_opener(line) else {
            index += 1;
            continue;
        };
        let closes = |line: &str| {
            let unindented = line.trim_start_matches(' ');
            line.len() - unindented.len() <= indentation
                && unindented.trim_end().len() >= ticks
                && unindented.trim_end().bytes().all(|byte| byte == b'`')
        };
        let length = lines[index + 1..].iter().position(|line| closes(line));
        let end = length.map_or(lines.len(), |length| index + 1 + length);
        fences.push(Fence { opener: index, end, closed: length.is_some(), indentation });
        index = end + 1;
    }
    fences
}

/// The indentation and the number of back ticks of a line that opens a fence.
fn fence_opener(line: &str) -> Option<(usize, usize)> {
    let unindented = line.trim_start_matches(' ');
    let info = unindented.trim_start_matches('`');
    let ticks = unindented.len() - info.len();
    let opens = ticks >= 3 && !info.contains(['`', ':']);
    opens.then_some((line.len() - unindented.len(), ticks))
}

/// The last `METHOD https://…` line above the fence.
fn endpoint(source: SourceId, lines: &[&str]) -> Option<Endpoint> {
    lines.iter().enumerate().rev().find_map(|(index, line)| {
        let (method, url) = line.trim().split_once(' ')?;
        let method = method.to_ascii_lowercase();
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        let fits = crate::document::METHODS.contains(&method.as_str())
            && is_url
            && !url.contains(char::is_whitespace);
        fits.then(|| Endpoint { method, url: url.to_owned(), place: place(source, index, 0) })
    })
}

fn without_fence(source: SourceId, lines: &[&str]) -> Finding {
    let flattened = lines.iter().enumerate().find_map(|(index, line)| {
        let at = ["openapi: ", "asyncapi: "].iter().find_map(|head| line.find(head))?;
        (line[at..].contains(" info: ") && line[at..].contains(" paths: ")).then_some((index, at))
    });
    let doubled = lines.iter().position(|line| line.trim_start().starts_with("\\- "));
    if let Some((line, column)) = flattened {
        return Finding::about_source(
            place(source, line, column),
            "the white space of the YAML was lost, and its structure with it",
            "get the page as Markdown, with its line breaks",
        );
    }
    if let Some(line) = doubled {
        return Finding::about_source(
            place(source, line, 0),
            "the YAML of the page is escaped (`\\-`)",
            "get the page as Markdown, not as a copy of the rendered text",
        );
    }
    Finding::about_source(
        Place::start_of(source),
        "the page has no ```yaml fence with an OpenAPI document",
        "name a page with one, or a plain YAML or JSON document",
    )
}

fn place(source: SourceId, line_index: usize, column_index: usize) -> Place {
    Place { source, line: count(line_index + 1), column: count(column_index + 1) }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str) -> Result<Excerpt<'_>, Finding> {
        openapi_excerpt(SourceId(0), text)
    }

    #[test]
    fn a_fence_inside_a_block_scalar_does_not_end_the_document() {
        let page = "# T\n\n```yaml\nopenapi: 3.1.1\ndescription: |\n  ```json\n  {}\n  ```\nlast: 1\n```\n";
        let found = excerpt(page).unwrap();
        assert!(found.text.ends_with("last: 1\n"), "{}", found.text);
        assert_eq!(found.lines_above, 3);
    }

    #[test]
    fn the_indentation_of_a_fence_is_taken_off() {
        let found =
            excerpt("- item\n\n  ```yaml\n  openapi: 3.1.1\n  info:\n    a: 1\n  ```\n").unwrap();
        assert_eq!(found.text, "openapi: 3.1.1\ninfo:\n  a: 1\n");
        assert_eq!(found.indentation, 2);
    }

    #[test]
    fn the_endpoint_is_the_request_line_nearest_above_the_fence() {
        let page = "GET https://a.example/old\n\nPOST https://b.example/v1/{id}\n\n```yaml\nopenapi: 3.1.1\n```\n";
        let endpoint = excerpt(page).unwrap().endpoint.unwrap();
        assert_eq!(
            (endpoint.method.as_str(), endpoint.url.as_str()),
            ("post", "https://b.example/v1/{id}")
        );
        assert_eq!(endpoint.place.line, 3);
    }

    #[test]
    fn other_fences_of_the_page_are_passed_over() {
        let page = "```python\nimport requests\n```\n\n```yaml\nopenapi: 3.1.1\n```\n";
        assert_eq!(excerpt(page).unwrap().text, "openapi: 3.1.1\n");
    }

    #[test]
    fn a_plain_document_is_taken_whole_whatever_comes_first() {
        for text in [
            "openapi: 3.0.3\n",
            "# comment\nopenapi: 3.0.3\n",
            "{\"openapi\": \"3.0.3\"}",
            "---\nopenapi: 3.0.3\n",
            "info:\n  title: T\n",
        ] {
            assert_eq!(excerpt(text).unwrap().text, text);
        }
    }

    #[test]
    fn a_page_without_an_openapi_document_says_why() {
        let cases = [
            ("# Title\n\nWords: many.\n", 1, "no ```yaml fence"),
            ("", 1, "no ```yaml fence"),
            ("# T ```yaml openapi: 3.1.1 info: title: T paths: /a: get: x\n", 1, "white space"),
            ("# T\n\n```yaml\nopenapi: 3.1.1\n", 3, "never closed"),
            ("# T\n\n\\- type: string\n", 3, "escaped"),
            (
                "```yaml\nopenapi: 3.1.1\n```\n```yaml\nopenapi: 3.1.1\n```\n",
                4,
                "holds 2 API documents",
            ),
        ];
        for (text, line, problem) in cases {
            let finding = excerpt(text).unwrap_err();
            assert_eq!(finding.place.line, line, "{text}");
            assert!(finding.problem.contains(problem), "{finding:?}");
        }
    }
}

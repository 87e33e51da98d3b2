use std::{borrow::Cow, collections::HashMap, ops::Range};

use serde::de::IgnoredAny;

use super::Foreign;
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

/// What a page says around its YAML. A plain document has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The endpoints that it names above the YAML, the nearest first.
    pub endpoints: Vec<Endpoint>,
}

/// The YAML of a source and where it lies in it.
#[derive(Clone, Debug)]
pub(super) struct Excerpt<'a> {
    pub(super) text: Cow<'a, str>,
    /// How many lines of the file are above it.
    pub(super) lines_above: u32,
    /// The number of lines in the file for each line of the page: two in a copy with an empty line
    /// after each.
    pub(super) stride: u32,
    /// How many columns of indentation were taken off each of its lines; none where nothing was.
    pub(super) indentation: Vec<u32>,
    /// None where the source is a plain document.
    pub(super) page: Option<Page>,
}

impl Excerpt<'_> {
    /// Where a line and a column of the text are in the file.
    pub(super) fn place(&self, source: SourceId, line: u32, column: u32) -> Place {
        let index = line.max(1) - 1;
        let taken_off = usize::try_from(index).ok().and_then(|index| self.indentation.get(index));
        Place {
            source,
            line: index * self.stride + 1 + self.lines_above,
            column: column.max(1) + taken_off.copied().unwrap_or(0),
        }
    }
}

/// Finds the API documents of a source: the fences of a page, or the whole of a plain document.
/// There is one at least, found or missed.
pub(super) fn api_excerpts(source: SourceId, text: &str) -> Vec<Result<Excerpt<'_>, Finding>> {
    let lines: Vec<&str> = text.lines().collect();
    let fences = fences(&lines);
    if is_plain_document(&lines, &fences) {
        return vec![Ok(Excerpt {
            text: Cow::Borrowed(text),
            lines_above: 0,
            stride: 1,
            indentation: Vec::new(),
            page: None,
        })];
    }
    let mut excerpts = Vec::new();
    let mut start = 0;
    for fence in fences.iter().filter(|fence| fence.is_api(&lines)) {
        excerpts.push(fence.excerpt(source, &lines, start, &fences));
        start = fence.end;
    }
    if excerpts.is_empty() {
        excerpts.push(Err(without_fence(source, text, &lines)));
    }
    excerpts
}

/// The fields that make a document one of an API.
const VERSIONS: [&str; 3] = ["openapi", "asyncapi", "swagger"];

/// Fields by which a document without a version is known, to be refused as one.
const FIELDS: [&str; 4] = ["info", "servers", "paths", "components"];

/// Whether the source as a whole is YAML or JSON. The front matter of a page is YAML too, with any
/// fields, so the text after it decides.
fn is_plain_document(lines: &[&str], fences: &[Fence]) -> bool {
    let behind = front_matter(lines).map_or(0, |end| end + 1);
    if behind == 0 {
        return is_document(lines.iter().copied());
    }
    let has_fence = fences.iter().any(|fence| fence.opener >= behind && fence.is_api(lines));
    !has_fence
        && is_document(lines[..behind].iter().copied())
        && keys(lines[behind..].iter().copied()).all(|key| key.is_some())
}

/// The line that ends the front matter of a page, or the first of several YAML documents.
fn front_matter(lines: &[&str]) -> Option<usize> {
    let marks = |line: &str| line.trim_end() == "---";
    let first = lines.iter().position(|line| says_something(line) || marks(line))?;
    let rest = &lines[first + 1..];
    marks(lines[first])
        .then(|| rest.iter().position(|line| marks(line)))?
        .map(|end| first + 1 + end)
}

/// Whether these lines are a mapping with a field of an API document on its first level.
fn is_document<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> bool {
    let first = lines.clone().map(str::trim_start).find(|line| says_something(line));
    if first.is_some_and(|first| first.starts_with('{')) {
        return true;
    }
    let keys: Vec<&str> = keys(lines).map_while(|key| key).collect();
    let is_first = |key: &&&str| FIELDS.contains(key) || key.starts_with("x-");
    keys.iter().any(|key| VERSIONS.contains(key)) || keys.first().filter(is_first).is_some()
}

/// The keys of the first level, in the order of the lines; none for a line that can't be of a
/// mapping in YAML.
fn keys<'a>(lines: impl Iterator<Item = &'a str>) -> impl Iterator<Item = Option<&'a str>> {
    let is_inner = |line: &str| line.starts_with([' ', '\t', '-', ']', '}']) || line == "...";
    let outer = lines.filter(move |line| says_something(line) && !is_inner(line));
    outer.map(|line| {
        let (key, rest) = line.split_once(':')?;
        let is_word = |key: &str| !key.is_empty() && !key.contains([' ', '`', '*', '<', '|']);
        let key = key.trim_end().trim_matches(['"', '\'']);
        (is_word(key) && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some(key)
    })
}

/// `# Title` is a heading where the file turns out to be a page, and a comment in YAML: either
/// way it does not decide, nor do the marker and the directives of a YAML document.
fn says_something(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with(['#', '%']) && !line.starts_with("---")
}

/// Fewer lines may well have an empty one between them.
const SHORTEST_DOUBLED: usize = 8;

struct Fence {
    /// Index of the line that opens it.
    opener: usize,
    /// Index of the line that closes it, or one past the last line.
    end: usize,
    closed: bool,
    indentation: usize,
}

impl Fence {
    /// Whether it holds a mapping with the field that makes it an API document.
    fn is_api(&self, lines: &[&str]) -> bool {
        let lines = &lines[self.opener + 1..self.end];
        let outdented = lines.iter().map(|line| {
            let blank = line.len() - line.trim_start_matches(' ').len();
            &line[self.indentation.min(blank)..]
        });
        let is_json = outdented
            .clone()
            .find(|line| says_something(line))
            .is_some_and(|first| first.starts_with('{'));
        if !is_json {
            let mut keys = keys(outdented).map_while(|key| key);
            return keys.any(|key| VERSIONS.contains(&key));
        }
        let text = outdented.collect::<Vec<_>>().join("\n");
        match serde_json::from_str::<HashMap<String, IgnoredAny>>(&text) {
            Ok(members) => VERSIONS.iter().any(|version| members.contains_key(*version)),
            // What can't be read is reported when it is parsed.
            Err(_) => VERSIONS.iter().any(|version| text.contains(&format!("\"{version}\":"))),
        }
    }

    /// What is in it. The lines from `start` are those of its page.
    fn excerpt<'a>(
        &self,
        source: SourceId,
        lines: &[&str],
        start: usize,
        fences: &[Fence],
    ) -> Result<Excerpt<'a>, Finding> {
        if !self.closed {
            return Err(Finding::about_source(
                place(source, self.opener, self.indentation),
                "the fence that opens here is never closed",
                "the page is truncated: download it again",
            ));
        }
        let content = &lines[self.opener + 1..self.end];
        let (first, stride) = spacing(content);
        let content = content.iter().skip(first).step_by(stride).map(|line| {
            let blank = line.len() - line.trim_start_matches(' ').len();
            let taken_off = self.indentation.min(blank);
            (&line[taken_off..], count(taken_off))
        });
        let (text, indentation): (Vec<&str>, Vec<u32>) = content.unzip();
        Ok(Excerpt {
            text: Cow::Owned(text.join("\n") + "\n"),
            lines_above: count(self.opener + 1 + first),
            stride: count(stride),
            indentation,
            page: Some(Page { endpoints: endpoints(source, lines, start..self.opener, fences) }),
        })
    }
}

/// The first line that counts, and the distance to the next one. Some copies of pages have an empty
/// line after each line, which would break folded text.
fn spacing(lines: &[&str]) -> (usize, usize) {
    let is_blank_from =
        |first: usize| lines.iter().skip(first).step_by(2).all(|line| line.trim().is_empty());
    let is_long = lines.len() >= SHORTEST_DOUBLED;
    match (is_long && is_blank_from(1), is_long && is_blank_from(0)) {
        (true, _) => (0, 2),
        (_, true) => (1, 2),
        _ => (0, 1),
    }
}

/// The fences of a page. A fence ends at its opener's indentation, so that one inside a block
/// scalar of the YAML does not end it.
fn fences(lines: &[&str]) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let Some((indentation, mark, length)) = fence_opener(line) else {
            index += 1;
            continue;
        };
        let closes = |line: &str| {
            let unindented = line.trim_start_matches(' ');
            line.len() - unindented.len() <= indentation
                && unindented.trim_end().len() >= length
                && unindented.trim_end().chars().all(|c| c == mark)
        };
        let length = lines[index + 1..].iter().position(|line| closes(line));
        let end = length.map_or(lines.len(), |length| index + 1 + length);
        fences.push(Fence { opener: index, end, closed: length.is_some(), indentation });
        index = end + 1;
    }
    fences
}

/// The indentation of a line that opens a fence, its character and its length. If the document
/// follows the marks on the same line, its line breaks were lost.
fn fence_opener(line: &str) -> Option<(usize, char, usize)> {
    let unindented = line.trim_start_matches(' ');
    let mark = unindented.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = unindented.trim_start_matches(mark);
    let length = unindented.len() - info.len();
    let is_flattened = VERSIONS.iter().any(|field| info.contains(&format!("{field}:")));
    let opens = length >= 3 && !is_flattened && !info.contains('`');
    opens.then_some((line.len() - unindented.len(), mark, length))
}

/// The `METHOD https://…` lines above the fence, the nearest first. Those inside other fences are
/// samples.
fn endpoints(
    source: SourceId,
    lines: &[&str],
    above: Range<usize>,
    fences: &[Fence],
) -> Vec<Endpoint> {
    // Fences come in the order of their lines.
    let is_sample = |index: usize| {
        let after = fences.partition_point(|fence| fence.opener <= index);
        fences[..after].last().is_some_and(|fence| index <= fence.end)
    };
    let requests = above.rev().filter_map(|index| Some((index, request(lines[index])?)));
    requests
        .filter(|(index, _)| !is_sample(*index))
        .map(|(index, (method, url))| Endpoint { method, url, place: place(source, index, 0) })
        .collect()
}

/// The method and the URL of a line that names no more than these, be they bold or code.
pub(super) fn request(line: &str) -> Option<(String, String)> {
    let plain = line.replace(['*', '`'], "");
    let (method, url) = plain.trim().split_once(' ')?;
    let (method, url) = (method.to_ascii_lowercase(), url.trim());
    let is_url = url.starts_with("https://") || url.starts_with("http://");
    let is_request = crate::document::METHODS.contains(&method.as_str())
        && is_url
        && !url.contains(char::is_whitespace);
    is_request.then(|| (method, url.to_owned()))
}

fn without_fence(source: SourceId, text: &str, lines: &[&str]) -> Finding {
    let flattened = lines.iter().enumerate().find_map(|(index, line)| {
        let at = ["openapi: ", "asyncapi: "].iter().find_map(|head| line.find(head))?;
        (line[at..].contains(" info: ") && line[at..].contains(" paths: ")).then_some((index, at))
    });
    if lines.iter().all(|line| line.trim().is_empty()) {
        let remedy = "download it again: nothing in it documents an API";
        return Finding::about_source(Place::start_of(source), "the file is empty", remedy);
    }
    let escaped = lines.iter().position(|line| is_escaped(line));
    if let Some((line, column)) = flattened {
        return Finding::about_source(
            place(source, line, column),
            "the YAML has lost its white space, and with it its structure",
            "download the page as Markdown, with its line breaks",
        );
    }
    if let Some(line) = escaped {
        return escaped_at(place(source, line, 0));
    }
    let foreign = Foreign::without_document(text);
    if foreign != Foreign::Other {
        let line = lines.iter().position(|line| request(line).is_some()).unwrap_or_default();
        let remedy = "download the API's OpenAPI document, such as `openapi.yaml` in the section \
                      or the root of the site";
        return Finding::about_source(place(source, line, 0), foreign.problem(), remedy);
    }
    Finding::about_source(
        Place::start_of(source),
        "the page has no ```yaml fence with an OpenAPI document",
        "use a page with one, or a plain YAML or JSON document",
    )
}

/// What is wrong with a fence that can't be read, where its YAML was escaped as Markdown.
pub(super) fn escaped(source: SourceId, excerpt: &Excerpt<'_>) -> Option<Finding> {
    let line = excerpt.text.lines().position(is_escaped)?;
    Some(escaped_at(excerpt.place(source, count(line) + 1, 1)))
}

fn is_escaped(line: &str) -> bool {
    line.trim_start().starts_with("\\- ")
}

fn escaped_at(place: Place) -> Finding {
    Finding::about_source(
        place,
        "the YAML of the page is escaped (`\\-`)",
        "download the page as Markdown instead of copying the rendered text",
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

    fn excerpts(text: &str) -> Vec<Result<Excerpt<'_>, Finding>> {
        api_excerpts(SourceId(0), text)
    }

    fn excerpt(text: &str) -> Result<Excerpt<'_>, Finding> {
        let mut found = excerpts(text);
        assert_eq!(found.len(), 1, "{text}");
        found.remove(0)
    }

    #[test]
    fn each_fence_of_a_file_of_many_pages_is_one_of_its_own() {
        let page =
            |n: u8| format!("# T\n\nGET https://h/v{n}\n\n```yaml\nopenapi: 3.1.{n}\n```\n\n");
        let text =
            page(0) + &page(1) + "```yaml\nopenapi: 3.1.2\n```\n\n```yaml\nasyncapi: 2.6.0\n```\n";
        let found: Vec<Excerpt<'_>> = excerpts(&text).into_iter().map(Result::unwrap).collect();
        let lines: Vec<u32> = found.iter().map(|excerpt| excerpt.lines_above).collect();
        assert_eq!(lines, [5, 13, 17, 21]);
        let urls = |excerpt: &Excerpt<'_>| {
            let endpoints = excerpt.page.iter().flat_map(|page| page.endpoints.clone());
            endpoints.map(|endpoint| endpoint.url).collect::<Vec<_>>()
        };
        assert_eq!(
            found.iter().map(urls).collect::<Vec<_>>(),
            [
                vec!["https://h/v0".to_owned()],
                vec!["https://h/v1".to_owned()],
                Vec::new(),
                Vec::new(),
            ]
        );
    }

    #[test]
    fn a_copy_with_an_empty_line_behind_each_is_read_as_it_was() {
        let yaml = "openapi: 3.1.1\ninfo:\n  description: >-\n    Two\n    words\n\n  title: T\n";
        let doubled = yaml.replace('\n', "\n\n");
        for (page, lines_above) in
            [(format!("```yaml\n{doubled}```\n"), 1), (format!("```yaml\n\n{doubled}```\n"), 2)]
        {
            let found = excerpt(&page).unwrap();
            assert_eq!((&*found.text, found.stride), (yaml, 2), "{page}");
            assert_eq!(found.lines_above, lines_above, "{page}");
        }
        let found = excerpt("```yaml\nopenapi: 3.1.1\n\ninfo: {}\n```\n").unwrap();
        assert_eq!(found.stride, 1);
    }

    #[test]
    fn a_page_that_is_cut_short_does_not_hide_those_above_it() {
        let found = excerpts("```yaml\nopenapi: 3.1.1\n```\n\n```yaml\nopenapi: 3.1.1\n");
        assert!(found[0].is_ok());
        assert!(found[1].as_ref().unwrap_err().problem.contains("never closed"));
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
        assert_eq!(found.indentation, [2, 2, 2]);
    }

    fn endpoints(page: &str) -> Vec<(String, String, u32)> {
        let page = excerpt(page).unwrap().page.unwrap();
        let parts = |found: Endpoint| (found.method, found.url, found.place.line);
        page.endpoints.into_iter().map(parts).collect()
    }

    #[test]
    fn the_request_line_nearest_above_the_fence_comes_first() {
        let page = "GET https://a.example/old\n\nPOST https://b.example/v1/{id}\n\n```yaml\nopenapi: 3.1.1\n```\n";
        let post = ("post".to_owned(), "https://b.example/v1/{id}".to_owned(), 3);
        let get = ("get".to_owned(), "https://a.example/old".to_owned(), 1);
        assert_eq!(endpoints(page), [post, get]);
    }

    #[test]
    fn a_request_line_may_be_bold_or_code_and_is_none_inside_a_fence() {
        let yaml = "\n```yaml\nopenapi: 3.1.1\n```\n";
        let get = ("get".to_owned(), "https://h/v1/a".to_owned(), 1);
        for line in ["**GET** `https://h/v1/a`", "`GET https://h/v1/a`", "GET https://h/v1/a"] {
            assert_eq!(endpoints(&format!("{line}\n{yaml}")), std::slice::from_ref(&get), "{line}");
            assert_eq!(endpoints(&format!("```http\n{line}\n```\n{yaml}")), [], "{line}");
        }
    }

    #[test]
    fn a_page_may_have_front_matter_and_a_fence_other_forms() {
        let page = |fence: &str| format!("---\ntitle: T\n---\n\n# T\n\n{fence}\n");
        for fence in [
            "```yaml\nopenapi: 3.1.1\n```",
            "~~~yaml\nopenapi: 3.1.1\n~~~",
            "```json title: request\n{}\n```\n\n```yaml title: API\nopenapi: 3.1.1\n```",
            "```yaml\n---\nopenapi: 3.1.1\n```",
            "```yaml\ninfo:\n  title: T\nopenapi: 3.1.1\n```",
            "```json\n{\n  \"openapi\": \"3.1.1\"\n}\n```",
            "```json\n{\"openapi\": \"3.1.1\"}\n```",
        ] {
            let page = page(fence);
            let found = excerpt(&page).unwrap_or_else(|finding| panic!("{fence}: {finding:?}"));
            assert!(found.text.contains("3.1.1") && found.page.is_some(), "{fence}");
        }
        assert!(excerpt(&page("```yaml\ninfo: x\n```")).is_err());
    }

    #[test]
    fn other_fences_of_the_page_are_passed_over() {
        let page = "```python\nimport requests\n```\n\n```yaml\nopenapi: 3.1.1\n```\n";
        assert_eq!(excerpt(page).unwrap().text, "openapi: 3.1.1\n");
    }

    #[test]
    fn front_matter_of_any_field_is_no_document() {
        let page = |matter: &str, text: &str| format!("---\n{matter}\n---\n\n# T\n\n{text}");
        let fence = "GET https://h/v1/a\n\n```yaml\nopenapi: 3.1.1\n```\n";
        for matter in [
            "tags: [things]\ntitle: T",
            "openapi: GET /v1/things/{id}",
            "openapi: 'openapi.yaml GET /v1/things/{id}'\ntitle: T",
            "info: x",
            "paths:\n- /a\n- /b",
            "# openapi\nx-a: 1",
        ] {
            let page = page(matter, fence);
            let found = excerpt(&page).unwrap();
            assert_eq!(
                (&*found.text, found.page.is_some()),
                ("openapi: 3.1.1\n", true),
                "{matter}"
            );
        }
        let marked = format!("\n---\nopenapi: GET /a\n---\n{fence}");
        assert!(excerpt(&marked).unwrap().page.is_some());
        let words = page("openapi: GET /v1/a", "GET https://h/v1/a\n\n- `id`\n");
        assert!(excerpt(&words).unwrap_err().problem.contains("in prose"));
    }

    #[test]
    fn a_plain_document_is_taken_whole_whatever_comes_first() {
        for text in [
            "openapi: 3.0.3\n",
            "# comment\nopenapi: 3.0.3\n",
            "{\"openapi\": \"3.0.3\"}",
            "{\n  \"info\": {},\n  \"openapi\": \"3.0.3\"\n}\n",
            "---\nopenapi: 3.0.3\n",
            "%YAML 1.2\n---\n# comment\nopenapi: 3.0.3\n...\n",
            "info:\n  title: T\n",
            "jsonSchemaDialect: https://a.example/b\nopenapi: 3.1.0\n",
            "webhooks: {}\n'openapi': 3.1.0\n",
            "$schema: x\ntags:\n- name: a\nservers: [\n]\n\"openapi\" : 3.1.0\n",
            "x-a: b\nswagger: '2.0'\n",
            "a:\n  b: |\n    ```yaml\n    openapi: 3.0.0\n    ```\nopenapi: 3.1.0\n",
            "openapi: 3.0.3\n---\nb: 2\n",
            "---\nopenapi: 3.0.3\n---\n# second\nb: 2\n",
        ] {
            let found = excerpt(text).unwrap_or_else(|finding| panic!("{text}: {finding:?}"));
            assert_eq!((&*found.text, found.page), (text, None));
        }
    }

    #[test]
    fn a_fence_is_an_api_document_whatever_comes_first_in_it() {
        for content in [
            "jsonSchemaDialect: https://a.example/b\nopenapi: 3.1.0",
            "tags:\n- name: a\nopenapi: 3.1.0",
            "{\"info\": {}, \"openapi\": \"3.1.0\"}",
            "{\n  \"info\": {\"openapi\": 1},\n  \"openapi\": \"3.1.0\"\n}",
        ] {
            for indentation in ["", "  "] {
                let lines: Vec<String> =
                    content.lines().map(|line| format!("{indentation}{line}\n")).collect();
                let page = format!("# T\n\n{indentation}```\n{}{indentation}```\n", lines.concat());
                assert!(excerpt(&page).unwrap().page.is_some(), "{page}");
            }
        }
        for content in ["a:\n  openapi: 3.1.0", "{\"a\": {\"openapi\": \"3.1.0\"}}"] {
            assert!(excerpt(&format!("# T\n\n```\n{content}\n```\n")).is_err(), "{content}");
        }
    }

    #[test]
    fn a_page_without_an_openapi_document_says_why() {
        let cases = [
            ("# Title\n\nWords: many.\n", 1, "no ```yaml fence"),
            ("", 1, "the file is empty"),
            ("# T ```yaml openapi: 3.1.1 info: title: T paths: /a: get: x\n", 1, "white space"),
            ("# T\n\n```yaml\nopenapi: 3.1.1\n", 3, "never closed"),
            ("# T\n\n\\- type: string\n", 3, "escaped"),
            ("# T\n\nGET https://h/v1/a\n\n## Response\n\n- `id` (string)\n", 3, "in prose"),
        ];
        for (text, line, problem) in cases {
            let finding = excerpt(text).unwrap_err();
            assert_eq!(finding.place.line, line, "{text}");
            assert!(finding.problem.contains(problem), "{finding:?}");
        }
    }
}

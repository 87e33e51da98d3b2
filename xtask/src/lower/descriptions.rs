use crate::{
    document::{Kind, Node, walk_mut},
    rule::{Context, Example, Rule},
};

/// Code in descriptions is not taken for Rust.
pub(super) const RULE: Rule = Rule {
    name: "descriptions",
    summary: "code in descriptions is marked as text; what is indented is not",
    reason: "In documentation of Rust, code without a language is Rust, and is run as a test.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: string
      description: \"Such as\\n\\n```\\nGET /a\\n```\\n\\nor\\n\\n    {a: 1}\"
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: string
      description: \"Such as\\n\\n```text\\nGET /a\\n```\\n\\nor\\n\\n{a: 1}\"
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        for key in ["description", "summary"] {
            let Some(text) = node.get_str(key) else {
                continue;
            };
            // The description of a parameter or a body becomes an item of a list.
            let is_item = matches!(kind, Kind::Parameter | Kind::RequestBody);
            let marked = if is_item { without_code(text) } else { marked(text) };
            if marked != text {
                context.changed(pointer.to_string());
                let place = node.place;
                node.set(key, Node::string(place, marked));
            }
        }
    });
}

/// The mark of a fence that a line opens or closes, and what stands behind it.
fn fence(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let length =
        ['`', '~'].into_iter().map(|mark| line.len() - line.trim_start_matches(mark).len());
    let length = length.max().filter(|length| *length >= 3)?;
    let (mark, info) = line.split_at(length);
    (!info.contains('`')).then_some((mark, info.trim()))
}

fn marked(text: &str) -> String {
    let mut lines = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match (&open, fence(line)) {
            (None, Some((mark, info))) => {
                let indent = &line[..line.len() - line.trim_start().len()];
                let info = if is_rust(info) { "text" } else { info };
                lines.push(format!("{}{mark}{info}", indent.get(..3).unwrap_or(indent)));
                open = Some(mark.to_owned());
            }
            (Some(mark), Some((end, ""))) if end.starts_with(&**mark) => {
                lines.push(line.to_owned());
                open = None;
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) => lines.push(unindented(line).to_owned()),
        }
    }
    lines.extend(open);
    let end = if text.ends_with('\n') { "\n" } else { "" };
    lines.join("\n") + end
}

/// Whether code of this language would be run.
fn is_rust(info: &str) -> bool {
    let words = ["rust", "should_panic", "no_run", "ignore", "compile_fail"];
    let first = info.split([',', ' ', '{']).next().unwrap_or_default();
    info.is_empty() || words.contains(&first) || first.starts_with("edition")
}

fn without_code(text: &str) -> String {
    let lines = text.lines().filter(|line| fence(line).is_none()).map(unindented);
    let end = if text.ends_with('\n') { "\n" } else { "" };
    lines.collect::<Vec<_>>().join("\n") + end
}

/// The line without what would make code of it. An item of a list keeps its place.
fn unindented(line: &str) -> &str {
    let text = line.trim_start();
    let is_item =
        text.starts_with(['-', '*', '+']) || text.starts_with(|c: char| c.is_ascii_digit());
    let is_code = line.starts_with("    ") || line.starts_with('\t');
    if is_code && !is_item { text } else { line }
}

#[cfg(test)]
mod tests {
    use super::{marked, without_code};

    #[test]
    fn a_fence_keeps_its_language_and_one_that_is_open_is_closed() {
        assert_eq!(marked("```json\n{}\n```"), "```json\n{}\n```");
        assert_eq!(marked("a\n~~~\n    b"), "a\n~~~text\n    b\n~~~");
        assert_eq!(marked("```rust,no_run\na\n```\n"), "```text\na\n```\n");
        assert_eq!(marked("- a\n    - b\n"), "- a\n    - b\n");
        assert_eq!(marked("no `code`"), "no `code`");
    }

    #[test]
    fn what_becomes_an_item_of_a_list_holds_no_fence() {
        assert_eq!(without_code("a\n```json\n    {}\n```\nb"), "a\n{}\nb");
    }
}

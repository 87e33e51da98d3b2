//! A tree as text: JSON, or YAML in blocks, and as a page.

use std::fmt::Write as _;

use xtask::document::{Node, Value};

/// The forms that a document comes in.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    Json,
    Yaml,
    Page,
}

impl Form {
    pub fn of(decision: usize) -> Self {
        [Self::Json, Self::Yaml, Self::Page][decision % 3]
    }
}

/// The document as text.
pub fn emit(document: &Node, form: Form) -> String {
    let mut yaml = String::new();
    block(document, 0, &mut yaml);
    match form {
        Form::Json => serde_json::to_string(document).unwrap(),
        Form::Yaml => yaml.trim_start().to_owned(),
        Form::Page => format!(
            "# T\n\nGET https://h.example/v1/a\n\n```yaml\n{}```\n",
            yaml.trim_start_matches('\n')
        ),
    }
}

fn block(node: &Node, depth: usize, text: &mut String) {
    let indentation = "  ".repeat(depth);
    match &node.value {
        Value::Object(members) if !members.is_empty() => {
            for (key, member) in members {
                let _ = write!(text, "\n{indentation}{}:", scalar(key));
                block(member, depth + 1, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(text, "\n{indentation}-");
                block(item, depth + 1, text);
            }
        }
        Value::String(string) => {
            let _ = write!(text, " {}", scalar(string));
        }
        _ => {
            let _ = write!(text, " {}", serde_json::to_string(node).unwrap());
        }
    }
    if depth == 0 {
        text.push('\n');
    }
}

/// A plain scalar where it can be no other value than the text, else in quotes.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-/.".contains(c))
        && !["null", "true", "false"].contains(&text.to_ascii_lowercase().as_str());
    match is_plain {
        true => text.to_owned(),
        false => serde_json::to_string(text).unwrap(),
    }
}

use std::collections::{BTreeMap, BTreeSet};

use super::spelling::{falling_together, with_aside};
use crate::{
    document::{Key, METHODS, Node, field_name},
    rule::{Context, Example, Rule},
};

/// Parameters that would be one method of the builder get names that are told apart.
pub(super) const RULE: Rule = Rule {
    name: "parameter-names",
    summary: "where parameters of an operation would be one method of its builder, or one that \
              the builder has for itself, their names say where they are sent, or are spelled \
              out; the client still sends the documented names",
    reason: "The generator drops punctuation and case, and loses one of two parameters of one \
             name without a word.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: 'ids[]', in: query, schema: {type: string}}
        - {name: ids, in: query, schema: {type: string}}
        - {name: send, in: header, schema: {type: string}}
",
        after: "\
openapi: 3.0.3
paths:
  /a/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: \"id\u{E000}in query\u{E000}\", in: query, schema: {type: string}}
        - {name: \"ids\u{E000}u005b\u{E000}\u{E000}u005d\u{E000}\", in: query, schema: {type: string}}
        - {name: ids, in: query, schema: {type: string}}
        - {name: \"send\u{E000}in header\u{E000}\", in: header, schema: {type: string}}
",
    },
    apply,
};

/// What the generated code calls something of its own.
const TAKEN: [&str; 6] = ["body", "body_map", "header_map", "into_inner", "new", "send"];

/// Where parameters are sent, those that keep their names first.
const LOCATIONS: [(&str, &str); 3] =
    [("path", "in path"), ("query", "in query"), ("header", "in header")];

/// New names, by location and documented name.
type Names = BTreeMap<(String, String), String>;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(paths) = document.get_mut("paths").and_then(Node::as_object_mut) else {
        return;
    };
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, mut item)| {
            let path = rename_of_item(&path, &mut item, context);
            (path, item)
        })
        .collect();
}

/// Renames the parameters of the operations of one path. Its variables are those of all of them.
fn rename_of_item(path: &Key, item: &mut Node, context: &mut Context<'_>) -> Key {
    let operations = || item.members().filter(|(method, _)| METHODS.contains(&&***method));
    let names: Vec<(String, Names)> =
        operations().map(|(method, node)| (method.to_string(), names(node))).collect();
    let of_path: Names = names
        .iter()
        .flat_map(|(_, names)| names)
        .filter(|((location, _), _)| location == "path")
        .map(|(key, name)| (key.clone(), name.clone()))
        .collect();
    for (method, mut names) in names {
        names.extend(of_path.clone());
        let parameters = item.get_mut(&method).and_then(|node| node.get_mut("parameters"));
        for parameter in parameters.and_then(Node::as_array_mut).into_iter().flatten() {
            if let Some(name) = names.get(&key_of(parameter)) {
                let (location, documented) = key_of(parameter);
                context.changed(format!("{documented} in {location} of {method} {}", &**path));
                parameter.set("name", Node::string(parameter.place, &**name));
            }
        }
    }
    let renamed = of_path.iter().fold(path.to_string(), |path, ((_, documented), name)| {
        path.replace(&format!("{{{documented}}}"), &format!("{{{name}}}"))
    });
    Key::new(path.place, renamed)
}

fn key_of(parameter: &Node) -> (String, String) {
    let text = |key: &str| parameter.get_str(key).unwrap_or_default().to_owned();
    (text("in"), text("name"))
}

/// The parameters of an operation that get another name.
fn names(operation: &Node) -> Names {
    let parameters = operation.get("parameters").into_iter().flat_map(Node::items);
    let keys: Vec<(String, String)> = parameters.map(key_of).collect();
    let has_body = operation.get("requestBody").is_some();
    let is_own = |name: &str| has_body || !name.starts_with("body");
    let mut taken: BTreeSet<String> =
        TAKEN.into_iter().filter(|name| is_own(name)).map(str::to_owned).collect();
    let mut renamed = Names::new();
    for (location, aside) in LOCATIONS {
        let names: Vec<&str> =
            keys.iter().filter(|(of, _)| of == location).map(|(_, name)| &**name).collect();
        let spelled = falling_together(names.iter().copied(), field_name);
        for name in names {
            let mut new = spelled.get(name).cloned().unwrap_or_else(|| name.to_owned());
            if !taken.insert(field_name(&new)) {
                new = with_aside(&new, aside);
                taken.insert(field_name(&new));
            }
            if new != name {
                renamed.insert((location.to_owned(), name.to_owned()), new);
            }
        }
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        document::operations,
        rule::tests::{apply_alone, node},
    };

    #[test]
    fn the_variable_of_a_path_is_renamed_for_all_of_its_operations() {
        let parameter = "parameters: [{name: send, in: path, required: true}]";
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a/{{send}}:\n    get: {{{parameter}}}\n    put: {{{parameter}}}\n"
        );
        let document = apply_alone(&RULE, &text).document;
        let paths: Vec<&str> = operations(&document).map(|operation| &**operation.path).collect();
        assert_eq!(paths, ["/a/{send\u{E000}in path\u{E000}}"; 2]);
        let json = document.to_json().unwrap();
        assert_eq!(json.matches("\"send\u{E000}in path\u{E000}\"").count(), 2, "{json}");
    }

    #[test]
    fn a_parameter_is_called_like_the_body_where_there_is_none() {
        let text =
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {parameters: [{name: body, in: query}]}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
        let with_body = text.replace("get: {", "get: {requestBody: {content: {}}, ");
        assert_eq!(apply_alone(&RULE, &with_body).changes.len(), 1);
    }
}

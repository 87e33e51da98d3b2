use std::collections::BTreeMap;

use crate::{
    check::without_names,
    document::{Document, Key, METHODS, Node, Object, Value, push_down},
    rule::{Context, Example, Rule},
};

/// Paths that differ only in the names of their variables are merged.
pub(crate) const RULE: Rule = Rule {
    name: "path-names",
    summary: "the operations of paths that differ only in the names of their variables are merged \
              into one path",
    reason: "For OpenAPI such paths are the same, and a document with both is invalid. If their \
             methods differ, the meaning is clear. The alphabetically first names are kept, so \
             that the order of the paths does not matter.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /things/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
  /things/{thing}:
    parameters:
      - {name: thing, in: path, required: true, schema: {type: string}}
    delete: {operationId: drop-thing}
",
        after: "\
openapi: 3.0.3
paths:
  /things/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
    delete:
      operationId: drop-thing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let alike = alike(document);
    if alike.is_empty() {
        return;
    }
    let shared = document.clone();
    let Some(paths) = document.get_mut("paths").and_then(Node::as_object_mut) else {
        return;
    };
    for (path, others) in alike {
        for other in others {
            if join(paths, &path, &other, &shared) {
                context.changed(format!("{other} -> {path}"));
            }
        }
    }
}

/// The paths that differ only in names, by the first of each group.
fn alike(document: &Node) -> Vec<(String, Vec<String>)> {
    let mut by_template: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, _) in document.get("paths").into_iter().flat_map(Node::members) {
        by_template.entry(without_names(path)).or_default().push(path.to_string());
    }
    let several = by_template.into_values().filter(|paths| paths.len() > 1);
    several
        .map(|mut paths| {
            paths.sort();
            let first = paths.remove(0);
            (first, paths)
        })
        .collect()
}

/// Moves operations from one path to another, unless both have an operation of the same method, or
/// one of the paths has a description; returns whether it did.
fn join(paths: &mut Object, path: &str, other: &str, document: &Node) -> bool {
    let (Some(to), Some(from)) = (paths.get(path), paths.get(other)) else {
        return false;
    };
    let is_plain = |item: &Node| {
        let known =
            |key: &Key| METHODS.contains(&&**key) || matches!(&**key, "parameters" | "servers");
        item.as_object().is_some_and(|members| members.keys().all(known))
    };
    let has_own = |(key, _): (&Key, &Node)| METHODS.contains(&&**key) && to.get(key).is_some();
    if !is_plain(to) || !is_plain(from) || from.members().any(has_own) {
        return false;
    }
    let Some(mut from) = paths.shift_remove(other) else {
        return false;
    };
    push_down(&mut from, document);
    let names: BTreeMap<&str, &str> = variables(other).zip(variables(path)).collect();
    from.members_mut().for_each(|(_, operation)| rename(operation, &names, document));
    if let Some(to) = paths.get_mut(path) {
        push_down(to, document);
        let operations: Vec<(String, Node)> =
            from.members().map(|(key, node)| (key.to_string(), node.clone())).collect();
        for (method, operation) in operations {
            to.set(&method, operation);
        }
    }
    true
}

fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|piece| Some(piece.split_once('}')?.0))
}

/// Gives the path parameters of an operation their new names.
fn rename(operation: &mut Node, names: &BTreeMap<&str, &str>, document: &Node) {
    let parameters = operation.get_mut("parameters").and_then(Node::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let Some(definition) = Document(document).resolve(parameter) else {
            continue;
        };
        let name = definition.get_str("name").filter(|_| definition.get_str("in") == Some("path"));
        let Some(new) = name.and_then(|name| names.get(name)).filter(|new| name != Some(**new))
        else {
            continue;
        };
        let mut renamed = definition.clone();
        if let Some(name) = renamed.get_mut("name") {
            name.value = Value::String((*new).to_owned());
        }
        *parameter = renamed;
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn paths_with_one_method_and_paths_with_words_stay_for_the_check() {
        for text in [
            "openapi: 3.0.3\npaths: {'/a/{x}': {get: {}}, '/a/{y}': {get: {}}}\n",
            "openapi: 3.0.3\npaths: {'/a/{x}': {get: {}}, '/a/{y}': {put: {}, summary: S}}\n",
            "openapi: 3.0.3\npaths: {'/a/{x}': {get: {}}, '/b/{x}': {get: {}}}\n",
        ] {
            assert_eq!(apply_alone(&RULE, text).document, node(text));
        }
    }

    #[test]
    fn a_shared_parameter_is_written_out_under_its_new_name() {
        let text = |paths: &str| {
            format!(
                "openapi: 3.0.3\npaths: {{{paths}}}\ncomponents: {{parameters: {{Y: {{name: y, in: path}}, Q: {{name: q, in: query}}}}}}\n"
            )
        };
        let parameters = "parameters: [{$ref: '#/components/parameters/Y'}, {$ref: '#/components/parameters/Q'}]";
        let before =
            text(&format!("'/a/{{y}}': {{put: {{{parameters}}}}}, '/a/{{x}}': {{get: {{}}}}"));
        let after = text(
            "'/a/{x}': {get: {}, put: {parameters: [{name: x, in: path}, {$ref: '#/components/parameters/Q'}]}}",
        );
        assert_eq!(apply_alone(&RULE, &before).document, node(&after));
    }
}

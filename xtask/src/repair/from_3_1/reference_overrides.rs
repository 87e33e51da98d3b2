use std::collections::{HashMap, HashSet};

use crate::{
    document::{Kind, Node, Pointer, walk, walk_mut},
    notes::Notes,
    rule::{Context, Example, Rule},
};

/// Keywords next to a reference that is not of a schema are written to a copy, or dropped.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "reference-overrides",
    summary: "a `description` or `summary` next to the `$ref` of a parameter, a response and so on \
              is written to a copy of the referenced definition; other siblings are dropped",
    reason: "In OpenAPI 3.1 these two override those of the definition, and every other sibling is \
             ignored. OpenAPI 3.0.3 ignores all of them.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '404': {$ref: '#/components/responses/Missing', description: No such thing.}
        '410': {$ref: '#/components/responses/Missing', summary: Gone}
components:
  responses:
    Missing: {description: Missing}
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '404': {description: No such thing.}
        '410': {$ref: '#/components/responses/Missing'}
components:
  responses:
    Missing: {description: Missing}
",
    },
    apply,
};

const OVERRIDES: [&str; 2] = ["description", "summary"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut copies: HashMap<Pointer, Node> = HashMap::new();
    walk(document, &mut |node, kind, at| {
        let has_siblings =
            node.members().any(|(key, _)| &**key != "$ref" && !key.starts_with("x-"));
        if kind.takes_reference() && kind != Kind::Schema && has_siblings {
            copies.extend(overridden(document, node, kind).map(|copy| (at.clone(), copy)));
        }
    });
    let mut notes = Notes::default();
    walk_mut(document, &mut |node, kind, at| {
        if kind == Kind::Schema || !copies.contains_key(at) {
            return;
        }
        tell_ignored(node, kind, at, &mut notes);
        notes.changed(format!("{} at {at}", node.reference_target().unwrap_or_default()));
        if let Some(copy) = copies.get(at) {
            *node = copy.clone();
        }
    });
    notes.tell(document, context);
}

/// The meaning of a reference with siblings; `None` if it is dangling.
fn overridden(document: &Node, node: &Node, kind: Kind) -> Option<Node> {
    let overrides: Vec<(&str, &Node)> = OVERRIDES
        .into_iter()
        .filter(|field| kind.shape_of(field).is_some())
        .filter_map(|field| Some((field, node.get(field)?)))
        .collect();
    let reference = node.get("$ref")?;
    let mut definition = document.at(&Pointer::from_reference(reference.as_str()?)?)?;
    let mut seen = HashSet::new();
    while let Some(next) = definition.reference_target() {
        if !seen.insert(next) {
            return None;
        }
        definition = document.at(&Pointer::from_reference(next)?)?;
    }
    if overrides.iter().all(|(field, text)| definition.get(field) == Some(text)) {
        return Some(Node::object(node.place, [("$ref", reference.clone())]));
    }
    let mut copy = definition.clone();
    for (field, text) in overrides {
        copy.set(field, text.clone());
    }
    Some(copy)
}

fn tell_ignored(node: &Node, kind: Kind, at: &Pointer, notes: &mut Notes) {
    let siblings = node.members().filter(|(key, _)| !key.starts_with("x-") && &***key != "$ref");
    for (key, _) in siblings.filter(|(key, _)| !OVERRIDES.contains(&&***key)) {
        let problem = format!("`{key}` next to the `$ref` of {} has no effect", kind.description());
        notes.warn(&at.join(&**key), key.place, problem, "it is dropped: add it to the definition");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_sibling_that_is_ignored_goes_and_is_told() {
        let text = "openapi: 3.0.0\npaths:\n  /a:\n    parameters: [{$ref: '#/components/parameters/P', required: true}]\ncomponents: {parameters: {P: {name: p, in: query}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(&text.replace(", required: true", "")));
        assert_eq!(applied.warnings.len(), 1);
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_left_to_the_check() {
        let text =
            "openapi: 3.1.0\ncomponents: {responses: {A: {$ref: 'a.yaml', description: d}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}

use std::collections::{HashMap, HashSet};

use crate::{
    document::{Document, Kind, Node, Pointer, walk, walk_mut, walk_part},
    rule::{Context, Example, Rule},
};

/// The content of an answer that can't have a body is dropped.
pub(super) const RULE: Rule = Rule {
    name: "bodiless-statuses",
    summary: "the `content` of a 204, 205, 304 or 1XX response is dropped, with the schemas that \
              nothing else uses",
    reason: "HTTP doesn't allow a body for these. The documentation's generator invents an empty \
             object, and a client that expects it fails on every response.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a:
    delete:
      responses:
        '204':
          description: Gone
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/A_delete_Response_204'
components:
  schemas:
    A_delete_Response_204:
      type: object
      properties: {}
    B:
      type: object
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    delete:
      responses:
        '204':
          description: Gone
components:
  schemas:
    B:
      type: object
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut dropped = Vec::new();
    let shared = Node::object(
        document.place,
        document.get("components").map(|components| ("components", components.clone())),
    );
    walk_mut(document, &mut |node, kind, pointer| {
        if kind != Kind::Responses {
            return;
        }
        for (status, response) in node.members_mut().filter(|(status, _)| is_bodiless(status)) {
            // Other statuses may share the definition, so that it stays as it is.
            let definition =
                Document(&shared).resolve(response).filter(|to| to.get("content").is_some());
            if let Some(definition) = definition.filter(|_| response.get("$ref").is_some()) {
                *response = definition.clone();
            }
            if let Some(content) = response.remove("content") {
                let at = pointer.join(&**status);
                context.changed(format!("of {at}"));
                dropped.push((at, content));
            }
        }
    });
    let said = dropped.iter().filter(|(_, content)| says_something(content, document));
    for (pointer, content) in said {
        let problem = "a body is documented for a status that can't have one";
        let remedy = "it is dropped: if the API sends it, document it under another status";
        context.warn(document, pointer, content.place, problem, remedy);
    }
    let contents = dropped.iter().map(|(_, content)| content);
    let orphans = orphans(document, contents.flat_map(references_of_content).collect());
    let has_orphans = !orphans.is_empty();
    for orphan in orphans {
        context.changed(format!("the schema {orphan}"));
        let components = document.get_mut("components");
        if let Some(schemas) = components.and_then(|components| components.get_mut("schemas")) {
            schemas.remove(&orphan);
        }
    }
    if has_orphans {
        drop_empty_sections(document);
    }
}

fn is_bodiless(status: &str) -> bool {
    matches!(status, "204" | "205" | "304") || status.starts_with('1')
}

/// Whether more was documented than that there is something.
fn says_something(content: &Node, document: &Node) -> bool {
    content.members().filter_map(|(_, media)| media.get("schema")).any(|schema| {
        let target = schema.reference_target().and_then(Pointer::from_reference);
        let schema = target.and_then(|target| document.at(&target)).unwrap_or(schema);
        let is_empty = |node: &Node| node.members().count() == 0;
        schema.members().any(|(key, node)| match &**key {
            "type" => node.as_str() != Some("object"),
            "properties" => !is_empty(node),
            "description" | "title" => false,
            _ => true,
        })
    })
}

fn references_of_content(content: &Node) -> Vec<String> {
    let media = content.members().map(|(_, media)| media);
    media.flat_map(|media| references(media, Kind::MediaType)).collect()
}

/// The names of the schemas that a part of a document refers to.
fn references(part: &Node, kind: Kind) -> Vec<String> {
    let mut names = Vec::new();
    walk_part(part, kind, &mut |node, kind, _| names.extend(targets(node, kind)));
    names
}

/// The names of the schemas that an object itself refers to, a mapping by name perhaps.
fn targets(node: &Node, kind: Kind) -> Vec<String> {
    let named = |text: &str| match Pointer::from_reference(text) {
        Some(pointer) => pointer.schema_component().map(str::to_owned),
        None => Some(text.to_owned()),
    };
    let mapping = node.get("mapping").filter(|_| kind == Kind::Discriminator);
    let mapped = mapping.into_iter().flat_map(Node::members).filter_map(|(_, text)| text.as_str());
    let reference = node.reference_target().filter(|_| kind.takes_reference());
    mapped.chain(reference).filter_map(named).collect()
}

/// Of these schemas and those that they refer to, the ones that nothing else refers to.
fn orphans(document: &Node, candidates: Vec<String>) -> Vec<String> {
    if candidates.is_empty() {
        return Vec::new();
    }
    let mut of_schemas: HashMap<String, Vec<String>> = HashMap::new();
    for (name, schema) in Document(document).schemas() {
        of_schemas.insert(name.to_string(), references(schema, Kind::Schema));
    }
    let mut elsewhere = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        if !matches!(pointer.tokens()[..], ["components", "schemas", ..]) {
            elsewhere.extend(targets(node, kind));
        }
    });
    let suspects = closure(candidates, &of_schemas);
    let others = of_schemas.iter().filter(|(name, _)| !suspects.contains(*name));
    elsewhere.extend(others.flat_map(|(_, names)| names.clone()));
    let used = closure(elsewhere, &of_schemas);
    let names = Document(document).schemas().map(|(name, _)| name.to_string());
    names.filter(|name| suspects.contains(name) && !used.contains(name)).collect()
}

/// These schemas and all that they lead to.
fn closure(from: Vec<String>, of_schemas: &HashMap<String, Vec<String>>) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut pending = from;
    while let Some(name) = pending.pop() {
        if !found.contains(&name) {
            pending.extend(of_schemas.get(&name).into_iter().flatten().cloned());
            found.insert(name);
        }
    }
    found
}

/// Components of which nothing is left say nothing.
fn drop_empty_sections(document: &mut Node) {
    let is_empty = |node: &Node| node.as_object().is_some_and(|members| members.is_empty());
    let Some(components) = document.get_mut("components") else {
        return;
    };
    if components.get("schemas").is_some_and(is_empty) {
        components.remove("schemas");
    }
    if is_empty(components) {
        document.remove("components");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{Applied, apply_alone, node};

    #[test]
    fn a_schema_that_is_used_elsewhere_stays() {
        let elsewhere = [
            "    B: {properties: {a: {$ref: '#/components/schemas/A_delete_Response_204'}}}\n",
            "    B: {oneOf: [{type: object}], discriminator: {propertyName: t, mapping: {a: A_delete_Response_204}}}\n",
        ];
        for other in elsewhere {
            let text = RULE.example.before.replace("    B:\n      type: object\n", other);
            let applied = apply_alone(&RULE, &text);
            assert_eq!(applied.changes, ["of /paths/~1a/delete/responses/204"], "{other}");
            assert_eq!(applied.warnings, []);
        }
    }

    #[test]
    fn what_only_the_orphan_used_goes_too_and_what_nothing_used_before_stays() {
        let text = RULE.example.before.replace(
            "      properties: {}\n",
            "      properties: {c: {$ref: '#/components/schemas/C'}, self: {$ref: '#/components/schemas/A_delete_Response_204'}}\n    C: {type: string}\n",
        );
        let Applied { document, warnings, .. } = apply_alone(&RULE, &text);
        assert_eq!(document, node(RULE.example.after));
        assert_eq!(warnings.len(), 1, "the documented body is reported");
        assert_eq!(
            (warnings[0].place.line, warnings[0].subject().as_str()),
            (9, "/paths/~1a/delete/responses/204")
        );
    }

    #[test]
    fn components_of_which_nothing_is_left_go() {
        let text = RULE.example.before.replace("    B:\n      type: object\n", "");
        assert!(apply_alone(&RULE, &text).document.get("components").is_none());
    }

    #[test]
    fn an_answer_by_reference_is_written_out_without_its_content() {
        let text = |answers: &str| {
            format!(
                "openapi: 3.0.3\npaths:\n  /a:\n    delete:\n      responses: {{{answers}}}\ncomponents:\n  responses:\n    Gone: {{$ref: '#/components/responses/Not%20There'}}\n    Not There: {{description: Gone, content: {{application/json: {{schema: {{type: object}}}}}}}}\n    Bare: {{description: Bare}}\n"
            )
        };
        let gone = "{$ref: '#/components/responses/Gone'}";
        for status in ["204", "205", "304", "1XX"] {
            let before = text(&format!("'{status}': {gone}, '200': {gone}"));
            let after = text(&format!("'{status}': {{description: Gone}}, '200': {gone}"));
            assert_eq!(apply_alone(&RULE, &before).document, node(&after), "{status}");
        }
        for kept in ["{$ref: '#/components/responses/Bare'}", "{$ref: '#/components/responses/No'}"]
        {
            let text = text(&format!("'204': {kept}"));
            assert_eq!(apply_alone(&RULE, &text).document, node(&text), "{kept}");
        }
    }

    #[test]
    fn other_statuses_keep_their_content() {
        let text = RULE.example.before.replace("'204'", "'202'");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}

use std::collections::{HashMap, HashSet};

use super::Findings;
use crate::document::{Document, Kind, Node, Pointer, folded, walk};

/// What to do where a document is in more files than one.
const BUNDLE: &str = "bundle the files into a single document first";

/// Every reference points to a component of its kind, and not in a circle.
pub(super) fn check(findings: &mut Findings<'_>) {
    let known = Known::of(findings.document);
    walk(findings.document, &mut |node, kind, pointer| {
        if kind.takes_reference() {
            check_target(findings, &known, node, kind, pointer);
        }
        if kind == Kind::Discriminator {
            check_mapping(findings, &known, node, pointer);
        }
        if kind == Kind::PathItem
            && let Some(reference) = node.get("$ref")
        {
            let text = reference.as_str().unwrap_or_default();
            let (problem, remedy) = match Pointer::from_reference(text) {
                None => (format!("`{text}` is not a reference within this document"), BUNDLE),
                Some(_) => (
                    "this path item is a reference, which generators can't follow".to_owned(),
                    "write the path item here",
                ),
            };
            findings.add(&pointer.join("$ref"), reference.place, problem, remedy);
        }
    });
}

/// What is known of the components before any reference is looked at.
struct Known<'a> {
    circles: HashSet<Pointer>,
    /// The names of each section, by what is left of them without case and punctuation.
    names: HashMap<(&'a str, String), Vec<&'a str>>,
}

impl<'a> Known<'a> {
    fn of(document: &'a Node) -> Self {
        let mut names: HashMap<_, Vec<&str>> = HashMap::new();
        for (section, definitions) in Document(document).sections() {
            for (name, _) in definitions.members() {
                names.entry((&**section, folded(name))).or_default().push(name);
            }
        }
        Self { circles: circles(document), names }
    }

    /// A component that differs by case and punctuation alone is probably what was meant.
    fn similar_name(&self, section: &str, target: &Pointer) -> String {
        let tokens = target.tokens();
        let wanted = tokens.last().copied().unwrap_or_default();
        let names = self.names.get(&(section, folded(wanted))).into_iter().flatten();
        match names.into_iter().find(|name| **name != wanted) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "define it, or correct the reference".to_owned(),
        }
    }
}

fn check_target(
    findings: &mut Findings<'_>,
    known: &Known<'_>,
    node: &Node,
    kind: Kind,
    pointer: &Pointer,
) {
    let Some(reference) = node.get("$ref") else {
        return;
    };
    let Some(text) = reference.as_str() else {
        return;
    };
    let at = pointer.join("$ref");
    let Some(target) = Pointer::from_reference(text) else {
        let problem = format!("`{text}` is not a reference within this document");
        findings.add(&at, reference.place, problem, BUNDLE);
        return;
    };
    let section = kind.component_section().unwrap_or_default();
    let leads_to_kind = matches!(target.tokens()[..], ["components", of, _] if of == section);
    let problem = match findings.document.at(&target) {
        None => format!("`{text}` does not exist"),
        Some(_) if !leads_to_kind => format!("`{text}` is not a component under `{section}`"),
        Some(definition) if known.circles.contains(&target) => {
            match definition.reference_target() {
                Some(_) => format!("`{text}` refers to itself"),
                None if is_part_of_itself(findings.document, definition) => {
                    format!("`{text}` contains itself through `allOf`")
                }
                None => return,
            }
        }
        Some(_) => return,
    };
    let similar = known.similar_name(section, &target);
    findings.add(&at, reference.place, problem, similar);
}

/// The components that never reach a definition: what they are leads in a circle.
fn circles(document: &Node) -> HashSet<Pointer> {
    let mut open: HashMap<Pointer, usize> = HashMap::new();
    let mut made_of: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
    for (section, definitions) in Document(document).sections() {
        for (name, definition) in definitions.members() {
            let component = Pointer::from_iter(["components", &**section, &**name]);
            let mut targets = Vec::new();
            collect_what_it_is(definition, &**section == "schemas", &mut targets);
            targets.retain(|target| document.at(target).is_some());
            open.insert(component.clone(), targets.len());
            for target in targets {
                made_of.entry(target).or_default().push(component.clone());
            }
        }
    }
    // Components made only of resolved ones are resolved first, then those made of them.
    let outside = made_of.keys().filter(|target| !open.contains_key(*target));
    let closed = open.iter().filter(|(_, count)| **count == 0).map(|(component, _)| component);
    let mut defined: Vec<Pointer> = outside.chain(closed).cloned().collect();
    while let Some(component) = defined.pop() {
        open.remove(&component);
        for user in made_of.get(&component).into_iter().flatten() {
            if let Some(count) = open.get_mut(user) {
                *count -= 1;
                if *count == 0 {
                    defined.push(user.clone());
                }
            }
        }
    }
    open.into_keys().collect()
}

/// The references that say what a component is, and not what it holds.
fn collect_what_it_is(definition: &Node, is_schema: bool, targets: &mut Vec<Pointer>) {
    targets.extend(definition.reference_target().and_then(Pointer::from_reference));
    let parts = definition.get("allOf").into_iter().flat_map(Node::items);
    parts.filter(|_| is_schema).for_each(|part| collect_what_it_is(part, true, targets));
}

/// Whether a schema is reached from itself through `allOf` alone: it would hold without end.
fn is_part_of_itself<'a>(document: &'a Node, schema: &'a Node) -> bool {
    let mut seen: HashSet<*const Node> = HashSet::new();
    let mut next = parts(document, schema);
    while let Some(part) = next.pop() {
        if std::ptr::eq(part, schema) {
            return true;
        }
        if seen.insert(part) {
            next.extend(parts(document, part));
        }
    }
    false
}

/// What a schema is made of: the schemas of its `allOf`, and the one it refers to.
fn parts<'a>(document: &'a Node, schema: &'a Node) -> Vec<&'a Node> {
    let target = schema.reference_target().and_then(Pointer::from_reference);
    let all = schema.get("allOf").into_iter().flat_map(Node::items);
    all.chain(target.and_then(|to| document.at(&to))).collect()
}

fn check_mapping(
    findings: &mut Findings<'_>,
    known: &Known<'_>,
    discriminator: &Node,
    pointer: &Pointer,
) {
    let mapping = discriminator.get("mapping").into_iter().flat_map(Node::members);
    for (key, value) in mapping {
        let Some(text) = value.as_str() else {
            continue;
        };
        let target = Pointer::from_reference(text)
            .unwrap_or_else(|| ["components", "schemas", text].into_iter().collect());
        let problem = match findings.document.at(&target) {
            None => Some(format!("`{text}` does not exist")),
            Some(_) if target.schema_component().is_none() => {
                Some(format!("`{text}` is not a component under `schemas`"))
            }
            Some(_) => None,
        };
        if let Some(problem) = problem {
            let at = pointer.join("mapping").join(&**key);
            findings.add(&at, value.place, problem, known.similar_name("schemas", &target));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::{assert_found, findings, with_operation, with_schemas};

    #[test]
    fn a_dangling_reference_is_found_and_a_similar_name_offered() {
        let text = with_schemas("A: {$ref: '#/components/schemas/No'}");
        assert_found(&text, &[(6, "/components/schemas/A/$ref", "does not exist")]);
        let text =
            with_schemas("A: {$ref: '#/components/schemas/my-thing'}\nMyThing: {type: string}");
        assert_eq!(findings(&text)[0].remedy, "did you mean `MyThing`?");
    }

    #[test]
    fn a_reference_out_of_the_document_or_to_another_kind_is_found() {
        let text = with_schemas("A: {$ref: 'other.yaml#/A'}");
        assert_found(&text, &[(6, "/A/$ref", "not a reference within this document")]);
        let text =
            with_operation("/a", "operationId: a\nresponses:\n  '200': {$ref: '#/paths/~1a/get'}");
        assert_found(&text, &[(8, "/responses/200/$ref", "not a component under `responses`")]);
    }

    #[test]
    fn references_in_a_circle_define_nothing_and_are_found() {
        let text = with_schemas(
            "A: {$ref: '#/components/schemas/B'}\nB: {$ref: '#/components/schemas/A'}",
        );
        assert_found(
            &text,
            &[(6, "/A/$ref", "refers to itself"), (7, "/B/$ref", "refers to itself")],
        );
    }

    #[test]
    fn a_schema_that_is_a_part_of_itself_is_found() {
        let text = with_schemas(
            "A: {allOf: [{$ref: '#/components/schemas/B'}]}\nB: {allOf: [{$ref: '#/components/schemas/A'}]}",
        );
        assert_found(
            &text,
            &[(6, "/A/allOf/0/$ref", "contains itself"), (7, "/B/allOf/0/$ref", "contains itself")],
        );
    }

    #[test]
    fn a_schema_that_holds_itself_is_fine() {
        assert_found(
            &with_schemas(
                "A:\n  type: object\n  properties:\n    a: {$ref: '#/components/schemas/A'}",
            ),
            &[],
        );
    }

    #[test]
    fn a_mapping_to_nothing_is_found() {
        let text = with_schemas(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: t, mapping: {x: C}}}\nB: {type: object}",
        );
        assert_found(&text, &[(6, "/A/discriminator/mapping/x", "`C` does not exist")]);
    }

    #[test]
    fn a_mapping_to_what_is_no_schema_is_found() {
        let text = with_schemas(
            "A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: t, mapping: {x: '#/info/title'}}}\nB: {type: object}",
        );
        assert_found(
            &text,
            &[(6, "/A/discriminator/mapping/x", "not a component under `schemas`")],
        );
    }
}

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Carriers, Resource, Subject};
use crate::document::{Kind, Node, Operation, Pointer, field_name, operations, walk_part};

/// How many operations are named that a component reaches.
const NAMED: usize = 3;

/// How many referrers are looked at to find the operations that a component reaches.
const MOST_REFERRERS: usize = 10_000;

/// Who refers to the components of a document.
#[derive(Debug, Default)]
pub(super) struct Usage {
    referrers: HashMap<Pointer, Vec<Referrer>>,
    /// The resource of each operation.
    resources: HashMap<String, Resource>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Referrer {
    Operation(String),
    Component(Pointer),
}

impl Usage {
    pub(super) fn of(document: &Node) -> Self {
        let mut usage = Self::default();
        for operation in operations(document) {
            let label = label(&operation);
            let tag = operation.node.get("tags").and_then(|tags| tags.items().next()?.as_str());
            let resource = tag.map_or(Resource::Several, |tag| Resource::One(field_name(tag)));
            usage.resources.insert(label.clone(), resource);
            let referrer = Referrer::Operation(label);
            let shared = operation.path_item.get("parameters").into_iter().flat_map(Node::items);
            shared.for_each(|shared| usage.note(shared, Kind::Parameter, &referrer));
            usage.note(operation.node, Kind::Operation, &referrer);
        }
        let components = document.get("components").into_iter().flat_map(Node::members);
        for (section, definitions) in components {
            let kind = SECTIONS.into_iter().find(|kind| kind.component_section() == Some(section));
            let Some(kind) = kind else {
                continue;
            };
            for (name, definition) in definitions.members() {
                let pointer = ["components", section, name].into_iter().collect();
                usage.note(definition, kind, &Referrer::Component(pointer));
            }
        }
        usage
    }

    fn note(&mut self, part: &Node, kind: Kind, referrer: &Referrer) {
        walk_part(part, kind, &mut |node, kind, _| {
            let target = node.reference_target().filter(|_| kind.takes_reference());
            if let Some(target) = target.and_then(Pointer::from_reference) {
                self.referrers.entry(target).or_default().push(referrer.clone());
            }
        });
    }

    /// The operations that lead to a component, and the resource that they are of.
    pub(super) fn carriers(&self, component: &Pointer) -> (Carriers, Resource) {
        let mut seen = HashSet::new();
        let mut found: Vec<&String> = Vec::new();
        let mut queue = VecDeque::from([component]);
        while let Some(next) = queue.pop_front() {
            for referrer in self.referrers.get(next).into_iter().flatten() {
                if seen.len() == MOST_REFERRERS || !seen.insert(referrer) {
                    continue;
                }
                match referrer {
                    Referrer::Component(pointer) => queue.push_back(pointer),
                    Referrer::Operation(label) => found.push(label),
                }
            }
        }
        let named = found.iter().take(NAMED).map(|label| (*label).clone()).collect();
        let resources = found.iter().filter_map(|label| self.resources.get(*label));
        let others = found.len().saturating_sub(NAMED);
        (Carriers { named, others }, Resource::of_all(resources))
    }

    /// The resource of what changed, if it is here.
    pub(super) fn resource_of(&self, subject: &Subject) -> Option<Resource> {
        match subject {
            Subject::Document => Some(Resource::Document),
            Subject::Operation(label) => self.resources.get(label).cloned(),
            Subject::Schema(_) | Subject::Component { .. } => {
                Some(self.carriers(&subject.pointer()?).1)
            }
        }
    }
}

const SECTIONS: [Kind; 5] =
    [Kind::Schema, Kind::Response, Kind::Parameter, Kind::RequestBody, Kind::Header];

/// What an operation is called: its id, or else its method and path.
pub(super) fn label(operation: &Operation<'_>) -> String {
    let id = operation.node.get_str("operationId").map(str::to_owned);
    id.unwrap_or_else(|| format!("{} {}", operation.method.to_uppercase(), operation.path))
}

#[cfg(test)]
mod tests {
    use super::{Carriers, Usage};
    use crate::{document::Pointer, rule::tests::node};

    #[test]
    fn operations_are_found_through_components_that_lead_in_a_circle() {
        let operation = |path: &str| {
            format!(
                "  /{path}:\n    get: {{operationId: {path}, responses: {{'200': {{$ref: '#/components/responses/R'}}}}}}\n"
            )
        };
        let paths: String = ["a", "b", "c", "d"].map(operation).concat();
        let text = format!(
            "openapi: 3.0.3\npaths:\n{paths}components:\n  responses:\n    R: {{description: R, content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}\n  schemas:\n    A: {{type: array, items: {{$ref: '#/components/schemas/B'}}}}\n    B: {{type: array, items: {{$ref: '#/components/schemas/A'}}}}\n    Alone: {{type: string}}\n"
        );
        let usage = Usage::of(&node(&text));
        let of = |name| usage.carriers(&Pointer::to_schema(name)).0;
        let named = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(of("B"), Carriers { named, others: 1 });
        assert_eq!(of("Alone"), Carriers::default());
    }
}

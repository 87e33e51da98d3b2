use std::collections::{BTreeMap, HashSet};

use crate::{
    check::Findings,
    document::{Document, Kind, Node, Value, is_assertion, is_composed, walk},
};

/// The generator expands compositions in place. A composition that contains itself never ends, and
/// overflows the stack, after which nothing could be reported.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    let mut search = Search { document, under_way: Vec::new(), known: HashSet::new(), left: 0 };
    walk(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema || !is_composed(node) || is_name(node) {
            return;
        }
        search.left = MOST;
        if !search.is_endless(vec![Part::whole(node)]) {
            return;
        }
        let problem = match search.left {
            0 => format!("the parts of this schema have more than {MOST} combinations"),
            _ => "the parts of this schema contain each other endlessly".to_owned(),
        };
        let remedy = "the client would need a type for each level: use properties instead of \
                      composition, or move the union out of it";
        findings.add(pointer, node.place, problem, remedy);
    });
}

/// How many compositions one schema may lead to.
const MOST: usize = 20_000;

/// A part of a composition: a whole schema, or its keywords without its parts and branches.
#[derive(Clone, Copy)]
struct Part<'a> {
    node: &'a Node,
    is_whole: bool,
}

impl<'a> Part<'a> {
    fn whole(node: &'a Node) -> Self {
        Self { node, is_whole: true }
    }

    fn key(self) -> (usize, bool) {
        (std::ptr::from_ref(self.node).addr(), self.is_whole)
    }
}

/// What tells one composition from another.
type Key = Vec<(usize, bool)>;

struct Search<'a> {
    document: &'a Node,
    under_way: Vec<Key>,
    known: HashSet<Key>,
    /// How many more may be looked at for the schema that is.
    left: usize,
}

impl<'a> Search<'a> {
    /// Whether writing out a composition of these leads to it again. A schema that is no
    /// composition is written out once, by itself.
    fn is_endless(&mut self, parts: Vec<Part<'a>>) -> bool {
        let resolve = |part: Part<'a>| {
            Some(Part { node: Document(self.document).resolve(part.node)?, ..part })
        };
        let mut parts: Vec<Part<'a>> = parts.into_iter().filter_map(resolve).collect();
        parts.sort_by_key(|part| part.key());
        parts.dedup_by_key(|part| part.key());
        if let [only] = parts[..]
            && !is_composed(only.node)
        {
            return self.write_out(parts);
        }
        let key: Key = parts.iter().map(|part| part.key()).collect();
        if self.left == 0 || self.under_way.contains(&key) {
            return true;
        }
        if !self.known.insert(key.clone()) {
            return false;
        }
        self.left -= 1;
        self.under_way.push(key);
        let is_endless = self.write_out(parts);
        self.under_way.pop();
        is_endless
    }

    fn write_out(&mut self, parts: Vec<Part<'a>>) -> bool {
        let composed = parts.iter().position(|part| part.is_whole && is_composed(part.node));
        let Some(composed) = composed else {
            return self.write_members_out(&parts);
        };
        let node = parts[composed].node;
        let mut others: Vec<Part<'a>> = parts;
        others.remove(composed);
        if says_something(node) {
            others.push(Part { node, is_whole: false });
        }
        others.extend(items(node, "allOf").map(Part::whole));
        let branches: Vec<&Node> = items(node, "oneOf").chain(items(node, "anyOf")).collect();
        if branches.is_empty() {
            return self.is_endless(others);
        }
        branches.into_iter().any(|branch| {
            let mut parts = others.clone();
            parts.push(Part::whole(branch));
            !(parts.len() == 1 && is_name(branch)) && self.is_endless(parts)
        })
    }

    /// What the parts say of one property, and of items, is composed in turn.
    fn write_members_out(&mut self, parts: &[Part<'a>]) -> bool {
        let mut members: BTreeMap<&str, Vec<Part<'a>>> = BTreeMap::new();
        for part in parts {
            for (name, property) in part.node.get("properties").into_iter().flat_map(Node::members)
            {
                members.entry(name).or_default().push(Part::whole(property));
            }
        }
        let inner = |keyword: &str| -> Vec<Part<'a>> {
            let nodes = parts.iter().filter_map(|part| part.node.get(keyword));
            nodes.filter(|node| matches!(node.value, Value::Object(_))).map(Part::whole).collect()
        };
        let lists = [inner("items"), inner("additionalProperties")];
        members
            .into_values()
            .chain(lists)
            .filter(|parts| match parts[..] {
                [] => false,
                [only] => !is_name(only.node),
                _ => true,
            })
            .any(|parts| self.is_endless(parts))
    }
}

fn items<'a>(schema: &'a Node, keyword: &str) -> impl Iterator<Item = &'a Node> + use<'a> {
    schema.get(keyword).into_iter().flat_map(Node::items)
}

fn says_something(schema: &Node) -> bool {
    schema.members().any(|(keyword, _)| &**keyword == "type" || is_assertion(keyword))
}

/// Whether the generator takes a schema for the name of another, be it that or null.
fn is_name(schema: &Node) -> bool {
    let parts = schema.get("allOf").and_then(Node::as_array).unwrap_or_default();
    let alone = parts.first().filter(|_| parts.len() == 1 && !says_something(schema));
    schema.reference_target().is_some()
        || alone.is_some_and(|part| part.reference_target().is_some())
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    #[test]
    fn unions_whose_branches_hold_them_are_refused_when_they_are_composed() {
        let text = schemas(
            "A: {allOf: [{$ref: '#/components/schemas/U'}, {$ref: '#/components/schemas/V'}]}
U: {oneOf: [{type: object, required: [x], properties: {x: {$ref: '#/components/schemas/U'}}}, {type: string}]}
V: {oneOf: [{type: object, required: [x], properties: {x: {$ref: '#/components/schemas/V'}}}, {type: string}]}",
        );
        assert_refused(&text, "/components/schemas/A", "contain each other endlessly");
    }

    #[test]
    fn many_schemas_that_are_no_compositions_are_no_end() {
        let property = |number: usize| format!("p{number}: {{type: string}}");
        let properties: Vec<String> = (0..300).map(property).collect();
        let schema = |number: usize| {
            let properties = properties.join(", ");
            format!("S{number}: {{type: object, properties: {{{properties}}}}}")
        };
        let all: Vec<String> = (0..80).map(schema).collect();
        assert_taken(&schemas(&all.join("\n")));
    }

    #[test]
    fn types_that_hold_themselves_by_name_are_taken() {
        assert_taken(&schemas(
            "Tree: {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}, parent: {nullable: true, allOf: [{$ref: '#/components/schemas/Tree'}]}, list: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Tree'}, {type: string}]}}}}
Many: {type: array, items: {$ref: '#/components/schemas/Many'}}
Union: {oneOf: [{$ref: '#/components/schemas/Union'}, {type: string}]}
Map: {type: object, additionalProperties: {$ref: '#/components/schemas/Map'}}",
        ));
    }
}

//! Many sources, one document. Equal definitions unite; different ones of one name are refused.

use crate::{
    document::{Key, Kind, Node, Object, Pointer, Value, walk_mut},
    finding::Finding,
    read::Sources,
};

/// Unites repaired documents under one info object. Paths, components and tags come out in
/// alphabetical order, so that the order of the sources does not show.
pub fn merge(info: Node, mut documents: Vec<Node>, sources: &Sources) -> (Node, Vec<Finding>) {
    documents.sort_by_key(|document| sources.name(document.place.source));
    let mut merger = Merger { merged: Object::new(), findings: Vec::new(), sources };
    for mut document in documents {
        require_security_by_operation(&mut document);
        tags_by_name(&mut document);
        document.remove("info");
        if let Value::Object(members) = document.value {
            merger.unite_members(members);
        }
    }
    merger.into_document(info)
}

struct Merger<'a> {
    merged: Object,
    findings: Vec<Finding>,
    sources: &'a Sources,
}

impl Merger<'_> {
    fn unite_members(&mut self, members: Object) {
        let mut merged = std::mem::take(&mut self.merged);
        self.unite(&mut merged, members, &mut Pointer::root());
        self.merged = merged;
    }

    /// Unites two mappings of definitions; what they hold is one thing and has to be equal.
    fn unite(&mut self, known: &mut Object, members: Object, pointer: &mut Pointer) {
        for (key, node) in members {
            pointer.push(&*key);
            match known.get_full_mut(&*key) {
                None => drop(known.insert(key, node)),
                Some((_, first_key, first)) => match (&mut first.value, node.value) {
                    (Value::Object(first), Value::Object(members))
                        if holds_definitions(pointer) =>
                    {
                        self.unite(first, members, pointer);
                    }
                    (first, value) if *first == value => {}
                    _ => self.refuse(first_key, &key, pointer),
                },
            }
            pointer.pop();
        }
    }

    fn refuse(&mut self, first: &Key, second: &Key, pointer: &Pointer) {
        let file = self.sources.name(first.place.source);
        self.findings.push(Finding {
            place: second.place,
            subject: pointer.to_string(),
            problem: format!(
                "another definition of this stands at {file}:{}:{}",
                first.place.line, first.place.column
            ),
            remedy: "one document has one: get both sources anew, as they may be of different \
                     days, or leave one out"
                .to_owned(),
        });
    }

    /// The members in the order of the specification, the definitions in that of the alphabet.
    fn into_document(mut self, info: Node) -> (Node, Vec<Finding>) {
        for key in ["paths", "components", "tags"] {
            sort_members(self.merged.get_mut(key));
        }
        let path_items = self.merged.get_mut("paths").into_iter().flat_map(Node::members_mut);
        path_items.for_each(|(_, item)| sort_fields(item, Kind::PathItem));
        let sections = self.merged.get_mut("components").into_iter().flat_map(Node::members_mut);
        sections.for_each(|(_, section)| sort_members(Some(section)));
        self.merged.get_mut("tags").into_iter().for_each(tags_as_list);

        let place = info.place;
        self.merged.insert(Key::new(place, "info"), info);
        let mut document = Node::new(place, Value::Object(self.merged));
        sort_fields(&mut document, Kind::Document);
        (document, self.findings)
    }
}

/// Puts the fields of an object in the order in which the specification lists them.
fn sort_fields(node: &mut Node, kind: Kind) {
    let rank = |key: &Key| {
        let fields = kind.fields();
        fields.iter().position(|field| field.name == &**key).unwrap_or(fields.len())
    };
    if let Some(members) = node.as_object_mut() {
        members.sort_by(|a, _, b, _| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    }
}

fn sort_members(node: Option<&mut Node>) {
    if let Some(members) = node.and_then(Node::as_object_mut) {
        members.sort_unstable_keys();
    }
}

/// Whether the members of this mapping are definitions of their own.
fn holds_definitions(pointer: &Pointer) -> bool {
    matches!(pointer.tokens()[..], ["paths" | "components" | "tags"] | ["paths" | "components", _])
}

/// What the whole of a source requires, each of its operations requires.
fn require_security_by_operation(document: &mut Node) {
    let Some(security) = document.remove("security") else {
        return;
    };
    walk_mut(document, &mut |node, kind, _| {
        if kind == Kind::Operation && node.get("security").is_none() {
            node.set("security", security.clone());
        }
    });
}

/// Tags are a list, but have names like definitions.
fn tags_by_name(document: &mut Node) {
    let Some(tags) = document.get_mut("tags") else {
        return;
    };
    if let Value::Array(items) = &mut tags.value {
        let named = items.drain(..).map(|tag| {
            let name = tag.get_str("name").unwrap_or_default();
            (Key::new(tag.place, name), tag)
        });
        tags.value = Value::Object(named.collect());
    }
}

fn tags_as_list(tags: &mut Node) {
    if let Value::Object(named) = &mut tags.value {
        tags.value = Value::Array(std::mem::take(named).into_values().collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;
    use crate::read::read;

    fn merge_texts(texts: &[&str]) -> (Node, Vec<Finding>) {
        let mut sources = Sources::default();
        let mut documents = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let id = sources.add(format!("{index}.yaml"), text);
            documents.push(read(&sources, id).unwrap().node);
        }
        let info = Node::object(Place::default(), [("title", Node::string(Place::default(), "T"))]);
        merge(info, documents, &sources)
    }

    const A: &str = "openapi: 3.0.3\ninfo: {title: A}\nservers: [{url: 'https://h'}]\nsecurity: [{k: []}]\ntags: [{name: z}]\npaths:\n  /b:\n    get: {operationId: b}\ncomponents:\n  schemas:\n    Z: {type: string}\n    S: {type: string}\n";
    const B: &str = "openapi: 3.0.3\ninfo: {title: B}\nservers: [{url: 'https://h'}]\ntags: [{name: a}, {name: z}]\npaths:\n  /b:\n    put: {operationId: put-b}\n  /a:\n    get: {operationId: a}\ncomponents:\n  schemas:\n    S: {type: string}\n    A: {type: object}\n";

    #[test]
    fn the_order_of_the_sources_does_not_show() {
        let (one, findings) = merge_texts(&[A, B]);
        assert_eq!(findings, []);
        assert_eq!(one.to_json().unwrap(), merge_texts(&[B, A]).0.to_json().unwrap());
        let members: Vec<&str> = one.members().map(|(key, _)| &**key).collect();
        assert_eq!(members, ["openapi", "info", "servers", "paths", "components", "tags"]);
    }

    #[test]
    fn a_requirement_of_a_whole_source_stays_with_its_operations() {
        let (merged, _) = merge_texts(&[A, B]);
        let security = |path, method| {
            merged.at(&["paths", path, method, "security"].into_iter().collect()).is_some()
        };
        assert!(security("/b", "get"));
        assert!(!security("/a", "get") && !security("/b", "put"));
    }

    #[test]
    fn two_definitions_of_one_name_are_refused_with_both_places() {
        let other = "openapi: 3.0.3\nservers: [{url: 'https://other'}]\npaths:\n  /b:\n    get: {operationId: other}\ncomponents:\n  schemas:\n    S: {type: integer}\n";
        let (_, findings) = merge_texts(&[A, other]);
        let found: Vec<_> = findings.iter().map(|f| (f.subject.as_str(), f.place.line)).collect();
        assert_eq!(found, [("/servers", 2), ("/paths/~1b/get", 5), ("/components/schemas/S", 8)]);
        assert!(findings[2].problem.contains("0.yaml:12:5"), "{:?}", findings[2]);
    }
}

//! Sources that are equals: equal definitions unite, different ones of one name are refused.

use std::collections::BTreeMap;

use crate::{
    document::{Key, Kind, METHODS, Node, Object, Pointer, Value, push_down, walk_mut},
    finding::Finding,
    read::Sources,
    report::Report,
};

/// The extension of the first line of a document that this program made.
pub const GENERATED: &str = "x-generated";

/// The fields of a path item that say something of each of its operations.
const SHARED_FIELDS: [&str; 2] = ["parameters", "servers"];

/// Unites repaired documents under one info object. Paths, components and tags come out in
/// alphabetical order, so that the order of the sources does not show.
pub fn merge(
    info: Node,
    mut documents: Vec<Node>,
    sources: &Sources,
) -> (Node, Report, Vec<Finding>) {
    documents.sort_by_key(|document| sources.name(document.place.source));
    let mut merger = Merger { merged: Object::new(), findings: Vec::new(), sources };
    merger.refuse_servers_of_some(&documents);
    merger.refuse_texts_of_some(&documents);
    push_down_from_shared_paths(&mut documents);
    let mut dropped = Vec::new();
    for mut document in documents {
        let file = sources.name(document.place.source);
        dropped.extend(drop_what_is_of_one_source(&mut document, file));
        require_security_by_operation(&mut document);
        merger.name_tags(&mut document);
        if let Value::Object(members) = document.value {
            merger.unite_members(members);
        }
    }
    let mut report = Report::default();
    report.add("merge", "dropped", dropped);
    let (document, findings) = merger.into_document(info);
    (document, report, findings)
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
                    (Value::Object(first), Value::Object(members))
                        if is_schema(pointer) && is_described_alike(first, &members) =>
                    {
                        first.extend(members);
                    }
                    (first, value) if *first == value => {}
                    _ if is_operation(pointer) => self.refuse_operation(first_key, &key, pointer),
                    _ => self.refuse(first_key, &key, pointer),
                },
            }
            pointer.pop();
        }
    }

    /// A source without servers would be taken to be served by those of another.
    fn refuse_servers_of_some(&mut self, documents: &[Node]) {
        let with = documents.iter().find_map(|document| document.get_key("servers"));
        let Some(with) = with else {
            return;
        };
        let there = self.sources.name(with.place.source);
        for document in documents.iter().filter(|document| document.get("servers").is_none()) {
            self.findings.push(Finding::about_source(
                document.place,
                format!("this source has no `servers`, but {there} has"),
                "add the servers of its operations",
            ));
        }
    }

    /// What a path item says in words would be said of the operations of other sources too.
    fn refuse_texts_of_some(&mut self, documents: &[Node]) {
        let mut first: BTreeMap<&Key, Object> = BTreeMap::new();
        for (path, item) in documents.iter().flat_map(path_items) {
            let is_text =
                |key: &Key| !METHODS.contains(&&**key) && !SHARED_FIELDS.contains(&&**key);
            let members = item.members().filter(|(key, _)| is_text(key));
            let texts = members.map(|(key, node)| (key.clone(), node.clone())).collect();
            match first.get_key_value(path) {
                Some((first, other)) if *other != texts => {
                    let pointer = Pointer::from_iter(["paths", &**path]);
                    self.refuse(first, path, &pointer);
                }
                Some(_) => {}
                None => drop(first.insert(path, texts)),
            }
        }
    }

    /// Tags are a list, but have names like definitions.
    fn name_tags(&mut self, document: &mut Node) {
        let Some(tags) = document.get_mut("tags") else {
            return;
        };
        let Value::Array(items) = &mut tags.value else {
            return;
        };
        let mut named = Object::new();
        for tag in items.drain(..) {
            let key = Key::new(tag.place, tag.get_str("name").unwrap_or_default());
            match named.get_key_value(&key) {
                Some((first, other)) if *other != tag => {
                    let pointer = Pointer::from_iter(["tags", &*key]);
                    self.refuse(first, &key, &pointer);
                }
                Some(_) => {}
                None => drop(named.insert(key, tag)),
            }
        }
        tags.value = Value::Object(named);
    }

    /// Two pages that document one method of one path, often as two bodies of it.
    fn refuse_operation(&mut self, first: &Key, second: &Key, pointer: &Pointer) {
        let file = self.sources.name(first.place.source);
        self.findings.push(Finding {
            pointer: Some(pointer.clone()),
            ..Finding::about_source(
                second.place,
                format!(
                    "another operation with this method and path is at {file}:{}:{}",
                    first.place.line, first.place.column
                ),
                "give the [[source]] of one of them a `variant` in the manifest, or exclude one \
                 with [[skip]]",
            )
        });
    }

    fn refuse(&mut self, first: &Key, second: &Key, pointer: &Pointer) {
        let file = self.sources.name(first.place.source);
        self.findings.push(Finding {
            pointer: Some(pointer.clone()),
            ..Finding::about_source(
                second.place,
                format!(
                    "another definition of this is at {file}:{}:{}",
                    first.place.line, first.place.column
                ),
                "a document can have only one: fetch both sources again, as they may have been \
                 fetched on different days, or exclude one",
            )
        });
    }

    fn into_document(mut self, info: Node) -> (Node, Vec<Finding>) {
        self.merged.get_mut("tags").into_iter().for_each(tags_as_list);
        let place = info.place;
        self.merged.insert(Key::new(place, "info"), info);
        let mut document = Node::new(place, Value::Object(self.merged));
        sort(&mut document);
        (document, self.findings)
    }
}

/// Puts the members in the order of the specification, the definitions in that of the alphabet.
pub(super) fn sort(document: &mut Node) {
    for key in ["paths", "components"] {
        sort_members(document.get_mut(key));
    }
    if let Some(tags) = document.get_mut("tags").and_then(Node::as_array_mut) {
        tags.sort_by(|a, b| a.get_str("name").cmp(&b.get_str("name")));
    }
    let path_items = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
    path_items.for_each(|(_, item)| sort_fields(item, Kind::PathItem));
    let sections = document.get_mut("components").into_iter().flat_map(Node::members_mut);
    sections.for_each(|(_, section)| sort_members(Some(section)));
    sort_fields(document, Kind::Document);
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

fn is_operation(pointer: &Pointer) -> bool {
    matches!(pointer.tokens()[..], ["paths", _, method] if METHODS.contains(&method))
}

fn is_schema(pointer: &Pointer) -> bool {
    pointer.schema_component().is_some()
}

/// Whether two definitions are one that each source describes in part: they differ in nothing but
/// words and extensions that only one of them has.
fn is_described_alike(first: &Object, second: &Object) -> bool {
    let agrees = |ours: &Object, theirs: &Object| {
        ours.iter().all(|(key, node)| match theirs.get(key) {
            Some(other) => other == node,
            None => is_annotation(key),
        })
    };
    agrees(first, second) && agrees(second, first)
}

fn is_annotation(key: &str) -> bool {
    matches!(key, "description" | "title" | "example" | "externalDocs") || key.starts_with("x-")
}

/// Whether the members of this mapping are separate definitions.
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

/// The manifest says what the merged document says of itself; what a source said is dropped.
fn drop_what_is_of_one_source(document: &mut Node, file: &str) -> Vec<String> {
    document.remove(GENERATED);
    let info = document.remove("info");
    let members = info.iter().flat_map(Node::members);
    members
        .filter(|(key, _)| !matches!(&***key, "title" | "version"))
        .map(|(key, _)| format!("/info/{key} of {file}"))
        .collect()
}

fn path_items(document: &Node) -> impl Iterator<Item = (&Key, &Node)> {
    document.get("paths").into_iter().flat_map(Node::members)
}

/// Where several sources have one path, what each says of all its operations moves into these.
fn push_down_from_shared_paths(documents: &mut [Node]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (path, _) in documents.iter().flat_map(path_items) {
        *count.entry(path.to_string()).or_default() += 1;
    }
    for document in documents {
        let shared = document.clone();
        let items = document.get_mut("paths").into_iter().flat_map(Node::members_mut);
        for (_, item) in items.filter(|(path, _)| count.get(&***path).is_some_and(|n| *n > 1)) {
            push_down(item, &shared);
        }
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
        let (merged, _, findings) = merge_all(texts);
        (merged, findings)
    }

    fn merge_all(texts: &[&str]) -> (Node, Report, Vec<Finding>) {
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
        let found: Vec<_> = findings.iter().map(|f| (f.subject(), f.place.line)).collect();
        let expected = [("/servers", 2), ("/paths/~1b/get", 5), ("/components/schemas/S", 8)];
        assert_eq!(found, expected.map(|(subject, line)| (subject.to_owned(), line)));
        assert!(findings[2].problem.contains("0.yaml:12:5"), "{:?}", findings[2]);
    }

    #[test]
    fn a_definition_takes_the_words_that_another_source_has_for_it() {
        let bare = "openapi: 3.0.3\ncomponents:\n  schemas:\n    S: {type: string, enum: [a]}\n";
        let told = bare.replace("type: string,", "type: string, description: Told., x-note: n,");
        for texts in [[bare, &told], [&told, bare]] {
            let (merged, findings) = merge_texts(&texts);
            assert_eq!(findings, []);
            let json = merged.to_json().unwrap();
            assert!(json.contains("Told.") && json.contains("x-note"), "{json}");
        }
        let otherwise = told.replace("Told.", "Otherwise.");
        assert_eq!(merge_texts(&[&told, &otherwise]).1.len(), 1);
        let other_values = told.replace("[a]", "[b]");
        assert_eq!(merge_texts(&[bare, &other_values]).1.len(), 1);
    }

    const HEAD: &str = "openapi: 3.0.3\npaths:\n  /b:\n";

    #[test]
    fn what_a_path_shares_stays_with_the_operations_of_its_source() {
        let shared = format!(
            "{HEAD}    servers: [{{url: 'https://own'}}]\n    parameters: [{{name: q, in: query}}, {{name: r, in: query}}]\n    get: {{operationId: a, parameters: [{{name: q, in: query, required: true}}]}}\n"
        );
        let other = format!("{HEAD}    put: {{operationId: b}}\n");
        let (merged, findings) = merge_texts(&[&shared, &other]);
        assert_eq!(findings, []);
        let item = merged.at(&["paths", "/b"].into_iter().collect()).unwrap();
        let members: Vec<&str> = item.members().map(|(key, _)| &**key).collect();
        assert_eq!(members, ["get", "put"]);
        let get = serde_json::to_string(item.get("get").unwrap()).unwrap();
        assert!(
            get.contains(
                r#"[{"name":"r","in":"query"},{"name":"q","in":"query","required":true}]"#
            ),
            "{get}"
        );
        assert!(get.contains("https://own"), "{get}");
        assert!(item.get("put").unwrap().get("parameters").is_none());
        // A path of one source stays as it is documented.
        let alone = merge_texts(&[&shared]).0;
        assert!(alone.to_json().unwrap().contains("\"r\""));
        assert!(alone.at(&["paths", "/b", "parameters"].into_iter().collect()).is_some());
    }

    #[test]
    fn what_one_source_says_of_all_is_not_said_of_the_others() {
        let with_text = format!("{HEAD}    summary: Mine.\n    get: {{operationId: a}}\n");
        let without = format!("{HEAD}    put: {{operationId: b}}\n");
        let (_, findings) = merge_texts(&[&with_text, &without]);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((&*findings[0].subject(), findings[0].place.line), ("/paths/~1b", 3));
        let served = "openapi: 3.0.3\nservers: [{url: 'https://h'}]\npaths: {}\n";
        let (_, findings) = merge_texts(&[served, &without]);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].problem.contains("0.yaml has"), "{findings:?}");
    }

    #[test]
    fn what_is_dropped_is_reported() {
        let text = "openapi: 3.0.3\nx-generated: by me\ninfo: {title: A, version: '1', license: {name: MIT}, x-logo: l}\npaths: {}\n";
        let (merged, report, findings) = merge_all(&[text]);
        assert_eq!(findings, []);
        assert!(!merged.to_json().unwrap().contains("by me"));
        let report = report.to_string();
        assert!(report.contains("/info/license of 0.yaml; /info/x-logo of 0.yaml"), "{report}");
    }

    #[test]
    fn two_tags_of_one_name_in_one_source_are_refused() {
        let text = "openapi: 3.0.3\ntags: [{name: a, description: x}, {name: a, description: y}]\npaths: {}\n";
        let (_, findings) = merge_texts(&[text]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].subject(), "/tags/a");
    }
}

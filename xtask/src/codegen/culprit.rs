use std::collections::BTreeSet;

use super::{client_settings::ClientSettings, generator};
use crate::{
    document::{Kind, METHODS, Node, Pointer, Value, operations, walk_part},
    finding::Finding,
    lower::{mock_document, schemas_of},
    plan::Lowered,
};

const REMEDY: &str = "the generator can't express this, and no check covers it: remove it from the \
                      sources, or write a lowering for it";

/// What it is that the generator refuses: the smallest part that it refuses as well, or the whole.
///
/// What is refused stays refused whatever else is there, so that the part is found by halving.
pub(super) fn find(lowered: &Lowered, settings: &ClientSettings, problem: String) -> Finding {
    let refusal = |document: &Node| {
        generator::run(document, &mock_document(document), &lowered.enums, settings).err()
    };
    let found = find_by(&lowered.document, &refusal);
    let whole = || Finding::about_source(lowered.document.place, problem, REMEDY);
    lowered.with_documented_names(found.unwrap_or_else(whole))
}

/// Why a document is refused, if it is.
type Refusal<'a> = &'a dyn Fn(&Node) -> Option<String>;

fn find_by(lowered: &Node, refusal: Refusal<'_>) -> Option<Finding> {
    refused_component(lowered, refusal).or_else(|| refused_operation(lowered, refusal))
}

/// The schema that is refused, among those that need the fewest others.
fn refused_component(lowered: &Node, refusal: Refusal<'_>) -> Option<Finding> {
    let without_paths = with_operations(lowered, &|_, _| false);
    refusal(&without_paths)?;
    let schemas = lowered.get("components")?.get("schemas")?;
    let mut needed: Vec<(&str, BTreeSet<String>)> =
        schemas.members().map(|(name, _)| (&**name, needed_by(schemas, name))).collect();
    needed.sort_by_key(|(_, names)| names.len());
    let part = |count: usize| {
        let names: BTreeSet<&str> =
            needed[..count].iter().flat_map(|(_, names)| names).map(String::as_str).collect();
        with_schemas(&without_paths, &names)
    };
    let count = least(needed.len(), |count| refusal(&part(count)).is_some());
    let (name, names) = needed.get(count.checked_sub(1)?)?;
    let alone = with_schemas(&without_paths, &names.iter().map(String::as_str).collect());
    let document = if refusal(&alone).is_some() { alone } else { part(count) };
    let at = Pointer::to_schema(name);
    let properties = members_of(&document, &at.join("properties"));
    let pointer = narrowed(&document, properties, refusal).unwrap_or(at);
    let mut finding = finding(lowered, &pointer, refusal(&document)?);
    let mut users = operations(lowered).filter(|user| schemas_of(lowered, user).contains(*name));
    let user = users.find_map(|user| user.node.get_str("operationId").map(Box::from));
    finding.operation = finding.operation.or(user);
    Some(finding)
}

fn refused_operation(lowered: &Node, refusal: Refusal<'_>) -> Option<Finding> {
    let all: Vec<Pointer> = operations(lowered).map(|operation| operation.pointer()).collect();
    let part = |pointers: &[Pointer]| {
        with_operations(lowered, &|path, method| {
            pointers.contains(&Pointer::from_iter(["paths", path, method]))
        })
    };
    let count = least(all.len(), |count| refusal(&part(&all[..count])).is_some());
    let at = all.get(count.checked_sub(1)?)?;
    let alone = part(std::slice::from_ref(at));
    let document = if refusal(&alone).is_some() { alone } else { part(&all[..count]) };
    let problem = refusal(&document)?;
    let mut parts = members_of(&document, &at.join("parameters"));
    parts.push(at.join("requestBody"));
    parts.extend(members_of(&document, &at.join("responses")));
    let pointer = narrowed(&document, parts, refusal).unwrap_or_else(|| at.clone());
    Some(finding(lowered, &pointer, problem))
}

fn finding(lowered: &Node, pointer: &Pointer, problem: String) -> Finding {
    let mut holder = pointer.clone();
    holder.pop();
    let tokens = pointer.tokens();
    let key = tokens.last().and_then(|last| lowered.at(&holder)?.get_key(last));
    let node = || lowered.at(pointer).map_or(lowered.place, |node| node.place);
    let place = key.map_or_else(node, |key| key.place);
    Finding::at(lowered, pointer, place, problem, REMEDY)
}

/// The least count of which something is true that stays true for all greater ones.
fn least(most: usize, is_true: impl Fn(usize) -> bool) -> usize {
    let (mut below, mut least) = (0, most);
    while least - below > 1 {
        let middle = below + (least - below) / 2;
        if is_true(middle) {
            least = middle;
        } else {
            below = middle;
        }
    }
    least
}

/// The one of these parts without which the rest is taken.
fn narrowed(document: &Node, parts: Vec<Pointer>, refusal: Refusal<'_>) -> Option<Pointer> {
    parts.into_iter().find(|part| {
        let mut rest = document.clone();
        take_out(&mut rest, part) && refusal(&rest).is_none()
    })
}

fn take_out(document: &mut Node, part: &Pointer) -> bool {
    let mut holder = part.clone();
    let Some(last) = part.tokens().last().map(|token| (*token).to_owned()) else {
        return false;
    };
    holder.pop();
    let holder = holder.tokens().into_iter().try_fold(document, |node, token| node.get_mut(token));
    match holder.map(|holder| &mut holder.value) {
        Some(Value::Object(members)) => members.shift_remove(&*last).is_some(),
        Some(Value::Array(items)) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// The pointers to the members or the items of a part.
fn members_of(document: &Node, at: &Pointer) -> Vec<Pointer> {
    let Some(node) = document.at(at) else {
        return Vec::new();
    };
    let items = (0..node.items().count()).map(|index| at.join(index.to_string()));
    node.members().map(|(key, _)| at.join(&**key)).chain(items).collect()
}

/// The document with those of its operations that are wanted.
fn with_operations(document: &Node, is_wanted: &dyn Fn(&str, &str) -> bool) -> Node {
    let mut document = document.clone();
    let paths = document.get_mut("paths").and_then(Node::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        if let Some(members) = item.as_object_mut() {
            members.retain(|key, _| !METHODS.contains(&&**key) || is_wanted(path, key));
        }
    }
    document
}

/// The document with these schemas alone.
fn with_schemas(document: &Node, names: &BTreeSet<&str>) -> Node {
    let mut document = document.clone();
    let components = document.get_mut("components");
    let schemas = components.and_then(|components| components.get_mut("schemas"));
    if let Some(schemas) = schemas.and_then(Node::as_object_mut) {
        schemas.retain(|key, _| names.contains(&**key));
    }
    document
}

/// A schema and all that it refers to, directly or through others.
fn needed_by(schemas: &Node, name: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let Some(schema) = schemas.get(&name).filter(|_| needed.insert(name.clone())) else {
            continue;
        };
        walk_part(schema, Kind::Schema, &mut |node, _, _| {
            let target = node.reference_target().and_then(Pointer::from_reference);
            open.extend(target.as_ref().and_then(Pointer::schema_component).map(str::to_owned));
        });
    }
    needed
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, fmt::Write as _};

    use super::find_by;
    use crate::{document::Node, rule::tests::node};

    /// Refuses whatever holds a text, and counts how often it is asked.
    fn refusing<'a>(
        text: &'a str,
        asked: &'a Cell<usize>,
    ) -> impl Fn(&Node) -> Option<String> + 'a {
        move |document| {
            asked.set(asked.get() + 1);
            let json = document.to_json().unwrap();
            json.contains(text).then(|| "refused".to_owned())
        }
    }

    #[test]
    fn the_culprit_among_a_thousand_schemas_is_found_with_few_questions() {
        let mut text = String::from(
            "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      operationId: get-a\n      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/S700'}}}}}\ncomponents:\n  schemas:\n",
        );
        for index in 0..1000 {
            let kind = if index == 700 { "array" } else { "string" };
            writeln!(
                text,
                "    S{index}: {{type: object, properties: {{a: {{type: string}}, b: {{type: {kind}}}}}}}"
            )
            .unwrap();
        }
        let document = node(&text);
        let asked = Cell::new(0);
        let finding = find_by(&document, &refusing("\"array\"", &asked)).unwrap();
        assert_eq!(finding.subject(), "get-a (/components/schemas/S700/properties/b)");
        assert_eq!(finding.place.line, 10 + 700 - 1);
        assert!(asked.get() < 20, "{}", asked.get());
    }

    #[test]
    fn the_culprit_among_operations_is_named_with_the_part_of_it() {
        let mut text = String::from("openapi: 3.0.3\npaths:\n");
        for index in 0..100 {
            let place = if index == 41 { "nowhere" } else { "query" };
            writeln!(
                text,
                "  /a{index}:\n    get: {{operationId: get-{index}, parameters: [{{name: p, in: query}}, {{name: q, in: {place}}}]}}"
            )
            .unwrap();
        }
        let asked = Cell::new(0);
        let document = node(&text);
        let finding = find_by(&document, &refusing("nowhere", &asked)).unwrap();
        assert_eq!(finding.subject(), "get-41 (/paths/~1a41/get/parameters/1)");
        assert!(asked.get() < 20, "{}", asked.get());
    }
}

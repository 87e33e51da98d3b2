use super::{Document, Node};

/// The keywords that bring in other schemas.
pub const COMPOSED: [&str; 4] = ["allOf", "oneOf", "anyOf", "not"];

/// The keywords of which one branch, or one at least, fits.
pub const ALTERNATIVES: [&str; 2] = ["oneOf", "anyOf"];

/// Whether other schemas say what a schema is: its parts or its branches.
pub fn is_composed(schema: &Node) -> bool {
    schema.get("allOf").is_some() || is_union(schema)
}

/// Whether a schema has branches.
pub fn is_union(schema: &Node) -> bool {
    ALTERNATIVES.iter().any(|keyword| schema.get(keyword).is_some())
}

/// The branches of a schema.
pub fn branches(schema: &Node) -> impl Iterator<Item = &Node> {
    ALTERNATIVES.into_iter().filter_map(|keyword| schema.get(keyword)).flat_map(Node::items)
}

/// How deep the parts of parts are looked at.
const DEEPEST: usize = 8;

/// Whether a schema describes an object or a list, by itself or by what it is composed of.
pub fn is_structured(document: &Node, schema: &Node) -> bool {
    is_structured_within(document, schema, DEEPEST)
}

fn is_structured_within(document: &Node, schema: &Node, depth: usize) -> bool {
    let Some((schema, depth)) = Document(document).resolve(schema).zip(depth.checked_sub(1)) else {
        return false;
    };
    let mut parts = schema.get("allOf").into_iter().flat_map(Node::items).chain(branches(schema));
    matches!(schema.get_str("type"), Some("array" | "object"))
        || parts.any(|part| is_structured_within(document, part, depth))
}

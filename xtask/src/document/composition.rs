use super::Node;

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

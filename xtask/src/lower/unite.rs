use crate::document::{Document, Node, is_assertion, is_composed};

/// How deep definitions are compared.
const DEEPEST: usize = 16;

/// The common schema of two definitions of a property.
#[derive(Debug, PartialEq)]
pub(super) enum United {
    /// A schema that is one of them, or has something of both.
    As(Node),
    /// No value fits both.
    Contradiction,
    /// Both are objects, which are to be composed.
    Objects,
}

/// Finds the common schema of two definitions, of which the second takes precedence.
pub(super) fn unite(document: &Node, first: &Node, second: &Node) -> United {
    unite_within(document, first, second, DEEPEST)
}

fn unite_within(document: &Node, first: &Node, second: &Node, depth: usize) -> United {
    let definition = |schema| Document(document).resolve(unwrapped(schema));
    let (Some(one), Some(other)) = (definition(first), definition(second)) else {
        return United::As(second.clone());
    };
    if depth == 0 || one == other || says_nothing(one) || is_free_object(one, other) {
        return United::As(second.clone());
    }
    if says_nothing(other) || is_free_object(other, one) {
        return United::As(first.clone());
    }
    if is_composed(one) || is_composed(other) {
        return United::Objects;
    }
    let (Some(of_one), Some(of_other)) = (one.get_str("type"), other.get_str("type")) else {
        return United::As(second.clone());
    };
    match narrower(of_one, of_other) {
        None => United::Contradiction,
        Some("object") => United::Objects,
        Some("array") => unite_lists(document, one, other, depth),
        Some(narrower) if of_one != of_other => {
            United::As(if narrower == of_one { first } else { second }.clone())
        }
        Some(_) => unite_scalars([first, one], [second, other]),
    }
}

/// What a schema is that says no more than that it is another, or null.
pub(super) fn unwrapped(schema: &Node) -> &Node {
    let is_word = |keyword: &str| {
        keyword == "nullable" || !asserts(keyword) && keyword != "oneOf" && keyword != "anyOf"
    };
    match schema.get("allOf").and_then(Node::as_array) {
        Some([only])
            if only.reference_target().is_some()
                && schema
                    .members()
                    .all(|(keyword, _)| &**keyword == "allOf" || is_word(keyword)) =>
        {
            only
        }
        _ => schema,
    }
}

/// Whether one schema says no more than that it is an object, as the other is.
fn is_free_object(schema: &Node, other: &Node) -> bool {
    let is_object = |schema: &Node| schema.get_str("type") == Some("object");
    let says_more = schema.members().any(|(keyword, _)| asserts(keyword) && &**keyword != "type");
    is_object(schema)
        && !says_more
        && !is_composed(schema)
        && (is_object(other) || is_composed(other))
}

fn unite_lists(document: &Node, one: &Node, other: &Node, depth: usize) -> United {
    let (Some(items), Some(others)) = (one.get("items"), other.get("items")) else {
        return United::As(if other.get("items").is_some() { other } else { one }.clone());
    };
    let mut list = other.clone();
    let united = match unite_within(document, items, others, depth - 1) {
        United::As(united) => united,
        United::Contradiction => Node::object(others.place, []),
        United::Objects => {
            let parts = Node::array(others.place, [items.clone(), others.clone()]);
            Node::object(others.place, [("allOf", parts)])
        }
    };
    list.set("items", united);
    United::As(list)
}

/// Of two scalars of the same type, the more specific one; each is given both as written and with
/// its reference resolved.
fn unite_scalars([first, one]: [&Node; 2], [second, other]: [&Node; 2]) -> United {
    if let (Some(values), Some(others)) = (values(one), values(other)) {
        let shared = others.iter().filter(|value| values.contains(value)).cloned();
        let shared: Vec<Node> = shared.collect();
        return match shared.len() {
            0 => United::Contradiction,
            count if count == others.len() => United::As(second.clone()),
            count if count == values.len() => United::As(first.clone()),
            _ => {
                let mut narrowed = other.clone();
                narrowed.set("enum", Node::array(other.place, shared));
                United::As(narrowed)
            }
        };
    }
    let format = |node: &Node| node.get_str("format").map(str::to_owned);
    match (format(one), format(other)) {
        (Some(of_one), Some(of_other)) if of_one != of_other => {
            let mut plain = other.clone();
            plain.remove("format");
            United::As(plain)
        }
        _ if values(one).is_some() => United::As(first.clone()),
        (Some(_), None) if values(other).is_none() => United::As(first.clone()),
        _ => United::As(second.clone()),
    }
}

/// The type whose values are of both.
fn narrower<'a>(one: &'a str, other: &'a str) -> Option<&'a str> {
    match (one, other) {
        ("integer", "number") => Some(one),
        ("number", "integer") => Some(other),
        _ => (one == other).then_some(one),
    }
}

/// Whether every value fits.
pub(super) fn says_nothing(schema: &Node) -> bool {
    !is_composed(schema) && !schema.members().any(|(keyword, _)| asserts(keyword))
}

fn asserts(keyword: &str) -> bool {
    matches!(keyword, "type" | "$ref") || is_assertion(keyword)
}

fn values(schema: &Node) -> Option<&[Node]> {
    schema.get("enum").and_then(Node::as_array)
}

#[cfg(test)]
mod tests {
    use super::{United, unite};
    use crate::rule::tests::node;

    fn united(first: &str, second: &str) -> United {
        let document = node(&format!("openapi: x\nx-1: {first}\nx-2: {second}\n"));
        unite(&document, document.get("x-1").unwrap(), document.get("x-2").unwrap())
    }

    #[test]
    fn the_definition_that_says_more_stands_for_both() {
        for (first, second, expected) in [
            ("{type: string}", "{type: string, enum: [a]}", "{type: string, enum: [a]}"),
            ("{type: string, enum: [a]}", "{type: string}", "{type: string, enum: [a]}"),
            (
                "{type: string, enum: [a, b]}",
                "{type: string, enum: [b]}",
                "{type: string, enum: [b]}",
            ),
            (
                "{type: string, enum: [a, b]}",
                "{type: string, enum: [c, b]}",
                "{type: string, enum: [b]}",
            ),
            (
                "{type: object, properties: {a: {type: string}}}",
                "{type: object}",
                "{type: object, properties: {a: {type: string}}}",
            ),
            ("{type: number}", "{type: integer, format: int32}", "{type: integer, format: int32}"),
            ("{type: integer}", "{type: number}", "{type: integer}"),
            ("{type: string, format: uuid}", "{type: string}", "{type: string, format: uuid}"),
            ("{type: string}", "{description: D.}", "{type: string}"),
            ("{}", "{type: string}", "{type: string}"),
            (
                "{type: array, items: {type: number}}",
                "{type: array, items: {type: integer}}",
                "{type: array, items: {type: integer}}",
            ),
        ] {
            let expected = node(&format!("openapi: x\nx-e: {expected}\n"));
            let expected = United::As(expected.get("x-e").unwrap().clone());
            assert_eq!(united(first, second), expected, "{first} {second}");
        }
    }

    #[test]
    fn two_formats_are_none() {
        let plain = node("openapi: x\nx-e: {type: string}\n").get("x-e").unwrap().clone();
        let of = united("{type: string, format: date}", "{type: string, format: uuid}");
        assert_eq!(of, United::As(plain));
    }

    #[test]
    fn types_and_values_that_have_nothing_in_common_contradict_each_other() {
        assert_eq!(united("{type: string}", "{type: integer}"), United::Contradiction);
        let values = ["{type: string, enum: [a]}", "{type: string, enum: [b]}"];
        assert_eq!(united(values[0], values[1]), United::Contradiction);
    }

    #[test]
    fn objects_and_unions_are_composed() {
        let object = "{type: object, properties: {a: {type: string}}}";
        assert_eq!(
            united(object, "{type: object, properties: {b: {type: string}}}"),
            United::Objects
        );
        assert_eq!(united(object, "{oneOf: [{type: object}, {type: string}]}"), United::Objects);
    }
}

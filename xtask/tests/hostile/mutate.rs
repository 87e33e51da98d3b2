//! Changes of a document that keep it a tree: what a mutator of bytes would hardly ever find.

use xtask::document::{Key, Node, Place, Pointer, Value};

/// Beyond this a document grows no more.
const LARGEST: usize = 3_000;

/// Where decisions come from. What has run out decides for the first of the possibilities, so that
/// a shorter list of decisions is a simpler case.
pub struct Decisions<I>(pub I);

impl<I: Iterator<Item = u32>> Decisions<I> {
    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let decision = self.0.next().unwrap_or(0);
        usize::try_from(decision).unwrap() % bound.max(1)
    }

    fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// Whether to change once more.
    pub fn goes_on(&mut self) -> bool {
        self.0.next().is_some_and(|decision| decision % 4 != 0)
    }
}

/// Numbers that look random, from a seed (SplitMix64).
pub fn random_numbers(seed: u64) -> impl Iterator<Item = u32> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((z ^ (z >> 31)) >> 32).unwrap()
    })
}

/// What OpenAPI and JSON Schema give a meaning to.
const KEYWORDS: &[&str] = &[
    "openapi",
    "info",
    "title",
    "version",
    "license",
    "identifier",
    "servers",
    "url",
    "variables",
    "paths",
    "webhooks",
    "/a",
    "/a/{id}",
    "get",
    "post",
    "put",
    "delete",
    "trace",
    "operationId",
    "tags",
    "parameters",
    "name",
    "in",
    "required",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "content",
    "application/json",
    "multipart/form-data",
    "text/event-stream",
    "requestBody",
    "responses",
    "200",
    "204",
    "404",
    "4XX",
    "default",
    "headers",
    "links",
    "callbacks",
    "components",
    "schemas",
    "securitySchemes",
    "security",
    "examples",
    "example",
    "pathItems",
    "requestBodies",
    "type",
    "format",
    "enum",
    "const",
    "nullable",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "if",
    "then",
    "else",
    "items",
    "prefixItems",
    "contains",
    "properties",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "discriminator",
    "propertyName",
    "mapping",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "readOnly",
    "writeOnly",
    "deprecated",
    "description",
    "summary",
    "xml",
    "externalDocs",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
    "$ref",
    "$defs",
    "$id",
    "$schema",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$comment",
    "jsonSchemaDialect",
    "value",
    "x-enum-descriptions",
    "x-generated",
    "Authorization",
    "flows",
    "scopes",
    "encoding",
];

const TEXTS: &[&str] = &[
    "",
    "string",
    "number",
    "integer",
    "boolean",
    "array",
    "object",
    "null",
    "file",
    "query",
    "header",
    "path",
    "cookie",
    "body",
    "form",
    "deepObject",
    "pipeDelimited",
    "simple",
    "matrix",
    "binary",
    "byte",
    "date-time",
    "date",
    "uuid",
    "int64",
    "double",
    "http",
    "apiKey",
    "bearer",
    "oauth2",
    "3.0.3",
    "3.1.0",
    "3.1.1",
    "2.0",
    "stringLiteral",
    "booleanLiteral",
    "endpoint_a/b.c",
    "subpackage_a/b",
    "Any type",
    "#",
    "#/",
    "#/components/schemas/A",
    "#/components/schemas/A/properties/a",
    "#/paths/~1a/get",
    "other.yaml#/A",
    "#/$defs/A",
    "%",
    "#/%2",
    "[",
    "(?<a>x)\\k<a>",
    "\\p{Lu}+",
    "a b",
    "a-b",
    "a_b",
    "A",
    "a",
    "_",
    "self",
    "Self",
    "type",
    "new",
    "fn",
    "1",
    "-1",
    "+1",
    "。",
    "é",
    "\u{0}",
    "\u{1b}[2J",
    "\u{202e}",
    "~",
    "~1",
    "/",
    "//",
    "{",
    "{id}",
    "https://h.example/v1",
    "//h",
    "12345678901234567890",
    "1e999",
    "no",
    "0x10",
];

/// Changes a document in one place.
pub fn mutate<I: Iterator<Item = u32>>(document: &mut Node, decisions: &mut Decisions<I>) {
    let size = size(document);
    let source = nth(document, decisions.below(size)).cloned();
    let text = text_of(document, decisions);
    let pointer = pointer_to(document, decisions.below(size));
    let can_grow = size < LARGEST;
    let Some(target) = nth_mut(document, decisions.below(size)) else {
        return;
    };
    match decisions.below(12) {
        0 => *target = scalar(decisions),
        1 => *target = text,
        2 => remove_one(target, decisions),
        3 => rename_one(target, decisions),
        4 => *target = Node::reference(Place::default(), &pointer),
        5 if can_grow => insert(target, scalar(decisions), decisions),
        6 if can_grow => insert(target, source.unwrap_or(text), decisions),
        7 if can_grow => *target = source.unwrap_or(text),
        8 if can_grow => wrap(target, decisions),
        9 if can_grow => insert(target, Node::reference(Place::default(), &pointer), decisions),
        10 => reverse(target),
        _ => target.value = empty(decisions),
    }
}

fn string(text: &str) -> Node {
    Node::string(Place::default(), text)
}

fn scalar<I: Iterator<Item = u32>>(decisions: &mut Decisions<I>) -> Node {
    let number = |number: f64| serde_json::Number::from_f64(number).map(Value::Number);
    let value = match decisions.below(10) {
        0 => Value::Null,
        1 => Value::Boolean(true),
        2 => Value::Boolean(false),
        3 => Value::Number(0.into()),
        4 => Value::Number((-1).into()),
        5 => Value::Number(u64::MAX.into()),
        6 => number(1e300).unwrap(),
        7 => number(0.5).unwrap(),
        _ => return string(decisions.one_of(TEXTS)),
    };
    Node::new(Place::default(), value)
}

fn empty<I: Iterator<Item = u32>>(decisions: &mut Decisions<I>) -> Value {
    match decisions.below(2) {
        0 => Value::Object(Default::default()),
        _ => Value::Array(Vec::new()),
    }
}

/// A text that occurs in the document, or one with a special meaning.
fn text_of<I: Iterator<Item = u32>>(document: &Node, decisions: &mut Decisions<I>) -> Node {
    let found = nth(document, decisions.below(size(document)));
    let known = found.filter(|node| node.as_str().is_some() && decisions.below(2) == 0);
    known.cloned().unwrap_or_else(|| string(decisions.one_of(TEXTS)))
}

fn key<I: Iterator<Item = u32>>(decisions: &mut Decisions<I>) -> String {
    let keys = if decisions.below(4) == 0 { TEXTS } else { KEYWORDS };
    decisions.one_of(keys).to_owned()
}

fn remove_one<I: Iterator<Item = u32>>(node: &mut Node, decisions: &mut Decisions<I>) {
    match &mut node.value {
        Value::Object(members) => drop(members.shift_remove_index(decisions.below(members.len()))),
        Value::Array(items) if !items.is_empty() => {
            drop(items.remove(decisions.below(items.len())));
        }
        value => *value = Value::Null,
    }
}

fn rename_one<I: Iterator<Item = u32>>(node: &mut Node, decisions: &mut Decisions<I>) {
    if let Some(members) = node.as_object_mut()
        && let Some((_, member)) = members.shift_remove_index(decisions.below(members.len()))
    {
        members.insert(Key::new(Place::default(), key(decisions)), member);
    }
}

fn insert<I: Iterator<Item = u32>>(node: &mut Node, new: Node, decisions: &mut Decisions<I>) {
    match &mut node.value {
        Value::Object(members) => {
            members.insert(Key::new(Place::default(), key(decisions)), new);
        }
        Value::Array(items) => items.insert(decisions.below(items.len() + 1), new),
        value => *value = new.value,
    }
}

fn wrap<I: Iterator<Item = u32>>(node: &mut Node, decisions: &mut Decisions<I>) {
    let place = Place::default();
    for _ in 0..=decisions.below(3) {
        let inner = std::mem::replace(node, Node::new(place, Value::Null));
        *node = match decisions.below(6) {
            0 => Node::object(place, [("allOf", Node::array(place, [inner]))]),
            1 => Node::object(place, [("oneOf", Node::array(place, [inner.clone(), inner]))]),
            2 => Node::object(place, [("anyOf", Node::array(place, [inner, string("null")]))]),
            3 => Node::array(place, [inner]),
            4 => Node::object(place, [("type", string("array")), ("items", inner)]),
            _ => Node::object(place, [(key(decisions).as_str(), inner)]),
        };
    }
}

fn reverse(node: &mut Node) {
    match &mut node.value {
        Value::Object(members) => members.reverse(),
        Value::Array(items) => items.reverse(),
        _ => {}
    }
}

/// How many values a tree has.
pub fn size(node: &Node) -> usize {
    1 + node.members().map(|(_, member)| member).chain(node.items()).map(size).sum::<usize>()
}

fn nth(node: &Node, index: usize) -> Option<&Node> {
    fn find<'a>(node: &'a Node, left: &mut usize) -> Option<&'a Node> {
        if *left == 0 {
            return Some(node);
        }
        *left -= 1;
        let mut inner = node.members().map(|(_, member)| member).chain(node.items());
        inner.find_map(|inner| find(inner, left))
    }
    find(node, &mut { index })
}

fn nth_mut(node: &mut Node, index: usize) -> Option<&mut Node> {
    fn find<'a>(node: &'a mut Node, left: &mut usize) -> Option<&'a mut Node> {
        if *left == 0 {
            return Some(node);
        }
        *left -= 1;
        match &mut node.value {
            Value::Object(members) => members.values_mut().find_map(|member| find(member, left)),
            Value::Array(items) => items.iter_mut().find_map(|item| find(item, left)),
            _ => None,
        }
    }
    find(node, &mut { index })
}

fn pointer_to(node: &Node, index: usize) -> Pointer {
    fn find(node: &Node, left: &mut usize, pointer: &mut Pointer) -> bool {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        let members = node.members().map(|(key, member)| (key.to_string(), member));
        let items = node.items().enumerate().map(|(index, item)| (index.to_string(), item));
        for (token, inner) in members.chain(items) {
            pointer.push(token);
            if find(inner, left, pointer) {
                return true;
            }
            pointer.pop();
        }
        false
    }
    let mut pointer = Pointer::root();
    find(node, &mut { index }, &mut pointer);
    pointer
}

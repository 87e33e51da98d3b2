use super::wording::describe;
use crate::{
    document::{Document, Node, Value, branches, operations},
    rule::{Context, Example, Rule},
};

/// A parameter is sent in the form that is documented.
pub(super) const RULE: Rule = Rule {
    name: "parameter-forms",
    summary: "an object in the query becomes one parameter for each property; lists with another \
              separator than `&`, JSON in a parameter, and lists and objects in paths and headers \
              become strings; no parameter is nullable",
    reason: "The generator supports one format for the query, `a=1&a=2`: it fails on `deepObject` \
             and on JSON, ignores `explode: false`, and has no format for lists in headers.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - name: filter
          in: query
          style: deepObject
          schema:
            type: object
            properties:
              size: {type: integer, description: How large.}
              tags: {type: array, items: {type: string}}
        - name: ids
          in: query
          explode: false
          schema: {type: array, items: {type: string}}
        - name: where
          in: query
          content: {application/json: {schema: {type: object}}}
        - {name: X-Key, in: header, schema: {type: string, nullable: true}}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - {name: 'filter[size]', in: query, schema: {type: integer}, description: How large.}
        - {name: 'filter[tags]', in: query, schema: {type: array, items: {type: string}}}
        - name: ids
          in: query
          schema: {type: string}
          description: 'The values, separated by `,`.'
        - name: where
          in: query
          schema: {type: string}
          description: Written as `application/json`.
        - {name: X-Key, in: header, schema: {type: string}}
",
    },
    apply,
};

/// A more deeply nested object is sent as text.
const DEEPEST: usize = 4;

/// A chain of references that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut lowered: Vec<(String, String, Vec<Node>)> = Vec::new();
    for operation in operations(document) {
        let parameters = operation.node.get("parameters").into_iter().flat_map(Node::items);
        let mut all = Vec::new();
        let mut changed = false;
        for parameter in parameters {
            let forms = forms(document, parameter);
            if forms.len() != 1 || forms.first() != Some(parameter) {
                let name = parameter.get_str("name").unwrap_or_default();
                context.changed(format!("{name} of {}", operation.pointer()));
                changed = true;
            }
            all.extend(forms);
        }
        if changed {
            lowered.push((operation.path.to_string(), operation.method.to_string(), all));
        }
    }
    for (path, method, parameters) in lowered {
        let paths = document.get_mut("paths");
        let operation = paths.and_then(|paths| paths.get_mut(&path)?.get_mut(&method));
        if let Some(list) = operation.and_then(|operation| operation.get_mut("parameters")) {
            list.value = Value::Array(parameters);
        }
    }
}

/// What a schema is, as far as a parameter is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Structure {
    Scalar,
    List,
    Object,
    /// One of several of these.
    Mixed,
}

/// What a parameter becomes.
fn forms(document: &Node, parameter: &Node) -> Vec<Node> {
    if let Some(media) = parameter.get("content").and_then(|content| content.members().next()) {
        let words = format!("Written as `{}`.", &**media.0);
        return vec![as_text(parameter, &words)];
    }
    let Some(schema) = parameter.get("schema") else {
        return vec![parameter.clone()];
    };
    let schema = without_null(document, schema);
    let style = parameter.get_str("style");
    let location = parameter.get_str("in").unwrap_or_default();
    let form = form(document, &schema, LONGEST_CHAIN);
    if location != "query" {
        let separated = "The values, separated by `,`.";
        return match form {
            Structure::Scalar if matches!(style, None | Some("simple")) => {
                vec![with_schema(parameter, schema)]
            }
            Structure::Scalar => vec![as_text(parameter, "Written with the mark of its style.")],
            Structure::List if matches!(style, None | Some("simple")) => {
                vec![as_text(parameter, separated)]
            }
            _ => vec![as_text(parameter, "Written as the API expects it.")],
        };
    }
    match (form, style) {
        (Structure::Object, _) => of_object(document, parameter, &schema, style),
        (Structure::List, Some(style @ ("spaceDelimited" | "pipeDelimited")))
            if !parameter.is_true("explode") =>
        {
            let separator = if style == "spaceDelimited" { " " } else { "|" };
            vec![as_text(parameter, &format!("The values, separated by `{separator}`."))]
        }
        (Structure::List | Structure::Mixed, _) if is_joined(parameter) => {
            vec![as_text(parameter, "The values, separated by `,`.")]
        }
        (Structure::List, _) => vec![with_schema(parameter, with_scalar_items(document, schema))],
        _ => vec![with_schema(parameter, schema)],
    }
}

/// Whether the values of a list are joined by commas.
fn is_joined(parameter: &Node) -> bool {
    parameter.get("explode").is_some_and(|explode| explode.value == Value::Boolean(false))
}

/// The parameter with a schema that the client sends as documented.
fn with_schema(parameter: &Node, schema: Node) -> Node {
    let mut parameter = parameter.clone();
    for key in ["style", "explode"] {
        parameter.remove(key);
    }
    if parameter.get("schema") != Some(&schema) {
        parameter.set("schema", schema);
    }
    parameter
}

fn as_text(parameter: &Node, words: &str) -> Node {
    let place = parameter.place;
    let text = Node::object(place, [("type", Node::string(place, "string"))]);
    let mut parameter = with_schema(parameter, text);
    parameter.remove("content");
    describe(&mut parameter, words);
    parameter
}

/// A list of non-scalars has no format in a query.
fn with_scalar_items(document: &Node, schema: Node) -> Node {
    let resolved = definition(document, &schema, LONGEST_CHAIN);
    let items = resolved.and_then(|schema| schema.get("items"));
    let is_scalar =
        items.is_none_or(|items| form(document, items, LONGEST_CHAIN) == Structure::Scalar);
    if is_scalar {
        return schema;
    }
    let place = schema.place;
    let text = Node::object(place, [("type", Node::string(place, "string"))]);
    Node::object(place, [("type", Node::string(place, "array")), ("items", text)])
}

/// The parameters for the properties of an object.
fn of_object(document: &Node, parameter: &Node, schema: &Node, style: Option<&str>) -> Vec<Node> {
    let name = parameter.get_str("name").unwrap_or_default();
    let is_deep = style == Some("deepObject");
    if !is_deep && is_joined(parameter) {
        return vec![as_text(parameter, "The names and the values, separated by `,`.")];
    }
    let of_property = |property: &str| match is_deep {
        true => format!("{name}[{property}]"),
        false => property.to_owned(),
    };
    let resolved = definition(document, schema, LONGEST_CHAIN).unwrap_or(schema);
    let is_map = resolved.get("properties").is_none_or(|node| node.members().next().is_none());
    if is_map || resolved.get("allOf").is_some() {
        let place = parameter.place;
        let text = Node::object(place, [("type", Node::string(place, "string"))]);
        let map = Node::object(
            place,
            [("type", Node::string(place, "object")), ("additionalProperties", text)],
        );
        if style.is_none() && parameter.get("schema") == Some(&map) {
            return vec![parameter.clone()];
        }
        let mut parameter = with_schema(parameter, map);
        let key = of_property("key");
        describe(&mut parameter, &format!("Each entry is sent as it is: its key is `{key}`."));
        return vec![parameter];
    }
    let is_required = parameter.is_true("required");
    let mut found = Vec::new();
    properties(document, resolved, &of_property, is_required, DEEPEST, &mut found);
    found
}

/// The parameters for the properties of an object, those of objects inside it in their place.
fn properties(
    document: &Node,
    object: &Node,
    name_of: &dyn Fn(&str) -> String,
    is_required: bool,
    depth: usize,
    found: &mut Vec<Node>,
) {
    let place = object.place;
    let required: Vec<&str> =
        object.get("required").into_iter().flat_map(Node::items).filter_map(Node::as_str).collect();
    let members = object.get("properties").into_iter().flat_map(Node::members);
    for (property, schema) in members {
        let name = name_of(property);
        let is_required = is_required && required.contains(&&**property);
        let schema = without_null(document, schema);
        let inner = definition(document, &schema, LONGEST_CHAIN).filter(|inner| {
            form(document, inner, LONGEST_CHAIN) == Structure::Object
                && inner.get("properties").is_some()
        });
        if let Some(inner) = inner.filter(|_| depth > 0) {
            let of_inner = |property: &str| format!("{name}[{property}]");
            properties(document, inner, &of_inner, is_required, depth - 1, found);
            continue;
        }
        let mut parameter = Node::object(
            place,
            [("name", Node::string(place, name)), ("in", Node::string(place, "query"))],
        );
        if is_required {
            parameter.set("required", Node::new(place, Value::Boolean(true)));
        }
        let mut schema = schema;
        let description = schema.remove("description");
        if form(document, &schema, LONGEST_CHAIN) == Structure::Object {
            schema = Node::object(place, [("type", Node::string(place, "string"))]);
        }
        parameter.set("schema", with_scalar_items(document, schema));
        if let Some(description) = description {
            parameter.set("description", description);
        }
        found.push(parameter);
    }
}

/// The definition that a reference leads to, alone or as the one part of an `allOf`.
fn definition<'a>(document: &'a Node, schema: &'a Node, chain: usize) -> Option<&'a Node> {
    let chain = chain.checked_sub(1)?;
    if schema.reference_target().is_some() {
        return definition(document, Document(document).resolve(schema)?, chain);
    }
    match schema.get("allOf").and_then(Node::as_array) {
        Some([part]) if schema.get("properties").is_none() => definition(document, part, chain),
        _ => Some(schema),
    }
}

fn form(document: &Node, schema: &Node, chain: usize) -> Structure {
    let Some((schema, chain)) =
        chain.checked_sub(1).and_then(|chain| Some((definition(document, schema, chain)?, chain)))
    else {
        return Structure::Scalar;
    };
    match schema.get_str("type") {
        Some("array") => return Structure::List,
        Some("object") => return Structure::Object,
        Some(_) => return Structure::Scalar,
        None => {}
    }
    if schema.get("properties").is_some() || schema.get("allOf").is_some() {
        return Structure::Object;
    }
    let mut forms = branches(schema).map(|branch| form(document, branch, chain));
    let first = forms.next().unwrap_or(Structure::Scalar);
    if forms.all(|form| form == first) && first == Structure::Scalar {
        first
    } else {
        Structure::Mixed
    }
}

/// A parameter carries no null: it is sent or it is not.
fn without_null(document: &Node, schema: &Node) -> Node {
    let target = Document(document).resolve(schema).filter(|target| target.is_true("nullable"));
    let Some(target) = target else {
        return schema.clone();
    };
    let mut schema = target.clone();
    schema.remove("nullable");
    if let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) {
        values.retain(|value| value.value != Value::Null);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn lowered(parameter: &str, schemas: &str) -> String {
        let text = |parameters: &str| {
            format!(
                "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      parameters: {parameters}\ncomponents: {{schemas: {{{schemas}}}}}\n"
            )
        };
        let applied = apply_alone(&RULE, &text(&format!("[{parameter}]")));
        let at = ["paths", "/a", "get", "parameters"].into_iter().collect();
        let list = applied.document.at(&at).unwrap();
        let json = serde_json::to_string(list).unwrap();
        assert_eq!(apply_alone(&RULE, &text(&json)).document, node(&text(&json)));
        json
    }

    #[test]
    fn what_the_client_sends_as_documented_stays() {
        for parameter in [
            r#"{"name":"q","in":"query","schema":{"type":"array","items":{"type":"string"}}}"#,
            r#"{"name":"q","in":"query","schema":{"oneOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}}"#,
            r##"{"name":"id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/E"}}"##,
        ] {
            let json = lowered(parameter, "E: {type: string, enum: [a]}");
            assert_eq!(json, format!("[{parameter}]"));
        }
    }

    #[test]
    fn an_object_without_known_properties_is_a_mapping_of_text() {
        let json = lowered(
            "{name: meta, in: query, style: deepObject, schema: {type: object, additionalProperties: true}}",
            "",
        );
        assert!(json.contains(r#""additionalProperties":{"type":"string"}"#), "{json}");
        assert!(json.contains("`meta[key]`"), "{json}");
    }

    #[test]
    fn objects_inside_objects_are_sent_in_brackets_and_are_required_only_with_their_object() {
        let json = lowered(
            "{name: f, in: query, required: true, schema: {$ref: '#/components/schemas/F'}}",
            "F: {type: object, required: [a], properties: {a: {type: object, required: [b], properties: {b: {type: string}}}, c: {type: object, required: [d], properties: {d: {type: string}}}}}",
        );
        let expected = r#"[{"name":"a[b]","in":"query","required":true,"schema":{"type":"string"}},{"name":"c[d]","in":"query","schema":{"type":"string"}}]"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn a_list_in_a_header_and_a_nullable_component_are_text_and_no_null() {
        let json =
            lowered("{name: X-Ids, in: header, schema: {type: array, items: {type: string}}}", "");
        assert!(json.contains("separated by `,`"), "{json}");
        let json = lowered(
            "{name: e, in: query, schema: {$ref: '#/components/schemas/E'}}",
            "E: {type: string, nullable: true, enum: [a, null]}",
        );
        assert!(json.contains(r#"{"type":"string","enum":["a"]}"#), "{json}");
    }
}

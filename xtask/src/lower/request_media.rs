use super::reach::pascal;
use crate::{
    document::{
        Document, JSON, Key, Kind, Node, Object, Pointer, essence, is_json, operations, walk_mut,
    },
    rule::{Context, Example, Rule},
};

/// A body of a form that the generator has no types for is sent as it is given.
pub(super) const RULE: Rule = Rule {
    name: "request-media",
    summary: "a request body gets a single media type: JSON, a form or text as documented, and \
              anything else as binary data, which the client sends with the documented media type; \
              if a media type needs parameters, as `multipart` does, it is passed as the parameter \
              `content-type`",
    reason: "The generator fails on several media types, JSON lines, CSV, multipart and others. \
             The caller has the bytes in any case. The fields of a form keep their type, `…Form`.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    post:
      operationId: append
      requestBody:
        content:
          application/x-ndjson:
            schema: {type: string}
    put:
      operationId: upload
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                file: {type: string, format: binary}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    post:
      operationId: append
      requestBody:
        content:
          application/octet-stream:
            schema: {type: string, format: binary}
    put:
      operationId: upload
      requestBody:
        content:
          application/octet-stream:
            schema: {type: string, format: binary}
            x-form:
              $ref: '#/components/schemas/UploadForm'
      parameters:
        - name: content-type
          in: header
          required: true
          description: 'The media type of the body, `multipart/form-data` with its `boundary`.'
          schema: {type: string}
components:
  schemas:
    UploadForm:
      type: object
      properties:
        file: {type: string, format: binary}
",
    },
    apply,
};

const FORM: &str = "application/x-www-form-urlencoded";
const BINARY: &str = "application/octet-stream";

/// The extension that refers to the fields of a form that is sent as binary data, as long as the
/// document is being lowered.
pub(super) const FORM_FIELDS: &str = "x-form";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::RequestBody {
            keep_one(node, pointer, context);
        }
    });
    let typed_by_caller = typed_by_caller(document);
    for (path, method, id, media) in typed_by_caller {
        let pointer = Pointer::from_iter(["paths", &*path, &*method]);
        take_content_type(document, &path, &method, &media);
        context.changed(format!("{media} of {pointer}"));
        keep_form(document, &path, &method, &id, context);
    }
    walk_mut(document, &mut |node, kind, pointer| {
        if kind == Kind::RequestBody {
            lower(node, pointer, context);
        }
    });
}

/// Leaves one media type: JSON if there is, or else the first that the generator has types for.
fn keep_one(body: &mut Node, pointer: &Pointer, context: &mut Context<'_>) {
    let Some(content) = body.get_mut("content").and_then(Node::as_object_mut) else {
        return;
    };
    if content.len() < 2 {
        return;
    }
    let rank = |media: &str| match essence(media) {
        JSON => 0,
        media if is_json(media) => 1,
        media if is_expressible(media) => 2,
        _ => 3,
    };
    let kept = content.keys().min_by_key(|media| rank(media)).cloned();
    content.retain(|media, _| {
        let stays = Some(media) == kept.as_ref();
        if !stays {
            context.changed(format!("{media} of {pointer} is replaced by another media type"));
        }
        stays
    });
}

fn lower(body: &mut Node, pointer: &Pointer, context: &mut Context<'_>) {
    let content = body.get_mut("content").and_then(Node::as_object_mut);
    let Some((key, node)) = content.and_then(|content| content.iter_mut().next()) else {
        return;
    };
    let media = essence(key).to_owned();
    let (key, place) = (key.clone(), node.place);
    let text = |text: &str| Node::string(place, text);
    if node.remove("encoding").is_some() && (is_json(&media) || media == FORM) {
        context.changed(format!("the encoding of {pointer}"));
    }
    let lowered_as = match &*media {
        JSON | FORM => {
            if node.get("schema").is_none() {
                node.set("schema", Node::object(place, []));
                context.changed(format!("{media} of {pointer} is any JSON"));
            }
            return;
        }
        "text/plain" | "text/x-markdown" => {
            let plain = Node::object(place, [("type", text("string"))]);
            if node.get("schema").is_none_or(|schema| !is_plain(schema, "string", None)) {
                node.set("schema", plain);
                context.changed(format!("{media} of {pointer} is any text"));
            }
            return;
        }
        media if is_json(media) => JSON,
        BINARY => {
            if node.get("schema").is_none_or(|schema| !is_plain(schema, "string", Some("binary"))) {
                node.set("schema", binary(place));
                context.changed(format!("{media} of {pointer} is any bytes"));
            }
            return;
        }
        _ => BINARY,
    };
    let mut members = Node::object(place, []);
    let schema = match node.remove("schema").filter(|_| lowered_as == JSON) {
        Some(schema) => schema,
        None if lowered_as == JSON => Node::object(place, []),
        None => binary(place),
    };
    members.set("schema", schema);
    if let Some(fields) = node.remove(FORM_FIELDS) {
        members.set(FORM_FIELDS, fields);
    }
    let said = if is_typed_by_caller(&key) { String::new() } else { key.to_string() };
    context.notes.media_types.insert(pointer.clone(), said);
    if !is_typed_by_caller(&key) {
        context.changed(format!("{key} of {pointer}"));
    }
    let content = body.get_mut("content").and_then(Node::as_object_mut);
    if let Some(content) = content {
        *content = Object::from_iter([(Key::new(key.place, lowered_as), members)]);
    }
}

fn binary(place: crate::document::Place) -> Node {
    let members = [("type", "string"), ("format", "binary")];
    Node::object(place, members.map(|(key, text)| (key, Node::string(place, text))))
}

/// Whether a schema has this type and format, and no keywords restrict it further.
fn is_plain(schema: &Node, kind: &str, format: Option<&str>) -> bool {
    let says_more = |key: &str| {
        !matches!(key, "type" | "format" | "description" | "title" | "example" | "deprecated")
            && !key.starts_with("x-")
    };
    schema.get_str("type") == Some(kind)
        && schema.get_str("format") == format
        && !schema.members().any(|(key, _)| says_more(key))
}

/// The operations with a body whose media type only the caller knows whole: path, method, id and
/// the documented media type.
fn typed_by_caller(document: &Node) -> Vec<(String, String, String, String)> {
    let of_operations = operations(document).filter_map(|operation| {
        let body = Document(document).resolve(operation.node.get("requestBody")?)?;
        let (media, _) = body.get("content")?.members().next()?;
        let id = operation.id().unwrap_or_default();
        let texts = [operation.path, operation.method].map(|key| key.to_string());
        let [path, method] = texts;
        is_typed_by_caller(media).then(|| (path, method, id.to_owned(), media.to_string()))
    });
    of_operations.collect()
}

fn operation_mut<'a>(document: &'a mut Node, path: &str, method: &str) -> Option<&'a mut Node> {
    document.get_mut("paths")?.get_mut(path)?.get_mut(method)
}

/// Adds the parameter by which the caller says the media type.
fn take_content_type(document: &mut Node, path: &str, method: &str, media: &str) {
    let Some(operation) = operation_mut(document, path, method) else {
        return;
    };
    let place = operation.place;
    let text = |text: &str| Node::string(place, text);
    let words = match media.starts_with("multipart/") {
        true => format!("The media type of the body, `{media}` with its `boundary`."),
        false => format!("The media type of the body, one of `{media}`."),
    };
    let parameter = Node::object(
        place,
        [
            ("name", text("content-type")),
            ("in", text("header")),
            ("required", Node::new(place, crate::document::Value::Boolean(true))),
            ("description", text(&words)),
            ("schema", Node::object(place, [("type", text("string"))])),
        ],
    );
    // OpenAPI has such a parameter ignored where it is documented.
    let own = operation.get("parameters").into_iter().flat_map(Node::items);
    let others = own.filter(|own| {
        let name = own.get_str("name").unwrap_or_default();
        !(own.get_str("in") == Some("header") && name.eq_ignore_ascii_case("content-type"))
    });
    let all: Vec<Node> = others.cloned().chain([parameter]).collect();
    operation.set("parameters", Node::array(place, all));
}

/// Keeps the fields of a form as a type, for callers that write the form.
fn keep_form(document: &mut Node, path: &str, method: &str, id: &str, context: &mut Context<'_>) {
    let body = operation_mut(document, path, method).and_then(|node| node.get("requestBody"));
    let target = body.and_then(Node::reference_target).and_then(Pointer::from_reference);
    let at = target
        .unwrap_or_else(|| Pointer::from_iter(["paths", path, method, "requestBody"]))
        .join("content");
    let content = document.at_mut(&at);
    let media = content.and_then(|content| content.members_mut().next()).map(|(_, node)| node);
    let Some(media) = media.filter(|media| media.get(FORM_FIELDS).is_none()) else {
        return;
    };
    let Some(schema) = media.get("schema").cloned() else {
        return;
    };
    let is_form = schema.reference_target().is_some() || schema.get("properties").is_some();
    if !is_form {
        return;
    }
    let name = format!("{}Form", pascal(id));
    let reference = match schema.reference_target() {
        Some(_) => schema.clone(),
        None => Node::reference(schema.place, &Pointer::to_schema(&name)),
    };
    media.set(FORM_FIELDS, reference);
    if schema.reference_target().is_none() {
        super::names::define(document, &name, schema, context);
    }
}

/// Takes out what only the rules of lowering read.
pub(super) fn leave_out_forms(document: &mut Node) {
    walk_mut(document, &mut |node, kind, _| {
        if kind == Kind::RequestBody {
            let content = node.get_mut("content").into_iter().flat_map(Node::members_mut);
            content.for_each(|(_, media)| drop(media.remove(FORM_FIELDS)));
        }
    });
}

/// Whether the name of the media type says too little to be sent: the parts of a multipart body
/// are parted by a boundary of the caller's, and a range is not a type.
fn is_typed_by_caller(media: &str) -> bool {
    media.starts_with("multipart/") || media.contains('*')
}

fn is_expressible(media: &str) -> bool {
    [JSON, FORM, "text/plain", "text/x-markdown", BINARY].contains(&essence(media))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        document::Node,
        lower::lower,
        manifest::Settings,
        plan::BodyForm,
        rule::tests::{apply_alone, node},
    };

    #[test]
    fn the_media_type_is_known_by_the_operation() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      operationId: append\n      requestBody: {$ref: '#/components/requestBodies/Lines'}\ncomponents:\n  requestBodies:\n    Lines: {content: {text/csv: {schema: {type: string}}}}\n";
        let plans = lower(node(text), &Settings::default()).0.operations;
        let body = plans[0].body.as_ref().unwrap();
        assert_eq!((body.form, body.media_type.as_deref()), (BodyForm::Bytes, Some("text/csv")));
    }

    /// The content of the one body that a media type with these members becomes.
    fn lowered(content: &str) -> (String, Vec<String>) {
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      operationId: a\n      requestBody:\n        content: {content}\n"
        );
        let applied = apply_alone(&RULE, &text);
        assert_eq!(applied.findings, []);
        let at = ["paths", "/a", "post", "requestBody", "content"].into_iter().collect();
        let content: &Node = applied.document.at(&at).unwrap();
        (serde_json::to_string(content).unwrap(), applied.changes)
    }

    #[test]
    fn of_several_media_types_json_stays_and_otherwise_what_has_a_type() {
        let (content, changes) = lowered("{text/csv: {}, application/json: {schema: {}}}");
        assert_eq!(content, r#"{"application/json":{"schema":{}}}"#);
        assert_eq!(changes.len(), 1, "{changes:?}");
        let (content, _) = lowered("{text/csv: {}, text/plain: {schema: {type: string}}}");
        assert_eq!(content, r#"{"text/plain":{"schema":{"type":"string"}}}"#);
    }

    #[test]
    fn a_body_that_says_too_much_or_nothing_is_what_the_generator_takes() {
        let cases = [
            ("{application/json: {}}", r#"{"application/json":{"schema":{}}}"#),
            (
                "{text/plain: {schema: {type: string, enum: [a]}}}",
                r#"{"text/plain":{"schema":{"type":"string"}}}"#,
            ),
            (
                "{application/octet-stream: {}}",
                r#"{"application/octet-stream":{"schema":{"type":"string","format":"binary"}}}"#,
            ),
            (
                "{application/merge-patch+json: {schema: {type: object}}}",
                r#"{"application/json":{"schema":{"type":"object"}}}"#,
            ),
            (
                "{application/x-www-form-urlencoded: {schema: {type: object}, encoding: {a: {style: form}}}}",
                r#"{"application/x-www-form-urlencoded":{"schema":{"type":"object"}}}"#,
            ),
        ];
        for (before, after) in cases {
            let (content, changes) = lowered(before);
            assert_eq!(content, after);
            assert_eq!(changes.len(), 1, "{before}: {changes:?}");
        }
    }

    #[test]
    fn a_range_of_media_types_is_said_by_the_caller() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    put:\n      operationId: a\n      requestBody: {content: {audio/*: {schema: {type: string, format: binary}}}}\n";
        let lowered = apply_alone(&RULE, text).document;
        let at = ["paths", "/a", "put", "parameters", "0", "name"].into_iter().collect();
        assert_eq!(lowered.at(&at).and_then(Node::as_str), Some("content-type"));
        let plans = lower(node(text), &Settings::default()).0.operations;
        assert_eq!(plans[0].body.as_ref().unwrap().media_type, None);
        assert_eq!(apply_alone(&RULE, text).document, node(&lowered.to_json().unwrap()));
    }
}

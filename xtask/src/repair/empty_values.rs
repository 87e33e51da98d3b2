use crate::{
    document::{Key, Kind, Node, Pointer, Shape, Value},
    notes::{Notes, repair_each},
    rule::{Context, Example, Rule},
};

/// A field that was left empty goes.
pub(super) const RULE: Rule = Rule {
    name: "empty-values",
    summary: "a field that is `null`, as YAML reads one with nothing behind it, goes; a named \
              definition that is `null` becomes an empty one; `type: null` becomes `'null'`",
    reason: "Where OpenAPI expects a text, a list or an object, `null` is none of them. Nothing \
             was written there.",
    example: Example {
        before: "\
openapi: 3.1.1
info: {title: T, description: , version: '1'}
paths:
  /a:
    get:
      tags:
      security: [{token: }]
      responses:
        '204': {description: Done}
components:
  schemas:
    Anything:
    Thing:
      description:
      type: object
      properties:
        default: {type: string, default: null}
",
        after: "\
openapi: 3.1.1
info: {title: T, version: '1'}
paths:
  /a:
    get:
      security: [{token: []}]
      responses:
        '204': {description: Done}
components:
  schemas:
    Anything: {}
    Thing:
      type: object
      properties:
        default: {type: string, default: null}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| {
        let keys: Vec<Key> = node.members().map(|(key, _)| key.clone()).collect();
        for key in keys {
            if let Some(shape) = kind.walked_shape_of(&key) {
                fill_or_drop(node, kind, &key, shape, &at.join(&*key), notes);
            }
        }
    });
}

fn fill_or_drop(
    node: &mut Node,
    kind: Kind,
    key: &str,
    shape: Shape,
    at: &Pointer,
    notes: &mut Notes,
) {
    let is_fixed = kind.patterned(key).is_none();
    let Some(member) = node.get_mut(key) else {
        return;
    };
    if let (Shape::Map(_) | Shape::TextMap, Value::Object(members)) = (shape, &mut member.value) {
        let inner = if let Shape::Map(kind) = shape { Shape::One(kind) } else { Shape::Text };
        for (name, member) in members.iter_mut().filter(|(_, member)| is_null(member)) {
            notes.changed(format!("{}", at.join(&**name)));
            member.value = nothing_of(inner);
        }
        return;
    }
    if !is_null(member) || matches!(shape, Shape::Data | Shape::DataList) {
        return;
    }
    notes.changed(at.to_string());
    if kind == Kind::Schema && key == "type" {
        member.value = Value::String("null".to_owned());
    } else if is_fixed {
        node.remove(key);
    } else {
        member.value = nothing_of(shape);
    }
}

fn is_null(node: &Node) -> bool {
    node.value == Value::Null
}

fn nothing_of(shape: Shape) -> Value {
    match shape {
        Shape::Text => Value::String(String::new()),
        Shape::TextList => Value::Array(Vec::new()),
        _ => Value::Object(crate::document::Object::new()),
    }
}

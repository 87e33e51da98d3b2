use super::{Kind, Node, Pointer, Shape, Value};

/// Visits every object of a document with its kind and its pointer, a parent before its children.
pub fn walk<'a>(document: &'a Node, visit: &mut dyn FnMut(&'a Node, Kind, &Pointer)) {
    descend(document, Kind::Document, &mut Pointer::root(), visit);
}

/// Visits every object of a document with its kind and its pointer, the children before their
/// parent, so that what a visitor puts in a node's place is not visited again.
pub fn walk_mut(document: &mut Node, visit: &mut dyn FnMut(&mut Node, Kind, &Pointer)) {
    descend_mut(document, Kind::Document, &mut Pointer::root(), visit);
}

/// Visits the objects of a part of a document, whose kind is known. Pointers begin at the part.
pub fn walk_part<'a>(part: &'a Node, kind: Kind, visit: &mut dyn FnMut(&'a Node, Kind, &Pointer)) {
    descend(part, kind, &mut Pointer::root(), visit);
}

/// Visits the objects of a part of a document, the children before their parent.
pub fn walk_part_mut(
    part: &mut Node,
    kind: Kind,
    visit: &mut dyn FnMut(&mut Node, Kind, &Pointer),
) {
    descend_mut(part, kind, &mut Pointer::root(), visit);
}

fn descend<'a>(
    node: &'a Node,
    kind: Kind,
    pointer: &mut Pointer,
    visit: &mut dyn FnMut(&'a Node, Kind, &Pointer),
) {
    visit(node, kind, pointer);
    for (index, item) in node.items().enumerate() {
        pointer.push(index.to_string());
        descend(item, kind, pointer, visit);
        pointer.pop();
    }
    for (key, child) in node.members() {
        let Some(shape) = kind.walked_shape_of(key) else {
            continue;
        };
        pointer.push(&**key);
        match (shape, &child.value) {
            (Shape::BooleanOr(_), Value::Boolean(_)) => {}
            (Shape::One(kind) | Shape::BooleanOr(kind), _) => descend(child, kind, pointer, visit),
            (Shape::List(kind) | Shape::Parts(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    pointer.push(index.to_string());
                    descend(item, kind, pointer, visit);
                    pointer.pop();
                }
            }
            (Shape::Map(kind), Value::Object(members)) => {
                for (key, member) in members {
                    pointer.push(&**key);
                    descend(member, kind, pointer, visit);
                    pointer.pop();
                }
            }
            _ => {}
        }
        pointer.pop();
    }
}

fn descend_mut(
    node: &mut Node,
    kind: Kind,
    pointer: &mut Pointer,
    visit: &mut dyn FnMut(&mut Node, Kind, &Pointer),
) {
    for (index, item) in node.as_array_mut().into_iter().flatten().enumerate() {
        pointer.push(index.to_string());
        descend_mut(item, kind, pointer, visit);
        pointer.pop();
    }
    for (key, child) in node.members_mut() {
        let Some(shape) = kind.walked_shape_of(key) else {
            continue;
        };
        pointer.push(&**key);
        match (shape, &mut child.value) {
            (Shape::BooleanOr(_), Value::Boolean(_)) => {}
            (Shape::One(kind) | Shape::BooleanOr(kind), _) => {
                descend_mut(child, kind, pointer, visit);
            }
            (Shape::List(kind) | Shape::Parts(kind), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    pointer.push(index.to_string());
                    descend_mut(item, kind, pointer, visit);
                    pointer.pop();
                }
            }
            (Shape::Map(kind), Value::Object(members)) => {
                for (key, member) in members {
                    pointer.push(&**key);
                    descend_mut(member, kind, pointer, visit);
                    pointer.pop();
                }
            }
            _ => {}
        }
        pointer.pop();
    }
    visit(node, kind, pointer);
}

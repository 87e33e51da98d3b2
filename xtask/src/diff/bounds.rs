use super::{
    comparison::Comparison,
    rule::{BOUND_LOOSENED, BOUND_TIGHTENED},
    site::{Site, code},
};
use crate::document::{Node, Value};

/// Bounds that a greater number loosens.
const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];
/// Bounds that a greater number tightens.
const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];
/// Bounds that are set or not.
const FLAGS: [&str; 3] = ["exclusiveMaximum", "exclusiveMinimum", "uniqueItems"];
/// Bounds that can't be compared as tighter or looser.
const OTHERS: [&str; 2] = ["pattern", "multipleOf"];

impl<'a> Comparison<'a> {
    pub(super) fn bounds(&mut self, site: &Site, old: &'a Node, new: &'a Node) {
        for key in UPPER.into_iter().chain(LOWER).chain(OTHERS) {
            let (from, to) = (old.get(key), new.get(key));
            if from != to {
                let is_looser = is_looser(key, from, to);
                let rule = if is_looser { &BOUND_LOOSENED } else { &BOUND_TIGHTENED };
                self.note(site, rule, format!("`{key}` {} → {}", shown(from), shown(to)));
            }
        }
        for key in FLAGS {
            match (old.is_true(key), new.is_true(key)) {
                (false, true) => self.note(site, &BOUND_TIGHTENED, format!("`{key}` set")),
                (true, false) => self.note(site, &BOUND_LOOSENED, format!("`{key}` dropped")),
                _ => {}
            }
        }
    }
}

fn is_looser(key: &str, from: Option<&Node>, to: Option<&Node>) -> bool {
    let (Some(from), Some(to)) = (from, to) else {
        return to.is_none();
    };
    match (number(from), number(to)) {
        (Some(from), Some(to)) if UPPER.contains(&key) => from < to,
        (Some(from), Some(to)) if LOWER.contains(&key) => from > to,
        _ => false,
    }
}

fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(number) => number.as_f64(),
        _ => None,
    }
}

fn shown(bound: Option<&Node>) -> String {
    bound.and_then(Node::as_text).map_or("none".to_owned(), |text| code(&text))
}

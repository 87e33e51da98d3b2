use std::collections::HashSet;

use crate::{
    document::{Kind, Node, Pointer, walk_mut},
    notes::Notes,
    rule::{Context, Example, Rule},
};

/// A path item that is a reference is written out.
pub(super) const RULE: Rule = Rule {
    name: "path-item-references",
    summary: "a path item with a `$ref` becomes the path item that it names; `components.pathItems` go",
    reason: "OpenAPI 3.0.3 has no path items among its components, and generators don't follow \
             references of path items.",
    example: Example {
        before: "\
openapi: 3.1.1
paths:
  /a: {$ref: '#/components/pathItems/Shared', summary: A}
components:
  pathItems:
    Shared:
      get:
        responses:
          '204': {description: Done}
",
        after: "\
openapi: 3.1.1
paths:
  /a:
    get:
      responses:
        '204': {description: Done}
    summary: A
components: {}
",
    },
    apply,
};

const UNUSED: &str = "x-pathItems";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut notes = Notes::default();
    let before = document.clone();
    let mut used = HashSet::new();
    walk_mut(document, &mut |item, kind, at| {
        if kind == Kind::PathItem && item.get("$ref").is_some() {
            write_out(&before, item, at, &mut used, &mut notes);
        }
    });
    drop_used(document, &used, &mut notes);
    notes.tell(document, context);
}

fn write_out(
    document: &Node,
    item: &mut Node,
    at: &Pointer,
    used: &mut HashSet<Pointer>,
    notes: &mut Notes,
) {
    let mut whole = item.clone();
    let mut seen = HashSet::new();
    while let Some(reference) = whole.reference_target().map(str::to_owned) {
        let target = Pointer::from_reference(&reference).filter(|to| seen.insert(to.clone()));
        let Some((to, definition)) =
            target.and_then(|to| document.at(&to).map(|definition| (to, definition)))
        else {
            return;
        };
        if let Some(field) = field_of_both(&whole, definition) {
            let problem = format!("`{field}` beside a `$ref` to a path item that has one");
            notes.refuse(at, whole.place, problem, "OpenAPI leaves open which one holds: keep one");
            return;
        }
        notes.changed(format!("{reference} at {at}"));
        used.insert(to);
        whole.remove("$ref");
        let mut united = definition.clone();
        for (key, member) in whole.members() {
            united.set(key, member.clone());
        }
        whole = united;
    }
    *item = whole;
}

fn field_of_both(item: &Node, definition: &Node) -> Option<String> {
    let mut fields = item.members().map(|(key, _)| &**key).filter(|key| *key != "$ref");
    fields.find(|key| definition.get(key).is_some()).map(str::to_owned)
}

/// Those that nothing used are kept, as they may be meant for readers.
fn drop_used(document: &mut Node, used: &HashSet<Pointer>, notes: &mut Notes) {
    let holder = Pointer::from_iter(["components", "pathItems"]);
    let Some(components) = document.get_mut("components") else {
        return;
    };
    let Some(items) = components.get_mut("pathItems").and_then(Node::as_object_mut) else {
        return;
    };
    items.retain(|name, _| !used.contains(&holder.join(&**name)));
    if items.is_empty() {
        components.remove("pathItems");
        return;
    }
    notes.changed(format!("{} unused ones are kept as {UNUSED}", items.len()));
    components.rename("pathItems", UNUSED);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn a_field_that_both_have_is_refused() {
        let text = RULE.example.before.replace("summary: A", "get: {}");
        let applied = apply_alone(&RULE, &text);
        assert!(applied.findings[0].problem.contains("`get` beside a `$ref`"));
    }

    #[test]
    fn references_in_a_circle_and_to_other_files_are_left_to_the_check() {
        for target in ["#/paths/~1a", "other.yaml#/a"] {
            let text = format!("openapi: 3.1.1\npaths:\n  /a: {{$ref: '{target}'}}\n");
            assert_eq!(apply_alone(&RULE, &text).document, node(&text));
        }
    }

    #[test]
    fn a_path_item_that_nothing_uses_is_kept() {
        let text = "openapi: 3.1.1\ncomponents: {pathItems: {A: {summary: a}}}\n";
        let after = text.replace("pathItems", "x-pathItems");
        assert_eq!(apply_alone(&RULE, text).document, node(&after));
    }
}

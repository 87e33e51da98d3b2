use super::{
    enums::{name_at, refer},
    names::{FreeNames, add_schemas},
    reach::pascal,
    union_plans::branches,
};
use crate::{
    document::{Kind, Node, Pointer, walk},
    rule::{Context, Example, Rule},
};

/// Unions and their branches become components.
pub(super) const RULE: Rule = Rule {
    name: "union-branches",
    summary: "an inline `oneOf` becomes a component, and so does an inline branch that is an \
              object or an enum",
    reason: "The generator turns inline branches into variants of different shapes, named after \
             their position, so an added branch would rename others. A branch with a named type \
             becomes a variant that holds it.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    House:
      type: object
      properties:
        pet:
          description: Who lives there.
          oneOf:
            - {type: object, properties: {kind: {type: string, enum: [cat]}}}
            - {title: Name, type: string}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    House:
      type: object
      properties:
        pet:
          description: Who lives there.
          allOf: [{$ref: '#/components/schemas/HousePet'}]
    HousePet:
      oneOf:
        - $ref: '#/components/schemas/HousePetCat'
        - {title: Name, type: string}
      description: Who lives there.
    HousePetCat: {type: object, properties: {kind: {type: string, enum: [cat]}}}
",
    },
    apply,
};

/// What is said of a union wherever it is used.
const OF_THE_UNION: [&str; 3] = ["oneOf", "discriminator", "description"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut names = FreeNames::of(document);
    // A branch has a name before the unions in it, which are called after it.
    loop {
        name_branches(document, &mut names, context);
        if !name_unions(document, &mut names, context) {
            break;
        }
    }
}

/// Names the inline unions, except those inside other unions. Returns whether there are any.
fn name_unions(document: &mut Node, names: &mut FreeNames, context: &mut Context<'_>) -> bool {
    let mut found: Vec<(Pointer, String)> = Vec::new();
    walk(document, &mut |node, kind, at| {
        let is_inline =
            kind == Kind::Schema && branches(node).is_some() && at.schema_component().is_none();
        // The contents of a union are visited directly after it.
        let is_inside = || found.last().is_some_and(|(outer, _)| at.is_within(outer));
        if is_inline && !is_inside() {
            let (_, name) = name_at(document, at);
            found.push((at.clone(), names.take(&name)));
        }
    });
    let is_any = !found.is_empty();
    let mut unions = Vec::new();
    for (at, name) in found {
        let Some(node) = document.at_mut(&at) else {
            continue;
        };
        let mut union = Node::object(node.place, []);
        for key in OF_THE_UNION {
            if let Some(member) = node.get(key) {
                union.set(key, member.clone());
            }
        }
        node.remove("oneOf");
        node.remove("discriminator");
        refer(node, &name);
        context.changed(format!("{at} ({name})"));
        unions.push((name, union));
    }
    add_schemas(document, unions);
    is_any
}

/// Names the inline branches of components.
fn name_branches(document: &mut Node, names: &mut FreeNames, context: &mut Context<'_>) {
    let mut found = Vec::new();
    walk(document, &mut |node, kind, at| {
        let union = at.schema_component().filter(|_| kind == Kind::Schema);
        let (Some(union), Some(branches)) = (union, branches(node)) else {
            return;
        };
        for (index, branch) in branches.iter().enumerate().filter(|(_, branch)| needs_name(branch))
        {
            let name = names.take(&(pascal(union) + &own_name(branch)));
            found.push((at.join("oneOf").join(index.to_string()), name));
        }
    });
    let mut branches = Vec::new();
    for (at, name) in found {
        if let Some(node) = document.at_mut(&at) {
            let reference = Node::reference(node.place, &Pointer::to_schema(&name));
            let mut branch = std::mem::replace(node, reference);
            branch.remove("title");
            context.changed(format!("{at} ({name})"));
            branches.push((name, branch));
        }
    }
    add_schemas(document, branches);
}

/// Whether the generator would make a type of a branch, and name it.
fn needs_name(branch: &Node) -> bool {
    let parts = branch.get("allOf").and_then(Node::as_array).map_or(0, <[Node]>::len);
    let has = |key| branch.get(key).is_some();
    !branch.is_true("nullable") && (has("properties") || has("enum") || parts > 1)
}

/// The name of a branch among the others: its title, or the value that only this branch has.
fn own_name(branch: &Node) -> String {
    let title = branch.get_str("title").map(pascal).filter(|title| !title.is_empty());
    title.or_else(|| only_value(branch)).unwrap_or_else(|| "Variant".to_owned())
}

fn only_value(branch: &Node) -> Option<String> {
    let one = |schema: &Node| match schema.get("enum")?.as_array()? {
        [one] => Some(pascal(one.as_str()?)).filter(|name| !name.is_empty()),
        _ => None,
    };
    let properties = branch.get("properties").into_iter().flat_map(Node::members);
    one(branch).or_else(|| properties.into_iter().find_map(|(_, property)| one(property)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    fn json(schemas: &str) -> String {
        let text = format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {schemas}\n");
        serde_json::to_string(&apply_alone(&RULE, &text).document).unwrap()
    }

    #[test]
    fn unions_inside_of_unions_have_names_too() {
        let json = json(
            "A: {type: array, items: {oneOf: [{type: string}, {type: array, items: {oneOf: [{type: integer}, {type: boolean}]}}]}}",
        );
        assert!(
            json.contains(
                r##""A":{"type":"array","items":{"$ref":"#/components/schemas/AItem"}}"##
            ),
            "{json}"
        );
        let inner =
            r##"{"type":"array","items":{"$ref":"#/components/schemas/AItemVariant1Item"}}"##;
        assert!(
            json.contains(&format!(r#""AItem":{{"oneOf":[{{"type":"string"}},{inner}]}}"#)),
            "{json}"
        );
    }

    #[test]
    fn whether_null_may_stand_there_is_a_matter_of_the_place() {
        let json = json(
            "A: {type: object, properties: {b: {nullable: true, oneOf: [{type: integer}, {type: boolean}]}}}",
        );
        assert!(
            json.contains(
                r##""b":{"nullable":true,"allOf":[{"$ref":"#/components/schemas/AB"}]}"##
            ),
            "{json}"
        );
        assert!(
            json.contains(r#""AB":{"oneOf":[{"type":"integer"},{"type":"boolean"}]}"#),
            "{json}"
        );
    }

    #[test]
    fn a_branch_is_called_by_its_title_or_its_value_and_a_name_that_is_taken_is_numbered() {
        let json = json(
            "A: {oneOf: [{title: A cat, type: object, properties: {n: {type: string}}}, {type: object, properties: {k: {type: string, enum: [dog]}}}, {type: string, enum: [none]}, {type: object, properties: {m: {type: string}}}, {type: object}]}\n    ADog: {type: string}",
        );
        for name in ["AACat", "ADog2", "ANone", "AVariant"] {
            assert!(json.contains(&format!("\"{name}\":{{\"type\"")), "{name}: {json}");
        }
        assert!(json.contains(r#"{"type":"object"}]"#), "{json}");
    }
}

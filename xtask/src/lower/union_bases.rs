use super::{
    compositions::{is_object, says_all_of, write_out},
    names::{FreeNames, add_schemas},
    reach::pascal,
};
use crate::{
    document::{Kind, Node, Pointer, walk},
    rule::{Context, Example, Rule},
};

/// What a union says beside its branches, its branches say.
pub(super) const RULE: Rule = Rule {
    name: "union-bases",
    summary: "the properties beside a `oneOf` of objects become properties of its branches, where \
              they are not already",
    reason: "The generator makes branches without a name of the two, `Variant0`, and of branches \
             that hold each other branches without end.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      type: object
      properties: {name: {type: string}}
      oneOf:
        - $ref: '#/components/schemas/Cat'
        - $ref: '#/components/schemas/Dog'
    Cat: {type: object, properties: {purrs: {type: boolean}}}
    Dog: {type: object, properties: {name: {type: string}, barks: {type: boolean}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Pet:
      oneOf:
        - $ref: '#/components/schemas/PetCat'
        - $ref: '#/components/schemas/Dog'
    Cat: {type: object, properties: {purrs: {type: boolean}}}
    Dog: {type: object, properties: {name: {type: string}, barks: {type: boolean}}}
    PetCat: {type: object, properties: {name: {type: string}, purrs: {type: boolean}}}
",
    },
    apply,
};

/// What the schema keeps when its branches say the rest.
const OF_THE_UNION: [&str; 6] =
    ["oneOf", "discriminator", "description", "title", "nullable", "deprecated"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut unions = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        if kind == Kind::Schema && has_a_base(document, node) {
            unions.push(pointer.clone());
        }
    });
    let mut names = FreeNames::of(document);
    for pointer in unions.into_iter().rev() {
        let Some((union, components)) = given_to_branches(document, &pointer, &mut names) else {
            continue;
        };
        if let Some(schema) = document.at_mut(&pointer) {
            *schema = union;
        }
        add_schemas(document, components);
        context.changed(pointer.to_string());
    }
    write_out(document, context);
}

/// Whether a union of objects says more than that.
fn has_a_base(document: &Node, schema: &Node) -> bool {
    let branches = schema.get("oneOf").and_then(Node::as_array).unwrap_or_default();
    let has_properties = schema.get("properties").is_some() || schema.get("allOf").is_some();
    !branches.is_empty()
        && has_properties
        && branches.iter().all(|branch| is_object(document, branch))
        && is_object(document, &only(schema, |keyword| keyword != "oneOf"))
}

fn only(schema: &Node, kept: impl Fn(&str) -> bool) -> Node {
    let mut part = schema.clone();
    if let Some(members) = part.as_object_mut() {
        members.retain(|keyword, _| kept(keyword));
    }
    part
}

/// The union alone, and the components that became its branches.
fn given_to_branches(
    document: &Node,
    pointer: &Pointer,
    names: &mut FreeNames,
) -> Option<(Node, Vec<(String, Node)>)> {
    let schema = document.at(pointer)?;
    let is_of_union = |keyword: &str| OF_THE_UNION.contains(&keyword) || keyword.starts_with("x-");
    let base = only(schema, |keyword| !is_of_union(keyword));
    let mut union = only(schema, is_of_union);
    let owner = name(pointer);
    let mut components = Vec::new();
    for branch in union.get_mut("oneOf").and_then(Node::as_array_mut)? {
        let place = branch.place;
        if says_all_of(document, branch, &base) {
            continue;
        }
        let parts = Node::array(place, [base.clone(), branch.clone()]);
        let mut whole = Node::object(place, [("allOf", parts)]);
        let target = branch.reference_target().and_then(Pointer::from_reference);
        if let Some(of) = target.as_ref().and_then(Pointer::schema_component) {
            let name = names.take(&format!("{owner}{}", pascal(of)));
            *branch = Node::reference(place, &Pointer::to_schema(&name));
            components.push((name, whole));
        } else {
            if let Some(title) = branch.remove("title") {
                whole.set("title", title);
            }
            *branch = whole;
        }
    }
    Some((union, components))
}

/// What the types of a union begin with.
fn name(pointer: &Pointer) -> String {
    let words = pointer.tokens().into_iter().skip(2).filter(|token| *token != "properties");
    words.map(pascal).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    #[test]
    fn branches_that_are_made_of_their_union_are_its_branches() {
        let before = "Pet: {type: object, properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Cat: {type: object, properties: {kind: {type: string}, purrs: {type: boolean}}}
Dog: {type: object, properties: {kind: {type: string}, barks: {type: boolean}}}";
        let after =
            before.replace("type: object, properties: {kind: {type: string}}, oneOf", "oneOf");
        assert_eq!(apply_alone(&RULE, &schemas(before)).document, node(&schemas(&after)));
    }

    #[test]
    fn a_branch_that_says_less_than_the_base_gets_the_rest_of_it() {
        let before = "Pet: {required: [name], properties: {name: {type: integer}}, oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}]}
Dog: {type: object, properties: {name: {}}}
Cat: {type: object, properties: {name: {type: integer}}}";
        let json = apply_alone(&RULE, &schemas(before)).document.to_json().unwrap();
        assert_eq!(json.matches("\"name\"\n").count(), 2, "{json}");
        assert!(json.contains("PetDog") && json.contains("PetCat"), "{json}");
        let required = "Pet: {required: [a], allOf: [{$ref: '#/components/schemas/Map'}], oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}]}
Map: {type: object, additionalProperties: {type: integer}}
Dog: {type: object, properties: {a: {type: string}}}
Cat: {type: object, properties: {a: {type: string}}}";
        let json = apply_alone(&RULE, &schemas(required)).document.to_json().unwrap();
        assert_eq!(json.matches("additionalProperties").count(), 3, "{json}");
    }

    #[test]
    fn inline_branches_are_written_out_in_place() {
        let before = "Pet: {allOf: [{$ref: '#/components/schemas/Base'}], oneOf: [{title: Cat, type: object, properties: {purrs: {type: boolean}}}, {type: object, properties: {barks: {type: boolean}}}]}
Base: {type: object, properties: {name: {type: string}}}";
        let after = "Pet: {oneOf: [{title: Cat, type: object, properties: {name: {type: string}, purrs: {type: boolean}}}, {type: object, properties: {name: {type: string}, barks: {type: boolean}}}]}
Base: {type: object, properties: {name: {type: string}}}";
        assert_eq!(apply_alone(&RULE, &schemas(before)).document, node(&schemas(after)));
    }

    #[test]
    fn a_union_alone_and_a_union_of_other_types_stay() {
        for text in [
            "Pet: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object}]}",
            "Pet: {properties: {a: {type: string}}, oneOf: [{type: object}, {type: string}]}",
        ] {
            assert_eq!(apply_alone(&RULE, &schemas(text)).document, node(&schemas(text)));
        }
    }
}

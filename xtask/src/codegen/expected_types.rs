use std::collections::BTreeSet;

use syn::{File, Item};

use super::{items::module, mismatch::Mismatch};
use crate::{
    document::{Document, Node, Pointer, type_name},
    lower::REPLACED,
};

/// What a pass over the types of the generator has to find.
pub(super) struct ExpectedTypes {
    /// The components, by the names of their types.
    all: Vec<(String, Pointer)>,
    /// Those that are objects of answers, and have properties.
    answers: Vec<(String, Pointer)>,
    /// Those of them with an optional list.
    with_lists: Vec<(String, Pointer)>,
}

impl ExpectedTypes {
    pub(super) fn of(lowered: &Node, answer_types: &BTreeSet<String>) -> Self {
        let schemas =
            || Document(lowered).schemas().filter(|(name, _)| !REPLACED.contains(&&***name));
        let named = |name: &str| (type_name(name), Pointer::to_schema(name));
        let of_answers = || {
            schemas().filter(|(name, schema)| {
                answer_types.contains(&type_name(name))
                    && schema.get("properties").is_some_and(|all| all.members().next().is_some())
                    && ["allOf", "oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none())
                    && !schema.is_true("nullable")
            })
        };
        let has_list = |schema: &Node| {
            let required = || schema.get("required").into_iter().flat_map(Node::items);
            let mut properties = schema.get("properties").into_iter().flat_map(Node::members);
            properties.any(|(name, property)| {
                property.get_str("type") == Some("array")
                    && property.get("items").is_some()
                    && !property.is_true("nullable")
                    && !required().any(|required| required.as_str() == Some(name))
            })
        };
        Self {
            all: schemas().map(|(name, _)| named(name)).collect(),
            answers: of_answers().map(|(name, _)| named(name)).collect(),
            with_lists: of_answers()
                .filter(|(_, schema)| has_list(schema))
                .map(|(name, _)| named(name))
                .collect(),
        }
    }

    /// The components that the generator made no type of, and that nobody else does.
    pub(super) fn without_type(
        &self,
        client: &mut File,
        made_here: &BTreeSet<String>,
    ) -> Vec<Mismatch> {
        let items = module(&mut client.items, "types").map_or(&[][..], |items| items);
        let made: BTreeSet<String> =
            items.iter().filter_map(name).chain(made_here.iter().cloned()).collect();
        missing(&self.all, &made, "the generator made no type")
    }

    /// The objects of answers whose builders were not found.
    pub(super) fn without_builder(&self, found: &BTreeSet<String>) -> Vec<Mismatch> {
        missing(&self.answers, found, "the generator made no builder, which was to be left out, of")
    }

    /// The objects of answers whose lists were not found.
    pub(super) fn without_list(&self, found: &BTreeSet<String>) -> Vec<Mismatch> {
        missing(&self.with_lists, found, "no list of an answer, which may be null, was found in")
    }
}

fn missing(
    expected: &[(String, Pointer)],
    found: &BTreeSet<String>,
    problem: &str,
) -> Vec<Mismatch> {
    let missing = expected.iter().filter(|(name, _)| !found.contains(name));
    let told = missing.map(|(name, schema)| Mismatch::at(schema, format!("{problem} `{name}`")));
    told.collect()
}

fn name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use syn::{File, parse_quote};

    use super::{
        super::{answer_builders, null_lists},
        ExpectedTypes,
    };
    use crate::{lower::answer_types, rule::tests::node};

    #[test]
    fn a_generator_that_writes_types_of_another_shape_is_told_with_the_type() {
        let document = node("\
openapi: 3.0.3
paths:
  /a:
    get:
      operationId: a
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Told'}}}}}
components:
  schemas:
    Told: {type: object, properties: {list: {type: array, items: {type: string}}}}
");
        let answers = answer_types(&document);
        let expected = ExpectedTypes::of(&document, &answers);
        let usual = || -> File {
            parse_quote! {
                pub mod types {
                    pub struct Told {
                        #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                        pub list: ::std::vec::Vec<::std::string::String>,
                    }
                    impl Told { pub fn builder() -> builder::Told { Default::default() } }
                    pub mod builder { pub struct Told; }
                }
            }
        };
        let other = || -> File {
            parse_quote! {
                pub mod types {
                    pub struct Told {
                        #[serde(default, skip_serializing_if = "Vec::is_none_or_empty")]
                        pub list: List<String>,
                    }
                    impl Told { pub fn build() -> ToldBuilder { Default::default() } }
                }
            }
        };
        let function = parse_quote!(crate::null_as_empty);
        let mut problems = Vec::new();
        for mut client in [usual(), other()] {
            let built = answer_builders::leave_out(&mut client, &answers);
            let lists = null_lists::read_by(&mut client, &answers, &function);
            problems.push((expected.without_builder(&built), expected.without_list(&lists)));
        }
        assert_eq!(problems[0], (Vec::new(), Vec::new()));
        let told = |missing: &[super::Mismatch]| {
            (missing[0].at.as_ref().unwrap().to_string(), missing[0].problem.contains("`Told`"))
        };
        let at = || ("/components/schemas/Told".to_owned(), true);
        assert_eq!((told(&problems[1].0), told(&problems[1].1)), (at(), at()));
        let mut renamed: File = parse_quote!(
            pub mod types {
                pub struct ToldType;
            }
        );
        assert_eq!(told(&expected.without_type(&mut renamed, &BTreeSet::new())), at());
    }
}

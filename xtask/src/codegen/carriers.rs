//! What the documentation of a type says of where it is met: the operations that carry it, and its
//! place in the document.

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{Item, Type, parse_quote};

use crate::plan::{OperationPlan, TypePlan};

/// How many operations are named; most types have fewer.
const NAMED: usize = 6;

/// The operations that carry a type, by how they do.
#[derive(Default)]
struct Carriers<'a> {
    sent: Vec<&'a OperationPlan>,
    received: Vec<&'a OperationPlan>,
}

/// What is said of each type, by its name.
pub(super) fn of(types: &[TypePlan], operations: &[OperationPlan]) -> BTreeMap<String, String> {
    let mut carriers: BTreeMap<&str, Carriers<'_>> = BTreeMap::new();
    for plan in operations {
        for name in &plan.sent {
            carriers.entry(name).or_default().sent.push(plan);
        }
        for name in &plan.received {
            carriers.entry(name).or_default().received.push(plan);
        }
    }
    let documented = types.iter().filter_map(|of| Some((&*of.name, of.documented.as_ref()?)));
    let places: BTreeMap<&str, String> =
        documented.map(|(name, place)| (name, place.to_string())).collect();
    let named = carriers.keys().chain(places.keys()).copied();
    named
        .map(|name| {
            let carriers = carriers.get(name).into_iter().flat_map(Carriers::sentences);
            let place = places.get(name).map(|place| format!("Documented at `{place}`."));
            (name.to_owned(), carriers.chain(place).collect::<Vec<_>>().join(" "))
        })
        .collect()
}

impl Carriers<'_> {
    fn sentences(&self) -> impl Iterator<Item = String> {
        [("Sent by", &self.sent), ("Received from", &self.received)]
            .into_iter()
            .filter(|(_, operations)| !operations.is_empty())
            .map(|(verb, operations)| format!("{verb} {}.", list(operations)))
    }
}

/// ``[`get_study`](crate::Client::get_study), … and 3 more``
fn list(operations: &[&OperationPlan]) -> String {
    let mut names: Vec<&str> = operations.iter().map(|plan| &*plan.name).collect();
    names.sort_unstable();
    let links: Vec<String> =
        names.iter().take(NAMED).map(|name| format!("[`{name}`](crate::Client::{name})")).collect();
    match names.len().checked_sub(NAMED) {
        Some(more) if more > 0 => format!("{} and {more} more", links.join(", ")),
        _ => links.join(", "),
    }
}

/// Says it in the documentation of the types of the client.
pub(super) fn tell(types: &mut [Item], said: &BTreeMap<String, String>) {
    for item in types {
        let (name, attributes) = match item {
            Item::Struct(item) => (item.ident.to_string(), &mut item.attrs),
            Item::Enum(item) => (item.ident.to_string(), &mut item.attrs),
            Item::Type(item) => (item.ident.to_string(), &mut item.attrs),
            _ => continue,
        };
        let Some(said) = said.get(&name) else {
            continue;
        };
        let paragraph = format!("\n{said}");
        let documented = attributes.iter().rposition(|attribute| attribute.path().is_ident("doc"));
        let at = documented.map_or(0, |last| last + 1);
        attributes.insert(at, parse_quote!(#[doc = #paragraph]));
    }
}

/// A link to the type of a body: ``[`Study`](crate::types::Study)``.
pub(super) fn link(of: &Type) -> Option<String> {
    let text = of.to_token_stream().to_string().replace(' ', "");
    let (_, name) = text.rsplit_once("types::")?;
    let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    Some(format!("[`{name}`](crate::types::{name})"))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::parse_quote;

    use super::{link, of, tell};
    use crate::{lower::lower, manifest::Settings, rule::tests::node};

    #[test]
    fn a_type_says_who_carries_it_and_where_it_is_documented() {
        let document = node("\
openapi: 3.0.3
paths:
  /pets:
    post:
      operationId: add-pet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}}
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    get:
      operationId: list-pets
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    NewPet: {type: object, properties: {name: {type: string}}}
    Pet: {type: object, properties: {name: {type: string}}}
");
        let lowered = lower(document, &Settings::default()).0;
        let said = of(&lowered.types, &lowered.operations);
        assert_eq!(
            said["Pet"],
            "Received from [`add_pet`](crate::Client::add_pet), [`list_pets`](crate::Client::list_pets). Documented at `/components/schemas/Pet`."
        );
        assert!(said["NewPet"].starts_with("Sent by [`add_pet`](crate::Client::add_pet). "));

        let mut types: [syn::Item; 1] = [parse_quote! {
            /// A pet.
            #[derive(Debug)]
            pub struct Pet;
        }];
        tell(&mut types, &said);
        let text = types[0].to_token_stream().to_string();
        let (before, after) = text.split_once("Received from").unwrap();
        assert!(before.contains("A pet.") && after.contains("derive (Debug)"), "{text}");
    }

    #[test]
    fn a_body_is_linked_where_it_is_a_type_of_the_client() {
        let cases: [(syn::Type, Option<&str>); 3] = [
            (parse_quote!(types::Study), Some("[`Study`](crate::types::Study)")),
            (parse_quote!(::std::vec::Vec<types::Pet>), Some("[`Pet`](crate::types::Pet)")),
            (parse_quote!(::std::string::String), None),
        ];
        for (of, expected) in cases {
            assert_eq!(link(&of).as_deref(), expected);
        }
    }
}

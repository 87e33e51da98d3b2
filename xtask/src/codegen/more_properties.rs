//! Maps of what comes beside the documented properties: empty where nothing is set.

use quote::ToTokens as _;
use syn::{Attribute, Fields, File, Item, ItemStruct, parse_quote};

use super::{
    items::{argument, module},
    mismatch::Mismatch,
};
use crate::document::{Document, Node, Pointer, type_name};

/// Derives `Default` for the objects with such a map that require nothing, as the generator does for
/// those without one, and tells of objects that have no map.
pub(super) fn default_to_none(client: &mut File, lowered: &Node) -> Vec<Mismatch> {
    let types = module(&mut client.items, "types").map(|items| &mut items[..]).unwrap_or_default();
    let mut missing = Vec::new();
    for (name, schema) in Document(lowered).schemas().filter(|(_, schema)| has_map(schema)) {
        let of = type_name(name);
        let found = types.iter_mut().find_map(|item| match item {
            Item::Struct(item) if item.ident == of && has_flattened(item) => Some(item),
            _ => None,
        });
        match found {
            Some(item) if schema.get("required").is_none() => derive_default(item),
            Some(_) => {}
            None => {
                let problem = format!("the generator made no map of other properties in `{of}`");
                missing.push(Mismatch::at(&Pointer::to_schema(name), problem));
            }
        }
    }
    missing
}

fn has_map(schema: &Node) -> bool {
    let has_properties = schema.get("properties").is_some_and(|all| all.members().next().is_some());
    has_properties
        && schema.get("additionalProperties").is_some_and(|rest| rest.as_object().is_some())
        && ["allOf", "oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none())
        && !schema.is_true("nullable")
}

fn has_flattened(item: &ItemStruct) -> bool {
    let is_flattened = |attribute: &Attribute| said(attribute).contains("flatten");
    item.fields.iter().any(|field| field.attrs.iter().any(is_flattened))
}

fn derive_default(item: &mut ItemStruct) {
    let Fields::Named(fields) = &item.fields else {
        return;
    };
    let may_lack = |field: &syn::Field| {
        argument(&field.ty, "Option").is_some()
            || field
                .attrs
                .iter()
                .map(said)
                .any(|said| said.contains("default") || said.contains("flatten"))
    };
    let is_derived = item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("derive") && said(attribute).contains("Default")
    });
    if fields.named.iter().all(may_lack) && !is_derived {
        item.attrs.push(parse_quote!(#[derive(Default)]));
    }
}

fn said(attribute: &Attribute) -> String {
    attribute.to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::default_to_none;
    use crate::rule::tests::node;

    #[test]
    fn an_object_that_requires_nothing_has_a_default_and_one_without_a_map_is_told_of() {
        let document = node(
            "\
openapi: 3.0.3
components:
  schemas:
    A: {type: object, properties: {a: {type: string}}, additionalProperties: {}}
    B: {type: object, required: [b], properties: {b: {type: string}}, additionalProperties: {}}
    C: {type: object, properties: {c: {type: string}}, additionalProperties: {type: string}}
    D: {type: object, properties: {d: {type: string}}}
",
        );
        let mut file: File = parse_quote! {
            pub mod types {
                #[derive(Clone)]
                pub struct A { a: Option<String>, #[serde(flatten)] extra: Map }
                #[derive(Clone)]
                pub struct B { b: String, #[serde(flatten)] extra: Map }
                #[derive(Clone)]
                pub struct C { c: Option<String> }
                #[derive(Clone)]
                pub struct D { d: Option<String> }
            }
        };
        let told = default_to_none(&mut file, &document);
        assert_eq!(told.len(), 1);
        assert!(told[0].problem.ends_with("`C`"), "{told:?}");
        let text = file.to_token_stream().to_string().replace(' ', "");
        assert!(text.contains("#[derive(Clone)]#[derive(Default)]pubstructA"), "{text}");
        assert_eq!(text.matches("derive(Default)").count(), 1, "{text}");
    }
}

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Item, Path};

use super::{client_settings::ClientSettings, open_enums::OpenEnum, operations::PlannedOperation};
use crate::{
    document::{Node, method_name, type_name},
    lower::schemas_at,
    plan::OperationPlan,
};

/// Where types stand that belong to no resource alone.
const SHARED: &str = "shared";

/// The resource of each operation, in the order of the plans: what its first tag is called.
pub(super) fn names(plans: &[OperationPlan], settings: &ClientSettings) -> Vec<String> {
    let name = |plan: &OperationPlan| {
        let tag = plan.tag.as_deref().unwrap_or(SHARED);
        method_name(settings.resources.get(tag).map_or(tag, String::as_str))
    };
    plans.iter().map(name).collect()
}

/// The resources of the API, a module each: its operations, and the types that no other resource
/// has. What stands in one list of hundreds is found in none.
pub(super) fn modules(
    lowered: &Node,
    operations: &[PlannedOperation<'_>],
    client: &File,
    enums: &[OpenEnum],
    settings: &ClientSettings,
) -> Result<TokenStream, String> {
    let module: Path = syn::parse_str(&settings.module).map_err(|error| error.to_string())?;
    let mut resources: BTreeMap<String, Resource<'_>> = BTreeMap::new();
    for operation in operations {
        let resource = resources.entry(operation.resource.to_owned()).or_default();
        resource.operations.push(operation.plan);
    }
    for (type_name, resource) in types(client, enums, &owners(&resources, lowered)) {
        resources.entry(resource).or_default().types.insert(type_name);
    }
    let modules = resources
        .iter()
        .map(|(name, resource)| resource.tokens(name, &title(lowered, name), &module));
    Ok(quote! { #(#modules)* })
}

#[derive(Default)]
struct Resource<'a> {
    operations: Vec<&'a OperationPlan>,
    types: BTreeSet<String>,
}

impl Resource<'_> {
    fn tokens(&self, name: &str, title: &str, module: &Path) -> TokenStream {
        let name = format_ident!("{name}");
        let mut about = vec![format!(" {title}")];
        let mut operations: Vec<_> = self.operations.iter().collect();
        operations.sort_by_key(|operation| &operation.operation_id);
        if !operations.is_empty() {
            about.extend([String::new(), " | operation | | |".into(), " |---|---|---|".into()]);
        }
        about.extend(operations.into_iter().map(row));
        let types = self.types.iter().map(|name| format_ident!("{name}"));
        let types = (!self.types.is_empty()).then(|| {
            quote! {
                #[doc(inline)]
                pub use #module::types::{#(#types),*};
            }
        });
        quote! {
            #(#[doc = #about])*
            pub mod #name { #types }
        }
    }
}

/// A line of the table of operations.
fn row(operation: &&OperationPlan) -> String {
    let OperationPlan { name, method, path, summary, .. } = operation;
    let summary = summary.as_deref().unwrap_or_default().replace('|', "\\|");
    format!(" | [`{name}`](crate::Client::{name}) | `{method} {path}` | {summary} |")
}

/// The resource of each component: the one whose operations lead to it, if no others do.
fn owners(resources: &BTreeMap<String, Resource<'_>>, lowered: &Node) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (resource, Resource { operations, .. }) in resources {
        let plans = operations.iter().map(|operation| &operation.pointer);
        for schema in plans.flat_map(|pointer| schemas_at(lowered, pointer)) {
            let owner = owners.entry(type_name(&schema)).or_insert_with(|| resource.clone());
            if owner != resource {
                SHARED.clone_into(owner);
            }
        }
    }
    owners
}

/// The types of the client and their resources. One that has no component is called after the one
/// that it stands in.
fn types(
    client: &File,
    enums: &[OpenEnum],
    owners: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let names = client.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let names = names.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    });
    let owner = |name: &str| {
        let lengths = (1..=name.len()).rev();
        let holders = lengths.filter_map(|length| owners.get(name.get(..length)?));
        holders.into_iter().next().map_or(SHARED, String::as_str).to_owned()
    };
    let enums = enums.iter().map(|made| made.name.clone());
    names.chain(enums).map(|name| (name.clone(), owner(&name))).collect()
}

/// What the tag that a resource is called after says of it.
fn title(document: &Node, name: &str) -> String {
    if name == SHARED {
        return "What belongs to no resource alone.".to_owned();
    }
    let tags = || document.get("tags").into_iter().flat_map(Node::items);
    let called = |tag: &&Node| tag.get_str("name").is_some_and(|tag| method_name(tag) == name);
    let described = tags().filter(called).find_map(|tag| tag.get_str("description"));
    described.map_or_else(|| format!("What the API calls `{name}`."), str::to_owned)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::{
        super::operation_types::OperationTypes, ClientSettings, PlannedOperation, modules, names,
    };
    use crate::{lower::lower, manifest::Settings, rule::tests::node};

    #[test]
    fn a_type_stands_with_the_one_resource_that_has_it_or_is_shared() {
        let document = node("\
openapi: 3.0.3
tags: [{name: pets, description: What people keep.}]
paths:
  /pets:
    get:
      operationId: list-pets
      summary: All of them
      tags: [pets]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /owners:
    get:
      operationId: list-owners
      tags: [people]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}
    Owner: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}
    Name: {type: string}
    Event: {type: object}
");
        let client: File = parse_quote! {
            pub mod types {
                pub struct Pet;
                pub enum PetKind {}
                pub struct Owner;
                pub struct Name;
                pub struct Event;
            }
        };
        let settings = ClientSettings {
            runtime: parse_quote!(crate::runtime),
            timestamp: None,
            integer: None,
            number: None,
            secret: None,
            null_as_empty: None,
            open_enum: parse_quote!(crate::open_enum),
            resources: [("people".to_owned(), "owners".to_owned())].into_iter().collect(),
            module: "crate".to_owned(),
        };
        let plans = lower(document.clone(), &Settings::default()).0.operations;
        let types = OperationTypes { parameters: Vec::new(), body: None, answer: parse_quote!(()) };
        let names = names(&plans, &settings);
        let planned: Vec<_> = plans
            .iter()
            .zip(&names)
            .map(|(plan, resource)| PlannedOperation { plan, types: &types, resource })
            .collect();
        let tokens = modules(&document, &planned, &client, &[], &settings).unwrap();
        let expected = quote::quote! {
            #[doc = " What the API calls `owners`."]
            #[doc = ""]
            #[doc = " | operation | | |"]
            #[doc = " |---|---|---|"]
            #[doc = " | [`list_owners`](crate::Client::list_owners) | `GET /owners` |  |"]
            pub mod owners {
                #[doc(inline)]
                pub use crate::types::{Owner};
            }
            #[doc = " What people keep."]
            #[doc = ""]
            #[doc = " | operation | | |"]
            #[doc = " |---|---|---|"]
            #[doc = " | [`list_pets`](crate::Client::list_pets) | `GET /pets` | All of them |"]
            pub mod pets {
                #[doc(inline)]
                pub use crate::types::{Pet, PetKind};
            }
            #[doc = " What belongs to no resource alone."]
            pub mod shared {
                #[doc(inline)]
                pub use crate::types::{Event, Name};
            }
        };
        assert_eq!(tokens.to_token_stream().to_string(), expected.to_string());
    }
}

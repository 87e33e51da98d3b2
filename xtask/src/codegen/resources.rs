use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Item, Path};

use super::client_settings::ClientSettings;
use crate::{
    document::{Node, Operation, method_name, operations, type_name},
    lower::schemas_of,
};

/// Where types stand that belong to no resource alone.
const SHARED: &str = "shared";

/// The resources of the API, a module each: its operations, and the types that no other resource
/// has. What stands in one list of hundreds is found in none.
pub(super) fn modules(
    document: &Node,
    lowered: &Node,
    client: &File,
    settings: &ClientSettings,
) -> Result<TokenStream, String> {
    let module: Path = syn::parse_str(&settings.module).map_err(|error| error.to_string())?;
    let mut resources: BTreeMap<String, Resource<'_>> = BTreeMap::new();
    for operation in operations(lowered) {
        let name = resource_of(&operation, settings);
        let resource = resources.entry(method_name(&name)).or_default();
        resource.name.get_or_insert(name);
        resource.operations.push(operation);
    }
    for (type_name, resource) in types(client, &owners(&resources, lowered)) {
        resources.entry(resource).or_default().types.insert(type_name);
    }
    let modules = resources
        .iter()
        .map(|(name, resource)| resource.tokens(name, &title(document, resource), &module));
    Ok(quote! { #(#modules)* })
}

#[derive(Default)]
struct Resource<'a> {
    /// The first tag that it is called after; its module is called after it as well.
    name: Option<String>,
    operations: Vec<Operation<'a>>,
    types: BTreeSet<String>,
}

impl Resource<'_> {
    fn tokens(&self, name: &str, title: &str, module: &Path) -> TokenStream {
        let name = format_ident!("{name}");
        let mut about = vec![format!(" {title}")];
        let mut operations: Vec<_> = self.operations.iter().collect();
        operations.sort_by_key(|operation| operation.id());
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
fn row(operation: &Operation<'_>) -> String {
    let id = operation.id().unwrap_or_default();
    let id = method_name(id);
    let summary = operation.node.get_str("summary").unwrap_or_default().replace('|', "\\|");
    let (method, path) = (operation.method.to_uppercase(), &operation.path);
    format!(" | [`{id}`](crate::Client::{id}) | `{method} {path}` | {summary} |")
}

fn resource_of(operation: &Operation<'_>, settings: &ClientSettings) -> String {
    let tags = operation.node.get("tags").into_iter().flat_map(Node::items);
    let tag = tags.filter_map(Node::as_str).next().unwrap_or(SHARED);
    settings.resources.get(tag).map_or(tag, String::as_str).to_owned()
}

/// The resource of each component: the one whose operations lead to it, if no others do.
fn owners(resources: &BTreeMap<String, Resource<'_>>, lowered: &Node) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (resource, Resource { operations, .. }) in resources {
        for schema in operations.iter().flat_map(|operation| schemas_of(lowered, operation)) {
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
fn types(client: &File, owners: &BTreeMap<String, String>) -> Vec<(String, String)> {
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
    names.map(|name| (name.clone(), owner(&name))).collect()
}

fn title(document: &Node, resource: &Resource<'_>) -> String {
    let Some(name) = resource.name.as_deref().filter(|name| *name != SHARED) else {
        return "What belongs to no resource alone.".to_owned();
    };
    let tags = document.get("tags").into_iter().flat_map(Node::items);
    let mut described = tags.filter(|tag| tag.get_str("name") == Some(name));
    let description = described.find_map(|tag| tag.get_str("description"));
    description.map_or_else(|| format!("What the API calls `{name}`."), str::to_owned)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::{ClientSettings, modules};
    use crate::rule::tests::node;

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
            inner_type: None,
            timestamp: None,
            request: None,
            decode: None,
            null_as_empty: None,
            resources: [("people".to_owned(), "owners".to_owned())].into_iter().collect(),
            module: "crate".to_owned(),
        };
        let tokens = modules(&document, &document, &client, &settings).unwrap();
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

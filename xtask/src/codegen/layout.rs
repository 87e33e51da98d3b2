//! Which file each generated item goes to: one file for each resource, so that a change of a
//! resource changes a single file, and a few that list their contents.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{
    File, GenericArgument, Item, ItemImpl, PathArguments, Type, Visibility, parse_quote,
    visit_mut::{VisitMut, visit_item_mut},
};

use super::{
    items::{implementer, module},
    operations::{self, PlannedOperation},
    resources::{Resource, SHARED},
};
use crate::document::mock_name;

/// What a resource has of the generator's items.
#[derive(Default)]
struct Items {
    types: Vec<Item>,
    mocks: Vec<Item>,
}

/// The code of the client by files, relative to its folder.
pub(super) struct Layout {
    /// The resources and their code.
    pub(super) resources: Vec<(String, TokenStream)>,
    /// What lists the resources, their types and their operations.
    pub(super) index: TokenStream,
    /// The trait with a helper for each operation.
    pub(super) httpmock: TokenStream,
}

/// Lays out the generator's items, and the operations, by resource.
pub(super) fn lay_out(
    mut client: File,
    mut httpmock: File,
    resources: &BTreeMap<String, Resource<'_>>,
    operations: &[PlannedOperation<'_>],
    runtime: &syn::Path,
) -> Layout {
    let mut items: BTreeMap<&str, Items> = BTreeMap::new();
    items.extend(resources.keys().map(|name| (name.as_str(), Items::default())));
    let owners: BTreeMap<&str, &str> = resources
        .iter()
        .flat_map(|(name, resource)| resource.types.iter().map(|of| (of.as_str(), name.as_str())))
        .collect();
    let types = module(&mut client.items, "types").map(std::mem::take).unwrap_or_default();
    for item in types {
        let owner = owner(&item, &owners);
        items.entry(owner).or_default().types.push(item);
    }
    for item in module(&mut httpmock.items, "operations").map(std::mem::take).unwrap_or_default() {
        if !matches!(item, Item::Use(_)) {
            let owner = owner_of_mock(&item, operations);
            items.entry(owner).or_default().mocks.push(item);
        }
    }
    let index = index(&items, resources, operations, runtime);
    let httpmock = mocks(&items, httpmock);
    let resources = resources.iter().map(|(name, resource)| {
        let items = items.remove(name.as_str()).unwrap_or_default();
        (name.clone(), file(resource, items))
    });
    Layout { resources: resources.collect(), index, httpmock }
}

/// The file of a resource.
fn file(resource: &Resource<'_>, items: Items) -> TokenStream {
    let about = &resource.about;
    let Items { types, mocks } = items;
    let named = resource.types.iter().map(|name| format_ident!("{name}"));
    let named = (!resource.types.is_empty()).then(|| quote!(pub use types::{#(#named),*};));
    let enums = (!resource.enums.is_empty()).then(|| {
        quote!(
            pub use super::enums::*;
        )
    });
    let mut types: Vec<Item> = types.into_iter().map(shared_with_other_files).collect();
    types.iter_mut().for_each(|item| SharedModule.visit_item_mut(item));
    let builders = (!resource.builders.is_empty()).then(|| {
        quote!(
            pub use super::object_builders as builder;
        )
    });
    let types = (enums.is_some() || !types.is_empty()).then(|| {
        quote! {
            pub(crate) mod types {
                use super::super::super::types::*;
                use super::runtime;
                #enums
                #(#types)*
                #builders
            }
        }
    });
    let mocks = (!mocks.is_empty()).then(|| {
        quote! {
            #[cfg(feature = "httpmock")]
            pub(crate) mod httpmock {
                use super::super::super::types;
                #(#mocks)*
            }
        }
    });
    let operations = operations::of_resource(&resource.operations);
    quote! {
        #(#![doc = #about])*

        use super::super::runtime;
        #named
        #types
        #operations
        #mocks
    }
}

/// What lists the resources, their types and their operations.
fn index(
    items: &BTreeMap<&str, Items>,
    resources: &BTreeMap<String, Resource<'_>>,
    operations: &[PlannedOperation<'_>],
    runtime: &syn::Path,
) -> TokenStream {
    let named = |has: &dyn Fn(&str, &Items) -> bool| -> Vec<syn::Ident> {
        let with = items.iter().filter(|(name, items)| has(name, items));
        with.map(|(name, _)| ident(name)).collect()
    };
    let has_enums = |name: &str| resources.get(name).is_some_and(|known| !known.enums.is_empty());
    let all = named(&|_, _| true);
    let with_types = named(&|name, items| !items.types.is_empty() || has_enums(name));

    let has_builders =
        |name: &str| resources.get(name).is_some_and(|known| !known.builders.is_empty());
    let with_builders = named(&|name, _| has_builders(name));
    let has_operations = |name: &str| operations.iter().any(|known| known.resource == name);
    let with_operations = named(&|name, _| has_operations(name));
    let builders = (!with_builders.is_empty()).then(|| {
        quote! {
            /// The builders of the types.
            pub mod builder {
                #(#[doc(no_inline)] pub use super::super::resources::#with_builders::object_builders::*;)*
            }
        }
    });
    let list = operations::list(operations);
    quote! {
        #![allow(deprecated, unused_imports)]

        use #runtime as runtime;

        /// The resources of the API, a module each: its operations, and the types that no other resource
        /// has. This is the way in.
        pub mod resources { #(pub mod #all;)* }

        /// The types of requests and responses. They are defined in the modules of their resources,
        /// below `resources`.
        pub mod types {
            #(#[doc(no_inline)] pub use super::resources::#with_types::types::*;)*
            #builders
        }

        /// The builders of the requests, one for each operation. They are defined in the modules of
        /// their resources, below `resources`.
        pub mod builder {
            #(#[doc(no_inline)] pub use super::resources::#with_operations::builder::*;)*
        }

        #list

        #[cfg(feature = "httpmock")]
        pub mod httpmock;
    }
}

/// The trait with a helper for each operation, and what it takes of the resources.
fn mocks(items: &BTreeMap<&str, Items>, httpmock: File) -> TokenStream {
    let with_mocks = items.iter().filter(|(_, items)| !items.mocks.is_empty());
    let with_mocks: Vec<_> = with_mocks.map(|(name, _)| ident(name)).collect();
    let mut others = TokenStream::new();
    for item in httpmock.items {
        match &item {
            Item::Mod(item) if item.ident == "operations" => {
                let about = &item.attrs;
                let reexports =
                    quote!(#(pub use super::super::resources::#with_mocks::httpmock::*;)*);
                others.extend(quote!(#(#about)* pub mod operations { #reexports }));
            }
            item => item.to_tokens(&mut others),
        }
    }
    others
}

fn ident(name: &str) -> syn::Ident {
    format_ident!("{name}")
}

/// The resource of an item: that of the type which it is, or is for.
fn owner<'a>(item: &Item, owners: &BTreeMap<&str, &'a str>) -> &'a str {
    let name = match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        Item::Impl(item) => subjects(item).into_iter().find(|name| owners.contains_key(&**name)),
        _ => None,
    };
    name.and_then(|name| owners.get(&*name)).copied().unwrap_or(SHARED)
}

/// The types that an implementation may be about: what it is for, or what its trait takes, as in
/// `impl From<Thing> for String`.
fn subjects(item: &ItemImpl) -> Vec<String> {
    let of_trait = item.trait_.iter().filter_map(|(path, _)| path.segments.last());
    let arguments = of_trait.flat_map(|segment| match &segment.arguments {
        PathArguments::AngleBracketed(of) => of.args.iter().collect(),
        _ => Vec::new(),
    });
    let named = arguments.filter_map(|argument| match argument {
        GenericArgument::Type(Type::Path(of)) => of.path.segments.last(),
        GenericArgument::Type(Type::Reference(of)) => match &*of.elem {
            Type::Path(of) => of.path.segments.last(),
            _ => None,
        },
        _ => None,
    });
    let named = named.map(|segment| segment.ident.to_string());
    implementer(item).into_iter().chain(named).collect()
}

/// The resource of a mock helper, whose name says the operation.
fn owner_of_mock<'a>(item: &Item, operations: &[PlannedOperation<'a>]) -> &'a str {
    let name = match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Impl(item) => implementer(item),
        _ => None,
    };
    let name = name.unwrap_or_default();
    let stem = name.strip_suffix("When").or_else(|| name.strip_suffix("Then")).unwrap_or_default();
    let of = operations.iter().find(|of| {
        let mock = mock_name(&of.plan.operation_id);
        mock.strip_suffix("When").unwrap_or(&mock) == stem
    });
    of.map_or(SHARED, |of| of.resource)
}

/// A function that types of other files use too.
fn shared_with_other_files(mut item: Item) -> Item {
    if let Item::Fn(function) = &mut item
        && matches!(function.vis, Visibility::Inherited)
    {
        function.vis = parse_quote!(pub(crate));
    }
    item
}

/// Makes the helper modules next to the types visible to the types in other files.
struct SharedModule;

impl VisitMut for SharedModule {
    fn visit_item_mut(&mut self, item: &mut Item) {
        if let Item::Mod(module) = item {
            let items = module.content.iter_mut().flat_map(|(_, items)| items);
            for item in items {
                if let Item::Fn(function) = item
                    && matches!(function.vis, Visibility::Restricted(_))
                {
                    function.vis = parse_quote!(pub(crate));
                }
            }
        }
        visit_item_mut(self, item);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use syn::{File, Item, parse_quote};

    use super::{Resource, SHARED, lay_out, owner};

    #[test]
    fn an_implementation_stands_with_the_type_that_it_is_about() {
        let owners = BTreeMap::from([("Pet", "pets"), ("Shop", "shops")]);
        let cases: [(Item, &str); 7] = [
            (
                parse_quote!(
                    pub struct Pet;
                ),
                "pets",
            ),
            (parse_quote!(impl Pet {}), "pets"),
            (parse_quote!(impl Default for super::Pet {}), "pets"),
            (parse_quote!(impl ::std::convert::From<Shop> for ::std::vec::Vec<String> {}), "shops"),
            (parse_quote!(impl ::std::convert::From<&Pet> for String {}), "pets"),
            (parse_quote!(impl From<u8> for Other {}), SHARED),
            (
                parse_quote!(
                    fn present() {}
                ),
                SHARED,
            ),
        ];
        for (item, resource) in cases {
            assert_eq!(owner(&item, &owners), resource);
        }
    }

    #[test]
    fn every_item_stands_in_one_file_and_the_index_lists_the_files() {
        let client: File = parse_quote! {
            pub mod types {
                pub struct Pet;
                pub struct Event;
                fn present() {}
                pub mod defaults { pub(super) fn default_bool() {} }
            }
        };
        let httpmock: File = parse_quote! {
            pub mod operations { use crate::*; pub struct GetPetWhen; }
            pub trait MockServerExt {}
        };
        let of = |types: &[&str]| Resource {
            types: types.iter().map(|name| (*name).to_owned()).collect(),
            ..Resource::default()
        };
        let resources = BTreeMap::from([
            ("pets".to_owned(), Resource { builders: vec!["pet!"], ..of(&["Pet"]) }),
            (SHARED.to_owned(), of(&["Event"])),
        ]);
        let laid = lay_out(client, httpmock, &resources, &[], &parse_quote!(crate::runtime));
        let [(_, pets), (_, shared)] = <[_; 2]>::try_from(laid.resources)
            .unwrap()
            .map(|(name, code)| (name, code.to_string()));
        assert_eq!(pets.matches("pub struct Pet ;").count(), 1, "{pets}");
        assert!(pets.contains("pub use types :: { Pet } ;") && !pets.contains("Event"), "{pets}");
        for item in [
            "pub struct Event ;",
            "pub (crate) fn present ()",
            "pub (crate) fn default_bool ()",
            "pub struct GetPetWhen ;",
        ] {
            assert_eq!(shared.matches(item).count(), 1, "{item}: {shared}");
        }
        assert!(!shared.contains("struct Pet") && !shared.contains("object_builders"), "{shared}");
        let index = laid.index.to_string();
        assert!(index.contains("pub mod pets ; pub mod shared ;"), "{index}");
        assert_eq!(index.matches(":: object_builders :: * ;").count(), 1, "{index}");
        let httpmock = laid.httpmock.to_string();
        assert!(httpmock.contains("resources :: shared :: httpmock :: * ;"), "{httpmock}");
    }
}

//! A program that uses all of a generated client.

use std::fmt::Write as _;

use quote::{ToTokens, format_ident, quote};
use syn::{
    Field, Fields, FnArg, GenericParam, ImplItem, ImplItemFn, Item, ItemEnum, ItemImpl, ItemMod,
    ItemStruct, ReturnType, Type, TypeParamBound, Visibility, WherePredicate,
};

/// A program that matches on the enums of a client, builds with its builders, reads its fields and
/// calls its operations. It finds the client in `super::client`.
pub(crate) fn of(client: &str) -> String {
    let file = syn::parse_file(client).unwrap();
    let types = module(&file.items, "types").map(|types| &types[..]).unwrap_or_default();
    let mut text = String::from(
        "#![allow(warnings)]\nfn any<T>() -> T { loop {} }\nuse super::client::{self, types::*};\n",
    );
    for item in types {
        match item {
            Item::Enum(item) => text += &matched(item),
            Item::Struct(item) => text += &read(item),
            _ => {}
        }
    }
    let builders = module(types, "builder").map(|items| &items[..]).unwrap_or_default();
    let _ = writeln!(text, "mod builders {{ use super::*;\n{}}}", setters(builders, built));
    let operations = module(&file.items, "builder").map(|items| &items[..]).unwrap_or_default();
    let uses = "use super::{any, client::{self, *}};";
    let _ = writeln!(text, "mod operations {{ {uses}\n{}}}", setters(operations, called));
    text
}

fn module<'a>(items: &'a [Item], name: &str) -> Option<&'a Vec<Item>> {
    items.iter().find_map(|item| match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == name => Some(items),
        _ => None,
    })
}

/// A match with an arm for whatever comes later, as every match has one on an enum of ext.
fn matched(item: &ItemEnum) -> String {
    let name = &item.ident;
    let function = format_ident!("match_{name}");
    let arms = item.variants.iter().map(|variant| {
        let variant_name = &variant.ident;
        let types = variant.fields.iter().map(|field| &field.ty);
        match &variant.fields {
            Fields::Unit => quote!(#name::#variant_name => {}),
            _ => {
                let bindings: Vec<_> =
                    (0..variant.fields.len()).map(|index| format_ident!("value{index}")).collect();
                quote!(#name::#variant_name(#(#bindings),*) => { #(let _: #types = #bindings;)* })
            }
        }
    });
    quote!(fn #function(value: #name) { match value { #(#arms)* _ => {} } }).to_string() + "\n"
}

fn read(item: &ItemStruct) -> String {
    let name = &item.ident;
    let function = format_ident!("read_{name}");
    let is_public = |field: &Field| matches!(field.vis, Visibility::Public(_));
    let fields = item.fields.members().zip(&item.fields);
    let reads = fields.filter(|(_, field)| is_public(field)).map(|(member, field)| {
        let of = &field.ty;
        quote!(let _: &#of = &value.#member;)
    });
    quote!(fn #function(value: &#name) { #(#reads)* }).to_string() + "\n"
}

/// A function for each builder, which calls each of its setters.
fn setters(items: &[Item], function: fn(&ItemImpl, &[&ImplItemFn], &str) -> String) -> String {
    let mut text = String::new();
    for item in items {
        let Item::Impl(item) = item else { continue };
        if item.trait_.is_some() {
            continue;
        }
        let methods: Vec<&ImplItemFn> = item
            .items
            .iter()
            .filter_map(|item| match item {
                ImplItem::Fn(method) => Some(method),
                _ => None,
            })
            .filter(|method| matches!(method.vis, Visibility::Public(_)))
            .collect();
        let calls: String = methods.iter().filter_map(|method| setter(method)).collect();
        text += &function(item, &methods, &calls);
    }
    text
}

/// A call of a setter with what it takes.
fn setter(method: &ImplItemFn) -> Option<String> {
    let parameters = &method.sig.generics;
    let GenericParam::Type(_) = parameters.params.first()? else { return None };
    let predicates = &parameters.where_clause.as_ref()?.predicates;
    let taken = predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else { return None };
        predicate.bounds.iter().find_map(|bound| {
            let TypeParamBound::Trait(bound) = bound else { return None };
            let last = bound.path.segments.last().filter(|last| last.ident == "TryInto")?;
            Some(last.arguments.to_token_stream().to_string())
        })
    })?;
    let is_value = matches!(method.sig.inputs.last(), Some(FnArg::Typed(_)));
    let name = &method.sig.ident;
    is_value.then(|| format!(".{name}(any::{taken}())"))
}

fn name_of(item: &ItemImpl) -> String {
    let Type::Path(path) = &*item.self_ty else { return String::new() };
    path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
}

fn built(item: &ItemImpl, _: &[&ImplItemFn], calls: &str) -> String {
    let name = name_of(item);
    format!(
        "fn build_{name}() {{ let _: Result<super::{name}, _> = super::{name}::builder(){calls}.try_into(); }}\n"
    )
}

fn called(item: &ItemImpl, methods: &[&ImplItemFn], calls: &str) -> String {
    let name = name_of(item);
    let Some(send) = methods.iter().find(|method| method.sig.ident == "send") else {
        return String::new();
    };
    let result = match &send.sig.output {
        ReturnType::Type(_, of) => of.to_token_stream().to_string(),
        ReturnType::Default => "()".to_owned(),
    };
    format!(
        "async fn call_{name}(client: &Client) {{ let _: {result} = builder::{name}::new(client){calls}.send().await; }}\n"
    )
}

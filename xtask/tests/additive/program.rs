//! A program that uses all of a generated client.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use quote::{ToTokens, format_ident, quote};
use syn::{
    Field, Fields, FnArg, GenericArgument, GenericParam, ImplItem, ImplItemFn, Item, ItemEnum,
    ItemImpl, ItemMod, ItemStruct, PathArguments, ReturnType, Type, TypeParamBound, Visibility,
    WherePredicate,
};

/// A program that matches on the enums of a client, builds with its builders, reads its fields and
/// calls its operations. It finds the client in `super::client`.
pub(crate) fn of(files: &[(PathBuf, String)]) -> String {
    let items: Vec<Item> =
        files.iter().flat_map(|(_, code)| syn::parse_file(code).unwrap().items).collect();
    // `mod.rs` has modules of the same names, which list what the others have.
    let modules = |name: &str| modules(&items, name);
    let types = modules("types");
    let mut text = String::from(
        "#![allow(warnings)]\nfn any<T>() -> T { loop {} }\nuse super::client::{self, types::*};\n",
    );
    for item in &types {
        match item {
            Item::Enum(item) => text += &matched(item),
            Item::Struct(item) => text += &read(item),
            _ => {}
        }
    }
    for item in modules("enums") {
        if let Item::Macro(item) = item {
            text += &matched(&syn::parse2(item.mac.tokens.clone()).unwrap());
        }
    }
    let builders = types.iter().copied().flat_map(|item| content(item, "builder"));
    let _ = writeln!(text, "mod builders {{ use super::*;\n{}}}", setters(builders, built));
    let methods = methods(&items);
    let called = |item: &ItemImpl, of_item: &[&ImplItemFn], calls: &str| {
        called(methods.get(&name_of(item)), item, of_item, calls)
    };
    let uses = "use super::any; use super::super::{client::{types, builder}, runtime::*};";
    let operations = setters(modules("builder"), called);
    let _ = writeln!(text, "mod operations {{ {uses}\n{operations}}}");
    text
}

/// The methods of the client by the builders that they return.
fn methods(items: &[Item]) -> BTreeMap<String, String> {
    let of_client = items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(&item.items),
        _ => None,
    });
    let methods = of_client.flatten().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(&method.sig),
        _ => None,
    });
    let builder = |returned: &ReturnType| match returned {
        ReturnType::Type(_, of) => match &**of {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        },
        ReturnType::Default => None,
    };
    methods.filter_map(|of| Some((builder(&of.output)?, of.ident.to_string()))).collect()
}

/// What the modules of a name among these have.
fn modules<'a>(items: &'a [Item], name: &str) -> Vec<&'a Item> {
    items.iter().flat_map(|item| content(item, name)).collect()
}

/// What an item has, if it is a module of this name.
fn content<'a>(item: &'a Item, name: &str) -> impl Iterator<Item = &'a Item> + use<'a> {
    let items = match item {
        Item::Mod(ItemMod { ident, content: Some((_, items)), .. }) if ident == name => &items[..],
        _ => &[],
    };
    items.iter()
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
fn setters<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    function: impl Fn(&ItemImpl, &[&ImplItemFn], &str) -> String,
) -> String {
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
    let name = &method.sig.ident;
    let taken = taken_by_trait(method).or_else(|| taken_by_bound(method))?;
    let is_value = matches!(method.sig.inputs.last(), Some(FnArg::Typed(_)));
    is_value.then(|| format!(".{name}(any::<{taken}>())"))
}

/// `T` of `value: impl IntoValue<T, How>`, or of `impl IntoOptional<T, How>`.
fn taken_by_trait(method: &ImplItemFn) -> Option<String> {
    let Some(FnArg::Typed(value)) = method.sig.inputs.last() else { return None };
    let Type::ImplTrait(of) = &*value.ty else { return None };
    let bound = of.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    })?;
    let is_setter = bound.ident == "IntoValue" || bound.ident == "IntoOptional";
    first_argument(&bound.arguments).filter(|_| is_setter)
}

/// `T` of `where V: TryInto<T>`.
fn taken_by_bound(method: &ImplItemFn) -> Option<String> {
    let parameters = &method.sig.generics;
    let GenericParam::Type(_) = parameters.params.first()? else { return None };
    let predicates = &parameters.where_clause.as_ref()?.predicates;
    predicates.iter().find_map(|predicate| {
        let WherePredicate::Type(predicate) = predicate else { return None };
        predicate.bounds.iter().find_map(|bound| {
            let TypeParamBound::Trait(bound) = bound else { return None };
            let last = bound.path.segments.last().filter(|last| last.ident == "TryInto")?;
            first_argument(&last.arguments)
        })
    })
}

fn first_argument(arguments: &PathArguments) -> Option<String> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(of) => Some(of.to_token_stream().to_string()),
            _ => None,
        },
        _ => None,
    }
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

fn called(
    client_method: Option<&String>,
    item: &ItemImpl,
    methods: &[&ImplItemFn],
    calls: &str,
) -> String {
    let name = name_of(item);
    let send = methods.iter().find(|method| method.sig.ident == "send");
    let (Some(send), Some(client_method)) = (send, client_method) else {
        return String::new();
    };
    let result = returned(&send.sig.output).unwrap_or_else(|| "()".to_owned());
    format!(
        "async fn call_{name}(client: &Client) {{ let _: {result} = client.{client_method}(){calls}.send().await; }}\n"
    )
}

/// `R` of `impl Future<Output = R>`.
fn returned(output: &ReturnType) -> Option<String> {
    let ReturnType::Type(_, of) = output else { return None };
    let Type::ImplTrait(of) = &**of else { return None };
    of.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(of) => Some(of.ty.to_token_stream().to_string()),
            _ => None,
        })
    })
}

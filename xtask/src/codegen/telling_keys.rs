use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::{
    Attribute, Fields, File, Ident, Item, ItemEnum, ItemImpl, ItemStruct, LitStr, Path, Token,
    Type, parse_quote, punctuated::Punctuated,
};

use super::items::module;

/// The variant that keeps what fits no branch.
const UNKNOWN: &str = "Unknown";

/// Has no branch of an open union take an object with a key that another branch requires and this
/// one doesn't know: the key would be lost. What no branch says whole is `Unknown`, as it came.
pub(super) fn hold(client: &mut File) {
    let Some(types) = module(&mut client.items, "types") else {
        return;
    };
    let objects: BTreeMap<String, Object> = types.iter().filter_map(Object::of).collect();
    let mut readers = Vec::new();
    for item in types.iter_mut() {
        if let Item::Enum(union) = item
            && let Some(reader) = reader(union, &objects)
        {
            union.attrs.iter_mut().for_each(leave_out_deserialize);
            readers.push(Item::Impl(reader));
        }
    }
    if !readers.is_empty() {
        types.extend(readers);
        types.push(has_one_of());
    }
}

/// The keys of an object.
struct Object {
    all: BTreeSet<String>,
    required: BTreeSet<String>,
}

impl Object {
    fn of(item: &Item) -> Option<(String, Self)> {
        let Item::Struct(ItemStruct { ident, fields: Fields::Named(fields), .. }) = item else {
            return None;
        };
        let mut object = Self { all: BTreeSet::new(), required: BTreeSet::new() };
        for field in &fields.named {
            let said: String = field.attrs.iter().map(serde_arguments).collect();
            if said.contains("flatten") {
                return None;
            }
            let own = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let key = renamed(&said).unwrap_or(own);
            let ty = field.ty.to_token_stream().to_string();
            let may_lack = said.contains("default") || ty.replace(' ', "").contains("Option<");
            if !may_lack {
                object.required.insert(key.clone());
            }
            object.all.insert(key);
        }
        Some((ident.to_string(), object))
    }
}

fn serde_arguments(attribute: &Attribute) -> String {
    match attribute.path().is_ident("serde") {
        true => attribute.to_token_stream().to_string(),
        false => String::new(),
    }
}

fn renamed(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("rename = ")?;
    let text = rest.split_inclusive('"').take(2).collect::<String>();
    syn::parse_str::<LitStr>(&text).ok().map(|name| name.value())
}

/// Reads a union, if some of its branches have keys to be told apart by.
fn reader(union: &ItemEnum, objects: &BTreeMap<String, Object>) -> Option<ItemImpl> {
    if !union.attrs.iter().any(|attribute| serde_arguments(attribute).contains("untagged")) {
        return None;
    }
    let branches = union.variants.iter().map(|variant| match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| (&variant.ident, &field.ty))
        }
        _ => None,
    });
    let branches: Vec<(&Ident, &Type)> = branches.collect::<Option<_>>()?;
    let (rest, branches): (Vec<_>, Vec<_>) =
        branches.into_iter().partition(|(variant, _)| *variant == UNKNOWN);
    if rest.is_empty() {
        return None;
    }
    let object = |ty: &Type| objects.get(&type_name(ty)?);
    let foreign: Vec<BTreeSet<&String>> = branches
        .iter()
        .map(|(_, ty)| {
            let own = object(ty);
            let others = branches.iter().filter_map(|(_, other)| object(other));
            let required = others.flat_map(|other| &other.required);
            required.filter(|key| own.is_some_and(|own| !own.all.contains(*key))).collect()
        })
        .collect();
    if foreign.iter().all(BTreeSet::is_empty) {
        return None;
    }
    let name = &union.ident;
    let attempts = branches.iter().zip(&foreign).map(|((variant, ty), keys)| {
        quote::quote! {
            if !has_one_of(&value, &[#(#keys),*]) {
                if let Ok(branch) = <#ty as ::serde::Deserialize>::deserialize(&value) {
                    return Ok(Self::#variant(branch));
                }
            }
        }
    });
    Some(parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: ::serde::Deserializer<'de>,
            {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                #(#attempts)*
                Ok(Self::Unknown(value))
            }
        }
    })
}

/// The last name of a type, through a `Box`.
fn type_name(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) if last.ident == "Box" => {
            match arguments.args.first()? {
                syn::GenericArgument::Type(inner) => type_name(inner),
                _ => None,
            }
        }
        _ => Some(last.ident.to_string()),
    }
}

fn leave_out_deserialize(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let derived = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    let is_kept =
        |path: &Path| path.segments.last().is_none_or(|segment| segment.ident != "Deserialize");
    if let Ok(derived) = derived {
        let kept = derived.into_iter().filter(is_kept);
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

fn has_one_of() -> Item {
    parse_quote! {
        /// Whether an object has one of these keys.
        fn has_one_of(value: &::serde_json::Value, keys: &[&str]) -> bool {
            value.as_object().is_some_and(|object| keys.iter().any(|key| object.contains_key(*key)))
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::hold;

    fn held(mut file: File) -> String {
        hold(&mut file);
        file.to_token_stream().to_string().replace(' ', "")
    }

    #[test]
    fn a_branch_does_not_take_what_another_one_requires() {
        let text = held(parse_quote! {
            pub mod types {
                #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
                #[serde(untagged)]
                pub enum Either { One(One), Two(Box<Two>), Unknown(::serde_json::Value) }
                pub struct One { id: String, #[serde(rename = "a-b")] a_b: i64, maybe: ::std::option::Option<i64> }
                pub struct Two { id: String, #[serde(default)] list: Vec<i64>, c: i64 }
            }
        });
        assert!(
            text.contains("#[derive(::serde::Serialize,Clone)]#[serde(untagged)]pubenumEither"),
            "{text}"
        );
        assert!(text.contains(r#"if!has_one_of(&value,&["c"]){ifletOk(branch)=<Oneas"#), "{text}");
        assert!(
            text.contains(r#"if!has_one_of(&value,&["a-b"]){ifletOk(branch)=<Box<Two>as"#),
            "{text}"
        );
        assert!(text.contains("Ok(Self::Unknown(value))"), "{text}");
    }

    #[test]
    fn unions_that_keys_do_not_tell_apart_stay() {
        let file: File = parse_quote! {
            pub mod types {
                #[derive(::serde::Deserialize)]
                #[serde(untagged)]
                pub enum Either { One(One), Text(String), Unknown(::serde_json::Value) }
                #[derive(::serde::Deserialize)]
                #[serde(tag = "t")]
                pub enum Tagged { One(One), Two(Two) }
                #[derive(::serde::Deserialize)]
                #[serde(untagged)]
                pub enum Closed { One(One), Two(Two) }
                pub struct One { a: i64 }
                pub struct Two { b: i64 }
                #[derive(::serde::Deserialize)]
                #[serde(untagged)]
                pub enum Open { One(One), Rest(Rest), Unknown(::serde_json::Value) }
                pub struct Rest { b: i64, #[serde(flatten)] extra: Map }
            }
        };
        let before = file.to_token_stream().to_string().replace(' ', "");
        assert_eq!(held(file), before);
    }
}

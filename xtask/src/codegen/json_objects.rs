//! How structs are read and written: a line for each field, of which the library's macro makes the code. What
//! serde derives is some ten times as much to compile.

use std::{collections::BTreeMap, fmt::Write as _};

use quote::ToTokens as _;
use syn::{
    Attribute, Field, Fields, Item, ItemStruct, LitStr, Meta, Path, Token, parse_quote,
    punctuated::Punctuated,
};

use super::{
    client_settings::ClientSettings,
    items::{argument, written},
};

/// Takes out of the types what serde derives of structs, and gives what makes it in its place, by the names
/// of the types: calls of the macro. A struct whose attributes say what the macro has no word for is left as
/// it is.
pub(super) fn take_out(types: &mut [Item], settings: &ClientSettings) -> BTreeMap<String, String> {
    let structs = types.iter_mut().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    });
    let calls = structs.filter_map(|item| {
        let call = call(item, settings)?;
        item.attrs.iter_mut().for_each(leave_out_derives);
        item.fields.iter_mut().flat_map(|field| &mut field.attrs).for_each(leave_to_schemas);
        Some((item.ident.to_string(), call))
    });
    calls.collect()
}

/// The module that defines them, as text: formatters leave the content of a macro alone.
pub(super) fn text(calls: &[&str]) -> String {
    if calls.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\n/// How the types are read and written.\nmod json_objects {\n    use super::super::super::types::*;\n\n",
    );
    for line in calls.iter().flat_map(|call| call.lines()) {
        let _infallible = writeln!(text, "    {line}");
    }
    text + "}\n"
}

fn call(item: &ItemStruct, settings: &ClientSettings) -> Option<String> {
    let derived: Vec<String> = item.attrs.iter().flat_map(derives).map(written).collect();
    let derives = |name: &str| derived.iter().any(|of| of == name);
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let is_plain = derives("::serde::Serialize")
        && derives("::serde::Deserialize")
        && item.generics.params.is_empty()
        && !item.attrs.iter().any(is_of_serde);
    if !is_plain {
        return None;
    }
    let fields = fields.named.iter().map(|field| line_of(field, settings));
    let fields: Vec<Line<'_>> = fields.collect::<Option<_>>()?;
    let needs_one = fields.iter().any(|field| field.kind == "required");
    let says_types = needs_one || !derives("Default");
    let mut call = format!("{}::json_object! {{ {} {{\n", written(&settings.library), item.ident);
    for Line { wire_name, field, kind } in fields {
        let ident = field.ident.as_ref()?;
        let of = if says_types { format!(" {}", written(&field.ty)) } else { String::new() };
        let _infallible = writeln!(call, "    {wire_name:?} => {ident}: {kind}{of},");
    }
    Some(call + "} }\n")
}

/// The macro's argument for a field.
struct Line<'a> {
    wire_name: String,
    field: &'a Field,
    kind: &'static str,
}

/// What serde's attributes say of a field.
#[derive(Default)]
struct Said {
    rename: Option<String>,
    is_default: bool,
    is_skipped: bool,
    read_by: Option<String>,
}

fn line_of<'a>(field: &'a Field, settings: &ClientSettings) -> Option<Line<'a>> {
    let said = said(field)?;
    let is_option = argument(&field.ty, "Option").is_some();
    let library = written(&settings.library);
    let null_as_empty = settings.null_as_empty.as_ref().map(written);
    let may_be_absent = said.is_default || is_option;
    let kind = match said.read_by.as_deref() {
        None if said.is_skipped && may_be_absent => "optional",
        None if !said.is_skipped && may_be_absent => "stated",
        None if !said.is_skipped => "required",
        Some("::std::option::Option::deserialize") if !said.is_default && !said.is_skipped => {
            "required"
        }
        Some(path) if said.is_default && said.is_skipped => match path {
            path if Some(path) == null_as_empty.as_deref() => "or_empty",
            path if is_option && path == format!("{library}::present") => "present",
            _ => return None,
        },
        _ => return None,
    };
    let ident = field.ident.as_ref()?.to_string();
    let wire_name = said.rename.unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
    Some(Line { wire_name, field, kind })
}

/// None where they say anything else.
fn said(field: &Field) -> Option<Said> {
    let mut said = Said::default();
    for attribute in field.attrs.iter().filter(|attribute| is_of_serde(attribute)) {
        let parsed = attribute.parse_nested_meta(|meta| {
            let text = || -> syn::Result<String> {
                Ok(meta.value()?.parse::<LitStr>()?.value().replace(' ', ""))
            };
            match meta.path.get_ident().map(ToString::to_string).as_deref() {
                Some("rename") => said.rename = Some(meta.value()?.parse::<LitStr>()?.value()),
                Some("default") if !meta.input.peek(Token![=]) => said.is_default = true,
                Some("deserialize_with") => said.read_by = Some(text()?),
                Some("skip_serializing_if") if is_known_absence(&text()?) => {
                    said.is_skipped = true;
                }
                _ => return Err(meta.error("not known")),
            }
            Ok(())
        });
        parsed.ok()?;
    }
    Some(said)
}

/// Whether the macro leaves out what this says of.
fn is_known_absence(path: &str) -> bool {
    matches!(
        path,
        "::std::option::Option::is_none"
            | "::std::vec::Vec::is_empty"
            | "::std::collections::HashMap::is_empty"
            | "::serde_json::Map::is_empty"
    )
}

fn is_of_serde(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
}

pub(super) fn derives(attribute: &Attribute) -> Vec<Path> {
    let parse = |attribute: &Attribute| {
        attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok()
    };
    let is_derive = attribute.path().is_ident("derive");
    is_derive.then(|| parse(attribute)).flatten().into_iter().flatten().collect()
}

fn leave_out_derives(attribute: &mut Attribute) {
    if attribute.path().is_ident("derive") {
        let left = derives(attribute).into_iter().filter(|path| !written(path).contains("serde"));
        let left: Vec<Path> = left.collect();
        *attribute = parse_quote!(#[derive(#(#left),*)]);
    }
}

/// Schemas are derived of serde's attributes.
fn leave_to_schemas(attribute: &mut Attribute) {
    if is_of_serde(attribute)
        && let Meta::List(list) = &attribute.meta
    {
        let said = list.to_token_stream();
        attribute.meta = parse_quote!(cfg_attr(feature = "schemars", #said));
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::{super::client_settings::ClientSettings, take_out, text};

    fn settings() -> ClientSettings {
        ClientSettings {
            runtime: parse_quote!(crate::runtime),
            library: parse_quote!(crate),
            timestamp: None,
            integer: None,
            number: None,
            secret: None,
            null_as_empty: Some(parse_quote!(crate::null_as_empty)),
            resources: indexmap::IndexMap::new(),
            module: "crate".to_owned(),
        }
    }

    #[test]
    fn a_struct_is_read_and_written_by_a_line_for_each_field() {
        let mut types: File = parse_quote! {
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
            pub struct Tree {
                pub name: String,
                #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
                pub type_: ::std::option::Option<String>,
                #[serde(default, skip_serializing_if = ":: std :: vec :: Vec :: is_empty")]
                #[serde(deserialize_with = "crate::null_as_empty")]
                pub leaves: ::std::vec::Vec<Leaf>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                #[serde(default, deserialize_with = "crate::present")]
                pub topic: ::std::option::Option<crate::Nullable<String>>,
                #[serde(deserialize_with = "::std::option::Option::deserialize")]
                pub age: ::std::option::Option<i64>,
                #[serde(default)]
                pub size: i64,
            }
            #[derive(::serde::Deserialize, ::serde::Serialize, Default)]
            pub struct Leaf {
                #[serde(default, skip_serializing_if = "::serde_json::Map::is_empty")]
                pub veins: Map,
            }
        };
        let calls = take_out(&mut types.items, &settings());
        let tree = "crate::json_object! { Tree {
    \"name\" => name: required String,
    \"type\" => type_: optional ::std::option::Option<String>,
    \"leaves\" => leaves: or_empty ::std::vec::Vec<Leaf>,
    \"topic\" => topic: present ::std::option::Option<crate::Nullable<String>>,
    \"age\" => age: required ::std::option::Option<i64>,
    \"size\" => size: stated i64,
} }
";
        let leaf = "crate::json_object! { Leaf {\n    \"veins\" => veins: optional,\n} }\n";
        assert_eq!((&*calls["Tree"], &*calls["Leaf"]), (tree, leaf));
        let types = types.to_token_stream().to_string();
        assert!(types.contains("# [derive (Clone)]") && !types.contains("serde :: "), "{types}");
        let left = "# [cfg_attr (feature = \"schemars\" , serde (rename = \"type\" , ";
        assert!(types.contains(left), "{types}");
        assert!(text(&[leaf]).ends_with("\n    crate::json_object! { Leaf {\n        \"veins\" => veins: optional,\n    } }\n}\n"));
    }

    #[test]
    fn a_struct_that_says_more_is_left_to_serde() {
        let mut types: File = parse_quote! {
            #[derive(::serde::Deserialize, ::serde::Serialize)]
            pub struct Rest { #[serde(flatten)] pub rest: Map }
            #[derive(::serde::Deserialize, ::serde::Serialize)]
            #[serde(deny_unknown_fields)]
            pub struct Closed { pub a: i64 }
            #[derive(::serde::Deserialize, ::serde::Serialize)]
            pub struct Preset { #[serde(default = "defaults::a")] pub a: i64 }
            #[derive(::serde::Deserialize, ::serde::Serialize)]
            pub struct Odd {
                #[serde(default, skip_serializing_if = "crate::is_zero")]
                pub a: i64,
            }
            #[derive(::serde::Deserialize, ::serde::Serialize)]
            #[serde(transparent)]
            pub struct Plain(pub String);
            #[derive(Clone)]
            pub struct Unread { pub a: i64 }
        };
        let before = types.to_token_stream().to_string();
        assert_eq!(take_out(&mut types.items, &settings()), [].into());
        assert_eq!((types.to_token_stream().to_string(), text(&[])), (before, String::new()));
    }
}

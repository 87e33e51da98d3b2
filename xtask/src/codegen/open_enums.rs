//! Enums of values: components of the lowered document that are one are made by `open_enum!`, and
//! put in the place of what the generator would make of them.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{File, Ident, Path};

use super::{docs::make_inert, variant_names::variant_names};
use crate::{
    document::{Document, Node, Value, type_name},
    lower::{is_enum, whole},
};

/// An enum of the documented values.
pub(super) struct OpenEnum {
    /// The name of its type.
    pub(super) name: String,
    description: Option<String>,
    is_deprecated: bool,
    values: Values,
}

enum Values {
    Texts(Vec<String>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
}

/// The enums among the components.
pub(super) fn of(lowered: &Node) -> Vec<OpenEnum> {
    let schemas = Document(lowered).schemas();
    schemas.filter_map(|(name, schema)| OpenEnum::of(name, schema)).collect()
}

/// The module that defines some of them, as text: a formatter leaves alone what stands in a macro.
///
/// # Errors
///
/// Where documentation can't be made plain text.
pub(super) fn text(
    enums: &[&OpenEnum],
    said: &BTreeMap<String, String>,
    library: &Path,
) -> Result<String, String> {
    if enums.is_empty() {
        return Ok(String::new());
    }
    let library = library.to_token_stream().to_string().replace(' ', "");
    let mut text = String::from("\n/// The enums of the API.\nmod enums {\n");
    for made in enums {
        let _infallible = writeln!(text, "    {library}::open_enum! {{");
        for line in made.formatted(said.get(&made.name))?.lines() {
            text += match line {
                "" => "",
                _ => "        ",
            };
            text += line;
            text += "\n";
        }
        text += "    }\n";
    }
    Ok(text + "}\n")
}

impl OpenEnum {
    fn of(name: &str, schema: &Node) -> Option<Self> {
        if !is_enum(schema) || schema.is_true("nullable") {
            return None;
        }
        let values = schema.get("enum")?.as_array()?;
        Some(Self {
            name: type_name(name),
            description: schema.get_str("description").map(str::to_owned),
            is_deprecated: schema.is_true("deprecated"),
            values: Values::of(schema.get_str("type")?, values),
        })
    }

    /// As an enum whose discriminants are the values.
    fn formatted(&self, said: Option<&String>) -> Result<String, String> {
        let name = ident(&self.name);
        let about = match &self.description {
            Some(description) => description.clone(),
            None => format!("`{}`", self.name),
        };
        let about = said.map_or(about.clone(), |said| format!("{about}\n\n{said}"));
        let (of, variants) = self.values.tokens();
        let deprecated = self.is_deprecated.then(|| quote!(#[deprecated]));
        let item = quote! {
            #[doc = #about]
            #[#of]
            #deprecated
            pub enum #name { #variants }
        };
        let code: File = syn::parse2(make_inert(item)?).map_err(|error| error.to_string())?;
        Ok(prettyplease::unparse(&code))
    }
}

impl Values {
    /// The values, each once.
    fn of(kind: &str, values: &[Node]) -> Self {
        let mut seen = HashSet::new();
        match kind {
            "string" => {
                let texts = values.iter().filter_map(Node::as_str);
                Self::Texts(
                    texts
                        .filter(|text| seen.insert((*text).to_owned()))
                        .map(str::to_owned)
                        .collect(),
                )
            }
            "integer" => {
                let numbers = values.iter().filter_map(number).filter_map(whole);
                Self::Integers(numbers.filter(|number| seen.insert(number.to_string())).collect())
            }
            _ => {
                let numbers =
                    values.iter().filter_map(number).filter_map(serde_json::Number::as_f64);
                Self::Numbers(numbers.filter(|number| seen.insert(number.to_string())).collect())
            }
        }
    }

    /// What they are, and the variants.
    fn tokens(&self) -> (Ident, TokenStream) {
        match self {
            Self::Texts(texts) => {
                let names = variant_names(texts.iter().map(String::as_str));
                let names = names.iter().map(|name| ident(name));
                let docs = texts.iter().map(|text| format!("`{text}`"));
                (ident("texts"), quote! { #(#[doc = #docs] #names = #texts,)* })
            }
            Self::Integers(numbers) => {
                let names = numbers.iter().map(|number| number_name(&number.to_string()));
                let docs = numbers.iter().map(|number| format!("`{number}`"));
                let numbers =
                    numbers.iter().map(|number| proc_macro2::Literal::i64_unsuffixed(*number));
                (ident("integers"), quote! { #(#[doc = #docs] #names = #numbers,)* })
            }
            Self::Numbers(numbers) => {
                let names = numbers.iter().map(|number| number_name(&number.to_string()));
                let docs = numbers.iter().map(|number| format!("`{number}`"));
                let numbers =
                    numbers.iter().map(|number| proc_macro2::Literal::f64_unsuffixed(*number));
                (ident("numbers"), quote! { #(#[doc = #docs] #names = #numbers,)* })
            }
        }
    }
}

fn number(value: &Node) -> Option<&serde_json::Number> {
    match &value.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// `-0.5` as `NMinus0Point5`.
fn number_name(text: &str) -> Ident {
    ident(&format!("N{}", text.replace('-', "Minus").replace('.', "Point")))
}

fn ident(name: &str) -> Ident {
    format_ident!("{name}")
}

//! Enums of values: planned ones are defined with `open_enum!`, replacing those of the generator.

use std::{collections::BTreeMap, fmt::Write as _};

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{File, Ident, Path};

use super::{docs::make_inert, variant_names::variant_names};
use crate::plan::{EnumPlan, EnumValues};

/// The module that defines some of them, as text: formatters leave the content of a macro alone.
///
/// # Errors
///
/// Where documentation can't be made plain text.
pub(super) fn text(
    enums: &[&EnumPlan],
    said: &BTreeMap<String, String>,
    library: &Path,
) -> Result<String, String> {
    if enums.is_empty() {
        return Ok(String::new());
    }
    let library = library.to_token_stream().to_string().replace(' ', "");
    let mut text = String::from("\n/// The enums of the API.\nmod enums {\n");
    for plan in enums {
        let _infallible = writeln!(text, "    {library}::open_enum! {{");
        for line in formatted(plan, said.get(&plan.type_name))?.lines() {
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

/// As an enum whose discriminants are the values.
fn formatted(plan: &EnumPlan, said: Option<&String>) -> Result<String, String> {
    let name = ident(&plan.type_name);
    let about = plan.description.clone().unwrap_or_else(|| format!("`{}`", plan.type_name));
    let about = said.map_or(about.clone(), |said| format!("{about}\n\n{said}"));
    let (of, variants) = tokens(&plan.values);
    let deprecated = plan.is_deprecated.then(|| quote!(#[deprecated]));
    let item = quote! {
        #[doc = #about]
        #[#of]
        #deprecated
        pub enum #name { #variants }
    };
    let code: File = syn::parse2(make_inert(item)?).map_err(|error| error.to_string())?;
    Ok(prettyplease::unparse(&code))
}

/// What the values are, and the variants.
fn tokens(values: &EnumValues) -> (Ident, TokenStream) {
    match values {
        EnumValues::Texts(texts) => {
            let names = variant_names(texts.iter().map(String::as_str));
            (ident("texts"), variants(texts, names.iter().map(|name| ident(name)), texts.iter()))
        }
        EnumValues::Integers(numbers) => {
            let written = numbers.iter().map(|number| Literal::i64_unsuffixed(*number));
            (ident("integers"), variants(numbers, numbers.iter().map(number_name), written))
        }
        EnumValues::Numbers(numbers) => {
            let written = numbers.iter().map(|number| Literal::f64_unsuffixed(*number));
            (ident("numbers"), variants(numbers, numbers.iter().map(number_name), written))
        }
    }
}

fn variants(
    values: &[impl ToString],
    names: impl Iterator<Item = Ident>,
    written: impl Iterator<Item = impl ToTokens>,
) -> TokenStream {
    let docs = values.iter().map(|value| format!("`{}`", value.to_string()));
    quote! { #(#[doc = #docs] #names = #written,)* }
}

/// `-0.5` as `NMinus0Point5`.
fn number_name(number: &impl ToString) -> Ident {
    ident(&format!("N{}", number.to_string().replace('-', "Minus").replace('.', "Point")))
}

fn ident(name: &str) -> Ident {
    format_ident!("{name}")
}

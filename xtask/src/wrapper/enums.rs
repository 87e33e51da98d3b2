use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, Macro};

use super::{Wrapper, source::SourceFile};
use crate::{
    document::{Node, Place, Pointer},
    finding::Finding,
    read::Sources,
};

/// The macro that makes an enum of a documented one.
const MACRO: &str = "open_enum";

/// An enum of the crate on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// The name of the documented schema that it is made of.
    pub schema: String,
    /// The values that it has variants for.
    pub values: Vec<String>,
    /// Where it is.
    pub place: Place,
}

/// The enums that the macro makes: `pub enum Name from types::Schema { Variant = "VALUE", … }`.
pub(super) fn of(files: &[SourceFile]) -> Vec<Enum> {
    let macros = files.iter().flat_map(|file| {
        file.code.items.iter().filter_map(move |item| match item {
            Item::Macro(item) if item.mac.path.is_ident(MACRO) => Some((file, &item.mac)),
            _ => None,
        })
    });
    macros.filter_map(|(file, invocation)| read(file, invocation)).collect()
}

fn read(file: &SourceFile, invocation: &Macro) -> Option<Enum> {
    let tokens: Vec<TokenTree> = invocation.tokens.clone().into_iter().collect();
    let at = tokens.iter().position(|token| is_word(token, "enum"))?;
    let TokenTree::Ident(name) = tokens.get(at + 1)? else {
        return None;
    };
    let from = tokens.iter().position(|token| is_word(token, "from"))?;
    let path = tokens.get(from + 1..)?.iter().take_while(|token| {
        matches!(token, TokenTree::Ident(_))
            || matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':')
    });
    let schema = path.filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let TokenTree::Group(variants) = tokens.last()? else {
        return None;
    };
    Some(Enum {
        name: name.to_string(),
        schema: schema.last()?,
        values: values(variants.stream()),
        place: file.place(name.span()),
    })
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// The texts that stand behind an `=`; those of attributes stand in groups of their own.
fn values(variants: TokenStream) -> Vec<String> {
    let literals = variants.into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
        _ => None,
    });
    literals.map(|literal| literal.value()).collect()
}

/// Tells of documented values that the crate on top has no variant for, and of variants whose value
/// is documented no more. Neither breaks anything: it reads and writes by text.
pub fn tell_of_values(wrapper: &Wrapper, document: &Node, sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Enum { name, schema, values, place } in &wrapper.enums {
        let pointer = Pointer::to_schema(schema);
        let Some(documented) = document.at(&pointer).and_then(|schema| schema.get("enum")) else {
            continue;
        };
        let there = format!("{}:{}:{}", sources.name(place.source), place.line, place.column);
        for value in documented.items() {
            let text = value.as_text().unwrap_or_default();
            if !values.contains(&text) {
                findings.push(Finding::at(
                    document,
                    &pointer,
                    value.place,
                    format!("the value {text} has no variant of `{name}` ({there})"),
                    "programs see it as an unknown value; add a variant when its meaning is clear",
                ));
            }
        }
        for value in values {
            if !documented.items().any(|node| node.as_str() == Some(value)) {
                findings.push(Finding::about_source(
                    *place,
                    format!("`{name}` has a variant for {value}, which is documented no more"),
                    "deprecate the variant, or mark the value in the facts with `x-value-source`",
                ));
            }
        }
    }
    findings.into_iter().map(|finding| finding.found_by("wrapper-values")).collect()
}

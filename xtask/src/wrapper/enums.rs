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

/// An enum of the wrapper crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// The names of the documented schemas that it is made of.
    pub schemas: Vec<String>,
    /// The values that it has variants for.
    pub values: Vec<String>,
    /// Where it is.
    pub place: Place,
}

/// The enums that the macro makes:
/// `pub enum Name from types::Schema, types::Other { Variant = "VALUE", … }`.
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
    let TokenTree::Group(variants) = tokens.last()? else {
        return None;
    };
    let paths = tokens.get(from + 1..tokens.len() - 1)?;
    let paths =
        paths.split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','));
    let schemas = paths.filter_map(|path| Some(path.last()?.to_string())).collect();
    Some(Enum {
        name: name.to_string(),
        schemas,
        values: values(variants.stream()),
        place: file.place(name.span()),
    })
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// The texts after an `=`, except those of attributes.
fn values(variants: TokenStream) -> Vec<String> {
    let literals = variants.into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => syn::parse_str::<syn::LitStr>(&literal.to_string()).ok(),
        _ => None,
    });
    literals.map(|literal| literal.value()).collect()
}

/// A documented enum.
struct Documented<'a> {
    pointer: Pointer,
    values: &'a Node,
}

impl<'a> Documented<'a> {
    fn of(document: &'a Node, schema: &str) -> Option<Self> {
        let pointer = Pointer::to_schema(schema);
        let values = document.at(&pointer)?.get("enum")?;
        Some(Self { pointer, values })
    }

    fn without_variant(&self, of: &Enum, document: &Node, sources: &Sources) -> Vec<Finding> {
        let Enum { name, values, place, .. } = of;
        let there = format!("{}:{}:{}", sources.name(place.source), place.line, place.column);
        let missing = self.values.items().filter_map(|value| {
            let text = value.as_text().unwrap_or_default();
            (!values.contains(&text)).then_some((value.place, text))
        });
        let findings = missing.map(|(place, text)| {
            Finding::at(
                document,
                &self.pointer,
                place,
                format!("the value {text} has no variant of `{name}` ({there})"),
                "programs see it as an unknown value; add a variant when its meaning is clear",
            )
        });
        findings.collect()
    }
}

impl Enum {
    fn documented_no_more(&self, documented: &[Documented<'_>]) -> Vec<Finding> {
        let is_documented = |value: &str| {
            let mut values = documented.iter().flat_map(|schema| schema.values.items());
            values.any(|node| node.as_str() == Some(value))
        };
        let gone = self.values.iter().filter(|value| !is_documented(value));
        let findings = gone.map(|value| {
            Finding::about_source(
                self.place,
                format!("`{}` has a variant for {value}, which is no longer documented", self.name),
                "deprecate the variant, or mark the value in the facts with `x-value-source`",
            )
        });
        findings.collect()
    }
}

/// Reports documented values that the wrapper crate has no variant for, and of variants whose value
/// is documented no more. Neither breaks anything: it reads and writes by text.
pub fn tell_of_values(wrapper: &Wrapper, document: &Node, sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for of in &wrapper.enums {
        let documented: Vec<Documented> =
            of.schemas.iter().filter_map(|schema| Documented::of(document, schema)).collect();
        for schema in &documented {
            findings.extend(schema.without_variant(of, document, sources));
        }
        if documented.len() == of.schemas.len() {
            findings.extend(of.documented_no_more(&documented));
        }
    }
    findings.into_iter().map(|finding| finding.found_by("wrapper-values")).collect()
}

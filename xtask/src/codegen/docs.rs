use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::{Expr, ExprLit, Lit, Meta};

use super::markdown::inert;

/// Makes all documentation inert, whatever its origin, and writes it as one comment per line.
///
/// # Errors
///
/// Where documentation can't be made plain text.
pub(super) fn make_inert(tokens: TokenStream) -> Result<TokenStream, String> {
    let mut made = TokenStream::new();
    let mut attributes = Attributes::default();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        if !is_mark(&tree, '#') {
            attributes.flush(&mut made)?;
            made.extend([nested(tree)?]);
            continue;
        }
        let inner = trees.next_if(|tree| is_mark(tree, '!'));
        if attributes.are_inner != inner.is_some() {
            attributes.flush(&mut made)?;
            attributes.are_inner = inner.is_some();
        }
        let body = trees.next_if(|tree| matches!(tree, TokenTree::Group(_)));
        match body.as_ref().and_then(documentation) {
            Some(text) => attributes.docs.push(text),
            None => attributes.others.extend([tree].into_iter().chain(inner).chain(body)),
        }
    }
    attributes.flush(&mut made)?;
    Ok(made)
}

/// The documentation attributes of one item. rustdoc reads them as a single text, even with other
/// attributes in between.
#[derive(Default)]
struct Attributes {
    are_inner: bool,
    docs: Vec<String>,
    others: TokenStream,
}

impl Attributes {
    fn flush(&mut self, made: &mut TokenStream) -> Result<(), String> {
        let Self { are_inner, docs, others } = std::mem::take(self);
        let text = inert(&docs.join("\n"))?;
        for line in text.lines() {
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            made.extend(match are_inner {
                true => quote! { #![doc = #line] },
                false => quote! { #[doc = #line] },
            });
        }
        made.extend(others);
        Ok(())
    }
}

fn is_mark(tree: &TokenTree, mark: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// The text of `[doc = "text"]`.
fn documentation(body: &TokenTree) -> Option<String> {
    let TokenTree::Group(group) = body else {
        return None;
    };
    let first = group.stream().into_iter().next();
    let is_doc = matches!(first, Some(TokenTree::Ident(name)) if name == "doc");
    if group.delimiter() != Delimiter::Bracket || !is_doc {
        return None;
    }
    match syn::parse2(group.stream()).ok()? {
        Meta::NameValue(meta) => match meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// A tree with what is inside of it made inert.
fn nested(tree: TokenTree) -> Result<TokenTree, String> {
    let TokenTree::Group(group) = tree else {
        return Ok(tree);
    };
    let mut made = Group::new(group.delimiter(), make_inert(group.stream())?);
    made.set_span(group.span());
    Ok(made.into())
}

#[cfg(test)]
mod tests {
    use quote::{ToTokens as _, quote};
    use syn::{File, parse_quote};

    use super::make_inert;

    #[test]
    fn documentation_of_one_item_is_read_as_one_text_wherever_it_stands() {
        let made = make_inert(quote! {
            #![doc = "a\n\n    b"]
            #[doc = "```"]
            #[derive(Debug)]
            #[doc = "c\n```"]
            struct A {
                #[doc = "d\re"]
                #[doc(hidden)]
                f: u8,
            }
            make! { #[doc = "    g"] enum B {} }
        });
        let expected: File = parse_quote! {
            #![doc = " a"]
            #![doc = ""]
            #![doc = " ```text"]
            #![doc = " b"]
            #![doc = " ```"]
            #[doc = " ```text"]
            #[doc = " c"]
            #[doc = " ```"]
            #[derive(Debug)]
            struct A {
                #[doc = " d"]
                #[doc = " e"]
                #[doc(hidden)]
                f: u8,
            }
            make! { #[doc = " g"] enum B {} }
        };
        assert_eq!(made.unwrap().to_string(), expected.to_token_stream().to_string());
    }
}

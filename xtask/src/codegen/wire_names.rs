use proc_macro2::{Group, Literal, TokenStream, TokenTree};

use crate::lower::restored;

/// Puts the documented names back where lowering spelled them out: what is sent and read, and
/// what the documentation shows.
pub(super) fn restore(tokens: TokenStream) -> TokenStream {
    tokens.into_iter().map(restore_tree).collect()
}

fn restore_tree(tree: TokenTree) -> TokenTree {
    match tree {
        TokenTree::Group(group) => {
            let mut restored = Group::new(group.delimiter(), restore(group.stream()));
            restored.set_span(group.span());
            restored.into()
        }
        TokenTree::Literal(literal) => restore_literal(literal).into(),
        other => other,
    }
}

fn restore_literal(literal: Literal) -> Literal {
    let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
    let restored = text.ok().and_then(|text| restored(&text.value()));
    restored.map_or(literal, |text| Literal::string(&text))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::restore;

    #[test]
    fn a_name_in_an_attribute_is_restored_and_an_identifier_stays() {
        let spelled = "\u{E000}underscore\u{E000}id";
        let tokens = quote! { struct A { #[serde(rename = #spelled)] underscore_id: String } };
        let expected = quote! { struct A { #[serde(rename = "_id")] underscore_id: String } };
        assert_eq!(restore(tokens).to_string(), expected.to_string());
    }
}

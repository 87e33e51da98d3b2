use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// The operations that a simulator supports: the texts before a path in the arms of a `match`,
/// `"get-thing" => things::get`.
pub(super) fn operations(code: TokenStream) -> BTreeSet<String> {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut found: BTreeSet<String> = tokens.windows(5).filter_map(arm).collect();
    for token in tokens {
        if let TokenTree::Group(group) = token {
            found.extend(operations(group.stream()));
        }
    }
    found
}

fn arm(tokens: &[TokenTree]) -> Option<String> {
    let is = |token: &TokenTree, wanted: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted);
    match tokens {
        [TokenTree::Literal(text), equals, greater, TokenTree::Ident(_), colon]
            if is(equals, '=') && is(greater, '>') && is(colon, ':') =>
        {
            let text = text.to_string();
            Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn arms_of_texts_that_name_what_is_done_are_operations() {
        let code = r#"fn of(id: &str) -> Option<Act> {
            Some(match id { "get-a" => a::get, "list-a" => a::list, "x" => return None, _ => b })
        }"#;
        let found = super::operations(code.parse().unwrap());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["get-a", "list-a"]);
    }
}

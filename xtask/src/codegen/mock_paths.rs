use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::{
    File, LitStr, Macro,
    visit_mut::{VisitMut, visit_macro_mut},
};

/// Has the mock helpers write a variable that a path has twice in both places: the generator counts
/// one, and the code would not compile.
pub(super) fn repeat_variables(httpmock: &mut File) {
    Repeat.visit_file_mut(httpmock);
}

struct Repeat;

impl VisitMut for Repeat {
    fn visit_macro_mut(&mut self, call: &mut Macro) {
        visit_macro_mut(self, call);
        if call.path.is_ident("format") {
            call.tokens = repeated(std::mem::take(&mut call.tokens));
        }
    }
}

/// A format and its arguments, which names the first one where there is no other.
fn repeated(tokens: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
    let ends_in_comma = tokens.last().is_some_and(is_comma);
    let arguments = tokens.iter().filter(|token| is_comma(token)).count()
        - usize::from(ends_in_comma && !tokens.is_empty());
    if let [TokenTree::Literal(first), ..] = &mut tokens[..]
        && let Ok(format) = syn::parse_str::<LitStr>(&first.to_string())
        && arguments == 1
        && format.value().matches("{}").count() > 1
    {
        *first = Literal::string(&format.value().replace("{}", "{0}"));
    }
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::repeat_variables;

    #[test]
    fn a_variable_that_stands_twice_is_written_twice_and_the_others_stay() {
        let mut file: File = parse_quote! {
            fn path() {
                format!("^/a/{}/of/{}$", value.to_string());
                format!("^/a/{}$", value.to_string());
                format!("{}/{}", one, other,);
            }
        };
        repeat_variables(&mut file);
        let text = file.to_token_stream().to_string();
        assert!(text.contains(r#"format ! ("^/a/{0}/of/{0}$" , value . to_string ())"#), "{text}");
        assert!(text.contains(r#"format ! ("^/a/{}$" ,"#), "{text}");
        assert!(text.contains(r#"format ! ("{}/{}" , one , other ,)"#), "{text}");
    }
}

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{
    Expr, ExprMethodCall, File, LitStr, parse_quote,
    visit_mut::{VisitMut, visit_expr_method_call_mut},
};

use super::builders;

const BINARY: &str = "application/octet-stream";

/// Sends the bodies of these operations under their documented media types: the generator knows
/// binary data as `application/octet-stream`, and JSON as `application/json` alone.
pub(super) fn set(client: &mut File, media_types: &BTreeMap<String, String>) {
    builders::visit(client, media_types, |media, implementation| {
        Replace(media).visit_item_impl_mut(implementation);
    });
}

struct Replace<'a>(&'a str);

impl VisitMut for Replace<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if literal.value() == BINARY {
            *literal = LitStr::new(self.0, literal.span());
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        if call.method == "json" && call.args.to_token_stream().to_string() == "& body" {
            let (media, receiver): (_, &Expr) = (self.0, &call.receiver);
            call.receiver = parse_quote!(#receiver.header(
                ::reqwest::header::CONTENT_TYPE,
                ::reqwest::header::HeaderValue::from_static(#media),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::set;

    #[test]
    fn one_builder_sends_the_documented_type_and_the_others_stay() {
        let mut file: File = parse_quote! {
            pub mod builder {
                impl<'a> AppendLines<'a> {
                    fn send() { header("application/octet-stream"); }
                }
                impl<'a> Upload<'a> {
                    fn send() { header("application/octet-stream"); }
                }
            }
        };
        let media = [("append-lines".to_owned(), "application/x-ndjson".to_owned())];
        set(&mut file, &media.into_iter().collect());
        let text = file.to_token_stream().to_string();
        assert_eq!(text.matches("application/octet-stream").count(), 1, "{text}");
        assert!(text.find("x-ndjson") < text.find("Upload"), "{text}");
    }

    #[test]
    fn json_of_another_name_is_sent_under_it() {
        let mut file: File = parse_quote! {
            pub mod builder {
                impl<'a> Change<'a> {
                    fn send() { client.patch(url).json(&body).build(); }
                }
            }
        };
        let media = [("change".to_owned(), "application/merge-patch+json".to_owned())];
        set(&mut file, &media.into_iter().collect());
        let text = file.to_token_stream().to_string();
        let header =
            r#"HeaderValue :: from_static ("application/merge-patch+json") ,) . json (& body)"#;
        assert!(text.contains(header), "{text}");
    }
}

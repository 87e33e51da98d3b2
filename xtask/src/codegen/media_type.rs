use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{
    Expr, ExprMethodCall, File, Item, ItemImpl, ItemMod, LitStr, Type, parse_quote,
    visit_mut::{VisitMut, visit_expr_method_call_mut, visit_item_mod_mut},
};

use crate::document::builder_name;

const BINARY: &str = "application/octet-stream";

/// Sends the bodies of these operations under their documented media types: the generator knows
/// binary data as `application/octet-stream`, and JSON as `application/json` alone.
pub(super) fn set(client: &mut File, media_types: &BTreeMap<String, String>) {
    let builders =
        media_types.iter().map(|(id, media)| (builder_name(id), media.clone())).collect();
    SetMediaType { builders }.visit_file_mut(client);
}

/// The media types by the name of the builder that sends them.
struct SetMediaType {
    builders: BTreeMap<String, String>,
}

impl VisitMut for SetMediaType {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        let items =
            module.content.as_mut().map(|(_, items)| items).filter(|_| module.ident == "builder");
        for item in items.into_iter().flatten() {
            if let Item::Impl(implementation) = item
                && let Some(media) = self.builders.get(&name_of(implementation))
            {
                Replace(media).visit_item_impl_mut(implementation);
            }
        }
        visit_item_mod_mut(self, module);
    }
}

fn name_of(implementation: &ItemImpl) -> String {
    match &*implementation.self_ty {
        Type::Path(path) => {
            path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
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

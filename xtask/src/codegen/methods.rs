use syn::{
    Expr, ExprMethodCall, File, parse_quote,
    visit_mut::{VisitMut, visit_expr_method_call_mut},
};

/// Has requests of the methods that reqwest has no function for made by the name of the method.
pub(super) fn by_name(client: &mut File) {
    ByName.visit_file_mut(client);
}

struct ByName;

impl VisitMut for ByName {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        let method: Expr = match call.method.to_string().as_str() {
            "options" => parse_quote!(::reqwest::Method::OPTIONS),
            "trace" => parse_quote!(::reqwest::Method::TRACE),
            _ => return,
        };
        let is_of_client = matches!(&*call.receiver, Expr::Field(field) if matches!(&field.member, syn::Member::Named(name) if name == "client"));
        if is_of_client && call.args.len() == 1 {
            call.method = parse_quote!(request);
            call.args.insert(0, method);
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::by_name;

    #[test]
    fn a_method_without_a_function_is_named_and_the_others_stay() {
        let mut file: File = parse_quote! {
            fn send() {
                client.client.options(url).build();
                client.client.get(url).build();
                self.options();
            }
        };
        by_name(&mut file);
        let expected: File = parse_quote! {
            fn send() {
                client.client.request(::reqwest::Method::OPTIONS, url).build();
                client.client.get(url).build();
                self.options();
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

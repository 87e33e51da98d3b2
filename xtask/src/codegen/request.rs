use syn::{
    Expr, ExprField, File, Member, Path, parse_quote,
    visit_mut::{VisitMut, visit_expr_mut},
};

/// Has requests begun by a function of the crate's own in the place of the methods of the HTTP
/// client, which parse the URL of the server anew for each.
pub(super) fn by(client: &mut File, function: &Path) {
    By(function).visit_file_mut(client);
}

struct By<'a>(&'a Path);

impl VisitMut for By<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_expr_mut(self, expression);
        let Self(function) = self;
        let Expr::MethodCall(call) = &*expression else { return };
        let Some(client) = client_of(&call.receiver) else { return };
        let arguments = &call.args;
        let method: Expr = match call.method.to_string().as_str() {
            "request" => {
                *expression = parse_quote!(#function(#client, #arguments));
                return;
            }
            "delete" => parse_quote!(::reqwest::Method::DELETE),
            "get" => parse_quote!(::reqwest::Method::GET),
            "head" => parse_quote!(::reqwest::Method::HEAD),
            "patch" => parse_quote!(::reqwest::Method::PATCH),
            "post" => parse_quote!(::reqwest::Method::POST),
            "put" => parse_quote!(::reqwest::Method::PUT),
            _ => return,
        };
        *expression = parse_quote!(#function(#client, #method, #arguments));
    }
}

/// The client whose HTTP client this is.
fn client_of(receiver: &Expr) -> Option<&Expr> {
    match receiver {
        Expr::Field(ExprField { base, member: Member::Named(name), .. }) if name == "client" => {
            Some(base)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::by;

    #[test]
    fn what_the_http_client_begins_is_begun_by_the_function_and_the_rest_stays() {
        let mut file: File = parse_quote! {
            fn send() {
                client.client.get(url).header(name, value).build();
                client.client.request(::reqwest::Method::OPTIONS, url).build();
                client.get(url);
                self.client.clone();
            }
        };
        by(&mut file, &parse_quote!(crate::request));
        let expected: File = parse_quote! {
            fn send() {
                crate::request(client, ::reqwest::Method::GET, url).header(name, value).build();
                crate::request(client, ::reqwest::Method::OPTIONS, url).build();
                client.get(url);
                self.client.clone();
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

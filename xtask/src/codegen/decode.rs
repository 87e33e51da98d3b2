use quote::ToTokens as _;
use syn::{
    ExprPath, File, Path,
    visit_mut::{VisitMut, visit_expr_path_mut},
};

/// Has answers decoded by a function of the crate's own in the place of
/// `ResponseValue::from_response`, which keeps nothing of an answer that it can't decode but the
/// body.
pub(super) fn by(client: &mut File, function: &Path) {
    By(function).visit_file_mut(client);
}

struct By<'a>(&'a Path);

impl VisitMut for By<'_> {
    fn visit_expr_path_mut(&mut self, expression: &mut ExprPath) {
        if expression.to_token_stream().to_string() == "ResponseValue :: from_response" {
            expression.path = self.0.clone();
        }
        visit_expr_path_mut(self, expression);
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::by;

    #[test]
    fn what_is_decoded_is_decoded_by_the_function_and_the_rest_stays() {
        let mut file: File = parse_quote! {
            fn send() {
                match status {
                    200u16 => ResponseValue::from_response(response).await,
                    204u16 => Ok(ResponseValue::empty(response)),
                }
            }
        };
        by(&mut file, &parse_quote!(crate::decode));
        let expected: File = parse_quote! {
            fn send() {
                match status {
                    200u16 => crate::decode(response).await,
                    204u16 => Ok(ResponseValue::empty(response)),
                }
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{
    Arm, Expr, ExprCall, File, parse_quote,
    visit_mut::{VisitMut, visit_arm_mut, visit_expr_call_mut},
};

use super::builders::{self, status_of};

/// Reads an answer without a body as none of the type that the operation's other answers have: the
/// generator would decode nothing as JSON.
pub(super) fn read_as_none(client: &mut File, statuses: &BTreeMap<String, Vec<String>>) {
    builders::visit(client, statuses, |statuses, implementation| {
        Arms(statuses).visit_item_impl_mut(implementation);
    });
}

struct Arms<'a>(&'a [String]);

impl VisitMut for Arms<'_> {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        if status_of(&arm.pat).is_some_and(|status| self.0.contains(&status))
            && let Some(response) = decoded(&mut arm.body)
        {
            arm.body = parse_quote!({ ResponseValue::empty(#response).map(|()| None) });
        }
        visit_arm_mut(self, arm);
    }
}

/// What an expression decodes.
fn decoded(expression: &mut Expr) -> Option<Expr> {
    let mut finder = Finder(None);
    finder.visit_expr_mut(expression);
    finder.0
}

struct Finder(Option<Expr>);

impl VisitMut for Finder {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        if call.func.to_token_stream().to_string() == "ResponseValue :: from_response" {
            self.0 = call.args.first().cloned();
        }
        visit_expr_call_mut(self, call);
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::read_as_none;

    #[test]
    fn the_statuses_of_one_operation_are_read_as_none_and_the_others_stay() {
        let mut file: File = parse_quote! {
            pub mod builder {
                impl<'a> GetA<'a> {
                    fn send() {
                        match status {
                            200u16 => { ResponseValue::from_response(response).await }
                            204u16 => { ResponseValue::from_response(response).await }
                            200..=299 => { ResponseValue::from_response(response).await }
                        }
                    }
                }
                impl<'a> GetB<'a> {
                    fn send() { match status { 204u16 => { ResponseValue::from_response(response).await } } }
                }
            }
        };
        read_as_none(
            &mut file,
            &[("get-a".to_owned(), vec!["204".to_owned(), "2XX".to_owned()])].into_iter().collect(),
        );
        let text = file.to_token_stream().to_string();
        assert_eq!(
            text.matches("ResponseValue :: empty (response) . map (| () | None)").count(),
            2
        );
        assert_eq!(text.matches("from_response").count(), 2, "{text}");
    }
}

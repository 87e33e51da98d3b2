use std::collections::BTreeMap;

use quote::ToTokens as _;
use syn::{
    Arm, Expr, ExprLit, ExprPath, ExprStruct, FieldValue, File, ImplItemFn, Lit, Member, Pat,
    visit_mut::{
        VisitMut, visit_arm_mut, visit_expr_path_mut, visit_expr_struct_mut, visit_impl_item_fn_mut,
    },
};

/// What the client makes of the body of an answer of success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AnswerKind {
    /// It is decoded.
    Json,
    /// It is handed out as it comes, a stream of bytes.
    Bytes,
    /// There is none.
    #[default]
    Empty,
}

/// The answer of success to an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) kind: AnswerKind,
    /// The statuses that it comes with; none where it may be any.
    pub(super) statuses: Vec<u16>,
}

/// What the client makes of the answer to each operation, by its name in Rust. The client itself
/// is asked: the document says it in more than one way, and the generator has a rule of its own.
pub(super) fn read(client: &mut File) -> BTreeMap<String, Answer> {
    let mut reader = Reader::default();
    reader.visit_file_mut(client);
    reader.answers
}

#[derive(Default)]
struct Reader {
    answers: BTreeMap<String, Answer>,
    id: Option<String>,
    answer: Answer,
}

impl VisitMut for Reader {
    fn visit_impl_item_fn_mut(&mut self, method: &mut ImplItemFn) {
        (self.id, self.answer) = (None, Answer::default());
        visit_impl_item_fn_mut(self, method);
        if let Some(id) = self.id.take() {
            self.answers.insert(id, std::mem::take(&mut self.answer));
        }
    }

    fn visit_expr_struct_mut(&mut self, expression: &mut ExprStruct) {
        if expression.path.is_ident("OperationInfo") {
            self.id = expression.fields.iter().find_map(operation_id);
        }
        visit_expr_struct_mut(self, expression);
    }

    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        if let Pat::Lit(ExprLit { lit: Lit::Int(status), .. }) = &arm.pat {
            let status = status.base10_parse::<u16>().ok();
            self.answer.statuses.extend(status.filter(|status| (200..=299).contains(status)));
        }
        visit_arm_mut(self, arm);
    }

    fn visit_expr_path_mut(&mut self, expression: &mut ExprPath) {
        match expression.to_token_stream().to_string().as_str() {
            "ResponseValue :: from_response" => self.answer.kind = AnswerKind::Json,
            "ResponseValue :: stream" => self.answer.kind = AnswerKind::Bytes,
            _ => {}
        }
        visit_expr_path_mut(self, expression);
    }
}

fn operation_id(field: &FieldValue) -> Option<String> {
    let is_id = matches!(&field.member, Member::Named(name) if name == "operation_id");
    match &field.expr {
        Expr::Lit(ExprLit { lit: Lit::Str(id), .. }) if is_id => Some(id.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::{File, parse_quote};

    use super::{Answer, AnswerKind, read};

    #[test]
    fn the_kind_of_an_answer_is_what_the_client_makes_of_it() {
        let mut file: File = parse_quote! {
            impl GetThing {
                pub fn new() {}
                pub async fn send(self) {
                    let info = OperationInfo { operation_id: "get_thing" };
                    match status {
                        200u16 => ResponseValue::from_response(response).await,
                        202u16 => ResponseValue::from_response(response).await,
                        404u16 => Err(Error::Custom(text)),
                        _ => Err(Error::UnexpectedResponse(response)),
                    }
                }
            }
            impl GetReport {
                pub async fn send(self) {
                    let info = OperationInfo { operation_id: "get_report" };
                    match status {
                        200..=299 => Ok(ResponseValue::stream(response)),
                        _ => Err(Error::UnexpectedResponse(response)),
                    }
                }
            }
            impl DeleteThing {
                pub async fn send(self) {
                    let info = OperationInfo { operation_id: "delete_thing" };
                    match status {
                        204u16 => Ok(ResponseValue::empty(response)),
                        _ => Err(Error::UnexpectedResponse(response)),
                    }
                }
            }
        };
        let answers: Vec<_> = read(&mut file).into_iter().collect();
        let expected = [
            ("delete_thing", AnswerKind::Empty, vec![204]),
            ("get_report", AnswerKind::Bytes, vec![]),
            ("get_thing", AnswerKind::Json, vec![200, 202]),
        ];
        let expected =
            expected.map(|(id, kind, statuses)| (id.to_owned(), Answer { kind, statuses }));
        assert_eq!(answers, expected);
    }
}

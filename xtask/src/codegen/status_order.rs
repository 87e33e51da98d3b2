use quote::ToTokens as _;
use syn::{
    ExprMatch, File, Pat,
    visit_mut::{VisitMut, visit_expr_match_mut},
};

/// Puts the arms of a status before those of a range that has it: the generator leaves them in an
/// order in which `2XX` may hide a 201.
pub(super) fn sort(client: &mut File) {
    Sort.visit_file_mut(client);
}

struct Sort;

impl VisitMut for Sort {
    fn visit_expr_match_mut(&mut self, expression: &mut ExprMatch) {
        visit_expr_match_mut(self, expression);
        if expression.expr.to_token_stream().to_string().ends_with("status () . as_u16 ()") {
            expression.arms.sort_by_key(|arm| match arm.pat {
                Pat::Lit(_) => 0,
                Pat::Range(_) => 1,
                _ => 2,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::sort;

    #[test]
    fn a_status_comes_before_its_range_and_what_is_left_last() {
        let mut file: File = parse_quote! {
            fn send() {
                match response.status().as_u16() {
                    200u16 => a,
                    200..=299 => b,
                    201u16 => c,
                    _ => d,
                }
            }
        };
        sort(&mut file);
        let expected: File = parse_quote! {
            fn send() {
                match response.status().as_u16() {
                    200u16 => a,
                    201u16 => c,
                    200..=299 => b,
                    _ => d,
                }
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

use quote::ToTokens as _;
use syn::{
    Block, Expr, File, Stmt,
    visit_mut::{VisitMut, visit_block_mut, visit_expr_mut},
};

/// Leaves out the header `api-version` that progenitor adds to every request: it is documented
/// nowhere. Where it was the only header, its map goes too.
pub(super) fn leave_out(client: &mut File) {
    LeaveOut.visit_file_mut(client);
}

struct LeaveOut;

impl VisitMut for LeaveOut {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let statements = block.stmts.len();
        block.stmts.retain(|statement| !adds_the_version(statement));
        let had_it = block.stmts.len() < statements;
        if had_it && !block.stmts.iter().any(adds_a_header) {
            block.stmts.retain(|statement| !makes_the_map(statement));
            block.stmts.iter_mut().for_each(|statement| WithoutMap.visit_stmt_mut(statement));
        }
        visit_block_mut(self, block);
    }
}

/// Takes `.headers(header_map)` out of a chain of calls.
struct WithoutMap;

impl VisitMut for WithoutMap {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression
            && call.method == "headers"
            && call.args.to_token_stream().to_string() == "header_map"
        {
            *expression = (*call.receiver).clone();
        }
    }
}

fn adds_the_version(statement: &Stmt) -> bool {
    adds_a_header(statement) && text(statement).contains("\"api-version\"")
}

fn adds_a_header(statement: &Stmt) -> bool {
    text(statement).contains("header_map . append")
}

fn makes_the_map(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Local(_)) && text(statement).starts_with("let mut header_map")
}

fn text(statement: &Stmt) -> String {
    statement.to_token_stream().to_string()
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::leave_out;

    #[test]
    fn the_header_goes_and_with_it_a_map_that_would_be_empty() {
        let mut file: File = parse_quote! {
            fn send() {
                let mut header_map = HeaderMap::with_capacity(1usize);
                header_map.append(HeaderName::from_static("api-version"), version());
                let request = client.get(url).header(ACCEPT, json()).headers(header_map).build()?;
            }
        };
        leave_out(&mut file);
        let expected: File = parse_quote! {
            fn send() {
                let request = client.get(url).header(ACCEPT, json()).build()?;
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }

    #[test]
    fn other_headers_stay() {
        let mut file: File = parse_quote! {
            fn send() {
                let mut header_map = HeaderMap::with_capacity(2usize);
                header_map.append(HeaderName::from_static("api-version"), version());
                if let Some(value) = etag { header_map.append("etag", value); }
                let request = client.get(url).headers(header_map).build()?;
            }
        };
        leave_out(&mut file);
        let text = file.to_token_stream().to_string();
        assert!(!text.contains("api-version"), "{text}");
        assert!(
            text.contains("let mut header_map") && text.contains(". headers (header_map)"),
            "{text}"
        );
    }
}

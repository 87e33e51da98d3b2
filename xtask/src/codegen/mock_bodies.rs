use std::collections::BTreeSet;

use syn::{
    Expr, ExprMethodCall, File, FnArg, ImplItemFn, Pat, Type, parse_quote,
    visit_mut::{VisitMut, visit_expr_method_call_mut, visit_impl_item_fn_mut},
};

/// Has the mock helpers hand on a reference to a body that they take by value: the generator does
/// so for what is copied and for what may be missing, and the code would not compile.
pub(super) fn refer(httpmock: &mut File) {
    Refer::default().visit_file_mut(httpmock);
}

/// The parameters of the function around that are taken by value.
#[derive(Default)]
struct Refer(BTreeSet<String>);

impl VisitMut for Refer {
    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        self.0 = function.sig.inputs.iter().filter_map(by_value).collect();
        visit_impl_item_fn_mut(self, function);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        let is_body = call.method == "json_body_obj";
        for argument in call.args.iter_mut().filter(|_| is_body) {
            if let Expr::Path(path) = argument
                && path.path.get_ident().is_some_and(|name| self.0.contains(&name.to_string()))
            {
                *argument = parse_quote!(&#path);
            }
        }
    }
}

fn by_value(input: &FnArg) -> Option<String> {
    match input {
        FnArg::Typed(typed) if !matches!(*typed.ty, Type::Reference(_)) => match &*typed.pat {
            Pat::Ident(name) => Some(name.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::refer;

    #[test]
    fn a_body_by_value_is_referred_to_and_a_reference_stays() {
        let mut file: File = parse_quote! {
            impl When {
                fn flag(self, value: bool) -> Self { Self(self.0.json_body_obj(value)) }
                fn body(self, value: &types::A) -> Self { Self(self.0.json_body_obj(value)) }
            }
        };
        refer(&mut file);
        let text = file.to_token_stream().to_string();
        assert_eq!(text.matches("json_body_obj (& value)").count(), 1, "{text}");
        assert_eq!(text.matches("json_body_obj (value)").count(), 1, "{text}");
    }
}

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::{
    ExprMethodCall, File, FnArg, ImplItem, ImplItemFn, Item, LitStr, Macro, Type, parse_quote,
    visit_mut::{VisitMut, visit_expr_method_call_mut, visit_macro_mut},
};

use super::{
    items::{implementer, module},
    mismatch::Mismatch,
};
use crate::{
    document::mock_name,
    plan::{BodyForm, OperationPlan, ParameterPlace},
};

/// Makes the mock helpers match the planned paths and bodies. The generator treats a `.` in a path
/// as a wildcard, counts a variable that appears twice only once, and can't distinguish operations
/// of one path.
pub(super) fn match_plan(
    httpmock: &mut File,
    plans: &[OperationPlan],
) -> Result<(), Vec<Mismatch>> {
    let items = module(&mut httpmock.items, "operations").map(Vec::as_mut_slice);
    let mut functions: BTreeMap<String, Vec<&mut ImplItemFn>> = BTreeMap::new();
    for item in items.into_iter().flatten() {
        if let Item::Impl(item) = item
            && let Some(name) = implementer(item)
        {
            let of_item = item.items.iter_mut().filter_map(|item| match item {
                ImplItem::Fn(function) => Some(function),
                _ => None,
            });
            functions.entry(name).or_default().extend(of_item);
        }
    }
    let mut mismatches = Vec::new();
    for plan in plans {
        let helper = mock_name(&plan.operation_id);
        let mut of_plan = functions.remove(&helper).unwrap_or_default();
        let form = plan.body.as_ref().map(|body| body.form);
        if matches!(form, Some(BodyForm::Json | BodyForm::Form)) {
            let body = of_plan.iter_mut().find(|known| known.sig.ident == "body");
            let count = body.map_or(0, |function| refer_to_body(function));
            if count != 1 {
                let problem = format!("`{helper}::body` matches {count} bodies instead of one");
                mismatches.push(Mismatch::at(&plan.pointer, problem));
            }
        }
        let mut set = |function: &str, pattern: String| {
            let found = of_plan.iter_mut().find(|known| known.sig.ident == function);
            let count = found.map_or(0, |function| replace(function, &pattern));
            if count != 1 {
                let problem =
                    format!("`{helper}::{function}` has {count} path patterns instead of one");
                mismatches.push(Mismatch::at(&plan.pointer, problem));
            }
        };
        set("new", pattern(&plan.path, None));
        let variables =
            plan.parameters.iter().filter(|parameter| parameter.place == ParameterPlace::Path);
        for variable in variables {
            set(&variable.setter, pattern(&plan.path, Some(&variable.wire_name)));
        }
    }
    if mismatches.is_empty() { Ok(()) } else { Err(mismatches) }
}

/// Makes a helper pass on a reference to a body that it takes by value. The generator takes bodies by
/// value if they are `Copy` or optional, and the code would not compile. Returns the number of bodies
/// that are passed on.
fn refer_to_body(function: &mut ImplItemFn) -> usize {
    let by_value = function.sig.inputs.iter().any(
        |input| matches!(input, FnArg::Typed(typed) if !matches!(*typed.ty, Type::Reference(_))),
    );
    let mut refer = Refer { by_value, count: 0 };
    refer.visit_impl_item_fn_mut(function);
    refer.count
}

struct Refer {
    by_value: bool,
    count: usize,
}

impl VisitMut for Refer {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        if call.method != "json_body_obj" {
            return;
        }
        self.count += call.args.len();
        for body in call.args.iter_mut().filter(|_| self.by_value) {
            *body = parse_quote!(&#body);
        }
    }
}

/// The pattern of a path, in which one variable has a value.
fn pattern(path: &str, given: Option<&str>) -> String {
    let mut pattern = "^".to_owned();
    let mut rest = path;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        pattern += &escaped(before);
        pattern += if Some(name) == given { "{0}" } else { "[^/]*" };
        rest = after;
    }
    pattern + &escaped(rest) + "$"
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if r"\.+*?()|[]^$#&~".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Replaces the patterns of a function, and counts them.
fn replace(function: &mut ImplItemFn, pattern: &str) -> usize {
    let mut replace = Replace { pattern, count: 0 };
    replace.visit_impl_item_fn_mut(function);
    replace.count
}

struct Replace<'a> {
    pattern: &'a str,
    count: usize,
}

impl VisitMut for Replace<'_> {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if literal.value().starts_with('^') {
            *literal = LitStr::new(self.pattern, literal.span());
            self.count += 1;
        }
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        visit_macro_mut(self, call);
        let tokens: Vec<TokenTree> = std::mem::take(&mut call.tokens).into_iter().collect();
        call.tokens = tokens.into_iter().map(|token| self.replaced(token)).collect::<TokenStream>();
    }
}

impl Replace<'_> {
    fn replaced(&mut self, token: TokenTree) -> TokenTree {
        let text = match &token {
            TokenTree::Literal(literal) => syn::parse_str::<LitStr>(&literal.to_string()).ok(),
            _ => None,
        };
        if text.is_none_or(|text| !text.value().starts_with('^')) {
            return token;
        }
        self.count += 1;
        Literal::string(self.pattern).into()
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::match_plan;
    use crate::{manifest::Settings, plan::OperationPlan, rule::tests::node};

    fn plans() -> Vec<OperationPlan> {
        let document = node(
            "\
openapi: 3.0.3
paths:
  /a.json/{id}/of/{id}/{other}#variant:
    get:
      operationId: get-a
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: other, in: path, required: true, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {type: boolean}}}}
      responses: {}
",
        );
        crate::lower::lower(document, &Settings::default()).0.operations
    }

    #[test]
    fn each_pattern_is_that_of_the_plan() {
        let plans = plans();
        let mut file: File = parse_quote! {
            pub mod operations {
                impl GetAWhen {
                    pub fn new(inner: When) -> Self { inner.path_matches(Regex::new("^/a.json$")) }
                    pub fn id(self, value: &str) -> Self { Regex::new(&format!("^/a/{}$", value.to_string())) }
                    pub fn other(self, value: &str) -> Self { Regex::new(&format!("^/a/.*/{}$", value.to_string())) }
                    pub fn body(self, value: bool) -> Self { Self(self.0.json_body_obj(value)) }
                }
            }
        };
        match_plan(&mut file, &plans).unwrap();
        let text = file.to_token_stream().to_string();
        for pattern in [
            r#""^/a\\.json/[^/]*/of/[^/]*/[^/]*$""#,
            r#""^/a\\.json/{0}/of/{0}/[^/]*$""#,
            r#""^/a\\.json/[^/]*/of/[^/]*/{0}$""#,
        ] {
            assert_eq!(text.matches(pattern).count(), 1, "{pattern} {text}");
        }
        assert!(text.contains("json_body_obj (& value)"), "{text}");
    }

    #[test]
    fn a_body_that_is_referred_to_stays() {
        let plans = plans();
        let function = quote::quote!(
            pub fn body(self, value: &T) -> Self {
                self.json_body_obj(value)
            }
        );
        let mut file: File = parse_quote! {
            pub mod operations {
                impl GetAWhen {
                    pub fn new(inner: When) -> Self { "^" }
                    pub fn id(self) -> Self { "^" }
                    pub fn other(self) -> Self { "^" }
                    #function
                }
            }
        };
        match_plan(&mut file, &plans).unwrap();
        assert!(file.to_token_stream().to_string().contains(&function.to_string()));
    }

    #[test]
    fn code_of_another_shape_is_told_with_its_operation() {
        let plans = plans();
        let mut file: File = parse_quote! {
            pub mod operations {
                impl GetAWhen {
                    pub fn new(inner: When) -> Self { inner.path("/a.json") }
                    pub fn id(self, value: &str) -> Self { Regex::new(&format!("^/a/{}$", value)) }
                }
            }
        };
        let mismatches = match_plan(&mut file, &plans).unwrap_err();
        let problems: Vec<&str> = mismatches.iter().map(|it| &*it.problem).collect();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("`GetAWhen::body` matches 0 bodies"), "{problems:?}");
        assert!(problems[1].contains("`GetAWhen::new` has 0 path patterns"), "{problems:?}");
        assert_eq!(mismatches[0].at.as_ref(), Some(&plans[0].pointer));
    }
}

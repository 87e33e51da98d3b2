use std::collections::{BTreeMap, HashMap, HashSet};

use quote::{ToTokens as _, format_ident};
use syn::{
    Arm, Expr, File, Ident, Item, Type, TypePath, parse_quote,
    visit_mut::{VisitMut, visit_arm_mut, visit_expr_mut, visit_type_path_mut},
};

use super::builders::{self, module, status_of};
use crate::{document::type_name, lower::AnswerVariants};

/// Reads the answer of a status as the variant that is of it: by its form alone an answer may be
/// taken for that of another status. What is of another form is kept as it came.
pub(super) fn read_by_status(client: &mut File, operations: &BTreeMap<String, AnswerVariants>) {
    let variants = variants(client);
    builders::visit(client, operations, |answers, implementation| {
        let union = format_ident!("{}", type_name(&answers.union));
        ByStatus { answers, union: &union, variants: &variants }
            .visit_item_impl_mut(implementation);
    });
}

/// The types that the variants of the client's enums hold, by the enum and the variant.
type Variants = HashMap<(Ident, Ident), Type>;

fn variants(client: &mut File) -> Variants {
    let items: &[Item] = module(&mut client.items, "types").map_or(&[], |items| items);
    let mut outside = Outside(items.iter().filter_map(defined).collect());
    let mut variants = Variants::new();
    for item in items {
        let Item::Enum(item) = item else {
            continue;
        };
        for variant in item.variants.iter().filter(|variant| variant.fields.len() == 1) {
            for field in &variant.fields {
                let mut held = field.ty.clone();
                outside.visit_type_mut(&mut held);
                variants.insert((item.ident.clone(), variant.ident.clone()), held);
            }
        }
    }
    variants
}

fn defined(item: &Item) -> Option<Ident> {
    match item {
        Item::Struct(item) => Some(item.ident.clone()),
        Item::Enum(item) => Some(item.ident.clone()),
        _ => None,
    }
}

/// Calls the types of the module as they are called from beside it.
struct Outside(HashSet<Ident>);

impl VisitMut for Outside {
    fn visit_type_path_mut(&mut self, path: &mut TypePath) {
        visit_type_path_mut(self, path);
        if path.path.get_ident().is_some_and(|name| self.0.contains(name)) {
            *path = parse_quote!(types::#path);
        }
    }
}

struct ByStatus<'a> {
    answers: &'a AnswerVariants,
    union: &'a Ident,
    variants: &'a Variants,
}

impl ByStatus<'_> {
    /// The variant of a status, and the type that it holds.
    fn of(&self, status: &str) -> Option<(Ident, Type)> {
        let variant = format_ident!("{}", type_name(self.answers.by_status.get(status)?));
        let of_union = |variant: Ident| self.variants.get(&(self.union.clone(), variant));
        of_union(format_ident!("Unknown"))?;
        let held = of_union(variant.clone())?;
        Some((variant, held.clone()))
    }
}

impl VisitMut for ByStatus<'_> {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        visit_arm_mut(self, arm);
        if let Some((variant, held)) = status_of(&arm.pat).and_then(|status| self.of(&status)) {
            let union = self.union;
            let wrapped: Expr = match self.answers.may_be_none {
                true => parse_quote!(Some(variant)),
                false => parse_quote!(variant),
            };
            Read(parse_quote!(|answer: ResponseValue<::serde_json::Value>| {
                answer.map(|body| {
                    let variant = match <#held as ::serde::Deserialize>::deserialize(&body) {
                        Ok(known) => types::#union::#variant(known),
                        Err(_) => types::#union::Unknown(body),
                    };
                    #wrapped
                })
            }))
            .visit_expr_mut(&mut arm.body);
        }
    }
}

/// Hands on what is decoded to this.
struct Read(Expr);

impl VisitMut for Read {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::Await(awaited) = expression
            && awaited
                .base
                .to_token_stream()
                .to_string()
                .starts_with("ResponseValue :: from_response")
        {
            let read = &self.0;
            *expression = parse_quote!(#awaited.and_then(#read));
            return;
        }
        visit_expr_mut(self, expression);
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::read_by_status;
    use crate::lower::AnswerVariants;

    #[test]
    fn a_status_of_a_variant_is_read_as_that_and_another_stays() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub enum GetAResponse {
                    Ok(A),
                    Created(i64),
                    Accepted(::std::vec::Vec<A>),
                    Unknown(::serde_json::Value),
                }
                pub struct A {}
            }
            pub mod builder {
                impl<'a> GetA<'a> {
                    fn send() {
                        match status {
                            200u16 => ResponseValue::from_response(response).await,
                            201u16 => ResponseValue::from_response(response).await,
                            202u16 => ResponseValue::from_response(response).await,
                            203u16 => ResponseValue::from_response(response).await,
                        }
                    }
                }
            }
        };
        let of = [("200", "Ok"), ("201", "Created"), ("202", "Accepted")];
        let answers = AnswerVariants {
            union: "get-aResponse".to_owned(),
            by_status: of.map(|(status, name)| (status.to_owned(), name.to_owned())).into(),
            may_be_none: true,
        };
        read_by_status(&mut file, &[("get-a".to_owned(), answers)].into());
        let text = file.to_token_stream().to_string();
        assert!(text.contains("< types :: A as :: serde :: Deserialize >"), "{text}");
        assert!(text.contains("< :: std :: vec :: Vec < types :: A > as"), "{text}");
        assert!(text.contains("< i64 as :: serde :: Deserialize >"), "{text}");
        assert!(text.contains("203u16 => ResponseValue :: from_response (response) . await ,"));
        assert_eq!(text.matches("Some (variant)").count(), 3, "{text}");
    }
}

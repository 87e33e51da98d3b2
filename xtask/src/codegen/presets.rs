//! What builders know before anything is set: a property that has one value, and the map of what may
//! come beside the documented properties.

use quote::ToTokens as _;
use syn::{
    Expr, FieldValue, File, ImplItem, Item, ItemImpl, Member, parse_quote, visit_mut::VisitMut,
};

use super::{
    items::{implementer, module},
    mismatch::Mismatch,
};
use crate::plan::PresetPlan;

/// Sets what the builders know, and tells of fields that were not found.
pub(super) fn set(client: &mut File, plans: &[PresetPlan]) -> Vec<Mismatch> {
    let builders = module(&mut client.items, "types").and_then(|types| module(types, "builder"));
    let mut defaults: Vec<&mut ItemImpl> = builders
        .into_iter()
        .flatten()
        .filter_map(|item| match item {
            Item::Impl(item) if is_default(item) => Some(item),
            _ => None,
        })
        .collect();
    let mut missing = Vec::new();
    for plan in plans {
        let of_type = |item: &&mut &mut ItemImpl| {
            implementer(item).is_some_and(|name| name == plan.type_name)
        };
        let mut setter = Setter { plan, count: 0 };
        if let Some(item) = defaults.iter_mut().find(of_type) {
            for item in &mut item.items {
                if let ImplItem::Fn(function) = item {
                    setter.visit_impl_item_fn_mut(function);
                }
            }
        }
        if setter.count != 1 {
            let (name, field) = (&plan.type_name, &plan.field);
            let problem = format!("the builder of `{name}` has no default of `{field}`");
            missing.push(Mismatch::at(&plan.pointer, problem));
        }
    }
    missing
}

fn is_default(item: &ItemImpl) -> bool {
    let of = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    of.is_some_and(|segment| segment.ident == "Default")
}

struct Setter<'a> {
    plan: &'a PresetPlan,
    count: usize,
}

impl VisitMut for Setter<'_> {
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        let is_it = matches!(&field.member, Member::Named(name) if *name == self.plan.field);
        if is_it && is_unset(&field.expr) {
            field.expr = value(self.plan);
            self.count += 1;
        }
    }
}

/// Whether this is what the generator writes where nothing is set.
fn is_unset(expr: &Expr) -> bool {
    let text = expr.to_token_stream().to_string().replace(' ', "");
    text.starts_with("Err(\"novaluesuppliedfor") || text == "Ok(Default::default())"
}

fn value(plan: &PresetPlan) -> Expr {
    let value: Expr = match &plan.value {
        serde_json::Value::String(text) => parse_quote!(#text),
        serde_json::Value::Object(_) => return parse_quote!(Ok(Default::default())),
        number => match number.as_i64() {
            Some(number) => parse_quote!(#number),
            None => {
                let number = number.as_f64().unwrap_or_default();
                parse_quote!(#number)
            }
        },
    };
    match plan.is_required {
        true => parse_quote!(Ok(#value.into())),
        false => parse_quote!(Ok(Some(#value.into()))),
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::set;
    use crate::{document::Pointer, plan::PresetPlan};

    fn plan(field: &str, value: serde_json::Value, is_required: bool) -> PresetPlan {
        PresetPlan {
            pointer: Pointer::to_schema("Cat"),
            type_name: "Cat".to_owned(),
            field: field.to_owned(),
            value,
            is_required,
        }
    }

    #[test]
    fn builders_know_the_one_value_and_a_field_that_is_not_there_is_told_of() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub mod builder {
                    impl ::std::default::Default for Cat {
                        fn default() -> Self {
                            Self {
                                kind: Err("no value supplied for kind".to_string()),
                                level: Ok(Default::default()),
                                name: Err("no value supplied for name".to_string()),
                                other: Ok(7),
                                extra: Err("no value supplied for extra".to_string()),
                            }
                        }
                    }
                }
            }
        };
        let plans = [
            plan("kind", "cat".into(), true),
            plan("level", 1.into(), false),
            plan("extra", serde_json::json!({}), true),
            plan("other", 1.into(), true),
            plan("size", 1.into(), true),
        ];
        let missing = set(&mut file, &plans);
        let problems: Vec<&str> = missing.iter().map(|missing| &*missing.problem).collect();
        assert_eq!(
            problems,
            [
                "the builder of `Cat` has no default of `other`",
                "the builder of `Cat` has no default of `size`"
            ]
        );
        let text = file.to_token_stream().to_string().replace(' ', "");
        assert!(
            text.contains(r#"kind:Ok("cat".into()),level:Ok(Some(1i64.into())),name:Err("#),
            "{text}"
        );
    }
}

//! Unions: the generator's enums with variants named by the plan, read as the plan tells the branches
//! apart, and with one more variant for what is none of them.

use quote::{ToTokens as _, quote};
use syn::{
    Attribute, ExprMatch, Fields, File, Ident, ImplItem, Item, ItemEnum, ItemImpl, Path, Token,
    Type, parse_quote,
    punctuated::Punctuated,
    visit_mut::{VisitMut, visit_expr_match_mut, visit_path_mut},
};

use super::{
    items::{implementer, module},
    mismatch::Mismatch,
};
use crate::{
    lower::UNKNOWN,
    plan::{BranchPlan, ListedPlan, UnionPlan},
};

/// Changes the unions of the client according to their plans, and reports those that the generator
/// wrote differently than expected. `runtime` is the path from the module of types to the runtime.
pub(super) fn make(client: &mut File, plans: &[UnionPlan], runtime: &Path) -> Vec<Mismatch> {
    let Some(types) = module(&mut client.items, "types") else {
        return plans.iter().map(not_made).collect();
    };
    let is_missing = |plan: &&UnionPlan| make_union(types, plan, runtime).is_none();
    plans.iter().filter(is_missing).map(not_made).collect()
}

fn not_made(plan: &UnionPlan) -> Mismatch {
    let (name, count) = (&plan.type_name, plan.branches.len());
    let problem = format!("the generator created no untagged enum `{name}` with {count} variants");
    Mismatch::at(&plan.pointer, problem)
}

/// Makes a union what its plan says; nothing where it is none as the generator writes them.
fn make_union(types: &mut Vec<Item>, plan: &UnionPlan, runtime: &Path) -> Option<()> {
    let (at, union) = types.iter_mut().enumerate().find_map(|(at, item)| match item {
        Item::Enum(item) if item.ident == plan.type_name => Some((at, item)),
        _ => None,
    })?;
    let branches = branches(union)?;
    if branches.len() != plan.branches.len() {
        return None;
    }
    let renamed: Vec<(Ident, Ident)> = branches
        .iter()
        .zip(&plan.branches)
        .map(|((variant, _), branch)| (variant.clone(), quote::format_ident!("{}", branch.variant)))
        .collect();
    for (variant, (_, name)) in union.variants.iter_mut().zip(&renamed) {
        variant.ident = name.clone();
    }
    let unknown = quote::format_ident!("{UNKNOWN}");
    union.variants.push(parse_quote! {
        /// A value that matches none of the documented branches, unchanged. Handle it in the `_`
        /// arm of a `match`: the next version may document it.
        #unknown(::serde_json::Value)
    });
    union.attrs.iter_mut().for_each(leave_out_deserialize);
    let mut implementations = Implementations { renamed: &renamed };
    for item in types.iter_mut() {
        if let Item::Impl(item) = item
            && implementer(item).is_some_and(|name| name == plan.type_name)
        {
            implementations.visit_item_impl_mut(item);
            with_arm_for_unknown(item);
        }
    }
    let held: Vec<&Type> = branches.iter().map(|(_, ty)| ty).collect();
    types.splice(at + 1..at + 1, added(plan, &held, runtime));
    Some(())
}

/// The variants of an untagged enum, each of which holds a value.
fn branches(union: &ItemEnum) -> Option<Vec<(Ident, Type)>> {
    let is_untagged = union.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde")
            && attribute.to_token_stream().to_string().contains("untagged")
    });
    let branch = |variant: &syn::Variant| match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Some((variant.ident.clone(), fields.unnamed.first()?.ty.clone()))
        }
        _ => None,
    };
    is_untagged.then(|| union.variants.iter().map(branch).collect())?
}

fn leave_out_deserialize(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let derived = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    let is_kept =
        |path: &Path| path.segments.last().is_none_or(|segment| segment.ident != "Deserialize");
    if let Ok(derived) = derived {
        let kept = derived.into_iter().filter(is_kept);
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

/// Has what is implemented for a union call its variants by their names.
struct Implementations<'a> {
    renamed: &'a [(Ident, Ident)],
}

impl VisitMut for Implementations<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_path_mut(self, path);
        let segments: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
        let [of, variant] = segments[..] else {
            return;
        };
        let renamed = self.renamed.iter().find(|(old, _)| of == "Self" && variant == old);
        if let (Some((_, new)), Some(last)) = (renamed, path.segments.last_mut()) {
            last.ident = new.clone();
        }
    }
}

/// Has what matches on all variants match the one that is added: a value is shown as its JSON.
fn with_arm_for_unknown(implementation: &mut ItemImpl) {
    struct Matches;
    impl VisitMut for Matches {
        fn visit_expr_match_mut(&mut self, matched: &mut ExprMatch) {
            visit_expr_match_mut(self, matched);
            if matched.expr.to_token_stream().to_string().contains("self") {
                let unknown = quote::format_ident!("{UNKNOWN}");
                matched.arms.push(parse_quote!(Self::#unknown(x) => x.fmt(f),));
            }
        }
    }
    let of = implementation.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    if of.is_some_and(|segment| segment.ident == "Display") {
        for item in &mut implementation.items {
            if let ImplItem::Fn(function) = item {
                Matches.visit_impl_item_fn_mut(function);
            }
        }
    }
}

fn added(plan: &UnionPlan, types: &[&Type], runtime: &Path) -> Vec<Item> {
    let name = quote::format_ident!("{}", plan.type_name);
    let unknown = quote::format_ident!("{UNKNOWN}");
    let branches = plan.branches.iter().zip(types).map(|(branch, ty)| read_branch(branch, ty));
    let mut items = vec![
        parse_quote! {
            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
                where
                    D: ::serde::Deserializer<'de>,
                {
                    use #runtime::union;
                    let value = ::serde::Deserialize::deserialize(deserializer)?;
                    Ok(union::read(value, &[#(#branches),*], Self::#unknown))
                }
            }
        },
        parse_quote! {
            impl #name {
                /// Whether it is one of the documented branches.
                pub fn is_known(&self) -> bool {
                    !::std::matches!(self, Self::#unknown(_))
                }
            }
        },
    ];
    let is_value =
        |ty: &&&Type| ty.to_token_stream().to_string().replace(' ', "") == "::serde_json::Value";
    if !types.iter().any(|ty| is_value(&ty)) {
        items.push(parse_quote! {
            impl ::std::convert::From<::serde_json::Value> for #name {
                fn from(value: ::serde_json::Value) -> Self {
                    Self::#unknown(value)
                }
            }
        });
    }
    items
}

fn read_branch(branch: &BranchPlan, ty: &Type) -> proc_macro2::TokenStream {
    let BranchPlan { foreign, others, .. } = branch;
    let kinds = branch.kinds.iter().map(|kind| {
        quote::format_ident!(
            "{}",
            match *kind {
                "null" => "Null",
                "boolean" => "Boolean",
                "number" => "Number",
                "string" => "Text",
                "array" => "List",
                _ => "Object",
            }
        )
    });
    let variant = quote::format_ident!("{}", branch.variant);
    let listed = branch.listed.iter().map(listed);
    let is_known = branch.is_union.then(|| quote!(.filter(|branch: &#ty| branch.is_known())));
    quote! {
        union::Branch {
            kinds: &[#(union::Kind::#kinds),*],
            listed: &[#(#listed),*],
            foreign: &[#(#foreign),*],
            others: &[#(#others),*],
            read: |value| {
                ::serde::Deserialize::deserialize(value).ok() #is_known .map(Self::#variant)
            },
        }
    }
}

fn listed(listed: &ListedPlan) -> proc_macro2::TokenStream {
    let at = listed.at.iter().map(|step| match step {
        Some(key) => quote!(Some(#key)),
        None => quote!(None),
    });
    let values = listed.values.iter().map(|value| match value {
        serde_json::Value::String(text) => quote!(union::Constant::Text(#text)),
        serde_json::Value::Bool(boolean) => quote!(union::Constant::Boolean(#boolean)),
        other => {
            let number = other.as_f64().unwrap_or(f64::NAN);
            quote!(union::Constant::Number(#number))
        }
    });
    let is_tag = listed.is_tag;
    quote!(union::Listed { at: &[#(#at),*], values: &[#(#values),*], is_tag: #is_tag })
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::make;
    use crate::{
        document::Pointer,
        plan::{BranchPlan, ListedPlan, UnionPlan},
    };

    fn branch(variant: &str) -> BranchPlan {
        BranchPlan {
            variant: variant.to_owned(),
            kinds: vec!["object"],
            listed: vec![ListedPlan {
                at: vec![Some("kind".to_owned())],
                values: vec![variant.into(), 1.into()],
                is_tag: true,
            }],
            foreign: vec!["k".to_owned()],
            others: vec!["l".to_owned()],
            is_union: variant == "Two",
        }
    }

    fn made(mut file: File) -> (String, usize) {
        let plan = UnionPlan {
            pointer: Pointer::to_schema("Either"),
            type_name: "Either".to_owned(),
            branches: vec![branch("One"), branch("Two")],
        };
        let missing = make(&mut file, &[plan], &parse_quote!(super::runtime));
        (file.to_token_stream().to_string().replace(' ', ""), missing.len())
    }

    #[test]
    fn the_variants_have_the_names_of_the_plan_and_one_more_keeps_the_rest() {
        let (text, missing) = made(parse_quote! {
            pub mod types {
                #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
                #[serde(untagged)]
                pub enum Either { Variant0(One), Variant1(Box<Two>) }
                impl ::std::convert::From<One> for Either {
                    fn from(value: One) -> Self { Self::Variant0(value) }
                }
                impl ::std::fmt::Display for Either {
                    fn fmt(&self, f: &mut F) -> R {
                        match self { Self::Variant0(x) => x.fmt(f), Self::Variant1(x) => x.fmt(f) }
                    }
                }
                impl ::std::convert::From<One> for Other {
                    fn from(value: One) -> Self { Self::Variant0(value) }
                }
            }
        });
        assert_eq!(missing, 0);
        for part in [
            "#[derive(::serde::Serialize,Clone)]",
            "pubenumEither{One(One),Two(Box<Two>),",
            "Unknown(::serde_json::Value)}",
            "forEither{fnfrom(value:One)->Self{Self::One(value)}}",
            "Self::One(x)=>x.fmt(f),Self::Two(x)=>x.fmt(f),Self::Unknown(x)=>x.fmt(f)",
            "forOther{fnfrom(value:One)->Self{Self::Variant0(value)}}",
            r#"union::Branch{kinds:&[union::Kind::Object],listed:&[union::Listed{at:&[Some("kind")],values:&[union::Constant::Text("One"),union::Constant::Number(1f64)],is_tag:true}],foreign:&["k"],others:&["l"],read:|value|{::serde::Deserialize::deserialize(value).ok().map(Self::One)},}"#,
            ".ok().filter(|branch:&Box<Two>|branch.is_known()).map(Self::Two)",
            "impl::std::convert::From<::serde_json::Value>forEither",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn a_generator_that_writes_unions_of_another_shape_is_told_of() {
        let files: [File; 4] = [
            parse_quote! { pub mod types { #[serde(untagged)] pub enum Either { One(One) } } },
            parse_quote! { pub mod types { #[serde(untagged)] pub enum Either { One(One), Two { a: i64 } } } },
            parse_quote! { pub mod types { #[serde(tag = "a")] pub enum Either { One(One), Two(Two) } } },
            parse_quote! { pub mod types { pub struct Either(One); } },
        ];
        for file in files {
            assert_eq!(made(file).1, 1);
        }
    }
}

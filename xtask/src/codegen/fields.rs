//! The types of the generator, changed as the plan says: each planned type is found, each planned field of
//! it, and nothing that is not planned.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens as _, format_ident, quote};
use syn::{Attribute, Field, Fields, FieldsNamed, Item, LitStr, Meta, Path, Type, parse_quote};

use super::{
    client_settings::ClientSettings, items::argument, json_objects::derives, mismatch::Mismatch,
};
use crate::plan::{EnumPlan, FieldForm, FieldPlan, TypePlan};

/// Changes the types as they are planned. Gives what is deprecated and has a type or a field of another name.
///
/// # Errors
///
/// What was not found as it is planned. `enums` are types that the generator makes none of.
pub(super) fn change(
    types: &mut [Item],
    plans: &[TypePlan],
    enums: &[EnumPlan],
    settings: &ClientSettings,
) -> Result<Vec<String>, Vec<Mismatch>> {
    let made_here: BTreeSet<&str> = enums.iter().map(|plan| &*plan.type_name).collect();
    let mut found: BTreeMap<String, Found<'_>> = types.iter_mut().flat_map(Found::all).collect();
    let (mut mismatches, mut unmarked) = (Vec::new(), Vec::new());
    for plan in plans {
        let name = &*plan.name;
        let problems = match (found.get_mut(name), made_here.contains(name)) {
            (Some(_), true) => {
                vec![format!(
                    "the generator created the type `{name}`, which should come from elsewhere"
                )]
            }
            (Some(found), false) => found.change(plan, settings, &mut unmarked),
            (None, false) if plan.is_struct || plan.schema.schema_component().is_some() => {
                vec![format!("the generator created no type `{name}`")]
            }
            (None, _) => {
                unmarked.extend(plan.is_deprecated.then(|| name.to_owned()));
                Vec::new()
            }
        };
        mismatches.extend(problems.into_iter().map(|problem| Mismatch::at(&plan.schema, problem)));
    }
    if mismatches.is_empty() { Ok(unmarked) } else { Err(mismatches) }
}

/// A type of the generator's, or a variant of one that has fields.
struct Found<'a> {
    attributes: Option<&'a mut Vec<Attribute>>,
    fields: Option<&'a mut FieldsNamed>,
}

impl<'a> Found<'a> {
    fn all(item: &'a mut Item) -> Vec<(String, Self)> {
        match item {
            Item::Struct(item) => {
                item.attrs.push(schema_on_request());
                let mut fields = named(&mut item.fields);
                let all = fields.iter_mut().flat_map(|fields| &mut fields.named);
                all.for_each(turn_over);
                if fields.is_some() {
                    item.attrs.push(parse_quote!(#[non_exhaustive]));
                }
                vec![(item.ident.to_string(), Self { attributes: Some(&mut item.attrs), fields })]
            }
            Item::Enum(item) => {
                item.attrs.push(schema_on_request());
                item.attrs.push(parse_quote!(#[non_exhaustive]));
                let name = item.ident.to_string();
                let of_variants = item.variants.iter_mut().filter_map(|variant| {
                    let fields = Some(named(&mut variant.fields)?);
                    Some((format!("{name}{}", variant.ident), Self { attributes: None, fields }))
                });
                let mut all: Vec<_> = of_variants.collect();
                all.push((name, Self { attributes: Some(&mut item.attrs), fields: None }));
                all
            }
            Item::Type(item) => {
                let attributes = Some(&mut item.attrs);
                vec![(item.ident.to_string(), Self { attributes, fields: None })]
            }
            _ => Vec::new(),
        }
    }

    /// What was not found as it is planned. Of what is no plain struct the generator may have made another.
    fn change(
        &mut self,
        plan: &TypePlan,
        settings: &ClientSettings,
        unmarked: &mut Vec<String>,
    ) -> Vec<String> {
        if plan.is_deprecated
            && let Some(attributes) = &mut self.attributes
        {
            attributes.push(parse_quote!(#[deprecated]));
        }
        let Some(fields) = &mut self.fields else {
            let problem =
                format!("the generator created no struct with named fields for `{}`", plan.name);
            return plan.is_struct.then_some(problem).into_iter().collect();
        };
        let mut fields: BTreeMap<String, &mut Field> =
            fields.named.iter_mut().map(|field| (name_of(field), field)).collect();
        let mut problems = Vec::new();
        for planned in &plan.fields {
            let change = |field| change_field(field, planned, plan.is_sent, settings);
            let field = fields.remove(&planned.name);
            let Err(problem) = field.map_or_else(|| Err("has no field".to_owned()), change) else {
                continue;
            };
            let name = format!("{}.{}", plan.name, planned.name);
            unmarked.extend((planned.is_deprecated && !plan.is_struct).then_some(name));
            problems.push(format!("`{}` {problem} for `{}`", plan.name, planned.wire_name));
        }
        let (rest, more): (Vec<_>, Vec<_>) =
            fields.iter().partition(|(_, field)| says(field, "flatten"));
        problems.extend(
            more.iter().map(|(name, _)| {
                format!("`{}` has a field `{name}` that is not planned", plan.name)
            }),
        );
        if rest.len() != usize::from(plan.has_rest) {
            problems.push(format!("`{}` has {} maps of other properties", plan.name, rest.len()));
        }
        if !plan.is_struct {
            return Vec::new();
        }
        self.default_to_none(plan);
        problems
    }

    /// Derives `Default` for an object that requires nothing and has a map of other properties, as the
    /// generator does for those without one.
    fn default_to_none(&mut self, plan: &TypePlan) {
        let requires_none = plan.fields.iter().all(|field| field.form != FieldForm::Required);
        let Some(attributes) = self.attributes.as_mut() else { return };
        let is_derived =
            |attribute: &Attribute| derives(attribute).iter().any(|path| path.is_ident("Default"));
        if plan.has_rest && requires_none && !attributes.iter().any(is_derived) {
            attributes.push(parse_quote!(#[derive(Default)]));
        }
    }
}

fn schema_on_request() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))])
}

fn named(fields: &mut Fields) -> Option<&mut FieldsNamed> {
    match fields {
        Fields::Named(fields) => Some(fields),
        _ => None,
    }
}

/// The name of a field, without what keeps it from being a keyword.
fn name_of(field: &Field) -> String {
    let text = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let plain = text.strip_prefix("r#").unwrap_or(&text);
    match plain.strip_suffix('_') {
        Some(keyword) if syn::parse_str::<syn::Ident>(keyword).is_err() => keyword.to_owned(),
        _ => plain.to_owned(),
    }
}

/// Changes a field as it is planned, or says what it has not.
fn change_field(
    field: &mut Field,
    plan: &FieldPlan,
    is_sent: bool,
    settings: &ClientSettings,
) -> Result<(), String> {
    if wire_name(field) != plan.wire_name {
        return Err(format!("sends `{}`", wire_name(field)));
    }
    match plan.form {
        FieldForm::Required => {}
        FieldForm::Optional => drop(optional(field)?),
        FieldForm::Nullable if is_sent => {
            let (of, library) = (optional(field)?.clone(), &settings.library);
            field.ty = parse_quote!(::std::option::Option<#library::Nullable<#of>>);
            read_by(field, &parse_quote!(#library::present));
        }
        FieldForm::Nullable => drop(optional(field)?),
        FieldForm::NullableReference => {
            let (_, library) = (optional(field)?, &settings.library);
            read_by(field, &parse_quote!(#library::present));
        }
        FieldForm::Collection => {
            if !(says(field, "default") && says(field, "is_empty")) {
                return Err("has no list or map that is omitted when empty".to_owned());
            }
            if is_sent {
                let of = &field.ty;
                field.ty = parse_quote!(::std::option::Option<#of>);
                field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
                field.attrs.push(parse_quote!(
                    #[serde(default, skip_serializing_if = "::std::option::Option::is_none")]
                ));
                rename(field, &plan.wire_name);
            } else if let Some(function) = &settings.null_as_empty {
                read_by(field, function);
            }
        }
    }
    let of_secret =
        |secret: &str| field.ty.to_token_stream().to_string().replace(' ', "").contains(secret);
    if plan.is_secret && settings.secret.as_deref().is_some_and(|secret| !of_secret(secret)) {
        return Err("has no secret type".to_owned());
    }
    if plan.is_deprecated {
        field.attrs.push(parse_quote!(#[deprecated]));
    }
    Ok(())
}

/// What an optional field holds.
fn optional(field: &Field) -> Result<&Type, String> {
    argument(&field.ty, "Option").ok_or_else(|| "has no `Option`".to_owned())
}

/// Makes a box of an option an option of a box: where types hold each other, the generator boxes
/// whichever it comes to first. A box of none would be sent as null.
fn turn_over(field: &mut Field) {
    let Some(inner) = argument(&field.ty, "Box").and_then(|boxed| argument(boxed, "Option")) else {
        return;
    };
    field.ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
    for attribute in field.attrs.iter_mut().filter(|attribute| attribute.path().is_ident("serde")) {
        let text = attribute.to_token_stream().to_string();
        if text.contains("default")
            && !text.contains("skip_serializing_if")
            && let Meta::List(list) = &mut attribute.meta
        {
            let said = &list.tokens;
            list.tokens = quote!(#said, skip_serializing_if = "::std::option::Option::is_none");
        }
    }
}

fn read_by(field: &mut Field, function: &Path) {
    let path = function.to_token_stream().to_string().replace(' ', "");
    let path = LitStr::new(&path, proc_macro2::Span::call_site());
    let default = (!says(field, "default")).then(|| quote!(default,));
    field.attrs.push(parse_quote!(#[serde(#default deserialize_with = #path)]));
}

fn rename(field: &mut Field, wire_name: &str) {
    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    if ident != wire_name {
        field.attrs.push(parse_quote!(#[serde(rename = #wire_name)]));
    }
}

/// Whether an attribute for serde has this word, or calls a function of this name.
pub(super) fn says(field: &Field, word: &str) -> bool {
    let mut found = false;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident(word);
            if meta.input.peek(syn::Token![=]) {
                let text = meta.value()?.parse::<LitStr>()?.value();
                let is_name = meta.path.is_ident("rename");
                found |= !is_name && text.rsplit("::").next() == Some(word);
            }
            Ok(())
        });
        drop(parsed);
    }
    found
}

/// What a field is called where it is sent.
fn wire_name(field: &Field) -> String {
    let mut renamed = None;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let parsed = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                renamed = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<LitStr>()?;
            }
            Ok(())
        });
        drop(parsed);
    }
    let ident = || field.ident.clone().unwrap_or_else(|| format_ident!("_"));
    renamed.unwrap_or_else(|| ident().to_string().trim_start_matches("r#").to_owned())
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::change;
    use crate::{
        codegen::client_settings::ClientSettings,
        document::Pointer,
        plan::{EnumPlan, EnumValues, FieldForm, FieldPlan, TypePlan},
    };

    fn settings() -> ClientSettings {
        ClientSettings {
            runtime: parse_quote!(crate::runtime),
            library: parse_quote!(crate),
            timestamp: None,
            integer: None,
            number: None,
            secret: Some("crate::Secret".to_owned()),
            null_as_empty: Some(parse_quote!(crate::null_as_empty)),
            resources: indexmap::IndexMap::new(),
            module: "crate".to_owned(),
        }
    }

    fn field(wire_name: &str, form: FieldForm) -> FieldPlan {
        FieldPlan {
            wire_name: wire_name.to_owned(),
            name: wire_name.replace('-', "_"),
            form,
            is_deprecated: false,
            is_secret: false,
        }
    }

    fn object(name: &str, is_sent: bool, fields: Vec<FieldPlan>) -> TypePlan {
        TypePlan {
            name: name.to_owned(),
            schema: Pointer::to_schema(name),
            documented: None,
            is_sent,
            is_deprecated: false,
            fields,
            is_struct: true,
            has_rest: false,
        }
    }

    /// What becomes of the types, and what is deprecated and not marked.
    fn changed(mut types: File, plans: &[TypePlan]) -> (String, Vec<String>) {
        let unmarked = change(&mut types.items, plans, &[], &settings()).unwrap();
        (types.to_token_stream().to_string(), unmarked)
    }

    fn problems(types: &str, plan: TypePlan, enums: &[EnumPlan]) -> Vec<String> {
        let mut types: File = syn::parse_str(types).unwrap();
        let told = change(&mut types.items, &[plan], enums, &settings()).unwrap_err();
        assert!(told.iter().all(|told| told.at == Some(Pointer::to_schema("A"))), "{told:?}");
        told.into_iter().map(|told| told.problem).collect()
    }

    /// Holds that a field becomes another.
    fn assert_field(plan: FieldPlan, is_sent: bool, before: &str, after: &str) {
        let file = |field: &str, attributes: &str| -> File {
            syn::parse_str(&format!("{attributes} pub struct A {{ {field} }}")).unwrap()
        };
        let attributes = r#"#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] #[non_exhaustive]"#;
        let (text, _) = changed(file(before, ""), &[object("A", is_sent, vec![plan])]);
        assert_eq!(text, file(after, attributes).to_token_stream().to_string());
    }

    const SKIPPED: &str = r#"#[serde(skip_serializing_if = "::std::option::Option::is_none")]"#;
    const LEFT_OUT: &str =
        r#"#[serde(rename = "a-b", default, skip_serializing_if = "::std::vec::Vec::is_empty")]"#;

    #[test]
    fn a_list_is_an_option_in_requests_and_may_be_null_in_responses() {
        let before = format!("{LEFT_OUT} pub a_b: ::std::vec::Vec<i64>");
        let asked = "#[serde(default, skip_serializing_if = \"::std::option::Option::is_none\")] #[serde(rename = \"a-b\")] pub a_b: ::std::option::Option<::std::vec::Vec<i64>>";
        assert_field(field("a-b", FieldForm::Collection), true, &before, asked);
        let told =
            before.replace("pub", r#"#[serde(deserialize_with = "crate::null_as_empty")] pub"#);
        assert_field(field("a-b", FieldForm::Collection), false, &before, &told);
    }

    #[test]
    fn what_requests_carry_may_be_absent_and_null() {
        let before = format!("{SKIPPED} pub a: ::std::option::Option<String>");
        let asked = format!(
            "{SKIPPED} #[serde(default, deserialize_with = \"crate::present\")] pub a: ::std::option::Option<crate::Nullable<String> >"
        );
        assert_field(field("a", FieldForm::Nullable), true, &before, &asked);
        assert_field(field("a", FieldForm::Nullable), false, &before, &before);
        let present = format!(
            "{SKIPPED} #[serde(default, deserialize_with = \"crate::present\")] pub a: ::std::option::Option<String>"
        );
        assert_field(field("a", FieldForm::NullableReference), true, &before, &present);
    }

    #[test]
    fn a_box_of_an_option_is_an_option_of_a_box_and_is_left_out_when_none() {
        let before = "#[serde(default)] pub a: ::std::boxed::Box<::std::option::Option<A>>";
        let after = "#[serde(default, skip_serializing_if = \"::std::option::Option::is_none\")] pub a: ::std::option::Option<::std::boxed::Box<A>>";
        assert_field(field("a", FieldForm::Optional), true, before, after);
        let boxed = "pub a: ::std::boxed::Box<A>";
        assert_field(field("a", FieldForm::Required), true, boxed, boxed);
    }

    #[test]
    fn what_is_deprecated_is_marked_or_told() {
        let old =
            |name: &str| FieldPlan { is_deprecated: true, ..field(name, FieldForm::Required) };
        let keyword = r#"#[serde(rename = "type")] pub type_: String"#;
        assert_field(old("type"), true, keyword, &keyword.replace("pub", "#[deprecated] pub"));
        let plans = [
            TypePlan { is_deprecated: true, is_struct: false, ..object("Old", false, Vec::new()) },
            TypePlan { is_struct: false, ..object("EitherOne", false, vec![old("a")]) },
            TypePlan { is_struct: false, ..object("EitherTwo", false, vec![old("a")]) },
        ];
        let (text, unmarked) = changed(
            parse_quote! {
                pub struct Old(pub String);
                pub enum Either { One { a: i64 }, Two { b: i64 } }
            },
            &plans,
        );
        assert!(text.contains("# [deprecated] pub struct Old"), "{text}");
        assert!(text.contains("One { # [deprecated] a : i64 }"), "{text}");
        assert_eq!(unmarked, ["EitherTwo.a"]);
    }

    #[test]
    fn a_generator_that_writes_types_of_another_shape_is_told_with_the_type() {
        use FieldForm::{Collection, Nullable, NullableReference, Optional, Required};
        let secret = FieldPlan { is_secret: true, ..field("a", Required) };
        let cases = [
            ("struct B;", field("a", Required), "created no type `A`"),
            ("struct A(String);", field("a", Required), "no struct with named fields for `A`"),
            ("struct A { b: String }", field("a", Required), "`A` has no field for `a`"),
            (
                "struct A { #[serde(rename = \"b\")] a: String }",
                field("a", Required),
                "sends `b` for `a`",
            ),
            ("struct A { a: Maybe<String> }", field("a", Optional), "no `Option` for `a`"),
            ("struct A { a: Maybe<String> }", field("a", Nullable), "no `Option` for `a`"),
            ("struct A { a: N }", field("a", NullableReference), "no `Option` for `a`"),
            (
                "struct A { a: Vec<String> }",
                field("a", Collection),
                "no list or map that is omitted",
            ),
            ("struct A { a: String }", secret, "no secret type for `a`"),
            (
                "struct A { a: String, b: String }",
                field("a", Required),
                "`A` has a field `b` that is not planned",
            ),
            (
                "struct A { a: String, #[serde(flatten)] extra: Map }",
                field("a", Required),
                "`A` has 1 maps of other properties",
            ),
        ];
        for (types, field, told) in cases {
            let problems = problems(types, object("A", true, vec![field]), &[]);
            assert!(problems[0].contains(told), "{told}: {problems:?}");
        }
        let made_here = EnumPlan {
            type_name: "A".to_owned(),
            description: None,
            is_deprecated: false,
            values: EnumValues::Integers(Vec::new()),
        };
        let plan = object("A", true, vec![field("a", Required)]);
        assert_eq!(problems("struct A { a: String }", plan, &[made_here]).len(), 1);
        let plan = TypePlan { has_rest: true, ..object("A", true, vec![field("a", Required)]) };
        assert_eq!(problems("struct A { a: String }", plan, &[]).len(), 1);
    }

    #[test]
    fn an_object_that_requires_nothing_and_keeps_other_properties_has_a_default() {
        for (form, is_derived) in [(FieldForm::Optional, true), (FieldForm::Required, false)] {
            let file = parse_quote! {
                pub struct A { a: ::std::option::Option<String>, #[serde(flatten)] extra: Map }
            };
            let plan = TypePlan { has_rest: true, ..object("A", false, vec![field("a", form)]) };
            assert_eq!(changed(file, &[plan]).0.contains("derive (Default)"), is_derived);
        }
    }
}

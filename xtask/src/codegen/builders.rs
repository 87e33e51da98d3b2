//! The builders of the objects that requests carry: a line for each field, of which the library's macro makes
//! the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;
use syn::{Field, Fields, Item, ItemImpl, ItemMod, ItemStruct, Path, Type};

use super::{
    fields::says,
    items::{argument, argument_of_path, implementer, written},
    mismatch::Mismatch,
};
use crate::plan::{ConstantPlan, Lowered, TypePlan};

/// Takes the generator's own builders out of its types, and tells of planned objects that had none.
pub(super) fn leave_out(types: &mut Vec<Item>, plans: &[TypePlan]) -> Vec<Mismatch> {
    let mut left_out = BTreeSet::new();
    types.retain(|item| match item {
        Item::Mod(ItemMod { ident, .. }) => ident != "builder",
        Item::Impl(item) if makes_a_builder(item) => {
            left_out.extend(implementer(item));
            false
        }
        _ => true,
    });
    let missing = plans.iter().filter(|plan| plan.is_struct && !left_out.contains(&plan.name));
    missing
        .map(|plan| {
            let problem = format!("the generator created no builder for `{}`", plan.name);
            Mismatch::at(&plan.schema, problem)
        })
        .collect()
}

/// `impl X { pub fn builder() .. }`
fn makes_a_builder(item: &ItemImpl) -> bool {
    let functions = item.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(function) => Some(function.sig.ident == "builder"),
        _ => None,
    });
    item.trait_.is_none() && functions.collect::<Vec<bool>>() == [true]
}

/// The module that defines some of them, as text: formatters leave the content of a macro alone.
pub(super) fn text(builders: &[&str]) -> String {
    if builders.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\n/// The builders of the types that requests carry.\npub mod object_builders {\n    use super::super::super::types::*;\n\n",
    );
    for line in builders.iter().flat_map(|builder| builder.lines()) {
        let _infallible = writeln!(text, "    {line}");
    }
    text + "}\n"
}

/// The builders of those of the types that requests carry, by the names of the types: calls of the macro.
///
/// # Errors
///
/// Properties of one value that no builder has a field for.
pub(super) fn of(
    types: &[Item],
    lowered: &Lowered,
    library: &Path,
) -> Result<BTreeMap<String, String>, Vec<Mismatch>> {
    let sent = lowered.types.iter().filter(|plan| plan.is_sent).map(|plan| &*plan.name);
    let sent: BTreeSet<&str> = sent.collect();
    let made_of = made_of(types);
    let mut constants: Vec<&ConstantPlan> = lowered.constants.iter().collect();
    let mut built = BTreeMap::new();
    for item in types {
        let Item::Struct(item) = item else {
            continue;
        };
        let name = item.ident.to_string();
        if !sent.contains(&*name) {
            continue;
        }
        let others = made_of.get(&name).map_or(&[][..], Vec::as_slice);
        let constant = |field: &str| {
            let is_it = |plan: &&ConstantPlan| plan.type_name == name && plan.field == field;
            constants.iter().position(is_it).map(|index| constants.swap_remove(index))
        };
        if let Some(call) = call(item, others, library, constant) {
            built.insert(name, call);
        }
    }
    let missing = constants.into_iter().map(|plan| {
        let ConstantPlan { type_name, field, .. } = plan;
        Mismatch::at(&plan.pointer, format!("the builder of `{type_name}` has no field `{field}`"))
    });
    let missing: Vec<Mismatch> = missing.collect();
    if missing.is_empty() { Ok(built) } else { Err(missing) }
}

/// The types that can be made of a type: the unions that it is a branch of.
fn made_of(types: &[Item]) -> BTreeMap<String, Vec<String>> {
    let mut made_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in types {
        let Item::Impl(item) = item else {
            continue;
        };
        let of = item.trait_.as_ref().and_then(|(path, _)| argument_of_path(path, "From"));
        if let (Some(Type::Path(of)), Some(name)) = (of, implementer(item))
            && let Some(of) = of.path.get_ident()
        {
            made_of.entry(of.to_string()).or_default().push(name);
        }
    }
    made_of
}

fn call<'a>(
    item: &ItemStruct,
    others: &[String],
    library: &Path,
    mut constant: impl FnMut(&str) -> Option<&'a ConstantPlan>,
) -> Option<String> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let (name, library) = (&item.ident, written(library));
    let is_taken = |name: &str| fields.named.iter().any(|field| is_called(field, name));
    let build = if is_taken("build") { "build_object" } else { "build" };
    let others: String = others.iter().map(|other| format!(" => {other}")).collect();
    let mut call =
        format!("{library}::object_builder! {{ {name}Builder.{build} => {name}{others} {{\n");
    for field in &fields.named {
        let (kind, held) = kind(field);
        let deprecated =
            field.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"));
        let deprecated = if deprecated { "#[deprecated] " } else { "" };
        let ident = field.ident.as_ref()?;
        let value = constant(&ident.to_string()).map(|plan| format!(" = {}.into()", literal(plan)));
        let (held, value) = (written(held), value.unwrap_or_default());
        let _infallible = writeln!(call, "    {deprecated}{ident}: {kind} {held}{value},");
    }
    Some(call + "} }\n")
}

/// The value of a constant, as Rust writes it.
fn literal(plan: &ConstantPlan) -> String {
    match &plan.value {
        Value::String(text) => format!("{text:?}"),
        Value::Bool(boolean) => boolean.to_string(),
        other => match other.as_i64() {
            Some(number) => format!("{number}_i64"),
            None => format!("{:?}_f64", other.as_f64().unwrap_or_default()),
        },
    }
}

fn is_called(field: &Field, name: &str) -> bool {
    field.ident.as_ref().is_some_and(|ident| ident == name)
}

/// What the macro knows a field as, and what its setter takes.
fn kind(field: &Field) -> (&'static str, &Type) {
    let of = &field.ty;
    if says(field, "flatten") {
        return ("rest", of);
    }
    if let Some(item) = argument(of, "Vec") {
        return ("list", item);
    }
    if let Some(inner) = argument(of, "Box") {
        return ("boxed", inner);
    }
    let Some(of) = argument(of, "Option") else {
        return ("required", of);
    };
    if let Some(of) = argument(of, "Nullable") {
        return match (argument(of, "Vec"), argument(of, "Box")) {
            (Some(item), _) => ("nullable_list", item),
            (_, Some(inner)) => ("nullable_box", inner),
            _ => ("nullable", of),
        };
    }
    match (argument(of, "Vec"), argument(of, "Box")) {
        (Some(item), _) => ("optional_list", item),
        (_, Some(inner)) => ("optional_box", inner),
        _ => ("optional", of),
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::{leave_out, of};
    use crate::{
        document::Pointer,
        lower::lower,
        manifest::Settings,
        plan::{ConstantPlan, Lowered, TypePlan},
        rule::tests::node,
    };

    fn object(name: &str) -> TypePlan {
        TypePlan {
            name: name.to_owned(),
            schema: Pointer::to_schema(name),
            documented: None,
            is_sent: true,
            is_deprecated: false,
            fields: Vec::new(),
            is_struct: true,
            has_rest: false,
        }
    }

    fn sent(name: &str, constants: &[(&str, serde_json::Value)]) -> Lowered {
        let mut lowered = lower(node("openapi: 3.0.3\n"), &Settings::default()).0;
        lowered.types.push(object(name));
        lowered.constants.extend(constants.iter().map(|(field, value)| ConstantPlan {
            pointer: Pointer::to_schema(name),
            type_name: name.to_owned(),
            field: (*field).to_owned(),
            value: value.clone(),
        }));
        lowered
    }

    #[test]
    fn a_builder_has_a_line_for_each_field_and_is_made_into_the_unions_of_its_object() {
        let file: File = parse_quote! {
            pub struct Asked {
                /// How to flatten it.
                pub a: ::std::string::String,
                #[deprecated]
                #[serde(rename = "flatten")]
                pub b: ::std::option::Option<crate::Number>,
                pub c: ::std::vec::Vec<Thing>,
                pub d: ::std::option::Option<::std::vec::Vec<Thing>>,
                pub e: ::std::option::Option<crate::Nullable<::std::vec::Vec<Thing>>>,
                pub f: ::std::option::Option<::std::boxed::Box<Asked>>,
                pub g: ::std::option::Option<crate::Nullable<bool>>,
                #[serde(flatten)]
                pub extra: ::std::collections::HashMap<::std::string::String, i64>,
            }
            impl ::std::convert::From<Asked> for Either { fn from(value: Asked) -> Self {} }
            pub struct Told { pub a: u8 }
        };
        let sent = sent("Asked", &[("a", "x".into()), ("b", 1.into()), ("g", true.into())]);
        let built = of(&file.items, &sent, &parse_quote!(crate)).unwrap();
        assert_eq!(built.len(), 1);
        let expected = "\
crate::object_builder! { AskedBuilder.build => Asked => Either {
    a: required ::std::string::String = \"x\".into(),
    #[deprecated] b: optional crate::Number = 1_i64.into(),
    c: list Thing,
    d: optional_list Thing,
    e: nullable_list Thing,
    f: optional_box Asked,
    g: nullable bool = true.into(),
    extra: rest ::std::collections::HashMap<::std::string::String, i64>,
} }
";
        assert_eq!(built["Asked"], expected);
    }

    #[test]
    fn a_field_that_is_called_like_the_last_step_has_its_name() {
        let file: File = parse_quote! { pub struct Asked { pub build: bool } };
        let built = of(&file.items, &sent("Asked", &[]), &parse_quote!(crate)).unwrap();
        assert!(built["Asked"].contains("AskedBuilder.build_object => Asked"), "{built:?}");
    }

    #[test]
    fn a_constant_that_no_builder_has_is_told() {
        let file: File = parse_quote! { pub struct Asked { pub a: bool } };
        let sent = sent("Asked", &[("kind", "x".into())]);
        let told = of(&file.items, &sent, &parse_quote!(crate)).unwrap_err();
        assert_eq!(told[0].problem, "the builder of `Asked` has no field `kind`");
    }

    #[test]
    fn the_builders_of_the_generator_go_and_one_that_is_missing_is_told() {
        let mut file: File = parse_quote! {
            pub struct Asked { a: u8 }
            impl Asked { pub fn builder() -> builder::Asked { Default::default() } }
            impl Asked { pub fn other() {} }
            pub mod builder { pub struct Asked; }
        };
        let told = leave_out(&mut file.items, &[object("Asked"), object("Other")]);
        let problems: Vec<&str> = told.iter().map(|told| &*told.problem).collect();
        assert_eq!(problems, ["the generator created no builder for `Other`"]);
        let expected: File = parse_quote! {
            pub struct Asked { a: u8 }
            impl Asked { pub fn other() {} }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

use syn::{Field, File, GenericArgument, Item, ItemMod, PathArguments, Type, TypePath};

use crate::{
    document::{Node, Pointer, walk},
    lower::SECRET,
};

/// Checks that each secret of the document is one in the types: a place that the generator made a plain
/// text of would show it.
pub(super) fn check(client: &File, lowered: &Node, secret: &str) -> Result<(), String> {
    let references = references(lowered);
    let fields = client.items.iter().map(|item| match item {
        Item::Mod(module) if module.ident == "types" => fields_in(module, secret),
        _ => 0,
    });
    let fields = fields.sum::<usize>();
    if references == fields {
        return Ok(());
    }
    Err(format!(
        "{references} places are secrets, and the generated types have {fields} fields of `{secret}`"
    ))
}

fn references(lowered: &Node) -> usize {
    let target = format!("#{}", Pointer::to_schema(SECRET));
    let mut references = 0;
    walk(lowered, &mut |node, _, _| {
        references += usize::from(node.reference_target() == Some(&target));
    });
    references
}

/// How many fields of structs and enums are secrets. The builders have the same fields again.
fn fields_in(module: &ItemMod, secret: &str) -> usize {
    let is_secret = |field: &&Field| is_within(&field.ty, secret);
    let items = module.content.iter().flat_map(|(_, items)| items);
    let counts = items.map(|item| match item {
        Item::Struct(of) => of.fields.iter().filter(is_secret).count(),
        Item::Enum(of) => {
            of.variants.iter().flat_map(|variant| &variant.fields).filter(is_secret).count()
        }
        _ => 0,
    });
    counts.sum()
}

/// Whether a type is the one of this path, or holds it.
fn is_within(of: &Type, wanted: &str) -> bool {
    let Type::Path(TypePath { path, .. }) = of else { return false };
    let names = path.segments.iter().map(|segment| segment.ident.to_string());
    let arguments = path.segments.iter().filter_map(|segment| match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    });
    let mut inner = arguments.flatten().filter_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    });
    names.collect::<Vec<_>>().join("::") == wanted || inner.any(|inner| is_within(inner, wanted))
}

#[cfg(test)]
mod tests {
    use syn::{File, parse_quote};

    use super::check;
    use crate::rule::tests::node;

    const LOWERED: &str = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {url: {allOf: [{$ref: '#/components/schemas/Secret'}]}}}, Secret: {type: string}}}\n";

    #[test]
    fn a_secret_that_became_a_plain_text_is_found() {
        let lowered = node(LOWERED);
        let good: File = parse_quote! {
            pub mod types {
                pub struct A { pub url: ::std::option::Option<crate::Secret> }
                pub mod builder {
                    pub struct A { url: Result<::std::option::Option<crate::Secret>, String> }
                }
            }
        };
        assert_eq!(check(&good, &lowered, "crate::Secret"), Ok(()));
        let bad: File = parse_quote! {
            pub mod types {
                pub struct A { pub url: ::std::option::Option<String> }
            }
        };
        let told = check(&bad, &lowered, "crate::Secret").unwrap_err();
        assert!(told.contains("1 places are secrets") && told.contains("have 0 fields"), "{told}");
    }
}

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::{Attribute, Field, File, Item, ItemStruct, LitStr, Path, parse_quote};

use super::items::module;

/// Has the lists and maps of answers read by a function that takes null for none: the generator's
/// own code takes a missing one for empty, and fails on null. Gives the types that have some.
pub(super) fn read_by(
    client: &mut File,
    answer_types: &BTreeSet<String>,
    function: &Path,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in module(&mut client.items, "types").into_iter().flatten() {
        if let Item::Struct(item) = item
            && answer_types.contains(&item.ident.to_string())
            && read_fields_by(item, function)
        {
            found.insert(item.ident.to_string());
        }
    }
    found
}

/// Whether there are any.
fn read_fields_by(item: &mut ItemStruct, function: &Path) -> bool {
    let mut has_any = false;
    let path = function.to_token_stream().to_string().replace(' ', "");
    for field in item.fields.iter_mut().filter(|field| is_left_out_when_empty(field)) {
        let path = LitStr::new(&path, proc_macro2::Span::call_site());
        field.attrs.push(parse_quote!(#[serde(deserialize_with = #path)]));
        has_any = true;
    }
    has_any
}

fn is_left_out_when_empty(field: &Field) -> bool {
    let text = |attribute: &Attribute| attribute.to_token_stream().to_string();
    field.attrs.iter().map(text).any(|text| text.contains("default") && text.contains("is_empty"))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::read_by;

    #[test]
    fn lists_of_answers_are_read_by_the_function_and_the_rest_stays() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub struct Asked {
                    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                    list: Vec<String>,
                }
                pub struct Told {
                    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                    text: Option<String>,
                    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
                    list: Vec<String>,
                }
            }
        };
        let answers = ["Told".to_owned()].into_iter().collect();
        read_by(&mut file, &answers, &parse_quote!(crate::null_as_empty));
        let text = file.to_token_stream().to_string();
        let attribute = r#"# [serde (deserialize_with = "crate::null_as_empty")]"#;
        assert_eq!(text.matches(attribute).count(), 1, "{text}");
        assert!(text.ends_with(&format!("{attribute} list : Vec < String > , }} }}")), "{text}");
    }
}

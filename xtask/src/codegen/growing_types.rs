use syn::{Attribute, Fields, File, Item, parse_quote};

use super::items::module;

/// Marks the types of the client that the documentation may add to, so that a field or a variant
/// more breaks no program: objects are made by their builders, and a `match` has an arm for the rest.
pub(super) fn mark(client: &mut File) {
    for item in module(&mut client.items, "types").into_iter().flatten() {
        match item {
            Item::Struct(item) if matches!(item.fields, Fields::Named(_)) => {
                item.attrs.push(non_exhaustive());
            }
            Item::Enum(item) => item.attrs.push(non_exhaustive()),
            _ => {}
        }
    }
}

fn non_exhaustive() -> Attribute {
    parse_quote!(#[non_exhaustive])
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::mark;

    #[test]
    fn objects_and_enums_may_grow_and_what_holds_one_value_may_not() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub struct Thing { pub id: String }
                pub enum State { Ready }
                pub struct Id(pub String);
            }
        };
        mark(&mut file);
        let expected: File = parse_quote! {
            pub mod types {
                #[non_exhaustive]
                pub struct Thing { pub id: String }
                #[non_exhaustive]
                pub enum State { Ready }
                pub struct Id(pub String);
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

use std::collections::BTreeSet;

use syn::{File, Item};

use super::items::{implementer, module};

/// Leaves out the builders of types that only answers carry: nobody sends them, and they were half
/// of what users had to compile. In tests these types are written as literals, as every field of
/// them is optional. Gives the types whose builders were found.
pub(super) fn leave_out(client: &mut File, answer_types: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let Some(types) = module(&mut client.items, "types") else {
        return found;
    };
    types.retain(|item| !(makes_a_builder(item) && answer_types.contains(&name_of(item))));
    if let Some(builders) = module(types, "builder") {
        builders.retain(|item| {
            let name = name_of(item);
            let is_left_out = answer_types.contains(&name);
            found.extend(is_left_out.then_some(name));
            !is_left_out
        });
    }
    found
}

/// The type that an item defines or implements something for.
fn name_of(item: &Item) -> String {
    match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Impl(item) => implementer(item).unwrap_or_default(),
        _ => String::new(),
    }
}

/// `impl X { pub fn builder() .. }`
fn makes_a_builder(item: &Item) -> bool {
    let Item::Impl(item) = item else {
        return false;
    };
    let functions = item.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(function) => Some(function.sig.ident == "builder"),
        _ => None,
    });
    item.trait_.is_none() && functions.collect::<Vec<bool>>() == [true]
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::leave_out;

    #[test]
    fn the_builder_of_an_answer_goes_and_that_of_a_request_stays() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub struct Asked { a: u8 }
                impl Asked { pub fn builder() -> builder::Asked { Default::default() } }
                pub struct Told { a: u8 }
                impl Told { pub fn builder() -> builder::Told { Default::default() } }
                impl Told { pub fn other() {} }
                pub mod builder {
                    pub struct Asked;
                    impl Asked { pub fn a(self) {} }
                    pub struct Told;
                    impl TryFrom<Told> for super::Told {}
                    impl From<super::Told> for Told {}
                }
            }
        };
        leave_out(&mut file, &["Told".to_owned()].into_iter().collect());
        let expected: File = parse_quote! {
            pub mod types {
                pub struct Asked { a: u8 }
                impl Asked { pub fn builder() -> builder::Asked { Default::default() } }
                pub struct Told { a: u8 }
                impl Told { pub fn other() {} }
                pub mod builder {
                    pub struct Asked;
                    impl Asked { pub fn a(self) {} }
                }
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }
}

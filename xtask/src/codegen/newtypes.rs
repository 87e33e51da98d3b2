//! The generator's newtypes of lists, texts and maps: generic code borrows what they hold by `AsRef`. With the
//! generator's `Deref`, the documentation of each repeats every method of the standard library's type.

use syn::{ImplItem, Item, Type, parse_quote};

use super::items::argument;

/// Replaces `Deref` of the types by `AsRef`, and by `as_str` where a type holds a text, as enums have it: a
/// list of known values may make the one the other.
pub(super) fn lend(types: &mut Vec<Item>) {
    let lent = types.drain(..).flat_map(|item| match target(&item) {
        Some((newtype, held)) => without_deref(newtype, held),
        None => vec![item],
    });
    *types = lent.collect();
}

fn without_deref(newtype: &Type, held: &Type) -> Vec<Item> {
    let borrowed = match argument(held, "Vec") {
        Some(element) => parse_quote!([#element]),
        None if is_text(held) => parse_quote!(str),
        None => held.clone(),
    };
    let as_ref = parse_quote! {
        impl ::std::convert::AsRef<#borrowed> for #newtype {
            fn as_ref(&self) -> &#borrowed {
                &self.0
            }
        }
    };
    if !is_text(held) {
        return vec![as_ref];
    }
    let as_str = parse_quote! {
        impl #newtype {
            /// The text that this holds.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
    vec![as_str, as_ref]
}

fn is_text(held: &Type) -> bool {
    matches!(held, Type::Path(held) if held.path.segments.last().is_some_and(|last| last.ident == "String"))
}

/// The type that an item implements `Deref` for, and what it gives.
fn target(item: &Item) -> Option<(&Type, &Type)> {
    let Item::Impl(implementation) = item else {
        return None;
    };
    let (path, _) = implementation.trait_.as_ref()?;
    path.segments.last().filter(|segment| segment.ident == "Deref")?;
    implementation.items.iter().find_map(|item| match item {
        ImplItem::Type(target) if target.ident == "Target" => {
            Some((&*implementation.self_ty, &target.ty))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{Item, Type, parse_quote};

    use super::lend;

    /// The code of a newtype that derefs, after the change.
    fn lent(held: &Type) -> String {
        let mut types: Vec<Item> = vec![parse_quote! {
            impl ::std::ops::Deref for Pets {
                type Target = #held;
                fn deref(&self) -> &#held {
                    &self.0
                }
            }
        }];
        lend(&mut types);
        types.iter().map(|item| item.to_token_stream().to_string()).collect()
    }

    #[test]
    fn a_newtype_lends_what_it_holds_and_has_none_of_its_methods() {
        let map: Type = parse_quote!(::std::collections::HashMap<::std::string::String, Pet>);
        let cases: [(Type, Type); 3] = [
            (parse_quote!(::std::vec::Vec<Pet>), parse_quote!([Pet])),
            (parse_quote!(::std::string::String), parse_quote!(str)),
            (map.clone(), map),
        ];
        for (held, borrowed) in cases {
            let code = lent(&held);
            let as_ref: Type = parse_quote!(AsRef<#borrowed>);
            assert!(code.contains(&as_ref.to_token_stream().to_string()), "{code}");
            assert!(!code.contains("Deref"), "{code}");
        }
    }

    #[test]
    fn a_text_is_read_as_that_of_an_enum_is() {
        assert!(lent(&parse_quote!(::std::string::String)).contains("fn as_str (& self) -> & str"));
        assert!(!lent(&parse_quote!(::std::vec::Vec<Pet>)).contains("as_str"));
    }
}

use std::collections::BTreeSet;

use syn::{Fields, File, GenericArgument, Item, ItemFn, PathArguments, Type, parse_quote};

use super::items::module;

/// Has a null that was read be one that is written: of `Option<Nullable…>`, null is a value and
/// `None` is what was not there.
pub(super) fn keep(client: &mut File) {
    let Some(types) = module(&mut client.items, "types") else {
        return;
    };
    let nullable: BTreeSet<String> = types.iter().filter_map(nullable_type).collect();
    let mut is_used = false;
    for item in types.iter_mut() {
        let Item::Struct(item) = item else {
            continue;
        };
        let fields = item.fields.iter_mut().filter(|field| field.ident.is_some());
        for field in fields {
            let inner = optional(&field.ty).and_then(name);
            if inner.is_some_and(|name| nullable.contains(&name)) {
                field.attrs.push(parse_quote!(#[serde(default, deserialize_with = "present")]));
                is_used = true;
            }
        }
    }
    if is_used {
        types.push(Item::Fn(present()));
    }
}

/// The name of a type that is a value or null.
fn nullable_type(item: &Item) -> Option<String> {
    let Item::Struct(item) = item else {
        return None;
    };
    let Fields::Unnamed(fields) = &item.fields else {
        return None;
    };
    optional(&fields.unnamed.first()?.ty).map(|_| item.ident.to_string())
}

/// What an `Option` holds.
fn optional(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn name(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else {
        return None;
    };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

fn present() -> ItemFn {
    parse_quote! {
        /// Reads what is there, be it null.
        fn present<'de, T, D>(
            deserializer: D,
        ) -> ::std::result::Result<::std::option::Option<T>, D::Error>
        where
            T: ::serde::Deserialize<'de>,
            D: ::serde::Deserializer<'de>,
        {
            T::deserialize(deserializer).map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::keep;

    #[test]
    fn what_may_be_null_or_absent_is_read_as_either() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub struct Change {
                    pub title: ::std::option::Option<NullableString>,
                    pub name: ::std::option::Option<String>,
                    pub whole: NullableString,
                    pub list: ::std::option::Option<StringArray>,
                }
                pub struct NullableString(pub ::std::option::Option<::std::string::String>);
                pub struct StringArray(pub ::std::vec::Vec<::std::string::String>);
            }
        };
        keep(&mut file);
        let text = file.to_token_stream().to_string();
        let attribute = r#"# [serde (default , deserialize_with = "present")]"#;
        assert_eq!(text.matches(attribute).count(), 1, "{text}");
        assert!(text.contains(&format!("{attribute} pub title")), "{text}");
        assert_eq!(text.matches("fn present").count(), 1, "{text}");
    }

    #[test]
    fn a_client_without_such_fields_stays() {
        let mut file: File = parse_quote! {
            pub mod types { pub struct Change { pub name: ::std::option::Option<String> } }
        };
        let before = file.to_token_stream().to_string();
        keep(&mut file);
        assert_eq!(file.to_token_stream().to_string(), before);
    }
}

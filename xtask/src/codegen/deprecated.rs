use std::collections::BTreeSet;

use syn::{Attribute, Field, Fields, File, Ident, ImplItem, Item, parse_quote};

use super::items::{implementer, module};
use crate::lower::Deprecated;

/// Marks what the documentation calls deprecated: types, their fields, and the setters of these.
/// Gives what has a type or a field of another name in the generated code, and stays unmarked.
pub(super) fn mark(client: &mut File, deprecated: &Deprecated) -> Vec<String> {
    let mut marker = Marker { deprecated, seen: BTreeSet::new() };
    if let Some(types) = module(&mut client.items, "types") {
        types.iter_mut().for_each(|item| marker.mark_type(item));
        let builders = module(types, "builder").into_iter().flatten();
        builders.for_each(|item| marker.mark_setters(item));
    }
    let fields = deprecated.fields.iter().map(|(name, field)| format!("{name}.{field}"));
    let all = deprecated.types.iter().cloned().chain(fields);
    all.filter(|name| !marker.seen.contains(name)).collect()
}

/// The field of a property, without what the generator adds to a keyword.
fn field_of(ident: &Ident) -> String {
    let text = ident.to_string();
    let plain = text.strip_prefix("r#").unwrap_or(&text);
    match plain.strip_suffix('_') {
        Some(keyword) if syn::parse_str::<Ident>(keyword).is_err() => keyword.to_owned(),
        _ => plain.to_owned(),
    }
}

struct Marker<'a> {
    deprecated: &'a Deprecated,
    /// What was marked.
    seen: BTreeSet<String>,
}

impl Marker<'_> {
    fn mark_type(&mut self, item: &mut Item) {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                self.mark_name(&name, &mut item.attrs);
                self.mark_fields(&name, &mut item.fields);
            }
            Item::Enum(item) => {
                let name = item.ident.to_string();
                self.mark_name(&name, &mut item.attrs);
                for variant in &mut item.variants {
                    self.mark_fields(&format!("{name}{}", variant.ident), &mut variant.fields);
                }
            }
            _ => {}
        }
    }

    fn mark_name(&mut self, name: &str, attributes: &mut Vec<Attribute>) {
        if self.deprecated.types.contains(name) {
            self.seen.insert(name.to_owned());
            attributes.push(attribute());
        }
    }

    fn mark_fields(&mut self, of: &str, fields: &mut Fields) {
        let Fields::Named(fields) = fields else {
            return;
        };
        for Field { ident, attrs, .. } in &mut fields.named {
            let field = ident.as_ref().map(field_of).unwrap_or_default();
            if self.deprecated.fields.contains(&(of.to_owned(), field.clone())) {
                self.seen.insert(format!("{of}.{field}"));
                attrs.push(attribute());
            }
        }
    }

    fn mark_setters(&mut self, item: &mut Item) {
        let Item::Impl(item) = item else {
            return;
        };
        let Some(of) = implementer(item).filter(|_| item.trait_.is_none()) else {
            return;
        };
        for item in &mut item.items {
            if let ImplItem::Fn(setter) = item
                && self.deprecated.fields.contains(&(of.clone(), field_of(&setter.sig.ident)))
            {
                setter.attrs.push(attribute());
            }
        }
    }
}

fn attribute() -> Attribute {
    parse_quote!(#[deprecated])
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use syn::{File, parse_quote};

    use super::mark;
    use crate::lower::Deprecated;

    fn deprecated(types: &[&str], fields: &[(&str, &str)]) -> Deprecated {
        let fields = fields.iter().map(|(name, field)| ((*name).to_owned(), (*field).to_owned()));
        Deprecated {
            types: types.iter().map(|name| (*name).to_owned()).collect(),
            fields: fields.collect(),
        }
    }

    #[test]
    fn types_fields_and_setters_are_marked() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub struct Thing { pub id: String, pub old: String, pub type_: String }
                pub struct Old(pub String);
                pub enum Either { One { old: i64, new: i64 }, Other(String) }
                pub mod builder {
                    impl Thing { pub fn id(self) {} pub fn old(self) {} pub fn type_(self) {} }
                    impl Default for Thing { fn old() {} }
                    impl Other { pub fn old(self) {} }
                }
            }
        };
        let all =
            deprecated(&["Old"], &[("Thing", "old"), ("Thing", "type"), ("EitherOne", "old")]);
        assert_eq!(mark(&mut file, &all), [""; 0]);
        let expected: File = parse_quote! {
            pub mod types {
                pub struct Thing { pub id: String, #[deprecated] pub old: String, #[deprecated] pub type_: String }
                #[deprecated]
                pub struct Old(pub String);
                pub enum Either { One { #[deprecated] old: i64, new: i64 }, Other(String) }
                pub mod builder {
                    impl Thing { pub fn id(self) {} #[deprecated] pub fn old(self) {} #[deprecated] pub fn type_(self) {} }
                    impl Default for Thing { fn old() {} }
                    impl Other { pub fn old(self) {} }
                }
            }
        };
        assert_eq!(file.to_token_stream().to_string(), expected.to_token_stream().to_string());
    }

    #[test]
    fn what_the_generated_code_does_not_have_is_named() {
        let mut file: File = parse_quote! { pub mod types { pub struct Thing { pub id: String } } };
        let missing = mark(&mut file, &deprecated(&["Old"], &[("Thing", "old")]));
        assert_eq!(missing, ["Old", "Thing.old"]);
    }
}

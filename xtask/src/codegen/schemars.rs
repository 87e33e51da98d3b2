use syn::{Attribute, File, Item, parse_quote};

use super::items::module;

/// Gives every type of the client a JSON Schema under the feature `schemars`, so that the
/// dependency stays optional: progenitor itself can only add a derive for everybody.
pub(super) fn derive_on_request(client: &mut File) {
    for item in module(&mut client.items, "types").into_iter().flatten() {
        if let Item::Struct(syn::ItemStruct { attrs, .. })
        | Item::Enum(syn::ItemEnum { attrs, .. }) = item
        {
            attrs.push(derive());
        }
    }
}

fn derive() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))])
}

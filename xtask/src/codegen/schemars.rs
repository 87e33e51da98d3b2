use syn::{Attribute, File, Item, parse_quote};

/// Gives every type of the client a JSON Schema under the feature `schemars`, so that the
/// dependency stays optional: progenitor itself can only add a derive for everybody.
pub(super) fn derive_on_request(client: &mut File) {
    let types = client.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    for item in types.into_iter().flat_map(|(_, items)| items) {
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

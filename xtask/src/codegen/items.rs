use quote::ToTokens;
use syn::{GenericArgument, Item, ItemImpl, Path, PathArguments, Type};

/// The items of a module among these.
pub(super) fn module<'a>(items: &'a mut [Item], name: &str) -> Option<&'a mut Vec<Item>> {
    items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// The name of the type that something is implemented for.
pub(super) fn implementer(implementation: &ItemImpl) -> Option<String> {
    match &*implementation.self_ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The first generic argument of a type of this name.
pub(super) fn argument<'a>(of: &'a Type, name: &str) -> Option<&'a Type> {
    match of {
        Type::Path(of) => argument_of_path(&of.path, name),
        _ => None,
    }
}

/// The first generic argument of a path that ends in this name.
pub(super) fn argument_of_path<'a>(path: &'a Path, name: &str) -> Option<&'a Type> {
    let last = path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// Code as text, of one line.
pub(super) fn written(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "").replace(',', ", ")
}

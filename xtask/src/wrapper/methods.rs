use std::collections::BTreeMap;

use syn::{
    Attribute, Expr, ImplItem, ImplItemFn, Item, ItemImpl, Lit, Meta, ReturnType, Type, Visibility,
    punctuated::Punctuated,
};

use super::source::SourceFile;
use crate::document::Place;

/// A method that calls operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// As a user writes it: `datasets().status`.
    pub name: String,
    /// The ids of the operations that it calls.
    pub operations: Vec<String>,
    /// Where it is.
    pub place: Place,
}

/// The methods that say which operations they call.
pub(super) fn of(files: &[SourceFile]) -> Vec<Method> {
    let accessors = accessors(files);
    let mut methods = Vec::new();
    for file in files {
        for (implementer, method) in public_methods(file) {
            let operations: Vec<String> = method.attrs.iter().flat_map(aliases).collect();
            if operations.is_empty() {
                continue;
            }
            let name = match accessors.get(&implementer) {
                Some(accessor) => format!("{accessor}().{}", method.sig.ident),
                None => format!("{implementer}::{}", method.sig.ident),
            };
            let place = file.place(method.sig.ident.span());
            methods.push(Method { name, operations, place });
        }
    }
    methods.sort_by(|a, b| a.name.cmp(&b.name));
    methods
}

/// Type -> the method of another type that gives it and takes nothing: `Datasets` -> `datasets`.
fn accessors(files: &[SourceFile]) -> BTreeMap<String, String> {
    let methods = files.iter().flat_map(public_methods);
    let accessors = methods.filter_map(|(_, method)| {
        let is_bare = method.sig.inputs.len() == 1 && method.sig.receiver().is_some();
        let ReturnType::Type(_, given) = &method.sig.output else {
            return None;
        };
        is_bare.then(|| Some((name_of(given)?, method.sig.ident.to_string()))).flatten()
    });
    accessors.collect()
}

fn public_methods(file: &SourceFile) -> impl Iterator<Item = (String, &ImplItemFn)> {
    let implementations = file.code.items.iter().filter_map(|item| match item {
        Item::Impl(implementation @ ItemImpl { trait_: None, .. }) => Some(implementation),
        _ => None,
    });
    implementations.flat_map(|implementation| {
        let name = name_of(&implementation.self_ty).unwrap_or_default();
        implementation.items.iter().filter_map(move |item| match item {
            ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => {
                Some((name.clone(), method))
            }
            _ => None,
        })
    })
}

fn name_of(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The texts of `#[doc(alias = "…")]`.
fn aliases(attribute: &Attribute) -> Vec<String> {
    if !attribute.path().is_ident("doc") {
        return Vec::new();
    }
    let Meta::List(list) = &attribute.meta else {
        return Vec::new();
    };
    let parts = list.parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated);
    let parts = parts.into_iter().flatten();
    parts
        .filter_map(|part| match part {
            Meta::NameValue(part) if part.path.is_ident("alias") => match part.value {
                Expr::Lit(literal) => match literal.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .collect()
}

use std::collections::BTreeMap;

use syn::{Expr, ExprLit, File, Item, ItemImpl, Lit, Pat, Type};

use crate::document::builder_name;

/// Visits what is implemented for the builders of these operations, with what is said of each.
pub(super) fn visit<T>(
    client: &mut File,
    operations: &BTreeMap<String, T>,
    mut visit: impl FnMut(&T, &mut ItemImpl),
) {
    let builders: BTreeMap<String, &T> =
        operations.iter().map(|(id, said)| (builder_name(id), said)).collect();
    for item in module(&mut client.items, "builder").into_iter().flatten() {
        if let Item::Impl(implementation) = item
            && let Some(said) = implementer(implementation).and_then(|name| builders.get(&name))
        {
            visit(said, implementation);
        }
    }
}

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

/// The status of an arm, as a document writes it.
pub(super) fn status_of(pattern: &Pat) -> Option<String> {
    let number = |literal: &Lit| match literal {
        Lit::Int(number) => number.base10_parse::<u16>().ok(),
        _ => None,
    };
    match pattern {
        Pat::Lit(ExprLit { lit, .. }) => number(lit).map(|status| status.to_string()),
        Pat::Range(range) => match range.start.as_deref()? {
            Expr::Lit(ExprLit { lit, .. }) => Some(format!("{}XX", number(lit)? / 100)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use syn::{Arm, File, parse_quote};

    use super::{status_of, visit};

    #[test]
    fn the_status_of_an_arm_is_a_number_or_a_range() {
        let statuses: [Arm; 3] =
            [parse_quote!(200u16 => a,), parse_quote!(200..=299 => a,), parse_quote!(_ => a,)];
        let statuses = statuses.map(|arm| status_of(&arm.pat));
        assert_eq!(statuses, [Some("200".to_owned()), Some("2XX".to_owned()), None]);
    }

    #[test]
    fn the_builder_of_an_operation_is_visited_and_its_namesake_among_the_types_is_not() {
        let mut file: File = parse_quote! {
            pub mod types {
                pub mod builder {
                    impl GetA { fn of_a_type() {} }
                }
            }
            pub mod builder {
                impl<'a> GetA<'a> { fn one() {} }
                impl<'a> super::GetA<'a> { fn another() {} }
                impl<'a> GetB<'a> { fn other() {} }
            }
        };
        let mut visited = Vec::new();
        let operations = [("get-a".to_owned(), 1)].into_iter().collect();
        visit(&mut file, &operations, |said, implementation| {
            visited.push((*said, implementation.items.len()));
        });
        assert_eq!(visited, [(1, 1), (1, 1)]);
    }
}

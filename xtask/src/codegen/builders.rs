use std::collections::BTreeMap;

use syn::{File, Item, ItemImpl, Type};

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

#[cfg(test)]
mod tests {
    use syn::{File, parse_quote};

    use super::visit;

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

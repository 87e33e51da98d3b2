use std::collections::{HashMap, HashSet};

use crate::{
    document::{Document, Node, Pointer, type_name},
    rule::Context,
};

/// The names of types that are taken. Who wants a name that is taken is refused: a suffix would
/// move when a page is added.
#[derive(Debug)]
pub(super) struct Names(HashMap<String, Taken>);

#[derive(Debug)]
struct Taken {
    name: String,
    from: Pointer,
}

/// A name that is wanted.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    /// What it is for, for a message.
    pub(super) what: &'a str,
    /// What it is made from: the pointer of a component or of an operation.
    pub(super) from: &'a Pointer,
}

impl Names {
    /// The names of the components.
    pub(super) fn of(document: &Node) -> Self {
        let taken = Document(document).schemas().map(|(name, _)| {
            let from = Pointer::to_schema(name);
            (type_name(name), Taken { name: name.to_string(), from })
        });
        Self(taken.collect())
    }

    /// The name, with a suffix where it is taken: for types that lowering names itself, and that
    /// nothing but their place would name otherwise.
    pub(super) fn or_else(&self, name: String, suffix: &str) -> String {
        match self.0.contains_key(&type_name(&name)) {
            true => name + suffix,
            false => name,
        }
    }

    /// Takes a name, or refuses what wants it.
    pub(super) fn take(
        &mut self,
        document: &Node,
        wanted: &Wanted<'_>,
        at: &Pointer,
        context: &mut Context<'_>,
    ) -> bool {
        let Wanted { name, what, from } = wanted;
        if let Some(taken) = self.0.get(&type_name(name)) {
            let place = document.at(at).map_or(document.place, |node| node.place);
            let problem = match taken.name == **name {
                true => format!("{what} would be named `{name}`, like another schema"),
                false => {
                    let other = &taken.name;
                    format!(
                        "{what} would be named `{name}`, which is the same name in Rust as \
                         `{other}`"
                    )
                }
            };
            // Another name for both would move them together.
            let remedy = match taken.from == **from {
                true => "move one of them into a component in the source".to_owned(),
                false => rename(&taken.from),
            };
            context.refuse(document, at, place, problem, remedy);
            return false;
        }
        let taken = Taken { name: (*name).to_owned(), from: (*from).clone() };
        self.0.insert(type_name(name), taken);
        true
    }
}

/// The names that components made by the way still can have. They are numbered where they are
/// taken: what they are made of is no more than what the documented ones hold.
#[derive(Debug)]
pub(super) struct FreeNames(HashSet<String>);

impl FreeNames {
    /// The names that are no component's.
    pub(super) fn of(document: &Node) -> Self {
        Self(Document(document).schemas().map(|(name, _)| type_name(name)).collect())
    }

    /// Takes a name, or the next one that is free.
    pub(super) fn take(&mut self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let free = candidates.find(|name| self.0.insert(type_name(name)));
        free.unwrap_or_else(|| name.to_owned())
    }
}

/// Sets schema components, in a section that is made where there is none.
pub(super) fn add_schemas(document: &mut Node, added: impl IntoIterator<Item = (String, Node)>) {
    for (name, schema) in added {
        let components = document.object_at("components");
        if let Some(schemas) = components.and_then(|all| all.object_at("schemas")) {
            schemas.set(&name, schema);
        }
    }
}

/// Adds a schema component that lowering makes, unless its name is taken.
pub(super) fn define(document: &mut Node, name: &str, schema: Node, context: &mut Context<'_>) {
    let from = Pointer::to_schema(name);
    let wanted = Wanted { name, what: "a type that lowering creates", from: &from };
    if Names::of(document).take(document, &wanted, &from, context) {
        add_schemas(document, [(name.to_owned(), schema)]);
    }
}

/// How the name that is made from something can be changed.
fn rename(from: &Pointer) -> String {
    match from.tokens()[..] {
        ["paths", path, method, ..] => {
            let method = method.to_uppercase();
            format!("give {method} {path} another `operationId`")
        }
        ["components", "schemas", name] => {
            format!("rename `{name}` under [names] in the manifest")
        }
        _ => format!("rename {from} where it is published"),
    }
}

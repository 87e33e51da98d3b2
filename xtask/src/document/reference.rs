use std::collections::HashMap;

use super::{Key, Kind, Node, Pointer, Value, walk_mut};

/// New names of components, by section and old name.
#[derive(Clone, Debug, Default)]
pub struct Renames(HashMap<(String, String), String>);

impl Renames {
    /// Notes that the component `old` of `section` is to be called `new`.
    pub fn insert(&mut self, section: &str, old: &str, new: &str) {
        self.0.insert((section.to_owned(), old.to_owned()), new.to_owned());
    }

    /// Whether no component is to be called anything else.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get(&self, section: &str, old: &str) -> Option<&str> {
        self.0.get(&(section.to_owned(), old.to_owned())).map(String::as_str)
    }

    /// Renames the components, every `$ref` to them, every discriminator mapping and every security
    /// requirement. Returns the references that were percent-encoded: they name their components in
    /// plain letters afterwards.
    pub fn apply(&self, document: &mut Node) -> Vec<String> {
        let mut decoded = Vec::new();
        walk_mut(document, &mut |node, kind, _| {
            match kind {
                Kind::Components => self.rename_definitions(node),
                Kind::Discriminator => self.rename_mapping(node),
                Kind::SecurityRequirement => self.rename_members(node, "securitySchemes"),
                _ => {}
            }
            if kind.takes_reference() {
                decoded.extend(self.rename_target(node));
            }
        });
        decoded
    }

    fn rename_definitions(&self, components: &mut Node) {
        let sections = components.members_mut();
        let known = sections.filter(|(name, _)| Kind::Components.shape_of(name).is_some());
        for (section, definitions) in known {
            self.rename_members(definitions, section);
        }
    }

    /// The keys of a mapping that are names of this section.
    fn rename_members(&self, node: &mut Node, section: &str) {
        let Some(members) = node.as_object_mut() else {
            return;
        };
        *members = std::mem::take(members)
            .into_iter()
            .map(|(key, node)| match self.get(section, &key) {
                Some(new) => (Key::new(key.place, new), node),
                None => (key, node),
            })
            .collect();
    }

    /// Returns the reference as it was, where it was decoded alone.
    fn rename_target(&self, node: &mut Node) -> Option<String> {
        let target = node.reference_target()?.to_owned();
        let renamed = self.renamed(&target)?;
        let is_same = Pointer::from_reference(&target) == Pointer::from_reference(&renamed);
        let is_decoded = is_same && target != renamed;
        node.get_mut("$ref")?.value = Value::String(renamed);
        is_decoded.then_some(target)
    }

    /// The values of a mapping are references, or bare names of schemas.
    fn rename_mapping(&self, discriminator: &mut Node) {
        let Some(mapping) = discriminator.get_mut("mapping") else {
            return;
        };
        for (_, target) in mapping.members_mut() {
            let renamed = target.as_str().and_then(|text| {
                self.renamed(text).or_else(|| self.get("schemas", text).map(str::to_owned))
            });
            if let Some(renamed) = renamed {
                target.value = Value::String(renamed);
            }
        }
    }

    /// The reference to a renamed component; `None` if it is not a component.
    fn renamed(&self, reference: &str) -> Option<String> {
        let pointer = Pointer::from_reference(reference)?;
        match pointer.tokens()[..] {
            ["components", section, name, ref rest @ ..] => {
                let new = self.get(section, name).unwrap_or(name);
                let tokens = ["components", section, new].into_iter().chain(rest.iter().copied());
                Some(tokens.collect::<Pointer>().to_reference())
            }
            _ => None,
        }
    }
}
/// Whether the target of a discriminator's mapping is a branch of its union: by the reference of the
/// branch, or by the name of its schema.
pub fn is_mapped_to(target: &Node, branch: &Node) -> bool {
    let Some(reference) = branch.reference_target() else {
        return false;
    };
    let schema = Pointer::from_reference(reference);
    let name = schema.as_ref().and_then(Pointer::schema_component);
    target.as_str().is_some_and(|target| target == reference || Some(target) == name)
}

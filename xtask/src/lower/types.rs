//! The types that the generator makes of a document, by their names.

use std::collections::{BTreeMap, HashMap};

use super::{REPLACED, SECRET, reach::Reach, schema_plans::DocumentedSchemas};
use crate::{
    document::{
        Document, JSON, Kind, Node, Operation, Place, Pointer, essence, field_name, operations,
        type_name, walk_part_mut,
    },
    plan::{FieldForm, FieldPlan, TypePlan, WireName},
};

/// Finds two schemas whose types would have the same name. The generator names the type of an
/// inline schema after its path. If a type with that name exists already, the generator uses that
/// type, even if it is unrelated.
#[derive(Clone, Debug)]
pub(crate) struct Clash {
    /// The name.
    pub(crate) name: String,
    /// The schema that has it.
    pub(crate) first: Pointer,
    /// The schema that would get it.
    pub(crate) second: Pointer,
    /// Where that one was written.
    pub(crate) place: Place,
}

/// The types without a component.
pub(crate) fn clashes(document: &Node) -> Vec<Clash> {
    Types::of(document).clashes
}

/// The types of a lowered document, those of components first.
pub(super) fn plans(
    lowered: &Node,
    documented: &DocumentedSchemas,
    wire_names: &[WireName],
) -> Vec<TypePlan> {
    let Types { components, plans, .. } = Types::of(lowered);
    let reach = Reach::of(lowered);
    let mut plans: Vec<TypePlan> = components
        .iter()
        .chain(plans.keys().filter(|name| !components.contains(name)))
        .filter_map(|name| plans.get(name).cloned())
        .collect();
    for plan in &mut plans {
        plan.is_sent = match plan.schema.tokens()[..] {
            ["components", "schemas", name, ..] => reach.by_requests(name),
            ref tokens => !tokens.contains(&"responses"),
        };
        if plan.schema.schema_component().is_some() {
            let schema = lowered.at(&plan.schema);
            plan.documented = schema.and_then(|schema| documented.documented(schema)).cloned();
        }
        for field in &mut plan.fields {
            let name = wire_names.iter().find(|name| name.lowered == field.wire_name);
            if let Some(name) = name {
                field.wire_name.clone_from(&name.documented);
            }
        }
    }
    plans
}

/// A schema and its position.
type Named<'a> = (Pointer, &'a Node);

struct Types<'a> {
    document: &'a Node,
    taken: HashMap<String, Named<'a>>,
    clashes: Vec<Clash>,
    /// The names of the types of components, in their order.
    components: Vec<String>,
    plans: BTreeMap<String, TypePlan>,
}

impl<'a> Types<'a> {
    fn of(document: &'a Node) -> Self {
        let mut types = Self {
            document,
            taken: HashMap::new(),
            clashes: Vec::new(),
            components: Vec::new(),
            plans: BTreeMap::new(),
        };
        let components: Vec<(Pointer, &Node)> = Document(document)
            .schemas()
            .filter(|(name, _)| !REPLACED.contains(&&***name))
            .map(|(name, schema)| (Pointer::to_schema(name), schema))
            .collect();
        for (pointer, schema) in &components {
            let name = type_name(pointer.schema_component().unwrap_or_default());
            types.take(&name, pointer, schema);
            types.plan(&name, pointer, schema, is_a_struct(schema) && !schema.is_true("nullable"));
            types.components.push(name);
        }
        for (pointer, schema) in &components {
            let name = type_name(pointer.schema_component().unwrap_or_default());
            types.descend(&name, pointer, schema);
        }
        for operation in operations(document) {
            types.visit_operation(&operation);
        }
        types
    }

    fn visit_operation(&mut self, operation: &Operation<'a>) {
        let id = operation.id().unwrap_or_default();
        for (pointer, parameter) in operation.parameters(self.document) {
            let name = format!("{id}-{}", parameter.get_str("name").unwrap_or_default());
            self.visit_schema_of(&name, &pointer, parameter);
        }
        let body = operation.pointer().join("requestBody");
        self.visit_contents(&format!("{id}-body"), body, operation.node.get("requestBody"));
        let responses = operation.responses();
        for (status, response) in responses {
            let pointer = operation.pointer().join("responses").join(&**status);
            self.visit_contents(&format!("{id}-response"), pointer, Some(response));
        }
    }

    /// The types of a body or of a response, or of the one that it refers to.
    fn visit_contents(&mut self, name: &str, pointer: Pointer, holder: Option<&'a Node>) {
        let target = holder.and_then(Node::reference_target).and_then(Pointer::from_reference);
        let pointer = target.unwrap_or(pointer);
        let content = self.document.at(&pointer).and_then(|node| node.get("content"));
        for (kind, media) in content.into_iter().flat_map(Node::members) {
            if is_typed(kind) {
                self.visit_schema_of(name, &pointer.join("content").join(&**kind), media);
            }
        }
    }

    fn visit_schema_of(&mut self, name: &str, pointer: &Pointer, holder: &'a Node) {
        if let Some(schema) = holder.get("schema") {
            self.visit(&type_name(name), &pointer.join("schema"), schema);
        }
    }

    /// An inline schema; its title contributes to its name.
    fn visit(&mut self, name: &str, pointer: &Pointer, schema: &'a Node) {
        if schema.reference_target().is_some() {
            return;
        }
        let name = schema.get_str("title").map_or_else(|| name.to_owned(), type_name);
        if is_a_type(schema) {
            self.take(&name, pointer, schema);
            // The generator names types inside a union branch differently.
            let is_in_branch = pointer.tokens().contains(&"oneOf");
            self.plan(&name, pointer, schema, is_a_struct(schema) && !is_in_branch);
        }
        self.descend(&name, pointer, schema);
    }

    /// The schemas inside one whose type has this name.
    fn descend(&mut self, name: &str, pointer: &Pointer, schema: &'a Node) {
        let properties = schema.get("properties");
        for (property, inner) in properties.into_iter().flat_map(Node::members) {
            let at = pointer.join("properties").join(&**property);
            self.visit(&type_name(&format!("{name}-{property}")), &at, inner);
        }
        if let Some(items) = schema.get("items") {
            self.visit(&type_name(&format!("{name}Item")), &pointer.join("items"), items);
        }
        let values = schema.get("additionalProperties").filter(|_| properties.is_none());
        if let Some(values) = values {
            let at = pointer.join("additionalProperties");
            self.visit(&type_name(&format!("{name}Value")), &at, values);
        }
        let parts = schema.get("allOf").into_iter().flat_map(Node::items).enumerate();
        for (index, part) in parts {
            self.descend(name, &pointer.join("allOf").join(index.to_string()), part);
        }
        let branches = schema.get("oneOf").into_iter().flat_map(Node::items).enumerate();
        for (index, branch) in branches {
            let variant = branch.get_str("title").map(type_name);
            let variant = variant.unwrap_or_else(|| format!("Variant{index}"));
            let at = pointer.join("oneOf").join(index.to_string());
            let name = type_name(&format!("{name}{variant}"));
            if branch.get("properties").is_some() {
                self.plan(&name, &at, branch, false);
            }
            self.descend(&name, &at, branch);
        }
    }

    /// Plans a type once: equal schemas in several places are one type.
    fn plan(&mut self, name: &str, pointer: &Pointer, schema: &Node, is_struct: bool) {
        if self.plans.contains_key(name) {
            return;
        }
        let mut fields = Vec::new();
        self.add_fields(schema, &mut fields);
        let plan = TypePlan {
            name: name.to_owned(),
            schema: pointer.clone(),
            documented: None,
            is_sent: false,
            is_deprecated: schema.is_true("deprecated"),
            fields,
            is_struct,
            has_rest: schema
                .get("additionalProperties")
                .is_some_and(|rest| rest.as_object().is_some()),
        };
        self.plans.insert(name.to_owned(), plan);
    }

    fn add_fields(&self, schema: &Node, fields: &mut Vec<FieldPlan>) {
        let required: Vec<&str> = schema
            .get("required")
            .into_iter()
            .flat_map(Node::items)
            .filter_map(Node::as_str)
            .collect();
        for (property, inner) in schema.get("properties").into_iter().flat_map(Node::members) {
            fields.push(FieldPlan {
                wire_name: property.to_string(),
                name: field_name(property),
                form: self.form(inner, required.contains(&&**property)),
                is_deprecated: inner.is_true("deprecated"),
                is_secret: is_secret(inner) || inner.get("items").is_some_and(is_secret),
            });
        }
        let parts = schema.get("allOf").into_iter().flat_map(Node::items);
        parts.for_each(|part| self.add_fields(part, fields));
    }

    fn form(&self, property: &Node, is_required: bool) -> FieldForm {
        if is_required {
            return FieldForm::Required;
        }
        let has = |key: &str| property.get(key).is_some();
        match property.get_str("type") {
            _ if property.is_true("nullable") => FieldForm::Nullable,
            Some("array") => FieldForm::Collection,
            Some("object") if !has("properties") => FieldForm::Collection,
            _ if Document(self.document)
                .resolve(only_part(property))
                .is_some_and(|of| of.is_true("nullable")) =>
            {
                FieldForm::NullableReference
            }
            _ => FieldForm::Optional,
        }
    }

    fn take(&mut self, name: &str, pointer: &Pointer, schema: &'a Node) {
        let Some((first, other)) = self.taken.get(name) else {
            self.taken.insert(name.to_owned(), (pointer.clone(), schema));
            return;
        };
        if first == pointer || without_words(other) == without_words(schema) {
            return;
        }
        self.clashes.push(Clash {
            name: name.to_owned(),
            first: first.clone(),
            second: pointer.clone(),
            place: schema.place,
        });
    }
}

/// Whether the generator makes a type of this media type's schema.
fn is_typed(media: &str) -> bool {
    matches!(essence(media), JSON | "application/x-www-form-urlencoded")
}

/// Whether the generator makes a type with a name of the schema.
fn is_a_type(schema: &Node) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let properties = schema.get("properties").and_then(Node::as_object);
    match schema.get_str("type") {
        Some("object") => properties.is_some_and(|properties| !properties.is_empty()),
        Some("string") => ["enum", "pattern", "minLength", "maxLength"].into_iter().any(has),
        Some(_) => false,
        None => has("oneOf"),
    }
}

/// Whether the generator makes a struct of a type's schema, with a field for each property.
fn is_a_struct(schema: &Node) -> bool {
    let composed = ["allOf", "oneOf", "anyOf", "not"];
    schema.get_str("type") == Some("object")
        && schema.get("properties").is_some_and(|all| all.members().next().is_some())
        && composed.iter().all(|key| schema.get(key).is_none())
}

/// The one part of an `allOf`, or the schema itself.
fn only_part(schema: &Node) -> &Node {
    match schema.get("allOf").and_then(Node::as_array) {
        Some([part]) => part,
        _ => schema,
    }
}

fn is_secret(schema: &Node) -> bool {
    let target = only_part(schema).reference_target().and_then(Pointer::from_reference);
    target.as_ref().and_then(Pointer::schema_component) == Some(SECRET)
}

/// A schema without what makes no difference to its type.
fn without_words(schema: &Node) -> Node {
    let mut schema = schema.clone();
    walk_part_mut(&mut schema, Kind::Schema, &mut |node, kind, _| {
        if kind == Kind::Schema {
            ["description", "example", "externalDocs", "deprecated"]
                .into_iter()
                .for_each(|word| drop(node.remove(word)));
        }
    });
    schema
}

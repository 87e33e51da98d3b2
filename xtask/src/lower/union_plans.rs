//! What tells the branches of unions apart, and the properties of requests that have one value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    cover::{Cover, WholeObject},
    enums::is_enum,
    reach::{Reach, pascal},
    schema_plans::DocumentedSchemas,
};
use crate::{
    document::{Document, Node, Place, Pointer, field_name, is_mapped_to, type_name},
    plan::{BranchPlan, ConstantPlan, ListedPlan, UnionPlan, WireName},
};

/// The variant of a union that keeps what fits no branch.
pub(crate) const UNKNOWN: &str = "Unknown";

/// What distinguishes the branches of a union is near their top.
const DEEPEST_TAG: usize = 4;

/// How many pairs of properties of a union are compared: beyond, a document is no honest one.
const MOST_COMPARED: usize = 20_000;

/// How deep unions are branches of unions.
const DEEPEST_UNION: usize = 16;

/// The unions among the components, and the properties of requests that have one value.
pub(super) fn of(
    document: &Node,
    documented: &DocumentedSchemas,
    wire_names: &[WireName],
) -> (Vec<UnionPlan>, Vec<ConstantPlan>) {
    let names = VariantNames::of(document, documented);
    let cover = Cover::of(document);
    let keys = wire_names.iter().map(|name| (&*name.lowered, &*name.documented)).collect();
    let mut plans = Vec::new();
    let mut tags = Tags::default();
    for (name, schema) in Document(document).schemas() {
        let Some(branches) = branches(schema) else {
            continue;
        };
        let union = Union::of(&cover, &keys, schema, branches);
        tags.add(&union);
        plans.push(UnionPlan {
            pointer: Pointer::to_schema(name),
            type_name: type_name(name),
            branches: union.plans(&names.of_branches(name, schema, branches)),
        });
    }
    (plans, constants(document, &cover, &tags))
}

/// The branches of a union; none of what has a single one, which is another name for it.
pub(super) fn branches(schema: &Node) -> Option<&[Node]> {
    schema.get("oneOf").and_then(Node::as_array).filter(|branches| branches.len() > 1)
}

/// A union, as it is looked through.
struct Union<'a> {
    cover: &'a Cover<'a>,
    /// The keys that are sent instead of those that lowering writes.
    keys: &'a BTreeMap<&'a str, &'a str>,
    branches: &'a [Node],
    /// What each is composed of, if it is an object.
    objects: Vec<Option<WholeObject<'a>>>,
    tag: Option<Tag>,
}

/// A property whose values tell the branches apart.
struct Tag {
    property: String,
    /// The values of each branch.
    values: Vec<Vec<Value>>,
    /// Whether the values are all that a branch may have.
    is_whole: bool,
}

impl<'a> Union<'a> {
    fn of(
        cover: &'a Cover<'a>,
        keys: &'a BTreeMap<&'a str, &'a str>,
        schema: &'a Node,
        branches: &'a [Node],
    ) -> Self {
        let object = |branch: &'a Node| {
            let definition = cover.definition(branch);
            let is_object = cover.kind(definition) == Some("object");
            is_object.then(|| cover.parts(branch))
        };
        let objects = branches.iter().map(object).collect();
        let mut union = Self { cover, keys, branches, objects, tag: None };
        let of_discriminator =
            schema.get("discriminator").and_then(|node| union.discriminator(node));
        union.tag = of_discriminator.or_else(|| union.telling_property());
        union
    }

    /// The tag that a discriminator makes of a property: by its mapping, by the values that the
    /// branches list, or by the names of the branches.
    fn discriminator(&self, discriminator: &Node) -> Option<Tag> {
        let property = discriminator.get_str("propertyName")?;
        let mapping = discriminator.get("mapping").into_iter().flat_map(Node::members);
        let mapping: Vec<(&str, &Node)> =
            mapping.map(|(value, target)| (&**value, target)).collect();
        let values: Vec<Vec<Value>> = (0..self.branches.len())
            .map(|index| self.values_of_discriminator(property, &mapping, index))
            .collect();
        let tag = Tag { property: property.to_owned(), values, is_whole: true };
        if self.is_told_by(&tag) {
            return Some(tag);
        }
        let names = self.branches.iter().map(|branch| {
            let target = branch.reference_target().and_then(Pointer::from_reference);
            let name = target.as_ref().and_then(Pointer::schema_component).map(Value::from);
            name.into_iter().collect()
        });
        let tag = Tag { property: property.to_owned(), values: names.collect(), is_whole: false };
        let lists_none = |object: &WholeObject<'a>| {
            object.properties.get(property).is_none_or(|node| self.listed(node).is_none())
        };
        let has_none = mapping.is_empty() && self.objects.iter().flatten().all(lists_none);
        (has_none && self.is_told_by(&tag)).then_some(tag)
    }

    fn values_of_discriminator(
        &self,
        property: &str,
        mapping: &[(&str, &Node)],
        index: usize,
    ) -> Vec<Value> {
        let node = self.objects[index].as_ref().and_then(|object| object.properties.get(property));
        let is_number = node.is_some_and(|node| {
            matches!(self.cover.kind(self.cover.definition(node)), Some("integer" | "number"))
        });
        let value = |text: &str| match text.parse::<serde_json::Number>() {
            Ok(number) if is_number => Value::Number(number),
            _ => Value::from(text),
        };
        let of = |branch: &Node| -> Vec<Value> {
            let mapped = mapping.iter().filter(|(_, target)| is_mapped_to(target, branch));
            mapped.map(|(text, _)| value(text)).collect()
        };
        let mut values = of(&self.branches[index]);
        let is_of_other = |value: &Value| {
            let others = self.branches.iter().enumerate().filter(|(other, _)| *other != index);
            others.flat_map(|(_, branch)| of(branch)).any(|mapped| mapped == *value)
        };
        let listed = node.and_then(|node| self.listed(node)).unwrap_or_default();
        for value in listed {
            if !values.contains(&value) && !is_of_other(&value) {
                values.push(value);
            }
        }
        values
    }

    /// A property of which all objects list values, each its own.
    fn telling_property(&self) -> Option<Tag> {
        let first = self.objects.iter().flatten().next()?;
        let tags = first.properties.keys().map(|property| {
            let values = self.objects.iter().map(|object| {
                let node = object.as_ref().and_then(|object| object.properties.get(property));
                node.and_then(|node| self.listed(node)).unwrap_or_default()
            });
            Tag { property: (*property).to_owned(), values: values.collect(), is_whole: true }
        });
        tags.into_iter().find(|tag| self.is_told_by(tag))
    }

    fn is_told_by(&self, tag: &Tag) -> bool {
        let objects = self.objects.iter().zip(&tag.values).filter(|(object, _)| object.is_some());
        let mut seen = Vec::new();
        let mut count = 0;
        for (_, values) in objects {
            count += 1;
            if values.is_empty() || values.iter().any(|value| seen.contains(&value)) {
                return false;
            }
            seen.extend(values);
        }
        count > 1
    }

    /// The values that a property lists.
    fn listed(&self, property: &'a Node) -> Option<Vec<Value>> {
        Some(listed(self.cover.definition(property))).filter(|values| !values.is_empty())
    }

    fn plans(&self, variants: &[String]) -> Vec<BranchPlan> {
        let listed = match &self.tag {
            Some(tag) => self.by_tag(tag),
            None => self.by_pairs(),
        };
        let is_told = self.tag.as_ref().is_some_and(|tag| tag.is_whole);
        let all = self.branches.iter().zip(variants).zip(listed).enumerate();
        let plan = |(index, ((branch, variant), listed)): (usize, ((&'a Node, &String), _))| {
            let mut kinds = BTreeSet::new();
            let is_any = self.kinds(branch, DEEPEST_UNION, &mut kinds).is_none();
            let (foreign, others) = if is_told { Default::default() } else { self.foreign(index) };
            BranchPlan {
                variant: variant.clone(),
                kinds: if is_any { Vec::new() } else { kinds.into_iter().collect() },
                listed,
                foreign,
                others,
                is_union: branches(self.cover.definition(branch)).is_some(),
            }
        };
        all.map(plan).collect()
    }

    fn by_tag(&self, tag: &Tag) -> Vec<Vec<ListedPlan>> {
        let property = self.key(&tag.property);
        let listed = |values: &Vec<Value>| {
            let plan = ListedPlan {
                at: vec![Some(property.clone())],
                values: values.clone(),
                is_tag: tag.is_whole,
            };
            if values.is_empty() { Vec::new() } else { vec![plan] }
        };
        tag.values.iter().map(listed).collect()
    }

    /// What branches list in the places that another branch has too.
    fn by_pairs(&self) -> Vec<Vec<ListedPlan>> {
        let mut listed = vec![BTreeMap::new(); self.branches.len()];
        let mut left = MOST_COMPARED;
        for first in 0..self.branches.len() {
            for second in first + 1..self.branches.len() {
                let nodes = [&self.branches[first], &self.branches[second]];
                let [ours, theirs] = self.differing(nodes, &mut Vec::new(), &mut left);
                listed[first].extend(ours);
                listed[second].extend(theirs);
            }
        }
        let plan = |(at, values)| ListedPlan { at, values, is_tag: false };
        listed.into_iter().map(|listed| listed.into_iter().map(plan).collect()).collect()
    }

    /// The values of either of two schemas that may tell it from the other, by their places.
    fn differing(
        &self,
        nodes: [&'a Node; 2],
        at: &mut Vec<Option<String>>,
        left: &mut usize,
    ) -> [ListedBy; 2] {
        let mut found = [ListedBy::new(), ListedBy::new()];
        if *left == 0 {
            return found;
        }
        *left -= 1;
        let values = nodes.map(|node| self.listed(node));
        if values.iter().any(Option::is_some) {
            if values[0] != values[1] {
                for (found, values) in found.iter_mut().zip(values) {
                    found.extend(values.map(|values| (at.clone(), values)));
                }
            }
            return found;
        }
        if at.len() >= DEEPEST_TAG {
            return found;
        }
        let definitions = nodes.map(|node| self.cover.definition(node));
        if let [Some(ours), Some(theirs)] = definitions.map(|node| node.get("items")) {
            at.push(None);
            found = self.differing([ours, theirs], at, left);
            at.pop();
            return found;
        }
        let [ours, theirs] = definitions.map(|node| self.cover.parts(node));
        for (name, ours) in &ours.properties {
            let Some(theirs) = theirs.properties.get(name) else {
                continue;
            };
            at.push(Some(self.key(name)));
            let inner = self.differing([ours, theirs], at, left);
            at.pop();
            found.iter_mut().zip(inner).for_each(|(found, inner)| found.extend(inner));
        }
        found
    }

    /// The types of JSON that fit a branch, or nothing where any may.
    fn kinds(
        &self,
        branch: &'a Node,
        depth: usize,
        kinds: &mut BTreeSet<&'static str>,
    ) -> Option<()> {
        const KINDS: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
        let depth = depth.checked_sub(1)?;
        let definition = self.cover.definition(branch);
        if branch.is_true("nullable") || definition.is_true("nullable") {
            kinds.insert("null");
        }
        if let Some(branches) = definition.get("oneOf").and_then(Node::as_array) {
            return branches.iter().try_for_each(|branch| self.kinds(branch, depth, kinds));
        }
        let kind = self.cover.kind(definition)?;
        let kind = KINDS.into_iter().find(|known| *known == kind)?;
        kinds.insert(if kind == "integer" { "number" } else { kind });
        Some(())
    }

    fn key(&self, name: &str) -> String {
        self.keys.get(name).copied().unwrap_or(name).to_owned()
    }

    /// The keys of other branches that this one lacks: those that are required there, and the rest.
    fn foreign(&self, index: usize) -> (Vec<String>, Vec<String>) {
        let Some(own) = self.objects[index].as_ref().filter(|own| own.rest.is_none()) else {
            return (Vec::new(), Vec::new());
        };
        let others = self.objects.iter().enumerate().filter(|(other, _)| *other != index);
        let others: Vec<_> = others.filter_map(|(_, other)| other.as_ref()).collect();
        let lacks = |key: &&&str| !own.properties.contains_key(**key);
        let keys = |keys: BTreeSet<&&str>| keys.into_iter().map(|key| self.key(key)).collect();
        let required: BTreeSet<_> = others.iter().flat_map(|o| &o.required).filter(lacks).collect();
        let all = others.iter().flat_map(|other| other.properties.keys()).filter(lacks);
        let rest = all.filter(|key| !required.contains(key)).collect();
        (keys(required), keys(rest))
    }
}

/// Values, by their places.
type ListedBy = BTreeMap<Vec<Option<String>>, Vec<Value>>;

/// The values that a definition lists, null aside.
fn listed(definition: &Node) -> Vec<Value> {
    definition.get("enum").into_iter().flat_map(Node::items).filter_map(constant).collect()
}

/// A value as JSON, if values can be distinguished by it.
fn constant(value: &Node) -> Option<Value> {
    use crate::document::Value as Documented;
    match &value.value {
        Documented::String(text) => Some(Value::from(text.as_str())),
        Documented::Number(number) => Some(Value::Number(number.clone())),
        Documented::Boolean(boolean) => Some(Value::from(*boolean)),
        _ => None,
    }
}

/// The names of the variants of unions.
struct VariantNames<'a> {
    document: &'a Node,
    documented: &'a DocumentedSchemas,
    /// The first component of each place: the others are copies of it.
    originals: BTreeMap<Place, &'a str>,
}

impl<'a> VariantNames<'a> {
    fn of(document: &'a Node, documented: &'a DocumentedSchemas) -> Self {
        let mut originals = BTreeMap::new();
        for (name, schema) in Document(document).schemas() {
            originals.entry(schema.place).or_insert(&**name);
        }
        Self { document, documented, originals }
    }

    /// A name for each branch, in their order. It depends on the branch alone, so that a branch that
    /// is added renames no other.
    fn of_branches(&self, union: &str, schema: &Node, branches: &[Node]) -> Vec<String> {
        let union = self.of_component(union, schema);
        let mut taken: BTreeSet<String> = [UNKNOWN.to_owned()].into();
        let name = |branch: &Node| {
            let plain = type_name(&self.of_branch(&union, branch));
            let numbered = (2..).map(|number| format!("{plain}{number}"));
            let mut candidates =
                [plain.clone(), format!("{plain}Value")].into_iter().chain(numbered);
            candidates.find(|name| taken.insert(name.clone())).unwrap_or(plain)
        };
        branches.iter().map(name).collect()
    }

    fn of_component(&self, name: &str, schema: &Node) -> String {
        let original = || self.originals.get(&schema.place).copied();
        self.documented.name_of(schema).or_else(original).unwrap_or(name).to_owned()
    }

    fn of_branch(&self, union: &str, branch: &Node) -> String {
        if let Some(title) = branch.get_str("title").filter(|title| !pascal(title).is_empty()) {
            return title.to_owned();
        }
        let parts = branch.get("allOf").and_then(Node::as_array);
        if let Some([part]) = parts {
            return self.of_branch(union, part);
        }
        let target = branch.reference_target().and_then(Pointer::from_reference);
        if let Some(target) = target
            && let Some(name) = target.schema_component()
            && let Some(schema) = self.document.at(&target)
        {
            let name = self.of_component(name, schema);
            // What stood inline in the union is called after it.
            let own = name.strip_prefix(union).filter(|own| !own.is_empty());
            return own
                .filter(|_| self.documented.name_of(schema).is_none())
                .unwrap_or(&name)
                .into();
        }
        match (branch.get_str("type"), branch.get_str("format")) {
            (Some("array"), _) => self.of_inner(union, branch.get("items")) + "Array",
            (Some("object"), _) if branch.get("additionalProperties").is_some() => {
                self.of_inner(union, branch.get("additionalProperties")) + "Map"
            }
            (Some("string"), Some(format)) => format.to_owned(),
            (Some(kind), _) => kind.to_owned(),
            (None, _) => "Any".to_owned(),
        }
    }

    fn of_inner(&self, union: &str, inner: Option<&Node>) -> String {
        match inner {
            Some(inner) => pascal(&self.of_branch(union, inner)),
            None => String::new(),
        }
    }
}

/// The values of the tags of the branches of all unions.
#[derive(Default)]
struct Tags(BTreeMap<(Pointer, String), BTreeSet<Option<String>>>);

impl Tags {
    fn add(&mut self, union: &Union<'_>) {
        let Some(tag) = &union.tag else {
            return;
        };
        for (branch, values) in union.branches.iter().zip(&tag.values) {
            if let Some(target) = branch.reference_target().and_then(Pointer::from_reference) {
                let known = self.0.entry((target, tag.property.clone())).or_default();
                known.insert(match &values[..] {
                    [one] => Some(one.to_string()),
                    _ => None,
                });
            }
        }
    }

    /// Whether unions tell a schema by a property.
    fn has(&self, schema: &Pointer, property: &str) -> bool {
        self.0.contains_key(&(schema.clone(), property.to_owned()))
    }

    /// The one value that all unions tell a schema by.
    fn only_value(&self, schema: &Pointer, property: &str) -> Option<Value> {
        let known = self.0.get(&(schema.clone(), property.to_owned()))?;
        match (known.len(), known.first()) {
            (1, Some(Some(json))) => serde_json::from_str(json).ok(),
            _ => None,
        }
    }
}

/// The properties of what requests carry that have one value.
fn constants<'a>(document: &'a Node, cover: &Cover<'a>, tags: &Tags) -> Vec<ConstantPlan> {
    let reach = Reach::of(document);
    let mut plans = Vec::new();
    for (name, schema) in Document(document).schemas().filter(|(name, _)| reach.by_requests(name)) {
        let pointer = Pointer::to_schema(name);
        if schema.get("properties").is_none() {
            continue;
        }
        let object = cover.parts(schema);
        for (property, node) in object.properties {
            let definition = cover.definition(node);
            let may_be_null = node.is_true("nullable") || definition.is_true("nullable");
            let is_required = object.required.contains(&property);
            let is_tag = tags.has(&pointer, property);
            let is_boolean = definition.get_str("type") == Some("boolean");
            let is_open_enum = is_enum(definition) && !std::ptr::eq(definition, node);
            if may_be_null || !(is_boolean || is_open_enum) {
                continue;
            }
            let value = match &listed(definition)[..] {
                [one] => Some(one.clone()),
                _ => tags.only_value(&pointer, property),
            };
            if let Some(value) = value.filter(|_| is_required || is_tag) {
                plans.push(ConstantPlan {
                    pointer: pointer.clone(),
                    type_name: type_name(name),
                    field: field(property),
                    value,
                });
            }
        }
    }
    plans
}

/// What the generator calls the field of a property.
fn field(property: &str) -> String {
    let name = field_name(property);
    if syn::parse_str::<syn::Ident>(&name).is_ok() { name } else { name + "_" }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{lower::lower, manifest::Settings, plan::Lowered, rule::tests::node};

    fn lowered(schemas: &str) -> Lowered {
        let schemas = schemas.replace('@', "#/components/schemas/").replace('\n', "\n    ");
        let (name, _) = schemas.split_once(':').unwrap();
        let text = format!(
            "openapi: 3.0.3
info: {{title: T, version: '1'}}
paths:
  /a:
    post:
      operationId: make-a
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}
      responses: {{'204': {{description: d}}}}
components:
  schemas:
    {schemas}
"
        );
        let (lowered, _, findings) = lower(node(&text), &Settings::default());
        assert_eq!(findings, []);
        lowered
    }

    /// The variants of the first union with the values that tell them from others.
    fn told(schemas: &str) -> Vec<(String, Value)> {
        let lowered = lowered(schemas);
        let listed = |listed: &[crate::plan::ListedPlan]| -> Value {
            let listed =
                listed.iter().map(|listed| json!([listed.at, listed.values, listed.is_tag]));
            listed.collect()
        };
        let branches = &lowered.unions[0].branches;
        branches.iter().map(|branch| (branch.variant.clone(), listed(&branch.listed))).collect()
    }

    const PETS: &str = "Pet: {oneOf: [{$ref: '@Cat'}, {$ref: '@Dog'}]DISCRIMINATOR}
Cat: {type: object, required: [kind], properties: {kind: CAT, purrs: {type: boolean}}}
Dog: {type: object, required: [kind], properties: {kind: DOG, barks: {type: boolean}}}
Kind: {type: string, enum: [cat, dog]}";

    fn pets(discriminator: &str, cat: &str, dog: &str) -> Vec<(String, Value)> {
        let text = PETS.replace("DISCRIMINATOR", discriminator);
        told(&text.replace("CAT", cat).replace("DOG", dog))
    }

    #[test]
    fn a_mapping_tells_branches_apart_that_share_an_enum() {
        let shared = "{$ref: '@Kind'}";
        let mapping = ", discriminator: {propertyName: kind, mapping: {cat: '@Cat', dog: Dog}}";
        let expected = |value| json!([[["kind"], [value], true]]);
        let told = pets(mapping, shared, shared);
        let both = [("Cat".to_owned(), expected("cat")), ("Dog".to_owned(), expected("dog"))];
        assert_eq!(told, both);
        for discriminator in ["", ", discriminator: {propertyName: kind}"] {
            let told =
                pets(discriminator, "{type: string, enum: [cat]}", "{type: string, enum: [dog]}");
            assert_eq!(told, both, "{discriminator}");
        }
    }

    #[test]
    fn a_discriminator_without_values_has_the_names_of_the_branches() {
        let told =
            pets(", discriminator: {propertyName: kind}", "{type: string}", "{type: string}");
        assert_eq!(told[0], ("Cat".to_owned(), json!([[["kind"], ["Cat"], false]])));
    }

    #[test]
    fn values_that_overlap_and_those_inside_of_properties_tell_what_they_can() {
        let told = pets("", "{type: string, enum: [cat, any]}", "{type: string, enum: [dog, any]}");
        assert_eq!(told[0].1, json!([[["kind"], ["cat", "any"], false]]));
        let told = pets("", "{type: string, enum: [cat]}", "{type: string}");
        assert_eq!(told[0].1, json!([[["kind"], ["cat"], false]]));
        assert_eq!(told[1].1, json!([]));
        let inner = |value| {
            format!(
                "{{type: array, items: {{type: object, properties: {{v: {{type: integer, enum: [{value}]}}}}}}}}"
            )
        };
        let told = pets("", &inner(1), &inner(2));
        assert_eq!(told[1].1, json!([[["kind", null, "v"], [2], false]]));
    }

    #[test]
    fn the_name_of_a_variant_depends_on_its_branch_alone() {
        let names = |branches: &str| -> Vec<String> {
            let schemas = format!(
                "U: {{oneOf: [{branches}]}}\nUnknown: {{type: object, properties: {{u: {{type: string}}}}}}\nUCat: {{type: object, required: [c], properties: {{c: {{type: string}}}}}}"
            );
            told(&schemas).into_iter().map(|(name, _)| name).collect()
        };
        let all = [
            ("{$ref: '@Unknown'}", "UnknownValue"),
            ("{$ref: '@UCat'}", "UCat"),
            ("{title: Name, type: string}", "Name"),
            ("{type: integer}", "Integer"),
            ("{type: array, items: {type: boolean}}", "BooleanArray"),
            ("{type: object, required: [k], properties: {k: {type: string, enum: [dog]}}}", "Dog"),
        ];
        for (first, name) in all {
            for (second, other) in all.iter().filter(|(second, _)| *second != first) {
                let mut found = names(&format!("{first}, {second}"));
                found.sort();
                let mut expected = [name, *other];
                expected.sort_unstable();
                assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn a_property_of_one_value_is_a_constant_if_it_is_required_or_a_tag() {
        let lowered = lowered(
            "A: {type: object, required: [u, level, may, sure, any], properties: {sure: {type: boolean, enum: [true]}, any: {type: boolean}, level: {type: integer, enum: [1]}, may: {type: string, nullable: true, enum: [x, null]}, not: {type: string, enum: [y]}, u: {oneOf: [{$ref: '@Cat'}, {$ref: '@Dog'}], discriminator: {propertyName: kind, mapping: {cat: '@Cat', dog: '@Dog'}}}}}
Cat: {type: object, required: [kind], properties: {kind: {$ref: '@Kind'}}}
Dog: {type: object, properties: {kind: {$ref: '@Kind'}}}
Kind: {type: string, enum: [cat, dog]}",
        );
        let constants: Vec<_> = lowered
            .constants
            .iter()
            .map(|plan| (&*plan.type_name, &*plan.field, plan.value.clone()))
            .collect();
        assert_eq!(
            constants,
            [
                ("A", "level", json!(1)),
                ("A", "sure", json!(true)),
                ("Cat", "kind", json!("cat")),
                ("Dog", "kind", json!("dog"))
            ]
        );
    }
}

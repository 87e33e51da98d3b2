use std::collections::{BTreeMap, BTreeSet};

use syn::{File, Item};

use super::{client_settings::ClientSettings, operations::PlannedOperation};
use crate::{
    document::method_name,
    plan::{EnumPlan, Lowered, OperationPlan},
};

/// The name of the module for types that belong to no single resource.
pub(super) const SHARED: &str = "shared";

/// The resource of each operation, in the order of the plans: what its first tag is called.
pub(super) fn names(plans: &[OperationPlan], settings: &ClientSettings) -> Vec<String> {
    let name = |plan: &OperationPlan| {
        let tag = plan.tag.as_deref().unwrap_or(SHARED);
        method_name(settings.resources.get(tag).map_or(tag, String::as_str))
    };
    plans.iter().map(name).collect()
}

/// A resource of the API: its operations, and the types that no other resource uses. A single list
/// of hundreds of types would be hard to search.
#[derive(Default)]
pub(super) struct Resource<'a> {
    /// What is said of it, by lines.
    pub(super) about: Vec<String>,
    /// Its operations, in the order of the plans.
    pub(super) operations: Vec<&'a PlannedOperation<'a>>,
    /// Its types.
    pub(super) types: BTreeSet<String>,
    /// Those of its types that are enums of values.
    pub(super) enums: Vec<&'a EnumPlan>,
    /// The builders of its types.
    pub(super) builders: Vec<&'a str>,
    /// How its types are read and written.
    pub(super) json_objects: Vec<&'a str>,
}

/// The resources of the API by their names, and one of what belongs to none alone.
pub(super) fn all<'a>(
    lowered: &'a Lowered,
    operations: &'a [PlannedOperation<'a>],
    client: &File,
    builders: &'a BTreeMap<String, String>,
    json_objects: &'a BTreeMap<String, String>,
) -> BTreeMap<String, Resource<'a>> {
    let mut resources: BTreeMap<String, Resource<'_>> = BTreeMap::new();
    resources.entry(SHARED.to_owned()).or_default();
    for operation in operations {
        let resource = resources.entry(operation.resource.to_owned()).or_default();
        resource.operations.push(operation);
    }
    let owners = owners(&resources);
    for name in types(client) {
        let resource = resources.entry(owner(&owners, &name)).or_default();
        resource.types.insert(name);
    }
    for plan in &lowered.enums {
        let resource = resources.entry(owner(&owners, &plan.type_name)).or_default();
        resource.types.insert(plan.type_name.clone());
        resource.enums.push(plan);
    }
    for (of, builder) in builders {
        resources.entry(owner(&owners, of)).or_default().builders.push(builder);
    }
    for (of, call) in json_objects {
        resources.entry(owner(&owners, of)).or_default().json_objects.push(call);
    }
    for (name, resource) in &mut resources {
        resource.about = resource.described(&title(&lowered.tags, name));
    }
    resources
}

impl Resource<'_> {
    fn described(&self, title: &str) -> Vec<String> {
        let mut about = vec![format!(" {title}")];
        let mut operations: Vec<_> =
            self.operations.iter().map(|operation| operation.plan).collect();
        operations.sort_by_key(|operation| &operation.operation_id);
        if !operations.is_empty() {
            about.extend([String::new(), " | operation | | |".into(), " |---|---|---|".into()]);
        }
        about.extend(operations.into_iter().map(row));
        about
    }
}

/// A line of the table of operations.
fn row(operation: &OperationPlan) -> String {
    let OperationPlan { name, method, path, summary, .. } = operation;
    let summary = summary.as_deref().unwrap_or_default().replace('|', "\\|");
    format!(" | [`{name}`](crate::Client::{name}) | `{method} {path}` | {summary} |")
}

/// The resource of each component: the one whose operations lead to it, if no others do.
fn owners(resources: &BTreeMap<String, Resource<'_>>) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for (resource, Resource { operations, .. }) in resources {
        for name in operations.iter().flat_map(|operation| &operation.plan.types) {
            let owner = owners.entry(name.clone()).or_insert_with(|| resource.clone());
            if owner != resource {
                SHARED.clone_into(owner);
            }
        }
    }
    owners
}

/// The types of the client that are made by the generator.
fn types(client: &File) -> impl Iterator<Item = String> {
    let items = client.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    items.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    })
}

/// The resource of a type. A type without a component is assigned to that of the type that contains
/// it.
fn owner(owners: &BTreeMap<String, String>, name: &str) -> String {
    let lengths = (1..=name.len()).rev();
    let mut holders = lengths.filter_map(|length| owners.get(name.get(..length)?));
    holders.next().map_or(SHARED, String::as_str).to_owned()
}

/// What the tag that a resource is called after says of it.
fn title(tags: &BTreeMap<String, String>, name: &str) -> String {
    if name == SHARED {
        return "What belongs to no resource alone.".to_owned();
    }
    let described = tags.iter().find(|(tag, _)| method_name(tag) == name);
    described.map_or_else(|| format!("What the API calls `{name}`."), |(_, said)| said.clone())
}

#[cfg(test)]
mod tests {
    use syn::{File, parse_quote};

    use super::{
        super::operation_types::OperationTypes, ClientSettings, PlannedOperation, all, names,
    };
    use crate::{lower::lower, manifest::Settings, rule::tests::node};

    #[test]
    fn a_type_stands_with_the_one_resource_that_has_it_or_is_shared() {
        let document = node("\
openapi: 3.0.3
tags: [{name: pets, description: What people keep.}]
paths:
  /pets:
    get:
      operationId: list-pets
      summary: All of them
      tags: [pets]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /owners:
    get:
      operationId: list-owners
      tags: [people]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}
    Owner: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}
    Name: {type: string}
    Event: {type: object}
");
        let client: File = parse_quote! {
            pub mod types {
                pub struct Pet;
                pub enum PetKind {}
                pub struct Owner;
                pub struct Name;
                pub struct Event;
            }
        };
        let settings = ClientSettings {
            runtime: parse_quote!(crate::runtime),
            timestamp: None,
            integer: None,
            number: None,
            secret: None,
            null_as_empty: None,
            library: parse_quote!(crate),
            resources: [("people".to_owned(), "owners".to_owned())].into_iter().collect(),
            module: "crate".to_owned(),
        };
        let lowered = lower(document, &Settings::default()).0;
        let plans = &lowered.operations;
        let types = OperationTypes { parameters: Vec::new(), body: None, answer: parse_quote!(()) };
        let names = names(plans, &settings);
        let planned: Vec<_> = plans
            .iter()
            .zip(&names)
            .map(|(plan, resource)| PlannedOperation { plan, types: &types, resource })
            .collect();
        let builders = [("Pet".to_owned(), "pet!".to_owned())].into();
        let json_objects = [("Pet".to_owned(), "json!".to_owned())].into();
        let resources = all(&lowered, &planned, &client, &builders, &json_objects);
        let told = |name: &str| {
            let resource = &resources[name];
            let types: Vec<&str> = resource.types.iter().map(String::as_str).collect();
            (resource.about.join("\n"), types.join(" "))
        };
        let table = "\n\n | operation | | |\n |---|---|---|\n";
        let of_owners = format!(
            " What the API calls `owners`.{table} | [`list_owners`](crate::Client::list_owners) | `GET /owners` |  |"
        );
        let of_pets = format!(
            " What people keep.{table} | [`list_pets`](crate::Client::list_pets) | `GET /pets` | All of them |"
        );
        assert_eq!(resources.keys().collect::<Vec<_>>(), ["owners", "pets", "shared"]);
        assert_eq!(resources["pets"].builders, ["pet!"]);
        assert_eq!(resources["pets"].json_objects, ["json!"]);
        assert_eq!(told("owners"), (of_owners, "Owner".to_owned()));
        assert_eq!(told("pets"), (of_pets, "Pet PetKind".to_owned()));
        let shared = " What belongs to no resource alone.".to_owned();
        assert_eq!(told("shared"), (shared, "Event Name".to_owned()));
    }
}

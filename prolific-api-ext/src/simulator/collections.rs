//! Collections: pages of questions without a dataset.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, created, ok},
    call::{Call, Object, required_list, required_text, required_value},
    ids, layout, page,
    responses::Response,
    world::World,
};

#[derive(Clone, Debug)]
pub(super) struct Collection {
    pub(super) id: String,
    pub(super) name: String,
    workspace: String,
    created_at: String,
    modified_at: String,
    task_details: Value,
    pages: Vec<Value>,
    pub(super) responses: Vec<Response>,
}

impl Collection {
    pub(super) fn to_json(&self, world: &World) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "created_at": self.created_at,
            "created_by": world.user,
            "workspace_id": self.workspace,
            "schema_version": 1,
            "task_details": self.task_details,
            "collection_items": self.pages,
            "last_modified_at": self.modified_at,
            "last_modified_by": world.user,
        })
    }

    /// The collection as it appears in a list.
    fn to_row(&self, world: &World) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "created_at": self.created_at,
            "created_by": world.user,
            "item_count": self.pages.len(),
        })
    }

    /// The questions that participants answer.
    pub(super) fn instructions(&self) -> Vec<Value> {
        let items = self.pages.iter().filter_map(|page| page["page_items"].as_array()).flatten();
        items.filter(|item| layout::is_instruction(item)).cloned().collect()
    }
}

/// Finds the collection of a call.
pub(super) fn named<'a>(world: &'a mut World, call: &Call) -> Result<&'a mut Collection, Refusal> {
    let found = world.collections.get_mut(call.parameter("collection_id"));
    found.ok_or_else(|| Refusal::not_found("collection"))
}

pub(super) fn create(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    let now = world.moment().text();
    let collection = Collection {
        id: ids::uuid(),
        name: required_text(&body, "name")?.to_owned(),
        workspace: required_text(&body, "workspace_id")?.to_owned(),
        created_at: now.clone(),
        modified_at: now,
        task_details: required_value(&body, "task_details")?.clone(),
        pages: pages(world, &body)?,
        responses: Vec::new(),
    };
    let json = collection.to_json(world);
    world.collections.insert(collection.id.clone(), collection);
    created(&json)
}

pub(super) fn replace(world: &mut World, call: &Call) -> Reply {
    let body = call.object()?;
    named(world, call)?;
    let name = required_text(&body, "name")?.to_owned();
    let task_details = required_value(&body, "task_details")?.clone();
    let (pages, modified_at) = (pages(world, &body)?, world.moment().text());
    let collection = named(world, call)?;
    *collection = Collection { name, task_details, pages, modified_at, ..collection.clone() };
    let collection = collection.clone();
    ok(&collection.to_json(world))
}

pub(super) fn get(world: &mut World, call: &Call) -> Reply {
    let collection = named(world, call)?.clone();
    ok(&collection.to_json(world))
}

pub(super) fn list(world: &mut World, call: &Call) -> Reply {
    let workspace = call.required_query("workspace_id")?;
    let rows = world.collections.values().filter(|collection| collection.workspace == workspace);
    page::by_offset(call, rows.map(|collection| collection.to_row(world)).collect())
}

/// Returns the pages in a body. Entries keep their ids or get new ones.
fn pages(world: &World, body: &Object) -> Result<Vec<Value>, Refusal> {
    let sent = required_list(body, "collection_items")?;
    sent.iter().enumerate().map(|(number, page)| stored_page(world, number, page)).collect()
}

fn stored_page(world: &World, number: usize, page: &Value) -> Result<Value, Refusal> {
    let Some(page) = page.as_object() else {
        return Err(Refusal::field("collection_items", "Expected objects."));
    };
    let id = id_of(page);
    let items = required_list(page, "page_items")?.iter().enumerate();
    let items: Result<Vec<Value>, Refusal> =
        items.map(|(number, item)| stored_item(world, &id, number, item)).collect();
    Ok(json!({
        "id": id,
        "created_at": world.moment().text(),
        "created_by": world.user,
        "schema_version": 1,
        "order": page.get("order").cloned().unwrap_or(json!(number)),
        "page_items": items?,
    }))
}

fn stored_item(world: &World, parent: &str, number: usize, item: &Value) -> Result<Value, Refusal> {
    let Some(fields) = item.as_object() else {
        return Err(Refusal::field("page_items", "Expected objects."));
    };
    let kind = required_text(fields, "type")?;
    let required: &[&str] = match kind {
        "free_text" | "file_upload" => &["description"],
        "free_text_with_unit" => &["description", "unit_options", "unit_position"],
        "multiple_choice" | "multiple_choice_with_free_text" => {
            &["description", "answer_limit", "options"]
        }
        "rich_text" => &["content"],
        "image" => &["url"],
        _ => return Err(Refusal::field("type", "The type is unknown.")),
    };
    for name in required {
        required_value(fields, name)?;
    }
    let mut stored = json!({
        "created_at": world.moment().text(),
        "parent_id": parent,
        "parent_type": "collection",
        "created_by": world.user,
        "order": number,
    });
    if !layout::is_instruction(item) {
        stored["schema_version"] = json!(1);
    }
    if kind == "image" {
        stored["alt_text"] = json!("");
    }
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        stored[name.as_str()] = value.clone();
    }
    stored["id"] = json!(id_of(fields));
    Ok(stored)
}

fn id_of(entry: &Object) -> String {
    match entry.get("id").and_then(Value::as_str) {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => ids::uuid(),
    }
}

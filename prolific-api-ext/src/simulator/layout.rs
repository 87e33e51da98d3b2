//! The layout of a batch: pages, rows, columns, items.

use serde_json::{Value, json};

use super::{answer::Refusal, check::Faults, ids, schema::Schema};

/// The types of items that participants answer.
const INSTRUCTIONS: [&str; 6] = [
    "free_text",
    "free_text_with_unit",
    "multiple_choice",
    "multiple_choice_with_free_text",
    "file_upload",
    "video_narration",
];
/// The types of items that are only shown.
const SHOWN: [&str; 3] = ["rich_text", "image", "dataset_field"];

/// Whether participants answer an item.
pub(super) fn is_instruction(item: &Value) -> bool {
    item["type"].as_str().is_some_and(|kind| INSTRUCTIONS.contains(&kind))
}

/// The items of a layout that participants answer.
pub(super) fn instructions(pages: &[Value]) -> impl Iterator<Item = &Value> {
    let rows = pages.iter().flat_map(|page| list(page, "rows"));
    let columns = rows.flat_map(|row| list(row, "columns"));
    columns.flat_map(|column| list(column, "items")).filter(|item| is_instruction(item))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// The layout errors in a request, with their positions.
pub(super) fn issues(faults: &Faults) -> Vec<Value> {
    let inside = faults.iter().filter_map(|(path, fault)| {
        let path: Vec<&str> = path.strip_prefix("batch_items.")?.splitn(8, '.').collect();
        let number = |part: usize| path.get(part).and_then(|part| part.parse::<usize>().ok());
        let position = [0, 2, 4, 6].map(|part| number(part).unwrap_or_default());
        let field = path.last().filter(|field| field.parse::<usize>().is_err());
        Some(issue(position, "invalid", field.copied().unwrap_or_default(), fault))
    });
    inside.collect()
}

fn issue(at: Position, kind: &str, field: &str, message: &str) -> Value {
    let [page, row, column, item] = at;
    let mut issue = json!({
        "page": page,
        "row": row,
        "column": column,
        "item": item,
        "type": kind,
        "message": message,
    });
    if !field.is_empty() {
        issue["field"] = json!(field);
    }
    issue
}

/// Checks a layout, and gives a new id to every entry without one.
///
/// # Errors
///
/// 422 with the positions of all faults, which count from 0.
pub(super) fn accept(pages: &Value, schema: Option<&Schema>) -> Result<Vec<Value>, Refusal> {
    let Some(pages) = pages.as_array() else {
        return Err(Refusal::field("batch_items", "Expected a list of items."));
    };
    let mut check = Check { schema, issues: Vec::new() };
    for (number, page) in pages.iter().enumerate() {
        check.page(number, page);
    }
    if !check.issues.is_empty() {
        return Err(Refusal::Layout(check.issues));
    }
    let mut pages = pages.clone();
    pages.iter_mut().for_each(|page| identify(page, &["rows", "columns", "items"]));
    Ok(pages)
}

/// Gives ids to an entry and its contents where they are missing.
fn identify(entry: &mut Value, below: &[&str]) {
    if let Some(entry) = entry.as_object_mut() {
        let id = entry.entry("id").or_insert(Value::Null);
        if id.as_str().is_none_or(str::is_empty) {
            *id = json!(ids::uuid());
        }
    }
    if let Some((name, below)) = below.split_first()
        && let Some(entries) = entry[*name].as_array_mut()
    {
        entries.iter_mut().for_each(|entry| identify(entry, below));
    }
}

struct Check<'a> {
    schema: Option<&'a Schema>,
    issues: Vec<Value>,
}

/// Page, row, column, item.
type Position = [usize; 4];

impl Check<'_> {
    fn issue(&mut self, at: Position, item: &Value, field: &str, message: &str) {
        let kind = item["type"].as_str().unwrap_or("layout");
        self.issues.push(issue(at, kind, field, message));
    }

    fn page(&mut self, number: usize, page: &Value) {
        let mut shown = Vec::new();
        let rows = list(page, "rows");
        if rows.is_empty() {
            self.issue([number, 0, 0, 0], page, "rows", "A page must have at least one row.");
        }
        let position = page["display_position"].as_str().unwrap_or("body");
        for (row_number, row) in rows.iter().enumerate() {
            let columns = list(row, "columns");
            if !(1..=2).contains(&columns.len()) {
                let at = [number, row_number, 0, 0];
                self.issue(at, row, "columns", "A row must have one or two columns.");
            }
            for (column_number, column) in columns.iter().enumerate() {
                let items = list(column, "items");
                if items.is_empty() {
                    let at = [number, row_number, column_number, 0];
                    self.issue(at, column, "items", "A column must have at least one item.");
                }
                for (item_number, item) in items.iter().enumerate() {
                    let at = [number, row_number, column_number, item_number];
                    self.item(at, item, position);
                    self.field_of_dataset(at, item, &mut shown);
                }
            }
        }
    }

    fn item(&mut self, at: Position, item: &Value, position: &str) {
        let kind = item["type"].as_str().unwrap_or_default();
        if !INSTRUCTIONS.contains(&kind) && !SHOWN.contains(&kind) {
            return self.issue(at, item, "type", "The type is unknown.");
        }
        if position != "body" && !["rich_text", "image"].contains(&kind) {
            let message = "Pages before and after the tasks may only contain rich_text and image.";
            return self.issue(at, item, "type", message);
        }
        if INSTRUCTIONS.contains(&kind) && item["description"].as_str().is_none_or(str::is_empty) {
            self.issue(at, item, "description", "An instruction must have a description.");
        }
        match kind {
            "multiple_choice" | "multiple_choice_with_free_text" => self.choices(at, item),
            "free_text_with_unit" if list(item, "unit_options").len() < 2 => {
                self.issue(at, item, "unit_options", "At least two units are required.");
            }
            "file_upload" => self.files(at, item),
            "rich_text" if !item["content"].is_string() => {
                self.issue(at, item, "content", "A text must have content.");
            }
            "image" if !item["url"].is_string() || !item["alt_text"].is_string() => {
                self.issue(at, item, "url", "An image must have a url and an alt_text.");
            }
            _ => {}
        }
    }

    fn choices(&mut self, at: Position, item: &Value) {
        let options = list(item, "options").len();
        if options == 0 {
            self.issue(at, item, "options", "A choice must have options.");
        }
        let limit = item["answer_limit"].as_i64();
        let most = i64::try_from(options).unwrap_or(i64::MAX);
        if !limit.is_some_and(|limit| limit == -1 || (1..=most).contains(&limit)) {
            let message = "The answer limit must be -1, or from 1 to the number of options.";
            self.issue(at, item, "answer_limit", message);
        }
    }

    fn files(&mut self, at: Position, item: &Value) {
        let types = list(item, "accepted_file_types").iter().filter_map(Value::as_str);
        if types.into_iter().any(|extension| !extension.starts_with('.')) {
            self.issue(at, item, "accepted_file_types", "An extension must start with a dot.");
        }
    }

    fn field_of_dataset(&mut self, at: Position, item: &Value, shown: &mut Vec<String>) {
        if item["type"] != "dataset_field" {
            return;
        }
        let field = item["field"].as_str().unwrap_or_default();
        if field.is_empty() {
            return self.issue(at, item, "field", "A field of the dataset must be named.");
        }
        if shown.iter().any(|known| known == field) {
            self.issue(at, item, field, "A page can show a field only once.");
        }
        shown.push(field.to_owned());
        match self.schema.map(|schema| schema.is_displayable(field)) {
            Some(None) => self.issue(at, item, field, "The dataset has no such field."),
            Some(Some(false)) => self.issue(at, item, field, "The field can't be shown."),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, Schema, accept};
    use serde_json::{Value, json};

    fn issues(pages: &Value) -> Vec<Value> {
        let schema = json!({ "strict": true, "fields": {
            "shown": { "type": "text" }, "hidden": { "type": "metadata" },
        }});
        match accept(pages, Schema::new(&schema).ok().as_ref()) {
            Err(Refusal::Layout(issues)) => issues,
            _ => Vec::new(),
        }
    }

    fn page(items: &Value) -> Value {
        json!([{ "rows": [{ "columns": [{ "items": items }] }] }])
    }

    #[test]
    fn every_limit_of_a_layout_has_its_issue() {
        let field = |name: &str| json!({ "type": "dataset_field", "field": name });
        let choice = |limit: i64| {
            json!({ "type": "multiple_choice", "description": "?",
            "answer_limit": limit, "options": [{ "label": "a", "value": "a" }] })
        };
        let cases = [
            (page(&json!([])), 0, "at least one item"),
            (json!([{ "rows": [] }]), 0, "at least one row"),
            (json!([{ "rows": [{ "columns": [] }] }]), 0, "one or two columns"),
            (page(&json!([{ "type": "poem" }])), 0, "type is unknown"),
            (page(&json!([field("shown"), field("shown")])), 1, "once"),
            (page(&json!([field("hidden")])), 0, "can't be shown"),
            (page(&json!([field("other")])), 0, "no such field"),
            (page(&json!([choice(2)])), 0, "answer limit"),
            (page(&json!([choice(0)])), 0, "answer limit"),
            (page(&json!([{ "type": "free_text" }])), 0, "description"),
            (
                page(&json!([{ "type": "file_upload", "description": "?",
                "accepted_file_types": ["png"] }])),
                0,
                "dot",
            ),
            (
                page(&json!([{ "type": "free_text_with_unit", "description": "?",
                "unit_options": [{ "label": "m", "value": "m" }] }])),
                0,
                "two units",
            ),
            (
                json!([{ "display_position": "intro",
                "rows": [{ "columns": [{ "items": [choice(1)] }] }] }]),
                0,
                "before and after",
            ),
        ];
        for (pages, item, expected) in cases {
            let issues = issues(&pages);
            assert_eq!(issues.len(), 1, "{pages}: {issues:?}");
            assert_eq!(issues[0]["item"], item, "{pages}");
            let message = issues[0]["message"].as_str().unwrap();
            assert!(message.contains(expected), "{message}");
        }
        assert!(issues(&page(&json!([choice(1), choice(-1), field("shown")]))).is_empty());
    }

    #[test]
    fn entries_keep_their_ids_and_others_get_one() {
        let pages = page(&json!([
            { "type": "free_text", "description": "?", "id": "kept" },
            { "type": "free_text", "description": "?" },
        ]));
        let accepted = accept(&pages, None).ok().unwrap();
        let items = &accepted[0]["rows"][0]["columns"][0]["items"];
        assert_eq!(items[0]["id"], "kept");
        assert!(items[1]["id"].as_str().is_some_and(|id| id.len() == 36));
        assert!(accepted[0]["id"].is_string() && accepted[0]["rows"][0]["id"].is_string());
    }
}

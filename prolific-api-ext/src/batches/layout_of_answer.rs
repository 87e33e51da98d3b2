use prolific_api::types::{BatchItem, BatchPage, BatchPageAnswer};
use serde_json::Value;

use crate::{Error, Result};

/// Through JSON, as both are read from and written to the same: only items can be told apart
/// wrongly, so each is read by itself.
pub(super) fn page(at: usize, page: &BatchPageAnswer) -> Result<BatchPage> {
    let mut json = written(page)?;
    for (row, row_json) in entries(&mut json, "rows").enumerate() {
        for (column, column_json) in entries(row_json, "columns").enumerate() {
            for (item, item_json) in entries(column_json, "items").enumerate() {
                let place = || format!("page {at}, row {row}, column {column}, item {item}");
                check_item(item_json).map_err(|why| not_whole(&place(), &why))?;
            }
            require(column_json, "items");
        }
        require(row_json, "columns");
    }
    require(&mut json, "rows");
    serde_json::from_value(json)
        .map_err(|error| not_whole(&format!("page {at}"), &error.to_string()))
}

fn check_item(item: &Value) -> std::result::Result<(), String> {
    let item_type = item.get("type").and_then(Value::as_str).unwrap_or("without a type");
    if item_type == "video_narration" {
        return Err("a video_narration may have settings that are not documented".to_owned());
    }
    let read = serde_json::from_value::<BatchItem>(item.clone());
    read.map(drop)
        .map_err(|_| format!("the item ({item_type}) has a form that this version can't send"))
}

fn not_whole(place: &str, why: &str) -> Error {
    Error::unexpected(format!(
        "{place}: {why}, so that the layout can't be sent back whole: write it in full instead"
    ))
}

fn written(page: &BatchPageAnswer) -> Result<Value> {
    serde_json::to_value(page)
        .map_err(|error| Error::unexpected("a page can't be written").caused_by(error))
}

fn entries<'v>(value: &'v mut Value, name: &str) -> impl Iterator<Item = &'v mut Value> {
    value.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

/// Empty lists are left out of answers that are written, and needed in requests.
fn require(value: &mut Value, name: &str) {
    if let Some(object) = value.as_object_mut() {
        object.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    }
}

//! Lists, complete or paged.

use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, ok},
    call::{Call, whole_number},
};

/// The page size of lists with page numbers (documented for submissions).
const PAGE_SIZE: usize = 20;
/// The page size of lists with offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    unasked: usize,
    most: usize,
    /// Whether 0 means all.
    has_all: bool,
}

/// As documented for events and surveys.
const LIMITS: Limits = Limits { unasked: 100, most: 1000, has_all: false };
/// As documented for the search of filters.
pub(super) const FILTERS: Limits = Limits { unasked: 25, most: 100, has_all: false };
/// As documented for feedback.
pub(super) const FEEDBACK: Limits = Limits { unasked: 25, most: 1000, has_all: true };

/// Characters that must be encoded in a query.
const ENCODED: &AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A list that is not paged.
pub(super) fn whole(rows: Vec<Value>) -> Reply {
    let count = rows.len();
    ok(&json!({ "results": rows, "meta": { "count": count } }))
}

/// A list paged by `limit` and `offset`.
pub(super) fn by_offset(call: &Call, rows: Vec<Value>) -> Reply {
    by_offset_within(call, rows, LIMITS)
}

/// The same, with other limits.
pub(super) fn by_offset_within(call: &Call, rows: Vec<Value>, limits: Limits) -> Reply {
    let count = rows.len();
    let limit = match number(call, "limit", usize::from(!limits.has_all))? {
        None => limits.unasked,
        Some(0) => count.max(1),
        Some(limit) => limit.min(limits.most),
    };
    let offset = number(call, "offset", 0)?.unwrap_or(0);
    let at =
        |offset: usize| link(call, &[("limit", limit.to_string()), ("offset", offset.to_string())]);
    let links = json!({
        "self": at(offset),
        "next": if offset.saturating_add(limit) < count { at(offset + limit) } else { no_link() },
        "previous": if offset > 0 { at(offset.saturating_sub(limit)) } else { no_link() },
        "last": at(count.saturating_sub(1) / limit * limit),
    });
    answered(rows.into_iter().skip(offset).take(limit).collect(), count, &links)
}

/// A list paged by `page` and `page_size`.
pub(super) fn by_page(call: &Call, rows: Vec<Value>) -> Reply {
    let size = number(call, "page_size", 1)?.unwrap_or(PAGE_SIZE);
    let page = number(call, "page", 1)?.unwrap_or(1);
    let count = rows.len();
    let last = count.div_ceil(size).max(1);
    let at =
        |page: usize| link(call, &[("page", page.to_string()), ("page_size", size.to_string())]);
    let links = json!({
        "self": at(page),
        "next": if page < last { at(page + 1) } else { no_link() },
        "previous": if page > 1 { at(page - 1) } else { no_link() },
        "last": at(last),
    });
    let skipped = (page - 1).saturating_mul(size);
    answered(rows.into_iter().skip(skipped).take(size).collect(), count, &links)
}

/// Sorts rows by a field, descending with a minus sign. Equal rows keep their order, as do all rows
/// without a sort field.
///
/// # Errors
///
/// 400 for a field that rows don't have.
pub(super) fn ordered(mut rows: Vec<Value>, by: Option<&str>) -> Result<Vec<Value>, Refusal> {
    let Some(by) = by.filter(|_| !rows.is_empty()) else { return Ok(rows) };
    let field = by.strip_prefix('-').unwrap_or(by);
    if rows.iter().all(|row| row.get(field).is_none()) {
        return Err(Refusal::field("ordering", &format!("{field:?} is not a field to order by.")));
    }
    let compared = |a: &Value, b: &Value| match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    };
    match by == field {
        true => rows.sort_by(|a, b| compared(&a[field], &b[field])),
        false => rows.sort_by(|a, b| compared(&b[field], &a[field])),
    }
    Ok(rows)
}

/// The maximum page size of lists with a cursor, and the default.
const CURSOR_PAGE: usize = 25;

/// A list with a cursor: the rows after the one that the cursor names.
///
/// # Errors
///
/// 404 for a cursor that this list has not given.
pub(super) fn by_cursor(call: &Call, rows: Vec<Value>) -> Reply {
    let limit = number(call, "limit", 1)?.unwrap_or(CURSOR_PAGE).min(2 * CURSOR_PAGE);
    let start = match call.query("cursor") {
        None => 0,
        Some(cursor) => {
            let last = cursor.strip_prefix("after-").unwrap_or_default();
            let found = rows.iter().position(|row| row["id"] == last);
            found.ok_or_else(|| Refusal::new(404, "Invalid cursor"))? + 1
        }
    };
    let is_last = start.saturating_add(limit) >= rows.len();
    let rows: Vec<Value> = rows.into_iter().skip(start).take(limit).collect();
    let next = rows.last().filter(|_| !is_last).map_or(Value::Null, |row| {
        let id = row["id"].as_str().unwrap_or_default();
        link(call, &[("cursor", format!("after-{id}"))])["href"].take()
    });
    ok(&json!({ "next": next, "results": rows }))
}

fn answered(rows: Vec<Value>, count: usize, links: &Value) -> Reply {
    ok(&json!({ "results": rows, "_links": links, "meta": { "count": count } }))
}

fn number(call: &Call, name: &str, minimum: usize) -> Result<Option<usize>, Refusal> {
    let Some(text) = call.query(name) else { return Ok(None) };
    match whole_number(text).map(|number| usize::try_from(number).unwrap_or(usize::MAX)) {
        Some(number) if number >= minimum => Ok(Some(number)),
        _ => Err(Refusal::field(name, &format!("An integer of at least {minimum} is required."))),
    }
}

fn link(call: &Call, changed: &[(&str, String)]) -> Value {
    let is_kept = |name: &str| changed.iter().all(|(other, _)| *other != name);
    let kept = call.query.iter().filter(|(name, _)| is_kept(name));
    let encoded = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let kept = kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let query: Vec<String> =
        kept.chain(changed.iter().map(|(name, value)| format!("{name}={value}"))).collect();
    json!({ "href": format!("{}?{}", call.path, query.join("&")), "title": "Page" })
}

fn no_link() -> Value {
    json!({ "href": null, "title": "Page" })
}

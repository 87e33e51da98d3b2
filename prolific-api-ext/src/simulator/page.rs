//! Lists, whole and in pages.

use serde_json::{Value, json};

use super::{
    answer::{Refusal, Reply, ok},
    call::Call,
};

/// The page size of the lists of the page style (documented for submissions).
const PAGE_SIZE: usize = 20;
/// The limit of the lists of the offset style (documented for events and surveys).
const LIMIT: usize = 100;
const MAXIMUM_LIMIT: usize = 1000;

/// A list that is not paged.
pub(super) fn whole(rows: Vec<Value>) -> Reply {
    let count = rows.len();
    ok(&json!({ "results": rows, "meta": { "count": count } }))
}

/// A list of the style `limit` and `offset`.
pub(super) fn by_offset(call: &Call, rows: Vec<Value>) -> Reply {
    let limit = number(call, "limit", 1)?.unwrap_or(LIMIT).min(MAXIMUM_LIMIT);
    let offset = number(call, "offset", 0)?.unwrap_or(0);
    let count = rows.len();
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

/// A list of the style `page` and `page_size`.
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

fn answered(rows: Vec<Value>, count: usize, links: &Value) -> Reply {
    ok(&json!({ "results": rows, "_links": links, "meta": { "count": count } }))
}

fn number(call: &Call, name: &str, minimum: usize) -> Result<Option<usize>, Refusal> {
    let Some(text) = call.query(name) else { return Ok(None) };
    match text.parse() {
        Ok(number) if number >= minimum => Ok(Some(number)),
        _ => Err(Refusal::field(name, &format!("A whole number of at least {minimum} is needed."))),
    }
}

fn link(call: &Call, changed: &[(&str, String)]) -> Value {
    let is_kept = |name: &str| changed.iter().all(|(other, _)| *other != name);
    let kept = call.query.iter().filter(|(name, _)| is_kept(name));
    let kept = kept.map(|(name, value)| format!("{name}={value}"));
    let query: Vec<String> =
        kept.chain(changed.iter().map(|(name, value)| format!("{name}={value}"))).collect();
    json!({ "href": format!("{}?{}", call.path, query.join("&")), "title": "Page" })
}

fn no_link() -> Value {
    json!({ "href": null, "title": "Page" })
}

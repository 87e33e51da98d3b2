//! The body of a page, from bytes to rows.

use std::{
    borrow::Cow,
    cell::Cell,
    fmt,
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    by_page::{Fetched, MOST_UNREADABLE},
    list::List,
    row::Reader,
    told::Onward,
};
use crate::call::shape;

/// The maximum number of rows of a page.
const MOST_ROWS: usize = 100_000;
/// How many rows there is room for at first: as many as most pages have.
const ROOM: usize = 256;
/// What a row takes at least, mostly, in bytes.
const SMALL_ROW: usize = 256;

/// Why a body is not a page.
pub(super) enum Unreadable {
    Form(serde_json::Error),
    TooLarge(String),
    OutOfTime(Duration),
    GivenUp,
}

/// Whether the result is no longer awaited.
#[derive(Debug, Default)]
pub(super) struct Abandoned(AtomicBool);

impl Abandoned {
    fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets it when the returned value is dropped.
    pub(super) fn when_dropped(self: &Arc<Self>) -> impl Drop + use<> {
        struct Abandon(Arc<Abandoned>);
        impl Drop for Abandon {
            fn drop(&mut self) {
                self.0.0.store(true, Ordering::Relaxed);
            }
        }
        Abandon(self.clone())
    }
}

/// Reads a page. If one row can't be decoded, all are decoded one by one.
pub(super) fn read<L: List, T>(
    reader: &Reader<L, T>,
    body: &[u8],
    abandoned: &Abandoned,
) -> Result<Fetched<T>, Unreadable> {
    shape::check(body).map_err(Unreadable::TooLarge)?;
    let rows = Rows::new(L::ROWS, body, abandoned);
    let page = parse::<L::Row, _>(&rows, body, |row| reader.item(row).ok());
    match page {
        Ok(Parts { rows, total, next, .. }) => Ok(Fetched { rows, total, next }),
        Err(_) => match rows.stopped.get() {
            Stopped::TooMany => Err(too_many_rows()),
            Stopped::Abandoned => Err(Unreadable::GivenUp),
            Stopped::No => one_by_one(reader, body, abandoned),
        },
    }
}

fn one_by_one<L: List, T>(
    reader: &Reader<L, T>,
    body: &[u8],
    abandoned: &Abandoned,
) -> Result<Fetched<T>, Unreadable> {
    let rows = Rows::new(L::ROWS, body, abandoned);
    let mended = prolific_api::mend_json(body);
    let body = mended.as_deref().unwrap_or(body);
    let page =
        parse::<&RawValue, _>(&rows, body, Some).map_err(|error| match rows.stopped.get() {
            Stopped::TooMany => too_many_rows(),
            Stopped::Abandoned => Unreadable::GivenUp,
            Stopped::No => Unreadable::Form(error),
        })?;
    let Parts { rows, total, next, is_bare } = page;
    if is_bare && !rows.is_empty() && !rows.iter().any(|row| row.get().starts_with('{')) {
        let expected = format!("expected an object with `{}`, or a list of objects", L::ROWS);
        return Err(Unreadable::Form(serde_json::Error::custom(expected)));
    }
    let (mut read, mut unreadable) = (Vec::with_capacity(rows.len()), 0);
    for (at, row) in rows.into_iter().enumerate() {
        if abandoned.is() {
            return Err(Unreadable::GivenUp);
        }
        let row = reader.loose_item(at, row.get());
        unreadable += usize::from(row.item.is_err());
        read.push(row);
        // The list ends here.
        if unreadable > MOST_UNREADABLE {
            break;
        }
    }
    Ok(Fetched { rows: read, total, next })
}

fn too_many_rows() -> Unreadable {
    Unreadable::TooLarge(format!("the page has more than {MOST_ROWS} rows"))
}

fn parse<'de, R: Deserialize<'de>, X>(
    rows: &Rows<'_>,
    body: &'de [u8],
    item: impl FnMut(R) -> Option<X>,
) -> serde_json::Result<Parts<X>> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let page = json.deserialize_any(PageVisitor { rows, item, row: PhantomData })?;
    json.end()?;
    Ok(page)
}

/// A page, whose rows may be readable or not.
struct Parts<X> {
    rows: Vec<X>,
    total: Option<u64>,
    next: Onward,
    /// Whether the body is the list of the rows.
    is_bare: bool,
}

/// How to read the rows of a body.
struct Rows<'a> {
    /// The field with the rows.
    field: &'static str,
    /// How many there may be, so that a list of them need not grow as it goes.
    room: usize,
    abandoned: &'a Abandoned,
    stopped: Cell<Stopped>,
}

/// What prevented a body from being read to its end.
#[derive(Clone, Copy)]
enum Stopped {
    No,
    TooMany,
    Abandoned,
}

impl<'a> Rows<'a> {
    fn new(field: &'static str, body: &[u8], abandoned: &'a Abandoned) -> Self {
        let room = (body.len() / SMALL_ROW).min(ROOM);
        Self { field, room, abandoned, stopped: Cell::new(Stopped::No) }
    }

    fn stop<E: serde::de::Error>(&self, stopped: Stopped) -> E {
        self.stopped.set(stopped);
        E::custom("stopped")
    }
}

/// The page: an object with the rows in a field, or the rows themselves.
struct PageVisitor<'a, R, F> {
    rows: &'a Rows<'a>,
    item: F,
    row: PhantomData<R>,
}

impl<'de, R: Deserialize<'de>, X, F: FnMut(R) -> Option<X>> Visitor<'de> for PageVisitor<'_, R, F> {
    type Value = Parts<X>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`, or a list", self.rows.field)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Parts<X>, A::Error> {
        let rows = RowsVisitor(self).visit_seq(seq)?;
        Ok(Parts { rows, total: None, next: Onward::Unsaid, is_bare: true })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Parts<X>, A::Error> {
        let (mut rows, mut total, mut linked, mut next) =
            (None, None, Onward::Unsaid, Onward::Unsaid);
        while let Some(field) = map.next_key::<Cow<'de, str>>()? {
            match &*field {
                field if field == self.rows.field => {
                    let item = &mut self.item;
                    let page = PageVisitor { rows: self.rows, item, row: self.row };
                    rows = Some(map.next_value_seed(RowsVisitor(page))?);
                }
                "meta" => total = count(map.next_value()?),
                "_links" => linked = next_link(map.next_value()?),
                "next" => next = link(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let rows = rows.ok_or_else(|| A::Error::missing_field(self.rows.field))?;
        let next = if next == Onward::Unsaid { linked } else { next };
        Ok(Parts { rows, total, next, is_bare: false })
    }
}

/// The rows; `null` counts as none.
struct RowsVisitor<V>(V);

impl<'de, R: Deserialize<'de>, X, F: FnMut(R) -> Option<X>> DeserializeSeed<'de>
    for RowsVisitor<PageVisitor<'_, R, F>>
{
    type Value = Vec<X>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Vec<X>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, R: Deserialize<'de>, X, F: FnMut(R) -> Option<X>> Visitor<'de>
    for RowsVisitor<PageVisitor<'_, R, F>>
{
    type Value = Vec<X>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Vec<X>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<X>, A::Error> {
        let Self(PageVisitor { rows, mut item, .. }) = self;
        let mut all = Vec::with_capacity(rows.room);
        while let Some(row) = seq.next_element()? {
            if all.len() == MOST_ROWS {
                return Err(rows.stop(Stopped::TooMany));
            }
            if rows.abandoned.is() {
                return Err(rows.stop(Stopped::Abandoned));
            }
            all.push(
                item(row)
                    .ok_or_else(|| A::Error::custom("a row does not have the documented form"))?,
            );
        }
        Ok(all)
    }
}

/// The count, which may be a text or have a fraction. An unusable one counts as none.
fn count(meta: &RawValue) -> Option<u64> {
    #[derive(Deserialize)]
    struct Meta<'a> {
        #[serde(borrow)]
        count: &'a RawValue,
    }
    let meta: Meta<'_> = serde_json::from_str(meta.get()).ok()?;
    let text = meta.count.get().trim_matches('"');
    text.parse().ok().or_else(|| {
        let count = text.parse::<f64>().ok()?.round();
        // As far as floating-point numbers are exact.
        (0.0..=9_007_199_254_740_992.0).contains(&count).then_some(count as u64)
    })
}

/// What `_links` says about the next page.
fn next_link(links: &RawValue) -> Onward {
    #[derive(Deserialize)]
    struct Links<'a> {
        #[serde(borrow)]
        next: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Link<'a> {
        #[serde(borrow)]
        href: Option<&'a RawValue>,
    }
    let Ok(Links { next: Some(next) }) = serde_json::from_str(links.get()) else {
        return Onward::Unsaid;
    };
    match serde_json::from_str::<Link<'_>>(next.get()) {
        Ok(Link { href: Some(href) }) => link(href),
        Ok(Link { href: None }) => Onward::End,
        Err(_) => link(next),
    }
}

/// A link, or `null`.
fn link(link: &RawValue) -> Onward {
    match serde_json::from_str::<Option<Cow<'_, str>>>(link.get()) {
        Ok(link) => Onward::of_link(link),
        Err(_) => Onward::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::{count, link, next_link};
    use crate::pages::told::Onward;
    use serde_json::value::RawValue;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn an_odd_count_is_none() {
        let table = [
            (r#"{"count":57}"#, Some(57)),
            (r#"{"count":57.0,"other":[]}"#, Some(57)),
            (r#"{"count":"57"}"#, Some(57)),
            (r#"{"count":18446744073709551615}"#, Some(u64::MAX)),
            (r#"{"count":-5}"#, None),
            (r#"{"count":1e300}"#, None),
            (r#"{"count":null}"#, None),
            (r#"{"count":{"a":1}}"#, None),
            (r#"{}"#, None),
            ("null", None),
            ("7", None),
            ("[[]]", None),
        ];
        for (meta, expected) in table {
            assert_eq!(count(&raw(meta)), expected, "{meta}");
        }
    }

    #[test]
    fn a_next_link_without_an_address_is_an_end() {
        let follows = |onward: Onward| onward.follows();
        let table = [
            (r#"{"next":{"href":"https://h/?page=2"}}"#, Some(true)),
            (r#"{"next":"https://h/?page=2"}"#, Some(true)),
            (r#"{"next":{"href":null}}"#, Some(false)),
            (r#"{"next":{"href":""}}"#, Some(false)),
            (r#"{"next":{"title":"Next"}}"#, Some(false)),
            (r#"{"next":7}"#, Some(true)),
            (r#"{"next":null}"#, None),
            (r#"{"self":{"href":"https://h/"}}"#, None),
            ("[]", None),
            ("null", None),
        ];
        for (links, expected) in table {
            assert_eq!(follows(next_link(&raw(links))), expected, "{links}");
        }
        assert_eq!(follows(link(&raw("null"))), Some(false));
        assert_eq!(follows(link(&raw(r#""""#))), Some(false));
        assert_eq!(follows(link(&raw(r#""c2""#))), Some(true));
    }
}

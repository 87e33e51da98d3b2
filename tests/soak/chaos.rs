//! What goes wrong with a request, by the seed.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    time::Duration,
};

use fastrand::Rng;

use crate::fault_proxy::{Fault, Request, Response};

/// How many of a hundred requests something goes wrong with.
pub(crate) const PERCENT: u8 = 30;
/// How long an attempt may take.
pub(crate) const ATTEMPT: Duration = Duration::from_millis(2_000);

/// A kind of fault.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// How frequent it is, relative to the others.
    weight: u32,
    /// Whether it can't be distinguished from a good response unless the body is JSON.
    needs_json: bool,
    make: fn(&mut Rng) -> Fault,
}

const fn kind(name: &'static str, weight: u32, make: fn(&mut Rng) -> Fault) -> Kind {
    Kind { name, weight, needs_json: false, make }
}

const fn of_json(name: &'static str, weight: u32, make: fn(&mut Rng) -> Fault) -> Kind {
    Kind { name, weight, needs_json: true, make }
}

pub(crate) const KINDS: &[Kind] = &[
    kind("reset, not acted on", 4, |_| Fault::ResetAfterUpload(usize::MAX)),
    kind("reset in the request", 4, |rng| Fault::ResetAfterUpload(rng.usize(0..40))),
    kind("reset after acting", 6, |_| Fault::ResetBeforeHead),
    kind("reset in the head", 1, |_| Fault::ResetInHead),
    kind("reset in the body", 1, |_| Fault::ResetInBody),
    kind("body cut short", 5, |_| Fault::HalfBody),
    kind("length too large", 2, |rng| Fault::WrongLength(rng.isize(1..50))),
    kind("slow body", 4, |rng| Fault::Drip {
        bytes: rng.usize(4_000..20_000),
        pause: Duration::from_millis(rng.u64(1..8)),
    }),
    kind("late", 6, |rng| Fault::Delay(Duration::from_millis(rng.u64(5..120)))),
    kind("too late", 2, |_| Fault::Delay(ATTEMPT + Duration::from_millis(150))),
    kind("no response", 1, |_| Fault::Silence),
    kind("no body", 1, |_| Fault::SilentBody),
    kind("closed behind the response", 4, |_| Fault::CloseBehind),
    kind("429 with a hint", 8, |rng| {
        Fault::Instead(refusal(429).header("retry-after-ms", &rng.u32(1..40).to_string()))
    }),
    kind("429 without a hint", 4, |_| Fault::Instead(refusal(429))),
    kind("429 for an hour", 1, |_| Fault::Instead(refusal(429).header("retry-after", "3600"))),
    kind("5xx, not acted on", 8, |rng| Fault::Instead(refusal(server_error(rng)))),
    kind("5xx after acting", 8, |rng| Fault::After(refusal(server_error(rng)))),
    kind("a proxy's page after acting", 3, |_| {
        let page = Response::new(502, "<html><body>Bad Gateway</body></html>");
        Fault::After(page.header("content-type", "text/html"))
    }),
    kind("no HTTP", 2, |_| Fault::Bytes(b"\x16\x03\x01\0\xffgarbage\r\n\r\n".to_vec())),
    of_json("a body of another form", 2, |_| Fault::After(Response::json(200, "[[]]"))),
    of_json("a body that is not JSON", 2, |_| {
        Fault::After(Response::json(200, "{\"id\": \"\u{fffd}"))
    }),
    of_json("bytes that come twice", 2, |_| Fault::Duplicate(5)),
    of_json("encoded", 1, |_| {
        Fault::After(Response::new(200, [0x1f, 0x8b, 8, 0]).header("content-encoding", "gzip"))
    }),
];

fn refusal(status: u16) -> Response {
    Response::json(status, r#"{"error":{"title":"Not now","detail":"Come back later."}}"#)
}

fn server_error(rng: &mut Rng) -> u16 {
    [500, 502, 503, 504, 520][rng.usize(..5)]
}

/// Random numbers that hang on the seed and on what they are for, and on nothing else.
pub(crate) fn rng(seed: u64, what: impl std::hash::Hash) -> Rng {
    let mut hasher = DefaultHasher::new();
    (seed, what).hash(&mut hasher);
    Rng::with_seed(hasher.finish())
}

/// The fault of a request, and its kind if it has one.
pub(crate) fn choose(mut rng: Rng, request: &Request) -> (Fault, Option<&'static Kind>) {
    if rng.u8(..100) >= PERCENT {
        return (Fault::None, None);
    }
    let is_json = request.line().contains(" /api/");
    let fitting = || KINDS.iter().filter(|kind| is_json || !kind.needs_json);
    let mut at = rng.u32(..fitting().map(|kind| kind.weight).sum::<u32>());
    let chosen = fitting().find(|kind| match at.checked_sub(kind.weight) {
        Some(rest) => {
            at = rest;
            false
        }
        None => true,
    });
    (chosen.map_or(Fault::None, |kind| (kind.make)(&mut rng)), chosen)
}

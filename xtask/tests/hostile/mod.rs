//! Hostile documents, for the tests and for the fuzz targets of `xtask/fuzz`, which share this.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    dead_code,
    unreachable_pub,
    reason = "an oracle panics where it does not hold; each user takes what it needs"
)]

pub mod emit;
pub mod mutate;
pub mod oracle;

use emit::{Form, emit};
use mutate::{Decisions, mutate, random_numbers};
use xtask::read::{Sources, read};

/// Changes the document in a text, if there is one. One time of eight it does not, so that texts
/// which are no documents come up too.
pub fn mutate_text(text: &[u8], longest: usize, seed: u32) -> Option<String> {
    let mut decisions = Decisions(random_numbers(seed.into()));
    let form = decisions.0.next().filter(|decision| decision % 8 != 0)?;
    let mut sources = Sources::default();
    let id = sources.add("input", text);
    let documented = read(&sources, id).ok()?;
    let form = match documented.page {
        Some(_) if form % 4 != 0 => Form::Page,
        _ => Form::of(decisions.below(3)),
    };
    let mut document = documented.node;
    mutate(&mut document, &mut decisions);
    while decisions.goes_on() {
        mutate(&mut document, &mut decisions);
    }
    Some(emit(&document, form)).filter(|text| text.len() <= longest)
}

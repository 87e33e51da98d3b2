//! Ids that no other simulator of this process gives out.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many ids have been given out in this process.
static IDS: AtomicUsize = AtomicUsize::new(1);

/// The next number, of which one id is made.
pub(super) fn next() -> usize {
    IDS.fetch_add(1, Ordering::Relaxed)
}

/// The id of a number, in the form of AI Task Builder.
pub(super) fn uuid_of(number: usize) -> String {
    format!("0199c5a4-7b5e-7c3a-9b1f-{number:012x}")
}

/// A new id in the form of AI Task Builder.
pub(super) fn uuid() -> String {
    uuid_of(next())
}

/// A new id in the form of everything else.
pub(super) fn object_id() -> String {
    format!("65f0a1b2c3d4{:012x}", next())
}

/// A new text that stands for something secret.
pub(super) fn secret() -> String {
    format!("simulated-secret-{:012x}", next())
}

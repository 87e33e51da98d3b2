//! Ids that are unique among the simulators of this process.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of ids created in this process.
static IDS: AtomicUsize = AtomicUsize::new(1);

/// The next number, from which an id is made.
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

/// A new random-looking text for secrets.
pub(super) fn secret() -> String {
    format!("simulated-secret-{:012x}", next())
}

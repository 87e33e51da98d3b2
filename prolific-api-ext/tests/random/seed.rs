//! The seed of tests with random inputs.
#![allow(unreachable_pub, reason = "it is part of a library too")]

/// The seed: 1, or another, as in `TEST_SEED=7 cargo test`. CI uses one alone, so that a change is not
/// refused for what it has no part in.
///
/// # Panics
///
/// Where `TEST_SEED` is not a number: a run by another seed than the one that was asked for shows nothing.
pub fn seed() -> u64 {
    let Ok(given) = std::env::var("TEST_SEED") else { return 1 };
    given.parse().unwrap_or_else(|_| panic!("TEST_SEED is {given:?}, not a number"))
}

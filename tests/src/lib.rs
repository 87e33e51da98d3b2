//! What the end-to-end tests and the benchmarks share.

pub mod dataset_server;
#[path = "../../prolific-api-ext/tests/fault_proxy/mod.rs"]
pub mod fault_proxy;

use std::path::{Path, PathBuf};

/// The seed of a test with random inputs: 1, or another, as in `TEST_SEED=7 cargo test`. CI uses one
/// alone, so that a change is not refused for what it has no part in.
pub fn seed() -> u64 {
    std::env::var("TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

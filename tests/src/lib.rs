//! What the end-to-end tests and the benchmarks share.

pub mod dataset_server;
#[path = "../../prolific-api-ext/tests/fault_proxy/mod.rs"]
pub mod fault_proxy;
#[path = "../../prolific-api-ext/tests/random/seed.rs"]
mod seed;

use std::path::{Path, PathBuf};

pub use seed::seed;

/// The root of the repository.
pub fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

//! The setup for the examples in the documentation.

use std::error::Error;

use crate::{Prolific, simulator::Simulator};

/// Runs an example in the documentation with a simulator and a client for it.
///
/// # Panics
///
/// If the example fails.
#[doc(hidden)]
#[track_caller]
pub fn example(
    code: impl AsyncFnOnce(Simulator, Prolific) -> std::result::Result<(), Box<dyn Error>>,
) {
    if let Err(error) = run(code) {
        panic!("the example failed: {error}");
    }
}

fn run(
    code: impl AsyncFnOnce(Simulator, Prolific) -> std::result::Result<(), Box<dyn Error>>,
) -> std::result::Result<(), Box<dyn Error>> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(code(simulator, prolific))
}

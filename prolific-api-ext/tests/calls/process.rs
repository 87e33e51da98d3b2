//! A test in a process of its own: for an environment of its own, or to be killed.

use std::process::Command;

/// What a process that a test started is told, and by which it knows that it is one.
const TOLD: &str = "CALLS_PROCESS_TOLD";

/// What the test told this process; none in the process of the test itself.
pub(crate) fn told() -> Option<String> {
    std::env::var(TOLD).ok()
}

/// The command that runs a test, by its path within this binary, in another process.
pub(crate) fn of_test(path: &str, told: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([path, "--exact", "--nocapture"]).env(TOLD, told);
    command
}

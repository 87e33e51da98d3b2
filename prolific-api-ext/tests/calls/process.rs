//! Runs a test in a separate process, for its own environment or to be killed.

use std::process::Command;

/// The variable that holds the argument of a process started by a test, and marks it as such.
const TOLD: &str = "CALLS_PROCESS_TOLD";

/// The argument of this process; `None` in the process of the test itself.
pub(crate) fn told() -> Option<String> {
    std::env::var(TOLD).ok()
}

/// The command that runs a test, by its path within this binary, in another process.
pub(crate) fn of_test(path: &str, told: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([path, "--exact", "--nocapture"]).env(TOLD, told);
    command
}

//! The commands.

mod diff;
mod fetch;
mod fix;
mod json;
mod outcome;
mod regen;
mod rules;

pub use diff::Diff;
pub use fetch::Fetch;
pub use fix::Fix;
pub use regen::Regen;

use std::{io::Write as _, process::ExitCode};

use outcome::{File, FileState, Outcome, Reporting};

use crate::{finding::Finding, read::Sources};

/// Tells findings, a line each, on stderr. The exit code is that of a failure.
fn refuse(sources: &Sources, findings: &[Finding]) -> ExitCode {
    let mut stderr = std::io::stderr().lock();
    for finding in findings {
        let _ = writeln!(stderr, "{}", finding.display(sources));
    }
    ExitCode::FAILURE
}

/// Tells warnings, a line each, on stderr.
fn warn(sources: &Sources, warnings: &[Finding]) {
    let mut stderr = std::io::stderr().lock();
    for warning in warnings {
        let _ = writeln!(stderr, "warning: {}", warning.display(sources));
    }
}

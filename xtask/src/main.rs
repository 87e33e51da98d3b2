//! `cargo xtask`: the build step of the SDK.

use std::{io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};
use xtask::command::{Diff, Fetch, Fix, Regen};

/// The build step of the Prolific SDK.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Regen(Regen),
    Fix(Fix),
    Diff(Diff),
    Fetch(Fetch),
}

/// Readers, repairs and the generator go as deep as a document is nested, and a stack that
/// overflows is no finding. This one holds the deepest that is read many times over.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let run = std::thread::Builder::new().stack_size(STACK).spawn(run);
    run.ok().and_then(|run| run.join().ok()).unwrap_or(ExitCode::from(2))
}

fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Regen(regen) => regen.run(),
        Command::Fix(fix) => fix.run(),
        Command::Diff(diff) => diff.run(),
        Command::Fetch(fetch) => fetch.run(),
    };
    outcome.unwrap_or_else(|error| {
        let _ = writeln!(std::io::stderr(), "error: {error:#}");
        ExitCode::from(2)
    })
}

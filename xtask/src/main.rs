//! `cargo xtask`: the build step of the SDK.

use std::{io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};
use xtask::command::{Diff, Fetch, Fix, Regen};

/// Keeps the Prolific SDK in step with the documentation of the API: downloads the documentation,
/// repairs it, and generates the client.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask fetch           # download the pages that changed
  cargo xtask regen           # repair and merge them, and write document and client
  cargo xtask regen --check   # fail if a generated file is stale
  cargo xtask fix page.md     # repair a page of any API, without writing files

The first run compiles this program, which takes about two minutes; Cargo shows its progress.";

#[derive(Debug, Subcommand)]
enum Command {
    Regen(Regen),
    Fix(Fix),
    Diff(Diff),
    Fetch(Fetch),
}

/// Readers, repairs and the generator recurse as deeply as a document is nested, and a stack overflow
/// can't be reported. This is many times the stack of the deepest document that is accepted.
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

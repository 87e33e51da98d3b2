//! Compares the clients with what people would use instead. Run it with `tests/speed/run.sh`.
//!
//! Every contender does the same jobs against one server, each job in a separate process, in turns.
//! The result is the ratios within one run: medians over the rounds.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

mod bare;
mod compare;
mod ext;
mod instructions;
mod job;
mod plot;
mod process;
mod raw;
mod server;

use std::{env, process::ExitCode};

use job::Job;

const USAGE: &str = "usage: prolific-speed (compare FOLDER | instructions)";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => server::serve(),
        ["contend", contender, job, size, url] => {
            let job = Job::named(job).unwrap();
            process::contend(contender, job, size.parse().unwrap(), url);
        }
        ["compare", folder] => compare::compare(folder.as_ref()),
        ["instructions"] => return instructions::compare(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

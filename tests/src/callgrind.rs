//! What the benchmarks that compare clients share: counting instructions, and the comparison itself.
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and may panic"
)]

use std::{
    env,
    process::{Command, ExitCode, Stdio},
};

/// Whether valgrind, of which callgrind is a part, is installed.
pub fn is_installed() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// How many instructions this program takes with these arguments.
///
/// # Panics
///
/// Where callgrind counts nothing.
pub fn instructions(arguments: &[&str]) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().unwrap())
        .args(arguments)
        .stdout(Stdio::null())
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    let counted = log.lines().find_map(|line| line.split_once("Collected :"));
    let Some((_, count)) = counted.filter(|_| output.status.success()) else {
        panic!("callgrind counted nothing:\n{log}");
    };
    count.trim().parse().unwrap()
}

/// Prints what each client costs, and against the first. Fails where the last, which is ext, costs
/// more than `bar` times as much as the first.
pub fn report(of: &str, costs: &[(&str, f64)], bar: f64) -> ExitCode {
    println!("{of}, and against the one written by hand:");
    let ratio = |cost: f64| cost / costs[0].1;
    for (client, cost) in costs {
        println!("{client:>14} {cost:>14.0} {:>8.3} x", ratio(*cost));
    }
    let ext = ratio(costs[costs.len() - 1].1);
    if ext > bar {
        eprintln!("ext costs {ext:.3} x, more than {bar:.2} x");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

//! A simulated Prolific in a separate process, for programs in any language.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{env, io, net::SocketAddr, process::ExitCode};

use prolific_api_ext::simulator::Simulator;

const HELP: &str = "\
Runs a simulated Prolific until its standard input ends.

Usage: cargo run --example simulator [-- ADDRESS]

ADDRESS is where it listens, 127.0.0.1:0 unless it is given: a free port. It prints
two lines, PROLIFIC_URL=... and PROLIFIC_TOKEN=..., which are the settings of the
environment that clients of Prolific read.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let address = match &arguments[..] {
        ["-h" | "--help"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        [] => Ok(SocketAddr::from(([127, 0, 0, 1], 0))),
        [address] => address.parse(),
        _ => return misused("expected a single address"),
    };
    let Ok(address) = address else {
        return misused("not an address such as 127.0.0.1:8080");
    };
    match run(address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn misused(why: &str) -> ExitCode {
    eprintln!("simulator: {why}; see --help");
    ExitCode::from(2)
}

fn run(address: SocketAddr) -> io::Result<()> {
    let simulator = Simulator::serve(address)?;
    println!("PROLIFIC_URL={}", simulator.base_url());
    println!("PROLIFIC_TOKEN={}", simulator.token());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

//! Instructions of the status call and of the list, counted by callgrind: the same whatever else runs
//! on the machine. It fails where ext costs more than its bar.

use std::{
    env,
    process::{Command, ExitCode, Stdio},
};

use crate::{compare::Server, job::Job};

/// A job, a short and a long run, and what ext may cost at most against reqwest by hand. Each figure
/// is the difference of both runs, so that starting up is not in it.
const BARS: [(Job, usize, usize, f64, &str); 2] = [
    (Job::Status, 200, 1_200, 1.05, "a status call"),
    (Job::List, 1, 4, 1.25, "a list of 10,000 rows"),
];

pub(crate) fn compare() -> ExitCode {
    let server = Server::start();
    let mut is_within = true;
    for (job, short, long, bar, name) in BARS {
        let cost = |contender: &str| {
            let counted = |size| counted(contender, job, size, &server.url);
            (counted(long) - counted(short)) / (long - short) as f64
        };
        let base = cost("reqwest");
        println!("instructions of {name}, and against reqwest by hand");
        println!("{:>10} {base:>14.0}", "reqwest");
        for contender in ["raw", "ext"] {
            let own = cost(contender);
            println!("{contender:>10} {own:>14.0} {:>8.3} x", own / base);
            if contender == "ext" && own > bar * base {
                eprintln!("ext costs more than {bar:.2} x");
                is_within = false;
            }
        }
    }
    if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn counted(contender: &str, job: Job, size: usize, url: &str) -> f64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().unwrap())
        .args(["contend", contender, job.name(), &size.to_string(), url])
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

//! A contender in a separate process, which measures its own costs.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::{bare, ext, job::Job, raw};

/// What a job took.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Taken {
    pub(crate) seconds: f64,
    /// CPU time of all threads, in seconds.
    pub(crate) cpu: f64,
    /// The most memory that the process had, in kilobytes.
    pub(crate) peak: f64,
}

/// Does a job, and prints what it took.
pub(crate) fn contend(contender: &str, job: Job, size: usize, url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cpu = cpu_seconds();
    let started = Instant::now();
    runtime.block_on(async {
        match contender {
            "reqwest" => bare::run(job, size, url).await,
            "raw" => raw::run(job, size, url).await,
            "ext" => ext::run(job, size, url).await,
            other => panic!("{other} is no contender"),
        }
    });
    let taken = Taken {
        seconds: started.elapsed().as_secs_f64(),
        cpu: cpu_seconds() - cpu,
        peak: peak_kilobytes(),
    };
    println!("{}", serde_json::to_string(&taken).unwrap());
}

/// Linux counts it in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields[at].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_kilobytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

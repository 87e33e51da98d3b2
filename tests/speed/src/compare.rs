//! Runs all jobs with all contenders, in turns, and reports the results.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::{
    job::{Job, files},
    plot,
    process::Taken,
};

/// Those of Rust are this program, those of Python `contender.py`.
pub(crate) const CONTENDERS: [&str; 5] = ["reqwest", "raw", "ext", "requests", "httpx"];
const OF_PYTHON: [&str; 2] = ["requests", "httpx"];
/// The most tasks that those of Python wait on: more would take minutes.
const MOST_BY_PYTHON: usize = 10_000;
const ROUNDS: usize = 5;
/// The rounds of what takes tens of seconds.
const FEW_ROUNDS: usize = 3;
const FILE: usize = 200;
const LIST: &str = "10,000 rows, 200 a page";

/// What is done, its size, and how it is called.
const JOBS: [(Job, usize, &str); 9] = [
    (Job::Status, 5_000, "5,000 status calls, one after the other"),
    (Job::Many, 2_000, "2,000 status calls, 64 at once"),
    (Job::List, 5, "5 lists of 10,000 rows, 200 a page"),
    (Job::Upload, FILE, "upload of 200 MB from a file"),
    (Job::Download, FILE, "download of 200 MB to a file"),
    (Job::Wait, 100, "wait on 100 tasks"),
    (Job::Wait, 1_000, "wait on 1,000 tasks"),
    (Job::Wait, 10_000, "wait on 10,000 tasks"),
    (Job::Wait, 100_000, "wait on 100,000 tasks"),
];

/// The plots, for the page.
const PICTURES: &str = "\
![Time of the jobs against reqwest by hand](speed-jobs.svg)

![Seconds to wait on tasks](speed-waits-time.svg)

![Peak memory of waiting on tasks](speed-waits-memory.svg)
";

type Results = BTreeMap<(usize, &'static str), Vec<Taken>>;

/// The server's process, which ends with this.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Compares, prints the figures, and writes them and the plots into this folder.
pub(crate) fn compare(folder: &Path) {
    let before = load();
    fs::write(files().0, vec![b'x'; FILE << 20]).unwrap();
    let server = Server::start();
    let mut results = Results::new();
    for (at, (job, size, name)) in JOBS.into_iter().enumerate() {
        let rounds = if size >= 10_000 { FEW_ROUNDS } else { ROUNDS };
        for round in 0..rounds {
            for contender in CONTENDERS {
                if takes(contender, job, size) {
                    eprintln!("{name}, round {} of {rounds}: {contender}", round + 1);
                    let taken = run(contender, job, size, &server.url);
                    results.entry((at, contender)).or_default().push(taken);
                }
            }
        }
    }
    drop(server);
    let _ = (fs::remove_file(files().0), fs::remove_file(files().1));
    let figures = figures(&results, &before);
    println!("{figures}");
    write_figures(&folder.join("performance.md"), &figures);
    write_plots(folder, &results);
}

fn takes(contender: &str, job: Job, size: usize) -> bool {
    let is_of_python = OF_PYTHON.contains(&contender);
    !is_of_python || (python().is_some() && (job != Job::Wait || size <= MOST_BY_PYTHON))
}

/// The interpreter that has the packages of `run.sh`.
fn python() -> Option<std::ffi::OsString> {
    env::var_os("PROLIFIC_SPEED_PYTHON")
}

fn run(contender: &str, job: Job, size: usize, url: &str) -> Taken {
    let mut command = if OF_PYTHON.contains(&contender) {
        let mut command = Command::new(python().unwrap());
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/contender.py"));
        command.args([contender, job.name(), &size.to_string(), url]);
        command.args([files().0, files().1]);
        command
    } else {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["contend", contender, job.name(), &size.to_string(), url]);
        command
    };
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{contender} failed at {}", job.name());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

fn median(taken: &[Taken], of: impl Fn(&Taken) -> f64) -> f64 {
    let mut values: Vec<f64> = taken.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The table, as Markdown.
fn figures(results: &Results, load_before: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut text = format!(
        "Medians of {ROUNDS} rounds ({FEW_ROUNDS} from 10,000 tasks on), contenders in turns, {cores} \
         cores, load average {load_before} before and {} after. Ratios are against reqwest by hand.\n\n\
         | job | contender | time, s | ratio | CPU, s | ratio | peak memory, MB |\n\
         |---|---|---|---|---|---|---|\n",
        load(),
    );
    for (at, (_, _, name)) in JOBS.into_iter().enumerate() {
        let base = &results[&(at, CONTENDERS[0])];
        let (time, cpu) = (median(base, |it| it.seconds), median(base, |it| it.cpu));
        for contender in CONTENDERS {
            let Some(taken) = results.get(&(at, contender)) else { continue };
            let (own, own_cpu) = (median(taken, |it| it.seconds), median(taken, |it| it.cpu));
            let cpu_ratio = match cpu < 0.1 {
                true => "–".to_owned(),
                false => format!("{:.2} x", own_cpu / cpu),
            };
            text += &format!(
                "| {name} | {contender} | {own:.3} | {:.2} x | {own_cpu:.2} | {cpu_ratio} | {:.1} |\n",
                own / time,
                median(taken, |it| it.peak) / 1024.0,
            );
        }
    }
    text
}

/// Puts the figures between the two marks of the page.
fn write_figures(page: &Path, figures: &str) {
    const BEGIN: &str = "<!-- figures: written by tests/speed/run.sh -->\n";
    const END: &str = "<!-- end of figures -->";
    let Ok(text) = fs::read_to_string(page) else { return };
    let Some((before, rest)) = text.split_once(BEGIN) else { return };
    let Some((_, after)) = rest.split_once(END) else { return };
    fs::write(page, format!("{before}{BEGIN}\n{figures}\n{PICTURES}\n{END}{after}")).unwrap();
}

fn write_plots(folder: &Path, results: &Results) {
    let groups: Vec<_> = JOBS[..5]
        .iter()
        .enumerate()
        .map(|(at, (job, _, name))| {
            let base = median(&results[&(at, CONTENDERS[0])], |it| it.seconds);
            let ratio = |contender: &'static str| {
                let taken = results.get(&(at, contender))?;
                Some((contender, median(taken, |it| it.seconds) / base))
            };
            let name = if *job == Job::List { LIST } else { name };
            (name, CONTENDERS.into_iter().filter_map(ratio).collect())
        })
        .collect();
    let bars = plot::bars("Time against reqwest by hand: less is better", &groups);
    fs::write(folder.join("speed-jobs.svg"), bars).unwrap();

    let waits: Vec<(usize, usize)> = JOBS
        .iter()
        .enumerate()
        .filter(|(_, (job, ..))| *job == Job::Wait)
        .map(|(at, (_, size, _))| (at, *size))
        .collect();
    let growth = |of: fn(&Taken) -> f64| {
        let series = CONTENDERS.into_iter().map(|contender| {
            let points = waits.iter().filter_map(|(at, size)| {
                let taken = results.get(&(*at, contender))?;
                Some((*size as f64, median(taken, of)))
            });
            (contender, points.collect::<Vec<_>>())
        });
        series.collect::<Vec<_>>()
    };
    let time = plot::lines("Waiting on tasks: seconds", &growth(|it| it.seconds));
    fs::write(folder.join("speed-waits-time.svg"), time).unwrap();
    let memory = plot::lines("Waiting on tasks: peak memory, MB", &growth(|it| it.peak / 1024.0));
    fs::write(folder.join("speed-waits-memory.svg"), memory).unwrap();
}

//! A runner of workflows: the steps are read from the YAML, each `run` is run by bash with the
//! runner's files of environment, outputs, path and summary, and the three actions that the
//! workflow uses do here what they do there. A job has nothing of another but its outputs and the
//! artifacts.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use yaml_serde::Value;

use crate::expression::{holds, interpolate};

/// The token of a job that may write.
pub(crate) const WRITE_TOKEN: &str = "token-that-may-write-0123";

/// Where a workflow runs.
pub(crate) struct Runner {
    pub(crate) workflow: Value,
    /// The repository, bare.
    pub(crate) remote: PathBuf,
    /// A separate folder.
    pub(crate) folder: PathBuf,
    /// The folder that comes first in a job's path, with programs that replace others.
    pub(crate) programs: PathBuf,
    /// The environment of a job's processes, in addition to what the runner sets.
    pub(crate) environment: Vec<(String, String)>,
    /// Called when a job has handed over an artifact, with its folder.
    pub(crate) tamper: Box<dyn Fn(&Path)>,
}

/// The result of a job.
#[derive(Debug, Default)]
pub(crate) struct Job {
    pub(crate) conclusion: &'static str,
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) log: String,
    pub(crate) summary: String,
}

#[derive(Default)]
struct Step {
    outcome: &'static str,
    outputs: BTreeMap<String, String>,
}

impl Runner {
    /// Runs the jobs in their order.
    pub(crate) fn run(&self) -> BTreeMap<String, Job> {
        let mut done: BTreeMap<String, Job> = BTreeMap::new();
        for (name, job) in self.workflow["jobs"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            let needs = job.get("needs").and_then(Value::as_str);
            let has_failed = needs.is_some_and(|needs| done[needs].conclusion != "success");
            let context = |expression: &str| {
                let output = expression.strip_prefix("needs.").unwrap().split(".outputs.");
                let [job, output] = output.collect::<Vec<_>>().try_into().unwrap();
                done[job].outputs.get(output).cloned().unwrap_or_default()
            };
            let condition = job.get("if").and_then(Value::as_str);
            let outcome = match holds(condition, has_failed, &context) {
                true => RunningJob::new(self, name, job, &done).run(),
                false => Job { conclusion: "skipped", ..Job::default() },
            };
            done.insert(name.to_owned(), outcome);
        }
        done
    }
}

struct RunningJob<'a> {
    runner: &'a Runner,
    job: &'a Value,
    done: &'a BTreeMap<String, Job>,
    folder: PathBuf,
    /// What the job and its steps have put into the environment.
    environment: BTreeMap<String, String>,
    path: Vec<String>,
    steps: HashMap<String, Step>,
    log: String,
}

impl<'a> RunningJob<'a> {
    fn new(
        runner: &'a Runner,
        name: &str,
        job: &'a Value,
        done: &'a BTreeMap<String, Job>,
    ) -> Self {
        let folder = runner.folder.join(name);
        for inner in ["temp", "home", "files"] {
            fs::create_dir_all(folder.join(inner)).unwrap();
        }
        Self {
            runner,
            job,
            done,
            folder,
            environment: BTreeMap::new(),
            path: Vec::new(),
            steps: HashMap::new(),
            log: String::new(),
        }
    }

    fn run(mut self) -> Job {
        self.environment = self.variables(self.job.get("env"));
        let mut has_failed = false;
        for (index, step) in self.job["steps"].as_sequence().unwrap().iter().enumerate() {
            let condition = step.get("if").and_then(Value::as_str);
            let is_run = holds(condition, has_failed, &|expression| self.value(expression));
            let outcome = if is_run { self.step(index, step) } else { "skipped" };
            let may_fail = step.get("continue-on-error").and_then(Value::as_bool) == Some(true);
            has_failed |= outcome == "failure" && !may_fail;
            let outputs = pairs(&self.file(index, "output"));
            if let Some(id) = step.get("id").and_then(Value::as_str) {
                self.steps.insert(id.to_owned(), Step { outcome, outputs });
            }
        }
        let outputs = self.variables(self.job.get("outputs"));
        let count = self.job["steps"].as_sequence().unwrap().len();
        Job {
            conclusion: if has_failed { "failure" } else { "success" },
            outputs,
            log: self.log.clone(),
            summary: (0..count).map(|index| self.file(index, "summary")).collect(),
        }
    }

    /// The value of a context.
    fn value(&self, expression: &str) -> String {
        let parts: Vec<&str> = expression.split('.').collect();
        match parts[..] {
            ["github", "token"] => self.token(),
            ["runner", "temp"] => self.folder.join("temp").display().to_string(),
            ["steps", id, "outcome"] => {
                self.steps.get(id).map_or("", |step| step.outcome).to_owned()
            }
            ["steps", id, "outputs", output] => self
                .steps
                .get(id)
                .and_then(|step| step.outputs.get(output).cloned())
                .unwrap_or_default(),
            ["needs", job, "outputs", output] => {
                self.done[job].outputs.get(output).cloned().unwrap_or_default()
            }
            _ => panic!("what is {expression}?"),
        }
    }

    fn token(&self) -> String {
        let may_write = self.job["permissions"].as_mapping().unwrap().values();
        let may_write = may_write.filter(|right| right.as_str() == Some("write")).count() > 0;
        if may_write { WRITE_TOKEN } else { "token-that-may-read" }.to_owned()
    }

    fn variables(&self, mapping: Option<&Value>) -> BTreeMap<String, String> {
        let mapping = mapping.and_then(Value::as_mapping).into_iter().flatten();
        let texts = mapping.filter_map(|(key, value)| key.as_str().zip(value.as_str()));
        let value = |text| interpolate(text, &|name| self.value(name));
        texts.map(|(key, text)| (key.to_owned(), value(text))).collect()
    }

    fn step(&mut self, index: usize, step: &Value) -> &'static str {
        match step.get("run").and_then(Value::as_str) {
            Some(script) => self.script(index, step, script),
            None => self.action(step),
        }
    }

    fn script(&mut self, index: usize, step: &Value, script: &str) -> &'static str {
        assert!(!script.contains("${{"), "an expression in a script is an injection: {script}");
        let file = self.folder.join("files").join(format!("{index}.sh"));
        fs::write(&file, script).unwrap();
        let programs = self.runner.programs.display().to_string();
        let system = std::env::var("PATH").unwrap();
        let path: Vec<String> = self.path.iter().cloned().rev().chain([programs, system]).collect();
        let mut bash = Command::new("timeout");
        bash.args(["3000", "bash", "--noprofile", "--norc", "-eo", "pipefail"])
            .arg(&file)
            .current_dir(self.folder.join("work"))
            .env_clear()
            .envs(self.runner.environment.iter().map(|(key, value)| (key, value)))
            .env("HOME", self.folder.join("home"))
            .env("LANG", "C.UTF-8")
            .env("CI", "true")
            .env("PATH", path.join(":"))
            .env("RUNNER_TEMP", self.folder.join("temp"))
            .envs(&self.environment)
            .envs(self.variables(step.get("env")));
        for (variable, name) in [
            ("GITHUB_OUTPUT", "output"),
            ("GITHUB_ENV", "env"),
            ("GITHUB_PATH", "path"),
            ("GITHUB_STEP_SUMMARY", "summary"),
        ] {
            let file = self.path_of(index, name);
            fs::write(&file, "").unwrap();
            bash.env(variable, file);
        }
        let output = bash.output().unwrap();
        self.log += &String::from_utf8_lossy(&output.stdout);
        self.log += &String::from_utf8_lossy(&output.stderr);
        let set = pairs(&self.file(index, "env"));
        self.environment.extend(set.into_iter().filter(|(key, _)| !key.starts_with("GITHUB_")));
        self.path.extend(self.file(index, "path").lines().map(str::to_owned));
        if output.status.success() { "success" } else { "failure" }
    }

    fn path_of(&self, index: usize, name: &str) -> PathBuf {
        self.folder.join("files").join(format!("{index}.{name}"))
    }

    /// What a step wrote for the runner.
    fn file(&self, index: usize, name: &str) -> String {
        fs::read_to_string(self.path_of(index, name)).unwrap_or_default()
    }

    fn action(&mut self, step: &Value) -> &'static str {
        let (action, commit) = step["uses"].as_str().unwrap().split_once('@').unwrap();
        let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
        assert!(is_commit, "{action} is not pinned to a commit");
        let with = self.variables(step.get("with"));
        let artifact = |name: &str| self.runner.folder.join("artifacts").join(name);
        match action {
            "actions/checkout" => {
                assert_eq!(step["with"]["persist-credentials"], Value::from(false));
                let work = self.folder.join("work");
                git(&self.folder, &["clone", "--quiet", text(&self.runner.remote), text(&work)]);
            }
            "actions/upload-artifact" => {
                let to = artifact(&with["name"]);
                copy_files(Path::new(&with["path"]), &to);
                (self.runner.tamper)(&to);
            }
            "actions/download-artifact" => {
                copy_files(&artifact(&with["name"]), Path::new(&with["path"]));
            }
            other => panic!("what does {other} do?"),
        }
        "success"
    }
}

/// `key=value` lines, and values of several lines behind `key<<end`.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((key, end)) = line.split_once("<<") {
            let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
            pairs.insert(key.to_owned(), value.join("\n"));
        } else if let Some((key, value)) = line.split_once('=') {
            pairs.insert(key.to_owned(), value.to_owned());
        }
    }
    pairs
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in from.read_dir().unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs git in a folder, without anybody's settings, and gives what it prints.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

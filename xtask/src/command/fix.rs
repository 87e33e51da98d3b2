use std::{
    collections::HashMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};

use super::{File, FileState, Outcome, Reporting, command_line, rules};
use crate::{
    manifest::{Settings, same_file},
    output::{Output, write_all},
    pipeline,
    read::Sources,
    report::Report,
};

const EXAMPLES: &str = "\
Examples:
  cargo xtask fix page.md > page.json
  cargo xtask fix pages/*.md --out-dir fixed
  cargo xtask fix openapi.yaml --report short
  cargo xtask fix --explain references";

/// The maximum number of files that the next command names.
const NAMED: usize = 8;

/// Repair the documentation of an API: turns pages into valid OpenAPI 3.0.3.
///
/// Needs no manifest, and works for other APIs too. The document of a single file goes to stdout as
/// JSON, those of several files into the folder of `--out-dir`. The report goes to stderr: what the
/// rules changed, warnings and errors with their places, counts, and the next command. A file with
/// errors produces no document.
///
/// Exit codes: 0 if all files were accepted; 1 if there are errors in them; 2 if a file could not be
/// read or written.
///
/// With `--report json`, stderr is a single JSON document: `outcome` ("accepted", "refused" or
/// "failed"), `findings` and `warnings` (each with `level`, `rule`, `file`, `line`, `column`,
/// `pointer`, `operation`, `problem`, `remedy`), `rules` (`stage`, `name`, `count`, `changes`),
/// `files` (`path`, `state`), `failures`, `notes` and `next`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Fix {
    /// A Markdown page with OpenAPI in a ```yaml fence, a file of several such pages, or an OpenAPI
    /// document in YAML or JSON.
    #[arg(required_unless_present_any = ["rules", "explain"], value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Write `<stem>.json` for each file into this folder, or `<stem>-1.json`, `<stem>-2.json` and so
    /// on for a file with several documents.
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,

    #[command(flatten)]
    reporting: Reporting,

    /// List all rules (what is repaired) and checks (what is refused), and exit.
    #[arg(long, conflicts_with_all = ["files", "explain"])]
    rules: bool,

    /// Explain a rule or a check, with the reason and an example, and exit.
    #[arg(long, value_name = "NAME", conflicts_with = "files")]
    explain: Option<String>,
}

impl Fix {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Returns an error if results can't be written, or would overwrite each other.
    pub fn run(self) -> Result<ExitCode> {
        if let Some(text) = self.about_rules()? {
            std::io::stdout().lock().write_all(text.as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        if self.files.len() > 1 && self.out_dir.is_none() {
            bail!(
                "{} files can't all go to stdout: name a folder with --out-dir DIR",
                self.files.len()
            );
        }
        self.fix_files()
    }

    /// The answer to `--rules` or `--explain`, if one is given.
    fn about_rules(&self) -> Result<Option<String>> {
        let Some(name) = &self.explain else {
            return Ok(self.rules.then(rules::list));
        };
        rules::explain(name).map(Some).map_err(anyhow::Error::msg)
    }

    fn fix_files(&self) -> Result<ExitCode> {
        let targets = self.targets()?;
        let mut sources = Sources::default();
        let mut report = Report::default();
        let mut findings = Vec::new();
        let (mut files, mut failures) = (Vec::new(), Vec::new());
        let mut refused: Vec<&Path> = Vec::new();
        for (file, target) in self.files.iter().zip(&targets) {
            let fixed = match sources.load(file) {
                Ok(id) => pipeline::fix_all(&sources, id, &Settings::default()),
                Err(finding) => vec![Err(vec![finding])],
            };
            let is_one = fixed.len() == 1;
            refused.extend(fixed.iter().any(Result::is_err).then_some(file.as_path()));
            for (number, fixed) in (1..).zip(fixed) {
                match fixed {
                    Err(found) => findings.extend(found),
                    Ok((document, repairs)) => {
                        report.extend(repairs);
                        let target = match is_one {
                            true => Ok(target.clone()),
                            false => self.numbered(file, target.as_deref(), number, &targets),
                        };
                        let json = document.to_json()?;
                        match target.and_then(|target| deliver(target, json)) {
                            Ok(file) => files.extend(file),
                            Err(error) => failures.push(format!("{error:#}")),
                        }
                    }
                }
            }
        }
        let outcome = Outcome {
            findings: &findings,
            files,
            next: Some(self.next(&refused, failures.is_empty())),
            failures,
            ..Outcome::new("fix", &sources, &report)
        };
        Ok(outcome.tell(self.reporting)?)
    }

    /// What to do next, with the command for the refused files.
    fn next(&self, refused: &[&Path], is_written: bool) -> String {
        if refused.is_empty() && is_written {
            return "to generate a client, name the file in a manifest and run `cargo xtask regen`"
                .to_owned();
        }
        let again: Vec<&Path> = match refused {
            [] => self.files.iter().map(PathBuf::as_path).collect(),
            refused => refused.to_vec(),
        };
        let what = if refused.is_empty() { "solve the problems" } else { "correct the errors" };
        if again.len() > NAMED {
            return format!("{what}, then run the same command again for {} files", again.len());
        }
        let mut words = vec!["cargo".into(), "xtask".into(), "fix".into()];
        words.extend(again.iter().map(|file| file.to_string_lossy()));
        if let Some(folder) = &self.out_dir {
            words.extend(["--out-dir".into(), folder.to_string_lossy()]);
        }
        let words: Vec<&str> = words.iter().map(|word| &**word).collect();
        format!("{what}, then run `{}`", command_line(&words))
    }

    /// Where one of several documents of a file is written.
    fn numbered(
        &self,
        file: &Path,
        target: Option<&Path>,
        number: usize,
        targets: &[Option<PathBuf>],
    ) -> Result<Option<PathBuf>> {
        let file = file.display();
        let target = target.with_context(|| {
            format!(
                "{file} contains several documents, which can't all go to stdout: name a folder \
                 with --out-dir DIR"
            )
        })?;
        let stem = target.file_stem().unwrap_or_default().to_string_lossy();
        let target = target.with_file_name(format!("{stem}-{number}.json"));
        let is_input = self.files.iter().any(|file| same_file(file) == same_file(&target));
        if is_input || targets.iter().flatten().any(|other| *other == target) {
            bail!("{} would be overwritten: choose another --out-dir for {file}", target.display());
        }
        Ok(Some(target))
    }

    /// Where the result of each file is written; stdout without a folder.
    fn targets(&self) -> Result<Vec<Option<PathBuf>>> {
        let Some(folder) = &self.out_dir else {
            return Ok(vec![None; self.files.len()]);
        };
        let inputs: Vec<PathBuf> = self.files.iter().map(|file| same_file(file)).collect();
        let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
        let mut targets = Vec::new();
        for file in &self.files {
            let stem =
                file.file_stem().with_context(|| format!("{} has no file name", file.display()))?;
            let mut name = stem.to_owned();
            name.push(".json");
            let target = folder.join(name);
            if inputs.contains(&same_file(&target)) {
                bail!("{} would be overwritten: choose another --out-dir", target.display());
            }
            if let Some(first) = taken.insert(target.clone(), file) {
                bail!(
                    "{} and {} would both be written to {}: use two folders",
                    first.display(),
                    file.display(),
                    target.display()
                );
            }
            targets.push(Some(target));
        }
        Ok(targets)
    }
}

/// Writes a result. Returns the file, unless it was stdout.
fn deliver(target: Option<PathBuf>, content: String) -> Result<Option<File>> {
    let Some(path) = target else {
        std::io::stdout().lock().write_all(content.as_bytes())?;
        return Ok(None);
    };
    let shown = path.display().to_string();
    write_all(&[Output { path, content }])?;
    Ok(Some(File { path: shown, state: FileState::Written, diff: None }))
}

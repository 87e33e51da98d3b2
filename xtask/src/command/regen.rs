use std::{
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;

use super::{File, FileState, Outcome, Reporting, command_line, counted, diff::summary};
use crate::{
    output::{Output, State, remove_all, write_all},
    pipeline::{self, Made},
    read::Sources,
    report::Report,
};

const EXAMPLES: &str = "\
Examples:
  cargo xtask regen
  cargo xtask regen --check
  cargo xtask regen --manifest birds/regen.toml";

/// The manifest of this repository, relative to its root.
const DEFAULT_MANIFEST: &str = "openapi/regen.toml";

/// Generate the document and the client from the sources of a manifest.
///
/// Reads and repairs the sources, merges documentation and facts, checks the result, and writes the
/// files under `[output]` of the manifest. Commit them. The report also says how the API changed since
/// the last commit, as `cargo xtask diff` does.
///
/// The report goes to stderr, in the same form and with the same exit codes as that of
/// `cargo xtask fix`. The `outcome` of `--check` can also be "stale". The `state` of a file is
/// "written", "removed", "unchanged", "missing", "stale" (with the first differing lines as `diff`) or
/// "obsolete" (no longer generated).
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Regen {
    /// Write nothing, and exit with 1 if a generated file is missing, stale or obsolete.
    #[arg(long)]
    check: bool,

    /// The manifest with the sources, names and outputs [default: openapi/regen.toml].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,

    #[command(flatten)]
    reporting: Reporting,
}

impl Regen {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Returns an error if a file can't be read or written.
    pub fn run(self) -> Result<ExitCode> {
        let command = self.command(|path| path.file_name().map(Path::new));
        let command_here = self.command(|path| Some(path));
        let is_own = self.manifest.is_none() || self.is_default();
        let manifest = self.manifest.unwrap_or_else(default_manifest);
        let mut sources = Sources::default();
        let made = match pipeline::make(&mut sources, &manifest, &command) {
            Ok(made) => made,
            Err(findings) => {
                let report = Report::default();
                let outcome = Outcome {
                    findings: &findings,
                    notes: vec!["nothing was written\n".to_owned()],
                    next: Some(format!("correct the errors, then run `{command_here}`")),
                    ..Outcome::new("regen", &sources, &report)
                };
                return Ok(outcome.tell(self.reporting)?);
            }
        };
        let files = if self.check { compare(&made) } else { write(&made) };
        let (files, failure) = match files {
            Ok(files) => (files, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let document = made.outputs.first().filter(|_| !self.check && failure.is_none());
        let wrapper = made.wrapper.as_ref();
        let notes = document
            .map(|document| summary(&document.path, &document.content, wrapper, &sources, is_own));
        let outcome = Outcome {
            is_comparison: self.check,
            notes: notes.into_iter().collect(),
            next: next(&files, &command_here, is_own, failure.is_some()),
            files,
            failures: failure.into_iter().collect(),
            ..Outcome::new("regen", &sources, &made.report)
        };
        Ok(outcome.tell(self.reporting)?)
    }

    /// What to type to get the same files again. What is written into them is the same wherever
    /// it is typed, so that it names the manifest alone; a message names its path from here.
    fn command(&self, shown: impl Fn(&Path) -> Option<&Path>) -> String {
        let path = self.manifest.as_deref().filter(|_| !self.is_default());
        match path.and_then(shown) {
            Some(path) => {
                let path = path.to_string_lossy();
                command_line(&["cargo", "xtask", "regen", "--manifest", &path])
            }
            None => "cargo xtask regen".to_owned(),
        }
    }

    fn is_default(&self) -> bool {
        let named = self.manifest.as_ref().and_then(|path| path.canonicalize().ok());
        named.is_some_and(|named| {
            workspace().join(DEFAULT_MANIFEST).canonicalize().is_ok_and(|path| path == named)
        })
    }
}

fn workspace() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// The default manifest as seen from the current folder, so that findings are short.
pub(super) fn default_manifest() -> PathBuf {
    let path = workspace().join(DEFAULT_MANIFEST);
    let here = std::env::current_dir().ok();
    let relative = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    relative.unwrap_or(path)
}

/// Writes the files that are not as they should be, and removes those that nothing makes any more.
fn write(made: &Made) -> io::Result<Vec<File>> {
    let mut changed = Vec::new();
    let mut files = Vec::new();
    for output in &made.outputs {
        let is_current = output.state()? == State::Current;
        if !is_current {
            changed.push(output.clone());
        }
        let state = if is_current { FileState::Unchanged } else { FileState::Written };
        files.push(File { path: output.path.display().to_string(), state, diff: None });
    }
    write_all(&changed)?;
    remove_all(&made.obsolete)?;
    files.extend(obsolete(made, FileState::Removed));
    Ok(files)
}

/// Compares the files with what they should be.
fn compare(made: &Made) -> io::Result<Vec<File>> {
    let compare = |output: &Output| {
        let (state, diff) = match output.state()? {
            State::Current => (FileState::Unchanged, None),
            State::Missing => (FileState::Missing, None),
            State::Stale { diff } => (FileState::Stale, Some(diff)),
        };
        Ok(File { path: output.path.display().to_string(), state, diff })
    };
    let mut files = made.outputs.iter().map(compare).collect::<io::Result<Vec<_>>>()?;
    files.extend(obsolete(made, FileState::Obsolete));
    Ok(files)
}

fn obsolete(made: &Made, state: FileState) -> impl Iterator<Item = File> {
    let paths = made.obsolete.iter().map(|path| path.display().to_string());
    paths.map(move |path| File { path, state, diff: None })
}

/// What to do next; nothing where every file is as it should be.
fn next(files: &[File], command: &str, is_own: bool, has_failed: bool) -> Option<String> {
    let count =
        |states: &[FileState]| files.iter().filter(|file| states.contains(&file.state)).count();
    let stale = count(&[FileState::Missing, FileState::Stale, FileState::Obsolete]);
    let written = count(&[FileState::Written, FileState::Removed]);
    if has_failed {
        Some(format!("correct the error, then run `{command}`"))
    } else if stale > 0 {
        Some(format!("run `{command}`, and commit the {} that it changes", counted(stale, "file")))
    } else if written > 0 && is_own {
        Some("run `cargo test --workspace`, then commit the changes".to_owned())
    } else if written > 0 {
        Some(format!(
            "commit the generated files; in CI, `{command} --check` fails if they are stale"
        ))
    } else {
        None
    }
}

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;

use super::{diff::summary, refuse, warn};
use crate::{
    output::{Output, State, write_all},
    pipeline::{self, Made},
    read::Sources,
};

/// The manifest of this repository, seen from its root.
const DEFAULT_MANIFEST: &str = "openapi/regen.toml";

/// Make the document and the client again from their sources.
///
/// The report ends with what changed of the API since the last commit, as `cargo xtask diff` tells
/// it.
#[derive(Debug, clap::Args)]
pub struct Regen {
    /// Write nothing; fail when a file is not what the sources make of it.
    #[arg(long)]
    check: bool,

    /// The manifest with the sources, names and outputs [default: openapi/regen.toml].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
}

impl Regen {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Where a file can't be read or written.
    pub fn run(self) -> Result<ExitCode> {
        let command = self.command(|path| path.file_name().map(Path::new));
        let command_here = self.command(|path| Some(path));
        let is_own = self.manifest.is_none() || self.is_default();
        let manifest = self.manifest.unwrap_or_else(default_manifest);
        let mut sources = Sources::default();
        let made = match pipeline::make(&mut sources, &manifest, &command) {
            Ok(made) => made,
            Err(findings) => return Ok(refuse(&sources, &findings)),
        };
        if self.check {
            return check(&made.outputs, &command_here);
        }
        warn(&sources, &made.report.warnings);
        write(&made, is_own)
    }

    /// What to type to get the same files again. What is written into them is the same wherever
    /// it is typed, so that it names the manifest alone; a message names its path from here.
    fn command(&self, shown: impl Fn(&Path) -> Option<&Path>) -> String {
        let path = self.manifest.as_deref().filter(|_| !self.is_default());
        match path.and_then(shown) {
            Some(path) => format!("cargo xtask regen --manifest {}", path.display()),
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

fn write(made: &Made, is_own: bool) -> Result<ExitCode> {
    let mut changed = Vec::new();
    let mut lines = Vec::new();
    for output in &made.outputs {
        let path = output.path.display();
        if output.state()? == State::Current {
            lines.push(format!("unchanged {path}"));
        } else {
            changed.push(output.clone());
            lines.push(format!("wrote     {path}"));
        }
    }
    write_all(&changed)?;
    let mut stderr = io::stderr().lock();
    write!(stderr, "{}", made.report)?;
    lines.iter().try_for_each(|line| writeln!(stderr, "{line}"))?;
    if let Some(document) = made.outputs.first() {
        write!(stderr, "{}", summary(&document.path, &document.content, is_own))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(outputs: &[Output], command: &str) -> Result<ExitCode> {
    let mut stderr = io::stderr().lock();
    let mut stale = false;
    for output in outputs {
        let path = output.path.display();
        match output.state()? {
            State::Current => continue,
            State::Missing => writeln!(stderr, "{path} is missing")?,
            State::Stale { diff } => write!(stderr, "{path} is stale:\n{diff}")?,
        }
        stale = true;
    }
    if stale {
        writeln!(stderr, "run `{command}` and commit what it writes")?;
        return Ok(ExitCode::FAILURE);
    }
    writeln!(stderr, "{} generated files are up to date", outputs.len())?;
    Ok(ExitCode::SUCCESS)
}

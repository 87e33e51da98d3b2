use std::{io::Write as _, path::PathBuf, process::ExitCode};

use anyhow::Result;

use super::{refuse, regen::default_manifest};
use crate::{
    fetch::{Limits, State, fetch},
    manifest::Manifest,
    read::Sources,
};

/// Download the sources that the manifest names by `url`.
///
/// Each is kept byte for byte, and takes the place of what is there only where `fix` would accept
/// it. Versions are kept in `<manifest>.lock.toml`, so that only changes are sent again. stderr has
/// a line for each source: unchanged, updated, refused (with the findings) or failed.
///
/// Exit codes: 0 where every source is what its server has; 1 where one was refused or failed; 2
/// where the file of versions can't be read or written.
#[derive(Debug, clap::Args)]
pub struct Fetch {
    /// The manifest with the sources [default: openapi/regen.toml].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
}

impl Fetch {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Where the file of versions can't be read or written.
    pub fn run(self) -> Result<ExitCode> {
        let mut sources = Sources::default();
        let path = self.manifest.unwrap_or_else(default_manifest);
        let manifest = match Manifest::load(&mut sources, &path) {
            Ok(manifest) => manifest,
            Err(finding) => return Ok(refuse(&sources, &[finding])),
        };
        let limits = Limits::default();
        let fetched = fetch(&mut sources, &manifest, &limits, &mut std::thread::sleep)?;
        let mut code = ExitCode::SUCCESS;
        for source in &fetched {
            let (state, file) = (source.state.as_str(), source.file.display());
            let mut stderr = std::io::stderr().lock();
            match &source.state {
                State::Unchanged | State::Updated => writeln!(stderr, "{state:<9} {file}")?,
                State::Failed(reason) => writeln!(stderr, "{state:<9} {file}: {reason}")?,
                State::Refused(findings) => {
                    writeln!(
                        stderr,
                        "{state:<9} {file}: what the server has is not accepted, and the file stays as it was"
                    )?;
                    drop(stderr);
                    refuse(&sources, findings);
                }
            }
            if !source.state.is_good() {
                code = ExitCode::FAILURE;
            }
        }
        if fetched.is_empty() {
            writeln!(std::io::stderr(), "no source of {} names a `url`", path.display())?;
        }
        Ok(code)
    }
}

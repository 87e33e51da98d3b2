//! Files that are written whole or not at all.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, BufRead as _, Read as _, Write as _},
    path::{Path, PathBuf},
};

use similar::{ChangeTag, TextDiff};

use crate::codegen::is_generated;

/// How many changed lines a diff shows.
const SHOWN: usize = 12;

/// A file as it should be.
#[derive(Clone, Debug)]
pub struct Output {
    /// Where it goes.
    pub path: PathBuf,
    /// What it says.
    pub content: String,
}

/// How a file compares with its expected content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is as it should be.
    Current,
    /// It is not there.
    Missing,
    /// It says something else.
    Stale {
        /// The first lines that differ.
        diff: String,
    },
}

impl Output {
    /// Compares with the file that is there.
    ///
    /// # Errors
    ///
    /// Where the file is there but can't be read.
    pub fn state(&self) -> io::Result<State> {
        match std::fs::read(&self.path) {
            Ok(there) if there == self.content.as_bytes() => Ok(State::Current),
            Ok(there) => Ok(State::Stale {
                diff: short_diff(&String::from_utf8_lossy(&there), &self.content),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::Missing),
            Err(error) => Err(in_context(error, "reading", &self.path)),
        }
    }

    fn stage(&self) -> io::Result<tempfile::NamedTempFile> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".regen-").tempfile_in(folder)?;
        file.write_all(self.content.as_bytes())?;
        file.as_file().sync_all()?;
        set_permissions_of_new_files(file.as_file())?;
        Ok(file)
    }
}

/// Writes files. No file is replaced before all have been written to temporary files next to their
/// targets, and if a replacement fails, the earlier ones are undone.
///
/// # Errors
///
/// Where a file can't be written; what was there before stays, unless the message says that it
/// could not be put back.
pub fn write_all(outputs: &[Output]) -> io::Result<()> {
    let staged = outputs
        .iter()
        .map(|output| output.stage().map_err(|error| in_context(error, "writing", &output.path)))
        .collect::<io::Result<Vec<_>>>()?;
    let mut replaced: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for (file, output) in staged.into_iter().zip(outputs) {
        let before = std::fs::read(&output.path).ok();
        if let Err(error) = file.persist(&output.path) {
            let error = in_context(error.error, "replacing", &output.path);
            return Err(put_back(&replaced, error));
        }
        replaced.push((&output.path, before));
    }
    Ok(())
}

/// The generated code in a folder and the folders in it that is none of the outputs: what was made of
/// a resource that is no more. Other files are somebody's own.
///
/// # Errors
///
/// Where the folder can't be read.
pub fn obsolete(folder: &Path, outputs: &[Output]) -> io::Result<Vec<PathBuf>> {
    let current: BTreeSet<&Path> = outputs.iter().map(|output| output.path.as_path()).collect();
    let mut obsolete = Vec::new();
    for path in rust_files(folder)? {
        if !current.contains(path.as_path()) && is_generated(&first_line(&path)?) {
            obsolete.push(path);
        }
    }
    obsolete.sort();
    Ok(obsolete)
}

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        // A link is what somebody made.
        let (kind, path) = (entry.file_type()?, entry.path());
        if kind.is_dir() {
            files.extend(rust_files(&path)?);
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

/// The first line of a file, or the beginning of a long one.
fn first_line(path: &Path) -> io::Result<String> {
    const LONGEST: u64 = 1024;
    let mut line = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| in_context(error, "reading", path))?;
    io::BufReader::new(file.take(LONGEST)).read_until(b'\n', &mut line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Removes files.
///
/// # Errors
///
/// Where one can't be removed.
pub fn remove_all(files: &[PathBuf]) -> io::Result<()> {
    files.iter().try_for_each(|path| {
        std::fs::remove_file(path).map_err(|error| in_context(error, "removing", path))
    })
}

/// Puts back what was there; what that failed for joins the error.
fn put_back(replaced: &[(&Path, Option<Vec<u8>>)], error: io::Error) -> io::Error {
    let mut message = error.to_string();
    for (path, before) in replaced {
        let outcome = match before {
            Some(content) => std::fs::write(path, content),
            None => std::fs::remove_file(path),
        };
        if let Err(error) = outcome {
            let _ = write!(message, "; {} could not be restored: {error}", path.display());
        }
    }
    io::Error::new(error.kind(), message)
}

/// A temporary file is for its owner alone; these are for everybody.
#[cfg(unix)]
fn set_permissions_of_new_files(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_permissions_of_new_files(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

fn in_context(error: io::Error, doing: &str, path: &Path) -> io::Error {
    io::Error::new(error.kind(), format!("{doing} {}: {error}", path.display()))
}

fn short_diff(there: &str, expected: &str) -> String {
    let diff = TextDiff::from_lines(there, expected);
    let changes: Vec<_> =
        diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal).collect();
    let mut text = String::new();
    for change in changes.iter().take(SHOWN) {
        let index = change.old_index().or(change.new_index()).unwrap_or_default();
        let line = change.value().trim_end();
        let _ = writeln!(text, "  {:>5} {}{line}", index + 1, change.tag());
    }
    if let Some(more) = changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let _ = writeln!(text, "        and {more} more changed lines");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(folder: &Path, name: &str, content: &str) -> Output {
        Output { path: folder.join(name), content: content.to_owned() }
    }

    #[test]
    fn a_file_is_missing_then_current_then_stale() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = output(folder.path(), "sub/a.txt", "one\ntwo\n");
        assert_eq!(wanted.state().unwrap(), State::Missing);
        write_all(std::slice::from_ref(&wanted)).unwrap();
        assert_eq!(wanted.state().unwrap(), State::Current);
        let changed = output(folder.path(), "sub/a.txt", "one\nthree\n");
        let State::Stale { diff } = changed.state().unwrap() else { panic!("not stale") };
        assert_eq!(diff, "      2 -two\n      2 +three\n");
    }

    #[test]
    fn one_file_that_can_not_be_written_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let first = output(folder.path(), "a.txt", "new\n");
        std::fs::write(&first.path, "old\n").unwrap();
        let beneath_a_file = output(folder.path(), "a.txt/b.txt", "x\n");
        let error = write_all(&[first.clone(), beneath_a_file]).unwrap_err();
        assert!(error.to_string().contains("b.txt"), "{error}");
        assert_eq!(std::fs::read_to_string(&first.path).unwrap(), "old\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left lying");
    }

    #[test]
    fn what_was_replaced_is_put_back_where_a_later_one_can_not_be() {
        let folder = tempfile::tempdir().unwrap();
        let old = output(folder.path(), "a.txt", "new\n");
        std::fs::write(&old.path, "old\n").unwrap();
        let new = output(folder.path(), "b.txt", "new\n");
        let folder_in_its_place = output(folder.path(), "c", "x\n");
        std::fs::create_dir_all(folder.path().join("c/d")).unwrap();
        let error = write_all(&[old.clone(), new.clone(), folder_in_its_place]).unwrap_err();
        assert!(error.to_string().contains("replacing"), "{error}");
        assert_eq!(std::fs::read_to_string(&old.path).unwrap(), "old\n");
        assert!(!new.path.exists());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
    #[test]
    fn generated_code_that_nothing_makes_any_more_is_obsolete() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let code = "// @generated by `cargo xtask regen` with progenitor 1.2.3 from a.json. Do not edit.\n";
        std::fs::create_dir(at("resources")).unwrap();
        for (name, content) in [
            ("mod.rs", code),
            ("gone.rs", code),
            ("resources/gone.rs", code),
            ("resources/own.rs", "//! Somebody's own.\n"),
            ("notes.txt", code),
        ] {
            std::fs::write(at(name), content).unwrap();
        }
        let made = [output(folder.path(), "mod.rs", code)];
        let found = obsolete(folder.path(), &made).unwrap();
        assert_eq!(found, [at("gone.rs"), at("resources/gone.rs")]);
        remove_all(&found).unwrap();
        assert_eq!(obsolete(folder.path(), &made).unwrap(), Vec::<PathBuf>::new());
        assert!(at("resources/own.rs").exists() && at("notes.txt").exists());
        assert_eq!(obsolete(&at("nowhere"), &made).unwrap(), Vec::<PathBuf>::new());
    }
}

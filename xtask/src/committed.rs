//! A file as git has it.

use std::{ffi::OsStr, path::Path, process::Command};

/// The content of a file in the last commit of the repository that it is in.
///
/// # Errors
///
/// A reason in words: there is no git, no repository, no commit, or no such file in it.
pub fn committed(path: &Path) -> Result<Vec<u8>, String> {
    let name = path.file_name().and_then(OsStr::to_str).ok_or("its name is not UTF-8")?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let output = Command::new("git")
        .args(["cat-file", "blob", &format!("HEAD:./{name}")])
        .current_dir(folder.unwrap_or(Path::new(".")))
        .output()
        .map_err(|error| format!("git can't be run: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err("the file is not in the last commit".to_owned()),
    }
}

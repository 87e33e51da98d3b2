//! What killed processes left of downloads.
//!
//! A download holds a lock on its partial file, which the system releases when the process ends,
//! however it ends. A partial file that can be locked is therefore unused. Without file locks
//! nothing is removed.

use std::{
    fs,
    path::{Path, PathBuf},
};

const PREFIX: &str = ".prolific-";
const SUFFIX: &str = ".part";

/// How many entries of a folder are looked at: in a folder of millions a download is not to wait.
const ENTRIES: usize = 10_000;

/// A name that no other part has.
pub(super) fn new_name() -> String {
    format!("{PREFIX}{:016x}{SUFFIX}", fastrand::u64(..))
}

/// Locks a part that was just made. Returns `false` if another download took it for stale before it
/// was locked.
pub(super) fn is_held(part: &fs::File, path: &Path) -> bool {
    match part.try_lock() {
        Err(fs::TryLockError::WouldBlock) => false,
        Ok(()) | Err(fs::TryLockError::Error(_)) => path.exists(),
    }
}

/// Removes the parts in the folder of a file that no download holds. What can't be removed stays:
/// the download itself can do without.
pub(super) async fn remove_beside(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_owned();
    let _ = tokio::task::spawn_blocking(move || remove_in(&folder)).await;
}

fn remove_in(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.take(ENTRIES).filter_map(Result::ok) {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_str().is_some_and(is_name_of_part) {
            remove_unless_held(&entry.path());
        }
    }
}

fn is_name_of_part(name: &str) -> bool {
    let number = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX));
    number.is_some_and(|number| {
        number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn remove_unless_held(path: &PathBuf) {
    let Ok(part) = fs::OpenOptions::new().write(true).open(path) else { return };
    // It is removed while it is locked, so that a process that just created it notices.
    if part.try_lock().is_ok() {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{is_held, is_name_of_part, new_name, remove_in};

    #[test]
    fn only_what_a_download_made_has_the_name_of_a_part() {
        assert!(is_name_of_part(&new_name()));
        for name in [".prolific-.part", ".prolific-notes.part", "prolific-0123456789abcdef.part"] {
            assert!(!is_name_of_part(name), "{name}");
        }
    }

    #[test]
    fn a_part_stays_for_as_long_as_it_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(new_name());
        let part = fs::File::create_new(&path).unwrap();
        assert!(is_held(&part, &path));
        remove_in(folder.path());
        assert!(path.exists());
        drop(part);
        remove_in(folder.path());
        assert!(!path.exists());
    }

    #[test]
    fn a_part_that_was_taken_for_stale_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(new_name());
        let part = fs::File::create_new(&path).unwrap();
        let cleaner = fs::File::open(&path).unwrap();
        cleaner.try_lock().unwrap();
        assert!(!is_held(&part, &path));
        drop(cleaner);
        fs::remove_file(&path).unwrap();
        assert!(!is_held(&part, &path));
    }
}

//! Patterns of file names, `pages/*.md`.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Whether a path is a pattern.
pub fn is_pattern(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains('*'))
}

/// The files that a path matches, sorted by name: those that match a pattern, or the path itself,
/// whether it exists or not.
///
/// # Errors
///
/// Where the folder of a pattern can't be read.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    let (Some(pattern), true) = (path.file_name(), is_pattern(path)) else {
        return Ok(vec![path.to_path_buf()]);
    };
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let pattern = pattern.to_string_lossy();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.unwrap_or(Path::new(".")))? {
        let name = entry?.file_name();
        if fits(&pattern, &name.to_string_lossy()) {
            files.push(folder.map_or_else(|| PathBuf::from(&name), |folder| folder.join(&name)));
        }
    }
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}

/// Whether a name matches a pattern, in which `*` matches any characters, or none.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut open) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        match open.find(part) {
            Some(at) => open = &open[at + part.len()..],
            None => return false,
        }
    }
    open.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::{files, fits};

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (pattern, name) in [("*.md", "a.md"), ("a*b*c", "a1b2b3c"), ("*", ""), ("a*a", "aa")] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("*.md", "a.mdx"), ("a*a", "a"), ("a*b*c", "acb"), ("b*", "ab")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn files_come_in_the_order_of_their_names_and_folders_are_none() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.md", "a.md", "c.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("d.md")).unwrap();
        let found = files(&folder.path().join("*.md")).unwrap();
        assert_eq!(found, ["a.md", "b.md"].map(|name| folder.path().join(name)));
        let missing = folder.path().join("missing.md");
        assert_eq!(files(&missing).unwrap(), [missing]);
        assert!(files(&folder.path().join("missing/*.md")).is_err());
    }
}

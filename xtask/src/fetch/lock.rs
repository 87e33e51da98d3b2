use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// What is known of the sources that were fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// A source each, in the order of the manifest.
    #[serde(default, rename = "source")]
    pub entries: Vec<Entry>,
}

/// What is known of a source that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Its file, relative to the manifest.
    pub file: PathBuf,
    /// The `url` that the manifest names.
    pub url: String,
    /// The final address if it differs: the Markdown of a page has a separate one.
    pub from: Option<String>,
    /// What the server calls this version of it.
    #[serde(flatten)]
    pub version: Version,
    /// The SHA-256 of what was fetched, in hexadecimal.
    pub sha256: String,
}

/// What a server calls a version of what it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Version {
    /// Its entity tag.
    pub etag: Option<String>,
    /// When it was last modified, as the server writes it.
    #[serde(rename = "last-modified")]
    pub last_modified: Option<String>,
}

impl Lock {
    /// Reads it; empty where there is none yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the file can't be read or parsed.
    pub fn load(path: &Path) -> Result<Self> {
        match std::fs::read_to_string(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            text => toml::from_str(&text.with_context(|| format!("reading {}", path.display()))?)
                .with_context(|| {
                    format!("{} can't be read: delete it to fetch everything again", path.display())
                }),
        }
    }

    /// What is known of a file.
    pub fn entry(&self, file: &Path) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.file == file)
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# What `cargo xtask fetch` downloaded, and from where. It writes this file; \
                     commit it."
        )?;
        for Entry { file, url, from, version, sha256 } in &self.entries {
            let file = file.to_string_lossy();
            let known = [
                ("file", Some(&*file)),
                ("url", Some(url)),
                ("from", from.as_deref()),
                ("etag", version.etag.as_deref()),
                ("last-modified", version.last_modified.as_deref()),
                ("sha256", Some(sha256)),
            ];
            writeln!(f, "\n[[source]]")?;
            for (key, value) in known {
                value.map_or(Ok(()), |value| writeln!(f, "{key} = {}", quoted(value)))?;
            }
        }
        Ok(())
    }
}

/// A basic string of TOML, whose escapes are those of JSON; TOML takes no bare DEL.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::{Entry, Lock, Version};

    #[test]
    fn what_is_written_is_read_again() {
        let entry = |etag: Option<&str>| Entry {
            file: "pages/a \"b\".md".into(),
            url: "https://a.example/x?y=\\".to_owned(),
            from: etag.map(|_| "https://a.example/x.md".to_owned()),
            version: Version {
                etag: etag.map(str::to_owned),
                last_modified: etag.map(|_| "Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
            },
            sha256: "00".to_owned(),
        };
        let lock = Lock { entries: vec![entry(Some("W/\"a\u{7f}\"")), entry(None)] };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("regen.lock.toml");
        assert_eq!(Lock::load(&path).unwrap(), Lock::default());
        std::fs::write(&path, lock.to_string()).unwrap();
        assert_eq!(Lock::load(&path).unwrap(), lock);
        std::fs::write(&path, "[[source]]\nfile = 1\n").unwrap();
        assert!(format!("{:#}", Lock::load(&path).unwrap_err()).contains("delete it"));
    }
}

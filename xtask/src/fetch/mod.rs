//! Downloads the sources that the manifest names by URL.
//!
//! A page is kept byte for byte as it came, and takes the place of the one that is there only when
//! it is accepted: read, repaired and checked as `cargo xtask fix` does it. Otherwise the old one
//! stays, and the findings say why. What a server says of the version of a page is kept in a file
//! beside the manifest, so that the next run asks for changes alone.

mod address;
mod backoff;
mod download;
mod lock;

pub use address::Address;
pub use backoff::Limits;
pub use download::{Answer, Fault, download};
pub use lock::{Entry, Lock};

use std::{path::PathBuf, time::Duration};

use sha2::{Digest as _, Sha256};

use crate::{
    finding::Finding,
    manifest::{Manifest, SourceEntry},
    output::{Output, write_all},
    pipeline,
    read::Sources,
};

/// What became of one source.
#[derive(Debug)]
pub struct Fetched {
    /// Its file, as seen from the current folder.
    pub file: PathBuf,
    /// What became of it.
    pub state: State,
}

/// What became of a source.
#[derive(Debug)]
pub enum State {
    /// The server has what is there already.
    Unchanged,
    /// The file has another content now.
    Updated,
    /// The new content is not accepted; the file is as it was.
    Refused(Vec<Finding>),
    /// The new content could not be had, or not be written; the file is as it was.
    Failed(String),
}

impl State {
    /// Its name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether the file is what the server has.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Unchanged | Self::Updated)
    }
}

/// Downloads every source that has a URL, one after the other. `pause` waits between attempts.
///
/// # Errors
///
/// Where the file with the versions can't be read or written. What is wrong with one source does
/// not keep the others from being fetched.
pub fn fetch(
    sources: &mut Sources,
    manifest: &Manifest,
    limits: &Limits,
    pause: &mut dyn FnMut(Duration),
) -> anyhow::Result<Vec<Fetched>> {
    let path = manifest.lock_path();
    let known = Lock::load(&path)?;
    let mut lock = Lock::default();
    let mut fetched = Vec::new();
    for source in &manifest.sources {
        let Some(url) = &source.url else {
            continue;
        };
        let known = known.entry(&source.file).filter(|entry| entry.url == *url.get_ref());
        let (state, entry) = one(sources, manifest, source, url.get_ref(), known, limits, pause);
        lock.entries.extend(entry.or_else(|| known.cloned()));
        fetched.push(Fetched { file: manifest.resolve(&source.file), state });
    }
    if lock != known {
        write_all(&[Output { path, content: lock.to_string() }])?;
    }
    Ok(fetched)
}

/// Fetches one source; with what is to be known of it next time, if that is something new.
fn one(
    sources: &mut Sources,
    manifest: &Manifest,
    source: &SourceEntry,
    url: &str,
    known: Option<&Entry>,
    limits: &Limits,
    pause: &mut dyn FnMut(Duration),
) -> (State, Option<Entry>) {
    let path = manifest.resolve(&source.file);
    let there = std::fs::read(&path).ok();
    // What somebody edited, or took away, is fetched whole.
    let is_as_fetched =
        |entry: &&Entry| there.as_deref().is_some_and(|there| entry.sha256 == sha256(there));
    let etag = known.filter(is_as_fetched).and_then(|entry| entry.etag.as_deref());
    let answer = Address::parse(url)
        .and_then(|address| download(&address, etag, limits, pause))
        .map_err(|fault| State::Failed(fault.to_string()));
    let (bytes, etag) = match answer {
        Err(state) => return (state, None),
        Ok(Answer::NotModified) => return (State::Unchanged, None),
        Ok(Answer::Whole { bytes, etag }) => (bytes, etag),
    };
    let file = source.file.clone();
    let entry = Entry { file, url: url.to_owned(), etag, sha256: sha256(&bytes) };
    if there.as_ref() == Some(&bytes) {
        return (State::Unchanged, Some(entry));
    }
    let id = sources.add(path.display().to_string(), &bytes);
    let documents = pipeline::fix_all(sources, id, &manifest.settings());
    let findings: Vec<Finding> = documents.into_iter().filter_map(Result::err).flatten().collect();
    if !findings.is_empty() {
        return (State::Refused(findings), None);
    }
    let written = String::from_utf8(bytes).map_err(|error| error.to_string()).and_then(|content| {
        write_all(&[Output { path, content }]).map_err(|error| error.to_string())
    });
    match written {
        Ok(()) => (State::Updated, Some(entry)),
        Err(reason) => (State::Failed(reason), None),
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Downloads the sources that the manifest names by URL, and reads the indexes that it names.
//!
//! A source is stored byte for byte. It replaces the existing file only if it is accepted, that is
//! read, repaired and checked as `cargo xtask fix` does. Otherwise the old file is kept, and the
//! errors say why. The version that the server reports for a source is stored in a file next to the
//! manifest, so that the next run only requests changes.
//!
//! A site also serves HTML, notices in place of deleted pages, and pages in prose. These are
//! recognised and refused, and the error names the address of a document if there is one.

mod address;
mod backoff;
mod download;
mod elsewhere;
mod index;
mod lock;
mod survey;

pub use address::Address;
pub use backoff::Limits;
pub use download::{Answer, Downloads, Fault};
pub use index::Index;
pub use lock::{Entry, Lock, Version};
pub use survey::Survey;

use std::{path::PathBuf, time::Duration};

use elsewhere::Elsewhere;
use sha2::{Digest as _, Sha256};
use toml::Spanned;

use crate::{
    finding::Finding,
    manifest::{Manifest, SourceEntry},
    output::{Output, write_all},
    pipeline,
    read::{Foreign, Sources},
};

/// What a run brought.
#[derive(Debug, Default)]
pub struct Fetched {
    /// What became of each source that has a URL.
    pub sources: Vec<FetchedSource>,
    /// What each index names.
    pub surveys: Vec<Survey>,
    /// What is wrong with the indexes.
    pub findings: Vec<Finding>,
    /// Sources that are there and that no index names.
    pub warnings: Vec<Finding>,
}

/// What became of one source.
#[derive(Debug)]
pub struct FetchedSource {
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
    Failed(Finding),
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

    /// What is wrong.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Unchanged | Self::Updated => &[],
            Self::Refused(findings) => findings,
            Self::Failed(finding) => std::slice::from_ref(finding),
        }
    }
}

/// Downloads every index and every source that has a URL, one after the other. `pause` waits
/// between attempts.
///
/// # Errors
///
/// Returns an error if the file with the versions can't be read or written. What is wrong with one
/// source does not keep the others from being fetched.
pub fn fetch(
    sources: &mut Sources,
    manifest: &Manifest,
    limits: &Limits,
    pause: &mut dyn FnMut(Duration),
) -> anyhow::Result<Fetched> {
    let path = manifest.lock_path();
    let known = Lock::load(&path)?;
    let downloads = Downloads::new(*limits)?;
    let mut run = Run { sources, manifest, downloads, pause, elsewhere: Elsewhere::default() };
    let mut fetched = run.indexes();
    let mut lock = Lock::default();
    for source in &manifest.sources {
        let Some(url) = &source.url else {
            continue;
        };
        let known = known.entry(&source.file).filter(|entry| entry.url == *url.get_ref());
        let (state, entry) = match run.source(source, url, known) {
            Ok((state, entry)) => (state, entry),
            Err(state) => (state, None),
        };
        lock.entries.extend(entry.or_else(|| known.cloned()));
        fetched.sources.push(FetchedSource { file: manifest.resolve(&source.file), state });
    }
    survey::compare(manifest, &mut fetched);
    if lock != known {
        write_all(&[Output { path, content: lock.to_string() }])?;
    }
    Ok(fetched)
}

/// What the sources of a run share.
struct Run<'a> {
    sources: &'a mut Sources,
    manifest: &'a Manifest,
    downloads: Downloads,
    pause: &'a mut dyn FnMut(Duration),
    elsewhere: Elsewhere,
}

/// The result for a source, and where it came from.
struct Came {
    from: Address,
    answer: Answer,
}

impl Run<'_> {
    /// Fetches one source; with what is to be known of it next time, if that is something new.
    fn source(
        &mut self,
        source: &SourceEntry,
        url: &Spanned<String>,
        known: Option<&Entry>,
    ) -> Result<(State, Option<Entry>), State> {
        let path = self.manifest.resolve(&source.file);
        let there = std::fs::read(&path).ok();
        // What somebody edited, or took away, is fetched whole.
        let known = known
            .filter(|entry| there.as_deref().is_some_and(|there| entry.sha256 == sha256(there)));
        let address = Address::parse(url.get_ref())
            .map_err(|fault| State::Failed(self.at_url(url, fault.to_string(), fault.remedy())))?;
        let came = self.page_or_document(&address, known).map_err(|fault| {
            let problem = format!("it can't be fetched: {fault}");
            let remedy = self.remedy(&fault.remedy(), fault.is_gone(), &address);
            State::Failed(self.at_url(url, problem, remedy))
        })?;
        let Answer::Whole { bytes, version } = came.answer else {
            return Ok((State::Unchanged, None));
        };
        let entry = Entry {
            file: source.file.clone(),
            url: url.get_ref().clone(),
            from: (came.from != address).then(|| came.from.url().to_string()),
            version,
            sha256: sha256(&bytes),
        };
        if there.as_ref() == Some(&bytes) {
            return Ok((State::Unchanged, Some(entry)));
        }
        let content = self.accepted(&path, &came.from, url, bytes)?;
        write_all(&[Output { path, content }]).map_err(|error| {
            State::Failed(self.at_url(
                url,
                error.to_string(),
                "free the path or make it writable".to_owned(),
            ))
        })?;
        Ok((State::Updated, Some(entry)))
    }

    /// Requests the Markdown of a page first: the page's own address serves HTML for browsers,
    /// unless the site honours the `Accept` header.
    fn page_or_document(
        &mut self,
        address: &Address,
        known: Option<&Entry>,
    ) -> Result<Came, Fault> {
        let version_at = |asked: &Address| {
            let of_entry = |entry: &&Entry| {
                entry.from.as_deref().unwrap_or(&entry.url) == asked.url().as_str()
                    || (entry.from.is_none() && asked == address)
            };
            known.filter(of_entry).map(|entry| entry.version.clone()).unwrap_or_default()
        };
        if let Some(markdown) = address.markdown() {
            match self.downloads.get(&markdown, &version_at(&markdown), self.pause) {
                Ok(answer) if !is_no_page(&answer) => return Ok(Came { from: markdown, answer }),
                Err(fault) if !fault.is_gone() => return Err(fault),
                _ => {}
            }
        }
        let answer = self.downloads.get(address, &version_at(address), self.pause)?;
        Ok(Came { from: address.clone(), answer })
    }

    /// The text of a source, if it is accepted.
    fn accepted(
        &mut self,
        path: &std::path::Path,
        from: &Address,
        url: &Spanned<String>,
        bytes: Vec<u8>,
    ) -> Result<String, State> {
        let id = self.sources.add(path.display().to_string(), &bytes);
        let foreign = self.sources.text(id).ok().and_then(Foreign::of);
        if let Some(foreign) = foreign {
            let problem = foreign.problem().to_owned();
            let ours = match foreign {
                Foreign::NotFound => "correct `url`, or remove the source from the manifest",
                _ => "set `url` to a page with an OpenAPI document, or to a document",
            };
            let remedy = self.remedy(ours, true, from);
            return Err(State::Refused(vec![self.at_url(url, problem, remedy)]));
        }
        let documents = pipeline::fix_all(self.sources, id, &self.manifest.settings());
        let findings: Vec<Finding> =
            documents.into_iter().filter_map(Result::err).flatten().collect();
        if !findings.is_empty() {
            return Err(State::Refused(findings));
        }
        String::from_utf8(bytes).map_err(|error| {
            State::Failed(self.at_url(url, error.to_string(), "report this".to_owned()))
        })
    }

    /// What to do; where the source itself has nothing, with the address that has the document.
    fn remedy(&mut self, ours: &str, has_nothing: bool, address: &Address) -> String {
        if !has_nothing {
            return ours.to_owned();
        }
        let Some(document) = self.elsewhere.document_for(address, &self.downloads) else {
            return ours.to_owned();
        };
        let urls = self.manifest.sources.iter().filter_map(|source| source.url.as_ref());
        let mut named = urls.filter_map(|url| Address::parse(url.get_ref()).ok());
        match named.any(|named| named.identity() == document.identity()) {
            true => format!(
                "remove the source: {document}, which is also in the manifest, contains the \
                 document"
            ),
            false => format!("set `url` to {document}, which contains the document"),
        }
    }

    fn at_url(&self, url: &Spanned<String>, problem: String, remedy: String) -> Finding {
        Finding::about_source(self.manifest.place_of(url), problem, remedy).found_by("fetch")
    }
}

/// Whether a page is not there, whatever the status, or is there for browsers alone.
fn is_no_page(answer: &Answer) -> bool {
    let Answer::Whole { bytes, .. } = answer else {
        return false;
    };
    let foreign = std::str::from_utf8(bytes).ok().and_then(Foreign::of);
    matches!(foreign, Some(Foreign::NotFound | Foreign::Html))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

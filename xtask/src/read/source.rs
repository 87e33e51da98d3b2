use std::{fs::File, io::Read as _, path::Path, str::Utf8Error};

use crate::{
    document::{Place, SourceId},
    finding::Finding,
};

/// The largest file that is read, in bytes. The largest documents of APIs have half of that.
pub const LARGEST_FILE: u64 = 64 << 20;

/// A file, whole.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    /// Its text, line breaks being `\n`. Where it is not UTF-8, what could be read of it.
    text: String,
    /// Why it can't be used.
    problem: Option<Finding>,
}

impl Source {
    fn new(id: SourceId, name: String, bytes: &[u8]) -> Self {
        let problem = std::str::from_utf8(bytes).err().map(|error| no_utf8(id, bytes, error));
        Self { name, text: text_of(bytes), problem }
    }
}

/// What can be read of bytes, without a byte order mark, line breaks being `\n`.
fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The bytes of a file, or what is wrong with it and what to do.
fn contents(path: &Path) -> Result<Vec<u8>, (String, &'static str)> {
    let unreadable = |error| (format!("the file can't be read: {error}"), "check the path");
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "a pipe or a device" };
        return Err((format!("this is {what}, not a file"), "use a file"));
    }
    if metadata.len() > LARGEST_FILE {
        let problem = format!("the file is larger than {} MiB", LARGEST_FILE >> 20);
        return Err((problem, "split it: no API document is that large"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // The file may have grown since; if it is cut off, it can't be parsed.
    file.take(LARGEST_FILE).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// What is wrong with bytes that are no UTF-8, and where they stop being it.
fn no_utf8(id: SourceId, bytes: &[u8], error: Utf8Error) -> Finding {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let problem = "the file is UTF-16 or UTF-32, not UTF-8";
        return Finding::about_source(Place::start_of(id), problem, "save it as UTF-8");
    }
    let read = text_of(&bytes[..error.valid_up_to()]);
    let line_start = read.rfind('\n').map_or(0, |at| at + 1);
    let place = Place {
        source: id,
        line: count(read.matches('\n').count() + 1),
        column: count(read[line_start..].chars().count() + 1),
    };
    Finding::about_source(place, "the file is not valid UTF-8 here", "save it as UTF-8")
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The files of a run, by the ids that places carry.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Reads a file. Its path as given is its name in findings.
    ///
    /// # Errors
    ///
    /// A finding where the file can't be read, where it is larger than [`LARGEST_FILE`], or where
    /// it is not a file but a folder, a pipe or a device, which might never end.
    pub fn load(&mut self, path: &Path) -> Result<SourceId, Finding> {
        let bytes = contents(path);
        let id = self.add(path.display().to_string(), bytes.as_deref().unwrap_or_default());
        match bytes {
            Ok(_) => Ok(id),
            Err((problem, remedy)) => {
                let finding = Finding::about_source(Place::start_of(id), problem, remedy);
                Err(finding.found_by("read"))
            }
        }
    }

    /// Adds a source that is in memory already.
    pub fn add(&mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Source::new(id, name.into(), bytes.as_ref()));
        id
    }

    /// The name of a source.
    pub fn name(&self, id: SourceId) -> &str {
        self.0.get(id.0 as usize).map_or("<unknown>", |source| &source.name)
    }

    /// The text of a source.
    ///
    /// # Errors
    ///
    /// A finding where the file is not UTF-8.
    pub fn text(&self, id: SourceId) -> Result<&str, Finding> {
        match self.0.get(id.0 as usize) {
            Some(Source { problem: Some(problem), .. }) => Err(problem.clone()),
            source => Ok(source.map_or("", |source| &source.text)),
        }
    }

    /// The line that a place is in.
    pub fn line(&self, place: Place) -> Option<&str> {
        let index = usize::try_from(place.line).ok()?.checked_sub(1)?;
        self.0.get(place.source.0 as usize)?.text.lines().nth(index)
    }
}

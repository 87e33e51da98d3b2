use std::path::Path;

use crate::{
    document::{Place, SourceId},
    finding::Finding,
};

/// A file, whole.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    bytes: Vec<u8>,
}

impl Source {
    /// The text.
    ///
    /// # Errors
    ///
    /// A finding where the file is not UTF-8.
    fn text(&self, id: SourceId) -> Result<&str, Finding> {
        let text = std::str::from_utf8(&self.bytes).map_err(|error| {
            let read = &self.bytes[..error.valid_up_to()];
            let line_start = read.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let column = String::from_utf8_lossy(&read[line_start..]).chars().count() + 1;
            let line = read.iter().filter(|byte| **byte == b'\n').count() + 1;
            let place = Place {
                source: id,
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: u32::try_from(column).unwrap_or(u32::MAX),
            };
            Finding::about_source(place, "the file is not UTF-8 here", "save it as UTF-8")
        })?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }
}

/// The files of a run, by the ids that places carry.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Reads a file. Its path as given is its name in findings.
    ///
    /// # Errors
    ///
    /// A finding where the file can't be read.
    pub fn load(&mut self, path: &Path) -> Result<SourceId, Finding> {
        let bytes = std::fs::read(path);
        let id = self.add(path.display().to_string(), bytes.as_deref().unwrap_or_default());
        match bytes {
            Ok(_) => Ok(id),
            Err(error) => Err(Finding::about_source(
                Place::start_of(id),
                format!("the file can't be read: {error}"),
                "check the path",
            )),
        }
    }

    /// Adds a source that is in memory already.
    pub fn add(&mut self, name: impl Into<String>, bytes: impl AsRef<[u8]>) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Source { name: name.into(), bytes: bytes.as_ref().to_vec() });
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
        self.0.get(id.0 as usize).map_or(Ok(""), |source| source.text(id))
    }
}

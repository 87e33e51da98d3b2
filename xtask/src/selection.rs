//! The files that a manifest selects: those that its sources name, less those that it skips.

use std::path::PathBuf;

use indexmap::IndexMap;

use crate::{
    document::Place,
    finding::Finding,
    glob,
    manifest::{Manifest, SkipEntry, SourceEntry},
};

/// The sources of a document.
#[derive(Debug)]
pub struct Selection<'a> {
    /// The files, in the order of the manifest, those of a pattern in the order of their names.
    pub files: IndexMap<PathBuf, &'a SourceEntry>,
    /// What is published at an address and has not been fetched yet.
    pub absent: Vec<&'a SourceEntry>,
    /// The files that are left out.
    pub skipped: Vec<(PathBuf, &'a SkipEntry)>,
}

impl<'a> Selection<'a> {
    /// Spells out the patterns of a manifest.
    ///
    /// # Errors
    ///
    /// Findings about patterns that no file fits, and about skips that concern no source or give
    /// no reason.
    pub fn of(manifest: &'a Manifest) -> Result<Self, Vec<Finding>> {
        let mut selection =
            Self { files: IndexMap::new(), absent: Vec::new(), skipped: Vec::new() };
        let mut findings = Vec::new();
        for entry in &manifest.sources {
            findings.extend(selection.add(manifest, entry).err());
        }
        for entry in &manifest.skips {
            findings.extend(selection.skip(manifest, entry).err());
        }
        if findings.is_empty() { Ok(selection) } else { Err(findings) }
    }

    /// Adds the files of a source. A file with a separate entry does not belong to a pattern.
    fn add(&mut self, manifest: &Manifest, entry: &'a SourceEntry) -> Result<(), Finding> {
        let path = manifest.resolve(&entry.file);
        if entry.url.is_some() && !path.exists() {
            self.absent.push(entry);
            return Ok(());
        }
        let at = Place::start_of(manifest.id);
        let shown = path.display();
        let files = glob::files(&path).map_err(|error| {
            let problem = format!("the folder of the source {shown} can't be read: {error}");
            Finding::about_source(at, problem, "check the path")
        })?;
        if files.is_empty() {
            let problem = format!("no file matches the source {shown}");
            return Err(Finding::about_source(at, problem, "check the path and the pattern"));
        }
        let is_pattern = glob::is_pattern(&entry.file);
        for file in files {
            if !is_pattern || !self.files.contains_key(&file) {
                self.files.insert(file, entry);
            }
        }
        Ok(())
    }

    fn skip(&mut self, manifest: &Manifest, entry: &'a SkipEntry) -> Result<(), Finding> {
        let path = manifest.resolve(entry.file.get_ref());
        let at = manifest.place_of(&entry.file);
        let shown = entry.file.get_ref().display();
        if entry.reason.trim().is_empty() {
            let problem = format!("[[skip]] gives no reason for excluding {shown}");
            return Err(Finding::about_source(at, problem, "say why it can't be included"));
        }
        if self.files.shift_remove(&path).is_none() {
            let problem = format!("[[skip]] refers to {shown}, but no source includes that file");
            return Err(Finding::about_source(
                at,
                problem,
                "remove the entry, or correct the path",
            ));
        }
        self.skipped.push((path, entry));
        Ok(())
    }
}

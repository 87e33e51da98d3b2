use std::path::{Path, PathBuf};

use crate::{
    document::{Place, SourceId},
    finding::Finding,
    read::Sources,
};

/// How deeply folders may hold one another.
const DEEPEST: usize = 16;

/// A file of the crate, read as Rust.
pub(super) struct SourceFile {
    pub(super) id: SourceId,
    pub(super) code: syn::File,
}

impl SourceFile {
    /// Where a piece of its code begins.
    pub(super) fn place(&self, span: proc_macro2::Span) -> Place {
        let start = span.start();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place { source: self.id, line: count(start.line), column: count(start.column + 1) }
    }
}

/// The Rust files of a folder, in the order of their paths.
pub(super) fn files(sources: &mut Sources, folder: &Path) -> Result<Vec<SourceFile>, Finding> {
    let mut paths = Vec::new();
    list(folder, 0, &mut paths).map_err(|error| {
        let problem = format!("{} can't be read: {error}", folder.display());
        Finding::about_source(Place::default(), problem, "check `source` of [wrapper]")
    })?;
    paths.sort();
    paths.iter().map(|path| read(sources, path)).collect()
}

fn list(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && depth < DEEPEST {
            list(&path, depth + 1, paths)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}

fn read(sources: &mut Sources, path: &Path) -> Result<SourceFile, Finding> {
    let id = sources.load(path)?;
    let code = syn::parse_file(sources.text(id)?).map_err(|error| {
        let start = error.span().start();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place = Place { source: id, line: count(start.line), column: count(start.column + 1) };
        Finding::about_source(
            place,
            format!("this is no Rust: {error}"),
            "correct the crate on top",
        )
    })?;
    Ok(SourceFile { id, code })
}

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use proc_macro2::{LexError, TokenStream};

use crate::{
    document::{Place, SourceId},
    finding::Finding,
    read::Sources,
};

/// The modules of the source that are tests.
const TEST_MODULES: [&str; 2] = ["on_the_wire", "upload_faults"];
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
        Finding::about_source(Place::default(), problem, "check `source` under [wrapper]")
    })?;
    paths.sort();
    paths.iter().map(|path| read(sources, path)).collect()
}

/// The test files: those in the folder `tests` next to the source, by their paths in the package,
/// and the test modules in the source.
pub(super) fn tests(
    sources: &mut Sources,
    folder: &Path,
) -> Result<Vec<(String, TokenStream)>, Finding> {
    let Some(package) = folder.parent() else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for folder in [&package.join("tests"), folder] {
        // A folder that can't be listed has no tests, or was reported with the source.
        let _ = list(folder, 0, &mut paths);
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let within = path.strip_prefix(package).unwrap_or(&path);
        if is_of_tests(within)
            && let Some(code) = code(sources, &path)?
        {
            files.push((within.display().to_string().replace('\\', "/"), code));
        }
    }
    Ok(files)
}

fn is_of_tests(path: &Path) -> bool {
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    path.starts_with("tests") || TEST_MODULES.contains(&stem)
}

/// The tokens of a file, if it is there.
pub(super) fn code(sources: &mut Sources, path: &Path) -> Result<Option<TokenStream>, Finding> {
    if !path.is_file() {
        return Ok(None);
    }
    let id = sources.load(path)?;
    sources.text(id)?.parse().map(Some).map_err(|error: LexError| {
        let start = error.span().start();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place = Place { source: id, line: count(start.line), column: count(start.column + 1) };
        Finding::about_source(place, format!("this is not valid Rust: {error}"), "correct the test")
    })
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
            format!("this is not valid Rust: {error}"),
            "correct the wrapper crate",
        )
    })?;
    Ok(SourceFile { id, code })
}

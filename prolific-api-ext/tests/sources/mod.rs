//! The sources of this package, for tests of what is public and how it is documented. They are read as
//! text, as the JSON of rustdoc needs a nightly compiler.

use std::{fs, path::Path};

use syn::File;

/// All files below `src`.
pub(crate) fn files() -> Vec<File> {
    let mut files = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

fn read(folder: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap());
        }
    }
}

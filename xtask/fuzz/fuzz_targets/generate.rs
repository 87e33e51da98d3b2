//! Whatever was accepted is lowered and generated, or refused by a finding: a panic of the
//! generator goes no further than the pipeline.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use xtask::{
    codegen::{Provenance, generate},
    manifest::Manifest,
    read::Sources,
};

#[path = "../../tests/hostile/mod.rs"]
mod hostile;

const MANIFEST: &str = "document = {title = 'T', version = '1'}\nsource = [{file = 'p'}]\n\
                        output = {document = 'a', client = 'b', httpmock = 'c', operations = 'd'}\n";

fn manifest() -> &'static Manifest {
    static MANIFEST_READ: OnceLock<Manifest> = OnceLock::new();
    MANIFEST_READ.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("regen.toml");
        std::fs::write(&path, MANIFEST).unwrap();
        Manifest::load(&mut Sources::default(), &path).unwrap()
    })
}

fuzz_target!(|data: &[u8]| {
    let Some(document) = hostile::oracle::fix(data) else {
        return;
    };
    let Some(lowered) = hostile::oracle::lower_and_limit(data, document) else {
        return;
    };
    let provenance = Provenance::new("fuzz", "a", "{}");
    if let Err(findings) = generate(&lowered, manifest(), &provenance) {
        assert!(findings.iter().all(|finding| !finding.problem.is_empty()));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    hostile::mutate_text(&data[..size], max_size, seed)
        .map(|text| {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        })
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, max_size))
});

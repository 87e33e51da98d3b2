//! Whatever `cargo xtask fix` is given, it ends, and what it accepts holds.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

#[path = "../../tests/hostile/mod.rs"]
mod hostile;

fuzz_target!(|data: &[u8]| {
    hostile::oracle::fix(data);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    hostile::mutate_text(&data[..size], max_size, seed)
        .map(|text| {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        })
        .unwrap_or_else(|| libfuzzer_sys::fuzzer_mutate(data, size, max_size))
});

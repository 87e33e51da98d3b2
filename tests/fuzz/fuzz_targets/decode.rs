//! Any text for any documented type: a value or an error; and what was read is read again from what is
//! written of it.
//!
//! The first two bytes choose the type, the rest is the text.
#![no_main]

use fastrand::Rng;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

#[path = "../../round_trip/odd.rs"]
mod odd;

macro_rules! schemas {
    ($($role:ident $name:ident $pointer:literal;)+) => {
        pub(crate) const TURNS: &[fn(&str)] = &[$(crate::turn::<prolific_api::types::$name>),+];
    };
}

#[path = "../../round_trip/table.rs"]
mod table;

fn turn<T: DeserializeOwned + Serialize>(json: &str) {
    let Ok(read) = serde_json::from_str::<T>(json) else { return };
    let written = serde_json::to_string(&read).unwrap();
    let again: T = serde_json::from_str(&written).unwrap();
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(parsed(&serde_json::to_string(&again).unwrap()), parsed(&written));
}

fuzz_target!(|data: &[u8]| {
    if let [low, high, text @ ..] = data
        && let Some(turn) = table::TURNS.get(usize::from(u16::from_le_bytes([*low, *high])))
        && let Ok(text) = std::str::from_utf8(text)
    {
        turn(text);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut rng = Rng::with_seed(seed.into());
    let value = data.get(2..size).and_then(|text| serde_json::from_slice::<Value>(text).ok());
    match value.filter(|_| rng.bool()) {
        Some(value) => {
            let text = odd::with_odd_part(&mut rng, value);
            let end = max_size.min(2 + text.len());
            data[2..end].copy_from_slice(&text.as_bytes()[..end - 2]);
            end
        }
        None => libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    }
});

//! Writes what the fuzzers begin with: samples of all schemas, deliveries, and lists.

use std::{fs, io, path::Path};

use serde_json::Value;

#[path = "../round_trip/samples.rs"]
mod samples;

use samples::{Role, Sampler};

macro_rules! schemas {
    ($($role:ident $name:ident $pointer:literal;)+) => {
        pub(crate) const SCHEMAS: &[(&str, &str)] = &[$((stringify!($role), $pointer)),+];
    };
}

#[path = "../round_trip/table.rs"]
mod table;

const EVENT: &str = r#"{"event_type":"submission.status.change","resource_id":"s1","status":"ACTIVE","metadata":{"a":[1,2]}}"#;
const LISTS: [&str; 5] = [
    r#"{"results":[{"id":"a"},{"id":"b"}],"meta":{"count":2}}"#,
    "{\"results\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"meta\":{\"count\":3}}\n{\"results\":[{\"id\":\"b\"},{\"id\":\"c\"}],\"meta\":{\"count\":3}}",
    "{\"results\":[{\"id\":\"a\"},7],\"_links\":{\"next\":{\"href\":\"/x/?page=2&limit=5&offset=2\"}}}\n{\"results\":[{}]}",
    "{\"results\":[{\"id\":\"a\"}],\"meta\":{\"count\":\"2\"},\"_links\":{\"next\":{\"href\":\"https://h/?cursor=c2\"}}}\n!\n{\"results\":[]}",
    "[{\"id\":\"a\"}]\n[]",
];

fn main() -> io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(fuzz.join("../../openapi/prolific.json"))?;
    let document: Value = serde_json::from_str(&document)?;
    let corpus = |target: &str| {
        let folder = fuzz.join("corpus").join(target);
        fs::create_dir_all(&folder).map(|()| folder)
    };
    let decode = corpus("decode")?;
    for (index, (role, pointer)) in table::SCHEMAS.iter().enumerate() {
        let index = u16::try_from(index).map_err(io::Error::other)?.to_le_bytes();
        let sampler = Sampler::new(&document, Role::of(role));
        for (number, sample) in sampler.samples(pointer).into_iter().enumerate() {
            let text = sample.value.to_string();
            let name = format!("{}-{}-{number}", index[1], index[0]);
            fs::write(decode.join(name), [&index, text.as_bytes()].concat())?;
        }
    }
    let verifier = corpus("verifier")?;
    for (number, second) in
        ["sign", "kGZqIvX8gLQNJzoaLwYaO2I3uUmEmOVzRzNJZhGZrNc="].iter().enumerate()
    {
        fs::write(verifier.join(number.to_string()), format!("1767225600\n{second}\n{EVENT}"))?;
    }
    let lists = corpus("lists")?;
    for (number, bodies) in LISTS.iter().enumerate() {
        for list in 0..3_u8 {
            fs::write(
                lists.join(format!("{number}-{list}")),
                [&[list], bodies.as_bytes()].concat(),
            )?;
        }
    }
    Ok(())
}

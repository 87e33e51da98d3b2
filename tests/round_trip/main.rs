//! Every documented schema goes round: a value is read as the generated type and written again, and
//! what comes is what went.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and tells figures")]

mod anything;
mod comparison;
mod odd;
mod round;
mod samples;
mod secrets;
mod validity;

use prolific_tests::repository;
use round::{Known, Row, send};
use serde::{Serialize, de::DeserializeOwned};

macro_rules! schemas {
    ($($role:ident $name:ident $pointer:literal;)+) => {
        /// Role, type and pointer of each schema.
        pub(crate) const SCHEMAS: &[(&str, &str, &str)] =
            &[$((stringify!($role), stringify!($name), $pointer)),+];

        /// Reads a value as the type of this name and writes it again.
        pub(crate) fn turn(name: &str, json: &str) -> Result<String, String> {
            match name {
                $(stringify!($name) => crate::turn::<prolific_api::types::$name>(json),)+
                _ => Err(format!("there is no type {name}")),
            }
        }

        /// Reads a value as the type of this name and shows it.
        pub(crate) fn show(name: &str, json: &str) -> Result<String, String> {
            match name {
                $(stringify!($name) => crate::show::<prolific_api::types::$name>(json),)+
                _ => Err(format!("there is no type {name}")),
            }
        }
    };
}

#[rustfmt::skip]
mod table;

fn turn<T: DeserializeOwned + Serialize>(json: &str) -> Result<String, String> {
    let read: T = serde_json::from_str(json).map_err(|error| error.to_string())?;
    serde_json::to_string(&read).map_err(|error| error.to_string())
}

fn show<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> Result<String, String> {
    let read: T = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(format!("{read:?} {read:#?}"))
}

/// What is still to be corrected.
const OPEN: &[Known] = &[];

#[test]
fn every_schema_of_prolific_goes_round() {
    let text = std::fs::read_to_string(repository().join("openapi/prolific.json")).unwrap();
    let document = serde_json::from_str(&text).unwrap();
    let rows = table::SCHEMAS.iter().map(|(role, name, pointer)| Row {
        role: (*role).to_owned(),
        name: (*name).to_owned(),
        pointer: (*pointer).to_owned(),
    });
    let rows: Vec<Row> = rows.collect();
    let round = send(&document, &rows, OPEN, table::turn);
    println!("{round}");
    round.hold(10_000);
}

#[test]
fn every_documented_schema_has_a_type() {
    let text = std::fs::read_to_string(repository().join("openapi/prolific.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let has_type = |name: &str| {
        table::SCHEMAS.iter().any(|(_, _, at)| *at == format!("/components/schemas/{name}"))
    };
    let missing: Vec<&String> = schemas.keys().filter(|name| !has_type(name)).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

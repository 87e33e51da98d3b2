use std::fmt::Write as _;

use super::Provenance;
use crate::plan::SchemaPlan;

/// The documented schemas and the types that are made of them, for a test that sends values of each
/// round.
pub(super) fn table(schemas: &[SchemaPlan], provenance: &Provenance) -> String {
    let mut rows = String::new();
    for SchemaPlan { type_name, documented, is_sent } in schemas {
        let role = if *is_sent { "request" } else { "answer" };
        let _infallible = writeln!(rows, "    {role} {type_name} {:?};", documented.to_string());
    }
    format!("{provenance}\n\nschemas! {{\n{rows}}}\n")
}

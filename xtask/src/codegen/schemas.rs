use std::fmt::Write as _;

use super::Provenance;
use crate::plan::TypePlan;

/// The documented schemas and the types that are made of them, for a test that sends values of each
/// round.
pub(super) fn table(types: &[TypePlan], provenance: &Provenance) -> String {
    let mut rows = String::new();
    for TypePlan { name, documented, is_sent, .. } in types {
        let Some(documented) = documented else {
            continue;
        };
        let role = if *is_sent { "request" } else { "answer" };
        let _infallible = writeln!(rows, "    {role} {name} {:?};", documented.to_string());
    }
    format!("{provenance}\n\nschemas! {{\n{rows}}}\n")
}

use super::{Provenance, operations::PlannedOperation};
use crate::plan::{AnswerKind, BodyForm, ParameterPlace};

/// A call of every operation with the least that it takes, for a test that calls them all: each path
/// parameter is called by its name.
pub(super) fn table(operations: &[PlannedOperation<'_>], provenance: &Provenance) -> String {
    let mut rows: Vec<String> = operations.iter().map(row).collect();
    rows.sort();
    format!(
        "{provenance}\n\nuse prolific_api::types;\n\nuse super::{{\n    call::{{Row, bytes, empty, json, rows}},\n    samples::least,\n}};\n\n\
         /// Every operation, in the order of the ids, called with the least that it takes.\n\
         pub(crate) const ROWS: &[Row] = rows! {{\n{}}};\n",
        rows.concat()
    )
}

/// `get_thing json (id = "a-id");`
fn row(operation: &PlannedOperation<'_>) -> String {
    let plan = operation.plan;
    let kind = match plan.answer_kind() {
        AnswerKind::Json | AnswerKind::OptionalJson => "json",
        AnswerKind::Bytes => "bytes",
        AnswerKind::Empty => "empty",
    };
    let required = plan
        .parameters
        .iter()
        .filter(|parameter| parameter.is_required && parameter.place != ParameterPlace::Header);
    let mut setters: Vec<String> =
        required.map(|parameter| format!("{} = {}", parameter.setter, parameter.sample)).collect();
    setters.extend(body(operation));
    format!("    {} {kind} ({});\n", plan.name, setters.join(", "))
}

/// The least body of its schema, which the test finds by its pointer; text if it is not JSON.
fn body(operation: &PlannedOperation<'_>) -> Option<String> {
    let body = operation.plan.body.as_ref()?;
    let documented = body.documented.as_ref().filter(|_| body.form == BodyForm::Json);
    let Some(documented) = documented else {
        return Some("body = \"{}\\n\"".to_owned());
    };
    let of = operation.types.body.as_ref()?;
    let of = quote::ToTokens::to_token_stream(of).to_string().replace(' ', "");
    Some(format!("body = least::<{of}>({:?})", documented.to_string()))
}

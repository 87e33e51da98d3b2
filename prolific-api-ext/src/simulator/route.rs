//! From a method and a path to an operation, and from an operation to what it does.

use percent_encoding::percent_decode_str;
use prolific_api::{OPERATIONS, Operation};

use super::{
    answer::{Refusal, Reply},
    batches, bonuses,
    call::Call,
    collections, datasets, exports, instructions, projects, responses, studies, submissions, syncs,
    users, workspaces,
    world::World,
};

/// An operation and the parameters of its path.
pub(super) type Route = (&'static Operation, Vec<(&'static str, String)>);

/// Finds the operation of a path as it was sent; the exact form counts, with or without a slash
/// at its end.
///
/// # Errors
///
/// 405 where the path is that of other methods, 404 where it is of none.
pub(super) fn find(method: &str, path: &str) -> Result<Route, Refusal> {
    let matching: Vec<Route> = OPERATIONS
        .iter()
        .copied()
        .filter_map(|operation| Some((operation, parameters(operation.path, path)?)))
        .collect();
    let is_known = !matching.is_empty();
    let of_method = matching.into_iter().filter(|(operation, _)| operation.method == method);
    // `submissions/bonus-payments/` is no submission.
    match of_method.min_by_key(|(_, parameters)| parameters.len()) {
        Some(route) => Ok(route),
        None if is_known => Err(Refusal::new(405, format!("Method {method:?} not allowed."))),
        None => Err(Refusal::new(404, "There is no such path.")),
    }
}

fn parameters(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    if template.matches('/').count() != path.matches('/').count() {
        return None;
    }
    let mut parameters = Vec::new();
    for (known, sent) in template.split('/').zip(path.split('/')) {
        let sent = percent_decode_str(sent).decode_utf8().ok()?;
        match known.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(_) if sent.is_empty() => return None,
            Some(name) => parameters.push((name, sent.into_owned())),
            None if known != sent => return None,
            None => {}
        }
    }
    Some(parameters)
}

/// The operations whose refusals are documented as the bare object, not wrapped under `error`.
const BARE: [&str; 18] = [
    "bulk-approve-submissions",
    "bulk-message-participants",
    "calculate-reward-recommendations",
    "calculate-study-cost",
    "count-study-submissions-by-status",
    "create-credential-pool",
    "create-study",
    "delete-project-study",
    "download-study-credential-report",
    "get-messages",
    "get-project-studies",
    "get-studies",
    "get-study-cost",
    "get-study-submissions",
    "get-submissions",
    "get-unread-messages",
    "list-credential-pools",
    "update-credential-pool",
];

/// Whether the refusals of an operation are documented as the bare object.
pub(super) fn is_refused_barely(operation: &str) -> bool {
    let is_message = ["send-message", "send-message-to-participant-group"].contains(&operation);
    is_message || BARE.contains(&operation)
}

/// Does an operation.
pub(super) fn answer(world: &mut World, call: &Call) -> Reply {
    let operation: fn(&mut World, &Call) -> Reply = match call.operation.operation_id {
        "append-dataset-datapoints" => datasets::append,
        "create-task-builder-dataset" => datasets::create,
        "get-dataset-import-status" => datasets::import_status,
        "get-dataset-upload-url" => datasets::upload_url,
        "get-schema-migration-status" => datasets::migration_status,
        "get-task-builder-dataset" => datasets::get,
        "get-task-builder-dataset-status" => datasets::status,
        "update-task-builder-dataset" => datasets::update,

        "create-task-builder-batch" => batches::create,
        "duplicate-task-builder-batch" => batches::duplicate,
        "get-task-builder-batch" => batches::get,
        "get-task-builder-batch-status" => batches::status,
        "get-task-builder-batches" => batches::list,
        "setup-task-builder-batch" => batches::set_up,
        "update-task-builder-batch" => batches::update,
        "get-batch-sync-status" => syncs::status,
        "sync-task-builder-batch" => syncs::start,
        "create-task-builder-instructions" => instructions::create,
        "get-task-builder-instructions" => instructions::list,
        "update-task-builder-instructions" => instructions::replace,
        "get-task-builder-batch-report" => responses::report,
        "get-task-builder-batch-task-responses" => responses::of_batch,
        "get-batch-export-status" => exports::batch_status,
        "request-batch-export" => exports::request_batch,

        "create-collection" => collections::create,
        "get-collection" => collections::get,
        "list-collections" => collections::list,
        "update-collection" => collections::replace,
        "get-collection-responses" => responses::of_collection,
        "get-collection-export-status" => exports::collection_status,
        "request-collection-export" => exports::request_collection,

        "get-user" => users::me,
        "create-workspace" => workspaces::create,
        "get-workspace" => workspaces::get,
        "get-workspace-balance" => workspaces::balance,
        "get-workspaces" => workspaces::list,
        "update-workspace" => workspaces::update,
        "create-project" => projects::create,
        "delete-project-study" => projects::delete_study,
        "get-project" => projects::get,
        "get-project-studies" => projects::studies,
        "get-projects" => projects::list,
        "update-project" => projects::update,

        "calculate-study-cost" => studies::estimate,
        "create-study" => studies::create,
        "delete-study" => studies::delete,
        "duplicate-study" => studies::duplicate,
        "get-studies" => studies::list,
        "get-study" => studies::get,
        "get-study-cost" => studies::cost,
        "publish-study" => studies::transition,
        "update-study" => studies::update,
        "bulk-approve-submissions" => submissions::approve_many,
        "count-study-submissions-by-status" => submissions::counts,
        "get-study-submissions" => submissions::of_study,
        "get-submission" => submissions::get,
        "get-submissions" => submissions::list,
        "request-submission-return" => submissions::request_return,
        "transition-submission" => submissions::transition,
        "create-bonus-payments" => bonuses::create,
        "pay-bonus-payments" => bonuses::pay,
        other => {
            let detail = format!("The simulator has no behaviour of {other} yet.");
            return Err(Refusal::new(501, detail));
        }
    };
    operation(world, call)
}

#[cfg(test)]
mod tests {
    use super::{Refusal, find};

    fn found(method: &str, path: &str) -> Result<&'static str, u16> {
        match find(method, path) {
            Ok((operation, _)) => Ok(operation.operation_id),
            Err(Refusal::Detail(status, _)) => Err(status),
            Err(Refusal::Layout(_)) => Err(0),
        }
    }

    #[test]
    fn a_path_is_found_in_its_exact_form_and_with_its_method_alone() {
        let cases = [
            ("GET", "/api/v1/users/me/", Ok("get-user")),
            ("GET", "/api/v1/users/me", Err(404)),
            ("POST", "/api/v1/users/me/", Err(405)),
            ("GET", "/api/v1/submissions/s1/", Ok("get-submission")),
            ("POST", "/api/v1/submissions/bonus-payments/", Ok("create-bonus-payments")),
            ("GET", "/api/v1/data-collection/datasets/", Err(404)),
            ("GET", "/", Err(404)),
        ];
        for (method, path, expected) in cases {
            assert_eq!(found(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        let path = "/api/v1/data-collection/datasets/d%20%2F1/upload-url/a%20b.csv";
        let (_, parameters) = find("GET", path).ok().unwrap();
        let expected =
            [("dataset_id", "d /1"), ("filename", "a b.csv")].map(|(a, b)| (a, b.to_owned()));
        assert_eq!(parameters, expected);
    }
}

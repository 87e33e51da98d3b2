//! Finds the operation for a method and a path, and runs it.

use percent_encoding::percent_decode_str;
use prolific_api::{OPERATIONS, Operation};

use super::{
    answer::{Refusal, Reply},
    audience, batches, bonuses, broadcasts,
    call::Call,
    campaigns, collections, credentials, datasets, demographics,
    document::{self, Sent},
    exports, feedback, filter_sets, filters, groups, hooks, instructions, invitations, messages,
    projects, references, responses, reward_recommendations, studies, study_keys, submissions,
    surveys, syncs, test_participants, users, workspaces,
    world::World,
};

/// An operation and its path parameters.
pub(super) type Route = (&'static Operation, Vec<(&'static str, String)>);

/// Finds the operation for a path exactly as it was sent, with or without a trailing slash. Paths
/// without parameters take precedence: `submissions/bonus-payments/` is not a submission.
///
/// # Errors
///
/// 405 where the path is that of other methods, 404 where it is of none.
pub(super) fn find(method: &str, path: &str) -> Result<Route, Refusal> {
    let mut matching: Vec<Route> = OPERATIONS
        .iter()
        .copied()
        .filter_map(|operation| Some((operation, parameters(operation.path, path)?)))
        .collect();
    let fewest = matching.iter().map(|(_, parameters)| parameters.len()).min();
    matching.retain(|(_, parameters)| Some(parameters.len()) == fewest);
    let mut allowed: Vec<&str> = matching.iter().map(|(operation, _)| operation.method).collect();
    allowed.sort_unstable();
    allowed.dedup();
    match matching.into_iter().find(|(operation, _)| operation.method == method) {
        Some(route) => Ok(route),
        None if !allowed.is_empty() => Err(Refusal::Method(allowed.join(", "))),
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

/// Checks a request and runs its operation.
pub(super) fn answer(
    world: &mut World,
    operation: &'static Operation,
    parameters: Vec<(&'static str, String)>,
    path: String,
    sent: Sent<'_>,
) -> Reply {
    let body = document::checked(operation, sent)?;
    let (query, raw) = (sent.query.to_vec(), sent.body.to_vec());
    let call = Call { parameters, path, query, raw, body };
    references::check(world, &call)?;
    match behaviour(operation.operation_id) {
        Some(act) => act(world, &call),
        None => {
            let detail = format!("The simulator does not implement {}.", operation.operation_id);
            Err(Refusal::new(501, detail))
        }
    }
}

/// Returns the implementation of an operation.
type Behaviour = fn(&mut World, &Call) -> Reply;

fn behaviour(operation: &str) -> Option<Behaviour> {
    let behaviour: Behaviour = match operation {
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

        "get-study-access-details-progress" => studies::access_progress,
        "create-test-study" => studies::create_test,
        "export-demographic-data" => demographics::export,
        "export-study" => demographics::old_export,
        "get-demographic-export-history" => demographics::history,
        "get-study-feedback-ratings" => feedback::ratings,
        "list-study-feedback-responses" => feedback::list,
        "get-submission-feedback-upload-url" => submissions::feedback_upload_url,
        "get-study-jwks" => study_keys::list,

        "get-task-builder-batch-task-groups" => batches::task_groups,
        "get-task-builder-batch-tasks" => batches::tasks,
        "delete-batch-export" => exports::delete_batch,
        "delete-collection-export" => exports::delete_collection,
        "list-batch-export-jobs" => exports::list_batch,
        "list-collection-export-jobs" => exports::list_collection,

        "create-broadcast" => broadcasts::create,
        "get-broadcast" => broadcasts::get,
        "get-broadcasts" => broadcasts::list,
        "create-conversation" => messages::create_conversation,
        "get-conversation-messages" => messages::of_conversation,
        "get-conversations" => messages::conversations,
        "bulk-message-participants" => messages::send_to_many,
        "get-messages" => messages::list,
        "get-unread-messages" => messages::unread,
        "send-message" => messages::send,
        "send-message-to-participant-group" => messages::send_to_group,

        "add-to-participant-group" => groups::add_participants,
        "create-participant-group" => groups::create,
        "delete-participant-group" => groups::delete,
        "get-participant-group" => groups::get,
        "get-participant-group-participants" => groups::list_participants,
        "get-participant-groups" => groups::list,
        "remove-from-participant-group" => groups::remove_participants,
        "update-participant-group" => groups::update,

        "get-eligible-count" => audience::eligible,
        "get-filter-breakdown" => audience::breakdown,
        "get-filter-distribution" => audience::distribution,
        "get-filter-choices" => filters::list_choices,
        "get-filter-rule-tree" => filters::rule_tree,
        "get-filters" => filters::list,
        "search-filter-choices" => filters::search_choices,
        "search-filters" => filters::search,
        "clone-filter-set" => filter_sets::copy,
        "create-filter-set" => filter_sets::create,
        "delete-filter-set" => filter_sets::delete,
        "get-filter-set" => filter_sets::get,
        "get-filter-sets" => filter_sets::list,
        "lock-filter-set" => filter_sets::lock,
        "unlock-filter-set" => filter_sets::unlock,
        "update-filter-set" => filter_sets::update,

        "confirm-subscription" => hooks::confirm,
        "create-secret" => hooks::create_secret,
        "create-subscription" => hooks::create,
        "delete-subscription" => hooks::delete,
        "get-event-types" => hooks::event_types,
        "get-events" => hooks::events,
        "get-secrets" => hooks::secrets,
        "get-subscription" => hooks::get,
        "get-subscriptions" => hooks::list,
        "update-subscription" => hooks::update,

        "create-response" => surveys::create_response,
        "create-survey" => surveys::create,
        "delete-response" => surveys::delete_response,
        "delete-responses" => surveys::delete_responses,
        "delete-survey" => surveys::delete,
        "get-response" => surveys::get_response,
        "get-responses" => surveys::list_responses,
        "get-summary" => surveys::summary,
        "get-survey" => surveys::get,
        "get-surveys" => surveys::list,

        "create-credential-pool" => credentials::create,
        "download-study-credential-report" => credentials::report,
        "list-credential-pools" => credentials::list,
        "update-credential-pool" => credentials::update,

        "calculate-reward-recommendations" => reward_recommendations::list,
        "create-invitation" => invitations::create,
        "create-test-participant-for-researcher" => test_participants::create,
        "get-campaigns" => campaigns::list,
        _ => return None,
    };
    Some(behaviour)
}

#[cfg(test)]
mod tests {
    use prolific_api::OPERATIONS;

    use super::{Refusal, behaviour, find};

    #[test]
    fn every_operation_has_a_behaviour() {
        let ids = OPERATIONS.iter().map(|operation| operation.operation_id);
        let missing: Vec<&str> = ids.filter(|id| behaviour(id).is_none()).collect();
        assert_eq!(missing, [""; 0]);
    }

    fn found(method: &str, path: &str) -> Result<&'static str, u16> {
        match find(method, path) {
            Ok((operation, _)) => Ok(operation.operation_id),
            Err(Refusal::Detail(status, _)) => Err(status),
            Err(Refusal::Method(_)) => Err(405),
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
            ("GET", "/api/v1/submissions/bonus-payments/", Err(405)),
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

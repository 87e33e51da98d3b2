//! Every operation, called with the least it takes.

use std::pin::Pin;

use prolific_api::{ByteStream, Client, Error, ResponseValue, types};
use serde_json::Value;

use super::samples::least;

/// What a call gave, as JSON again: null of an answer without a body, text of a file.
pub(crate) type Called<'a> = Pin<Box<dyn Future<Output = Result<Value, Error<()>>> + 'a>>;

/// An operation, and how to call it.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) call: fn(&Client) -> Called<'_>,
}

fn json<'a, T: serde::Serialize>(
    call: impl Future<Output = Result<ResponseValue<T>, Error<()>>> + 'a,
) -> Called<'a> {
    Box::pin(async move { Ok(serde_json::to_value(call.await?.into_inner()).unwrap()) })
}

fn empty<'a>(call: impl Future<Output = Result<ResponseValue<()>, Error<()>>> + 'a) -> Called<'a> {
    Box::pin(async move {
        call.await?.into_inner();
        Ok(Value::Null)
    })
}

fn bytes<'a>(
    call: impl Future<Output = Result<ResponseValue<ByteStream>, Error<()>>> + 'a,
) -> Called<'a> {
    use futures_util::TryStreamExt as _;
    Box::pin(async move {
        let chunks: Vec<_> = call.await?.into_inner_stream().try_collect().await.unwrap();
        Ok(String::from_utf8(chunks.concat()).unwrap().into())
    })
}

macro_rules! rows {
    ($( $kind:ident $id:ident ( $( $setter:ident = $value:expr ),* ) ; )+) => {
        &[$( Row {
            id: stringify!($id),
            call: |client| $kind(client.$id()$( .$setter($value) )*.send()),
        }, )+]
    };
}

/// Every operation of the API, in the order of the ids. Each path parameter is called by its name.
pub(crate) const ROWS: &[Row] = rows! {
    json add_to_participant_group(id = "a-id", body = least::<types::ParticipantIds>("ParticipantIds"));
    json append_dataset_datapoints(dataset_id = "a-dataset-id", body = "{}\n");
    json bulk_approve_submissions(body = least::<types::BulkApprove>("BulkApprove"));
    empty bulk_message_participants(body = least::<types::SendBulkMessage>("SendBulkMessage"));
    json calculate_reward_recommendations(workspace_id = "x", currency = types::Currency::Gbp);
    json calculate_study_cost(body = least::<types::CostQuery>("CostQuery"));
    json clone_filter_set(id = "a-id", body = least::<types::CloneFilterSet>("CloneFilterSet"));
    json confirm_subscription(subscription_id = "a-subscription-id", body = least::<types::ConfirmHook>("ConfirmHook"));
    json count_study_submissions_by_status(id = "a-id");
    json create_bonus_payments(body = least::<types::CreateBonuses>("CreateBonuses"));
    json create_collection(body = least::<types::CreateCollection>("CreateCollection"));
    json create_credential_pool(body = least::<types::CreateCredentialPool>("CreateCredentialPool"));
    json create_filter_set(body = least::<types::CreateFilterSet>("CreateFilterSet"));
    json create_invitation(body = least::<types::CreateInvitation>("CreateInvitation"));
    json create_participant_group(body = least::<types::CreateParticipantGroup>("CreateParticipantGroup"));
    json create_project(workspace_id = "a-workspace-id", body = least::<types::CreateProject>("CreateProject"));
    json create_response(survey_id = "a-survey-id", body = least::<types::CreateSurveyResponse>("CreateSurveyResponse"));
    json create_secret(body = least::<types::CreateHookSecret>("CreateHookSecret"));
    json create_study(body = least::<types::CreateStudy>("CreateStudy"));
    json create_subscription(body = least::<types::CreateHook>("CreateHook"));
    json create_survey(body = least::<types::CreateSurvey>("CreateSurvey"));
    json create_task_builder_batch(body = least::<types::CreateBatch>("CreateBatch"));
    json create_task_builder_dataset(body = least::<types::CreateDataset>("CreateDataset"));
    json create_task_builder_instructions(batch_id = "a-batch-id", body = least::<types::InstructionSet>("InstructionSet"));
    json create_test_participant_for_researcher(body = least::<types::CreateTestParticipant>("CreateTestParticipant"));
    json create_test_study(id = "a-id");
    json create_workspace(body = least::<types::CreateWorkspace>("CreateWorkspace"));
    empty delete_filter_set(id = "a-id");
    empty delete_participant_group(id = "a-id");
    empty delete_project_study(project_id = "a-project-id", study_id = "a-study-id");
    empty delete_response(survey_id = "a-survey-id", response_id = "a-response-id");
    empty delete_responses(survey_id = "a-survey-id");
    empty delete_study(id = "a-id");
    empty delete_subscription(subscription_id = "a-subscription-id");
    empty delete_survey(survey_id = "a-survey-id");
    bytes download_study_credential_report(id = "a-id");
    json duplicate_study(id = "a-id", body = least::<types::DuplicateStudy>("DuplicateStudy"));
    json duplicate_task_builder_batch(batch_id = "a-batch-id", body = least::<types::DuplicateBatch>("DuplicateBatch"));
    bytes export_demographic_data(id = "a-id", body = least::<types::DemographicExportQuery>("DemographicExportQuery"));
    bytes export_study(id = "a-id");
    json get_batch_export_status(batch_id = "a-batch-id", export_id = "a-export-id");
    json get_batch_sync_status(batch_id = "a-batch-id", sync_id = "a-sync-id");
    json get_collection(collection_id = "a-collection-id");
    json get_collection_export_status(collection_id = "a-collection-id", export_id = "a-export-id");
    json get_collection_responses(collection_id = "a-collection-id");
    json get_dataset_import_status(dataset_id = "a-dataset-id", import_id = "a-import-id");
    json get_dataset_upload_url(dataset_id = "a-dataset-id", filename = "a-filename");
    json get_demographic_export_history(id = "a-id");
    json get_eligible_count(body = least::<types::EligibilityQuery>("EligibilityQuery"));
    json get_event_types();
    json get_events(subscription_id = "a-subscription-id");
    json get_filter_distribution(id = "a-id", workspace_id = "x", distribution_filters = "x");
    json get_filter_set(id = "a-id");
    json get_filter_sets();
    json get_filters();
    json get_messages();
    json get_participant_group(id = "a-id");
    json get_participant_group_participants(id = "a-id");
    json get_participant_groups();
    json get_project(project_id = "a-project-id");
    json get_project_studies(project_id = "a-project-id");
    json get_projects(workspace_id = "a-workspace-id");
    json get_response(survey_id = "a-survey-id", response_id = "a-response-id");
    json get_responses(survey_id = "a-survey-id");
    json get_schema_migration_status(dataset_id = "a-dataset-id", job_id = "a-job-id");
    json get_secrets(workspace_id = "x");
    json get_studies();
    json get_study(id = "a-id");
    json get_study_access_details_progress(id = "a-id");
    json get_study_cost(id = "a-id");
    json get_study_jwks();
    json get_study_submissions(id = "a-id");
    json get_submission(id = "a-id");
    json get_submission_feedback_upload_url(filename = "a-filename", workspace_id = "x");
    json get_submissions(study = "x");
    json get_subscription(subscription_id = "a-subscription-id");
    json get_subscriptions();
    json get_summary(survey_id = "a-survey-id");
    json get_survey(survey_id = "a-survey-id");
    json get_surveys(researcher_id = "x");
    json get_task_builder_batch(batch_id = "a-batch-id");
    json get_task_builder_batch_report(batch_id = "a-batch-id");
    json get_task_builder_batch_status(batch_id = "a-batch-id");
    json get_task_builder_batch_task_responses(batch_id = "a-batch-id");
    json get_task_builder_batches(workspace_id = "x");
    json get_task_builder_dataset(dataset_id = "a-dataset-id");
    json get_task_builder_dataset_status(dataset_id = "a-dataset-id");
    json get_task_builder_instructions(batch_id = "a-batch-id");
    json get_unread_messages();
    json get_user();
    json get_workspace(workspace_id = "a-workspace-id");
    json get_workspace_balance(workspace_id = "a-workspace-id");
    json get_workspaces();
    json list_collections(workspace_id = "x");
    json list_credential_pools(workspace_id = "x");
    json lock_filter_set(id = "a-id");
    json pay_bonus_payments(id = "a-id");
    json publish_study(id = "a-id", body = least::<types::StudyTransition>("StudyTransition"));
    json remove_from_participant_group(id = "a-id", body = least::<types::ParticipantIds>("ParticipantIds"));
    json request_batch_export(batch_id = "a-batch-id");
    json request_collection_export(collection_id = "a-collection-id");
    json request_submission_return(id = "a-id", body = least::<types::RequestReturn>("RequestReturn"));
    empty send_message(body = least::<types::SendMessage>("SendMessage"));
    empty send_message_to_participant_group(body = least::<types::SendGroupMessage>("SendGroupMessage"));
    empty setup_task_builder_batch(batch_id = "a-batch-id", body = least::<types::SetupBatch>("SetupBatch"));
    json sync_task_builder_batch(batch_id = "a-batch-id");
    json transition_submission(id = "a-id", body = least::<types::SubmissionTransition>("SubmissionTransition"));
    json unlock_filter_set(id = "a-id");
    json update_collection(collection_id = "a-collection-id", body = least::<types::UpdateCollection>("UpdateCollection"));
    json update_credential_pool(credential_pool_id = "a-credential-pool-id", body = least::<types::UpdateCredentialPool>("UpdateCredentialPool"));
    json update_filter_set(id = "a-id", body = least::<types::UpdateFilterSet>("UpdateFilterSet"));
    json update_participant_group(id = "a-id", body = least::<types::UpdateParticipantGroup>("UpdateParticipantGroup"));
    json update_project(project_id = "a-project-id", body = least::<types::UpdateProject>("UpdateProject"));
    json update_study(id = "a-id", body = least::<types::UpdateStudy>("UpdateStudy"));
    json update_subscription(subscription_id = "a-subscription-id", body = least::<types::UpdateHook>("UpdateHook"));
    json update_task_builder_batch(batch_id = "a-batch-id", body = least::<types::UpdateBatch>("UpdateBatch"));
    json update_task_builder_dataset(dataset_id = "a-dataset-id", body = least::<types::UpdateDataset>("UpdateDataset"));
    json update_task_builder_instructions(batch_id = "a-batch-id", body = least::<types::InstructionSet>("InstructionSet"));
    json update_workspace(workspace_id = "a-workspace-id", body = least::<types::UpdateWorkspace>("UpdateWorkspace"));
};

use prolific_api::types;

use super::{DatasetSchema, DatasetStatus, Import};
use crate::{DatasetId, MigrationId, Timestamp, UserId, WorkspaceId, model::model};

model! {
    /// A dataset of AI Task Builder.
    pub struct Dataset from types::Dataset {
        /// The id.
        key id: DatasetId,
        /// The name.
        pub name: Option<String>,
        /// The workspace that it belongs to.
        pub workspace_id: Option<WorkspaceId>,
        /// 4 if it has a schema and takes in imports, 3 if it is the older kind that is made of one
        /// CSV or ZIP file.
        pub schema_version: Option<u64>,
        /// The status; version 3 only. A dataset of version 4 has no state: see its
        /// [`imports`](Self::imports).
        pub status: Option<DatasetStatus>,
        /// The fields; version 4 only.
        pub schema: Option<DatasetSchema>,
        /// The files that were taken in, newest first; version 4 only. One without an id or a status
        /// is left out.
        pub imports: Vec<Import>,
        /// The migration that began with a new schema. Only the response to
        /// [`set_schema`](super::Datasets::set_schema) has it, and none to a first schema.
        pub migration_id: Option<MigrationId> = migration_job_id,
        /// The number of datapoints.
        pub datapoints: Option<u64> = total_datapoint_count,
        /// The name of the uploaded file; version 3 only.
        pub filename: Option<String>,
        /// Whether the file had a column META_TASK_GROUP_ID; version 3 only.
        pub has_predetermined_groups: Option<bool> = has_predetermined_grouping_id,
        /// Who made it.
        pub created_by: Option<UserId>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Dataset;
    use crate::{
        DatasetStatus, ErrorKind, Result,
        datasets::{FieldType, ImportStatus},
        model::Read as _,
    };

    fn read(answer: Value) -> Result<Dataset> {
        let raw = serde_json::from_value::<prolific_api::types::Dataset>(answer).unwrap();
        Dataset::read(raw, "Dataset")
    }

    #[test]
    fn a_dataset_of_version_4_has_its_schema_and_its_imports() {
        let dataset = read(json!({
            "id": "d1", "name": "Birds", "workspace_id": "w1", "schema_version": "4",
            "status": null, "total_datapoint_count": 7, "created_at": "2026-04-18 11:25:02",
            "schema": { "strict": true, "fields": {
                "b": { "type": "text", "label": "B" }, "a": { "type": "smell_url" }, "c": {},
            }},
            "imports": [{ "import_id": "i1", "status": "partial" }, { "status": "complete" }],
            "something": "new",
        }));
        let dataset = dataset.unwrap();
        assert_eq!((dataset.id.as_str(), dataset.schema_version), ("d1", Some(4)));
        assert_eq!(dataset.workspace_id.unwrap().as_str(), "w1");
        let schema = dataset.schema.unwrap();
        let fields: Vec<_> =
            schema.fields().map(|(key, field)| (key, field.field_type.clone())).collect();
        let expected =
            [("a", FieldType::from("smell_url")), ("b", FieldType::Text), ("c", "".into())];
        assert_eq!(fields, expected);
        assert!(schema.is_strict());
        assert_eq!(dataset.imports.len(), 1, "one without an id can't be asked for");
        assert_eq!(dataset.imports[0].status, ImportStatus::Partial);
        assert_eq!(dataset.created_at.unwrap().as_str(), "2026-04-18 11:25:02");
    }

    #[test]
    fn a_dataset_of_version_3_has_its_status_and_may_lack_all_else() {
        let dataset = read(json!({ "id": "d1", "status": "PAUSED", "schema_version": 3.0 }));
        let dataset = dataset.unwrap();
        assert_eq!(dataset.status, Some(DatasetStatus::from("PAUSED")));
        assert!(dataset.imports.is_empty() && dataset.schema.is_none());
    }

    #[test]
    fn a_dataset_without_an_id_that_can_be_used_is_no_answer() {
        for answer in [json!({}), json!({ "id": "../d1" })] {
            let error = read(answer).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
        }
    }
}

//! Datasets of AI Task Builder.
//!
//! A dataset of **version 4** has a schema. Append records to it, or upload files: each upload
//! starts an import, which you wait for. A dataset of **version 3** has no schema and consists of
//! one file; after the upload you wait for the dataset itself.

mod append;
mod dataset;
mod field_type;
mod import;
mod import_status;
mod json_lines;
mod migration;
mod migration_status;
mod new_dataset;
#[cfg(test)]
mod on_the_wire;
mod ready;
mod schema;
mod status;
mod upload;
mod upload_and_wait;
#[cfg(test)]
mod upload_faults;

pub use append::AppendReport;
pub use dataset::Dataset;
pub use field_type::FieldType;
pub use import::{Import, ImportSource, RecordError};
pub use import_status::ImportStatus;
pub use migration::{Migration, NulledField};
pub use migration_status::MigrationStatus;
pub use new_dataset::NewDataset;
pub use schema::{DatasetField, DatasetSchema};
pub use status::DatasetStatus;
pub use upload::{Upload, Uploaded};
pub use upload_and_wait::{UploadAndWait, UploadOutcome};

use import::IMPORTED;
use json_lines::JsonLines;
use migration::MIGRATED;
use prolific_api::types;
use ready::READY;
use serde::Serialize;

use crate::{
    DatasetId, ImportId, MigrationId, Result, Whole,
    model::{Read as _, answer, key, made},
    poll::{Wait, WaitMany},
    request::body,
    resource::{given, read, resource},
    transfer::UploadFile,
};

const CREATE: &str = "create-task-builder-dataset";
const GET: &str = "get-task-builder-dataset";
const SET_SCHEMA: &str = "update-task-builder-dataset";
const GET_STATUS: &str = "get-task-builder-dataset-status";
const GET_IMPORT_STATUS: &str = "get-dataset-import-status";
const GET_MIGRATION_STATUS: &str = "get-schema-migration-status";

resource! {
    /// Operations on datasets. Returned by [`Prolific::datasets`](crate::Prolific::datasets).
    Datasets
}

impl Datasets {
    /// Creates an empty dataset: of version 4 with a schema, of version 3 without one. Version 4
    /// has to be enabled for the workspace.
    ///
    /// Unsafe: every call creates another dataset, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// name is empty or the schema exceeds the limits of the API ([`DatasetSchema`]);
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id; another
    /// [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::datasets::{DatasetSchema, NewDataset};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let schema = DatasetSchema::new().text("prompt").metadata("source");
    /// let new = NewDataset::new("Birds", workspace.clone()).schema(schema);
    /// let dataset = prolific.datasets().create(new).await?;
    /// assert_eq!(dataset.schema_version, Some(4));
    /// let new = NewDataset::new("Birds of old", workspace);
    /// let older = prolific.datasets().create(new).await?;
    /// assert_eq!(older.schema_version, Some(3));
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-task-builder-dataset")]
    pub async fn create(&self, dataset: NewDataset) -> Result<Dataset> {
        dataset.check().map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_task_builder_dataset();
        made(call.body(body::<types::CreateDataset>(dataset, CREATE)?).send().await, CREATE)
    }

    /// Fetches a dataset: of version 4 with its schema and imports, of version 3 with its status.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no id.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// # let file = prolific_api_ext::transfer::UploadFile::from_bytes("birds.csv", "prompt\nrobin\n");
    /// # prolific.datasets().upload(&id, file).await?;
    /// let dataset = prolific.datasets().get(&id).await?;
    /// for import in &dataset.imports {
    ///     println!("{} is {}", import.id, import.status);
    /// }
    /// # assert_eq!(dataset.imports.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-task-builder-dataset")]
    pub async fn get(&self, id: &DatasetId) -> Result<Dataset> {
        let call = self.prolific.api().get_task_builder_dataset().dataset_id(id.as_str());
        answer(call.send().await, GET)
    }

    /// Replaces the schema of a dataset of version 4. If it had one, its datapoints are migrated:
    /// [`Dataset::migration_id`] in the response is the migration to [wait
    /// for](Self::wait_for_migration). Files that were uploaded before the first schema are then
    /// imported.
    ///
    /// Conditional: whether an unchanged schema starts a migration is not documented, so it is
    /// retried only if the server did not act. The server refuses datasets of version 3, and a
    /// change of the task group id field once there is data.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// schema exceeds the limits of the API; another [`ErrorKind`](crate::ErrorKind) if the call
    /// fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// # prolific.datasets().append_json_lines(&id, "{\"prompt\": \"Which bird?\"}").await?;
    /// let dataset = prolific.datasets().get(&id).await?;
    /// let schema = dataset.schema.unwrap_or_default().text("caption");
    /// let dataset = prolific.datasets().set_schema(&id, schema).await?;
    /// # assert!(dataset.migration_id.is_some());
    /// if let Some(migration) = &dataset.migration_id {
    ///     let migration = prolific.datasets().wait_for_migration(&id, migration).await?;
    ///     println!("{:?} datapoints were read again", migration.reprocessed);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-task-builder-dataset")]
    pub async fn set_schema(&self, id: &DatasetId, schema: DatasetSchema) -> Result<Dataset> {
        let schema = schema.into_raw(SET_SCHEMA)?;
        let call = self.prolific.api().update_task_builder_dataset().dataset_id(id.as_str());
        let call = call.body(types::UpdateDataset::builder().schema(schema));
        read(call.send().await, SET_SCHEMA, |raw| {
            // Without the id, the migration could not be waited for.
            given(raw.migration_job_id.as_deref().map(MigrationId::new).transpose())?;
            Dataset::read(raw, SET_SCHEMA)
        })
    }

    /// Fetches the state of a migration.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// # prolific.datasets().append_json_lines(&id, "{\"prompt\": \"Which bird?\"}").await?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt").text("caption");
    /// # let dataset = prolific.datasets().set_schema(&id, schema).await?;
    /// # let migration = dataset.migration_id.unwrap();
    /// let migration = prolific.datasets().migration_status(&id, &migration).await?;
    /// println!("{} is {}", migration.id, migration.status);
    /// # assert!(!migration.status.is_terminal());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-schema-migration-status")]
    pub async fn migration_status(
        &self,
        id: &DatasetId,
        migration_id: &MigrationId,
    ) -> Result<Migration> {
        let call = self.prolific.api().get_schema_migration_status().dataset_id(id.as_str());
        read(call.job_id(migration_id.as_str()).send().await, GET_MIGRATION_STATUS, |mut job| {
            job.job_id.get_or_insert_with(|| migration_id.to_string());
            Migration::read(job, GET_MIGRATION_STATUS)
        })
    }

    /// Waits until a migration has ended. Awaiting it returns the [`Migration`].
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](crate::ErrorKind::Partial) if some datapoints did not fit and have fields
    /// that are null now, unless that is [allowed](Wait::allow_partial);
    /// [`Failed`](crate::ErrorKind::Failed) if it failed; both with the [`Migration`] as
    /// [`last_seen`](crate::Error::last_seen).
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it did not end in time; another [`ErrorKind`](crate::ErrorKind) if a call fails permanently.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace);
    /// # let id = prolific.datasets().create(new.schema(schema.clone())).await?.id;
    /// # prolific.datasets().append_json_lines(&id, "{\"prompt\": \"Which bird?\"}").await?;
    /// # let schema = schema.text("caption").strict(true);
    /// # let migration = prolific.datasets().set_schema(&id, schema).await?.migration_id.unwrap();
    /// let migration = prolific.datasets().wait_for_migration(&id, &migration).allow_partial().await?;
    /// println!("{} fields are null now", migration.errors.len());
    /// # assert_eq!(migration.errors.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_for_migration(
        &self,
        id: &DatasetId,
        migration_id: &MigrationId,
    ) -> Wait<Migration> {
        Wait::of(self.prolific.clone(), &MIGRATED, (id.clone(), migration_id.clone()))
    }

    /// Appends records to a dataset of version 4 that has a schema: anything that serialises to
    /// JSON objects. They are sent as JSON lines in requests of 1,000, the documented limit, one
    /// after the other. An empty list sends nothing.
    ///
    /// Idempotent: repeating a record is documented to be harmless, so every request is retried
    /// after any transient failure. Invalid records are refused individually, and the others
    /// accepted. While an import or a migration is running, the server responds with 409
    /// ([`Conflict`](crate::ErrorKind::Conflict)). All records are held in memory, as all of them
    /// are checked before the first request; use [`upload`](Self::upload) for more than fits.
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](crate::ErrorKind::Partial) if records were refused, unless that is
    /// [allowed](Whole::allow_partial), with the report as
    /// [`last_seen::<AppendReport>()`](crate::Error::last_seen), whose
    /// [`errors`](AppendReport::errors) say why; [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// record can't be serialised or is not an object; another [`ErrorKind`](crate::ErrorKind) if
    /// the call fails. The error of a later request holds the report of the earlier ones as
    /// [`last_seen::<AppendReport>()`](crate::Error::last_seen); whether the records of the failed
    /// request were accepted is unknown. Appending all of them again is harmless.
    ///
    /// # Examples
    ///
    /// ```
    /// use serde_json::json;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// let records = (1..=2_500).map(|number| json!({ "prompt": format!("Bird {number}") }));
    /// let report = prolific.datasets().append(&id, records).allow_partial().await?;
    /// assert_eq!((report.records, report.accepted), (2_500, 2_500));
    /// for error in &report.errors {
    ///     println!("record {:?}: {:?}", error.record, error.reason);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "append-dataset-datapoints")]
    pub fn append(
        &self,
        id: &DatasetId,
        records: impl IntoIterator<Item: Serialize>,
    ) -> Whole<AppendReport> {
        append::append(&self.prolific, id, JsonLines::of_items(records))
    }

    /// Appends records from JSON lines, one JSON object per line. Blank lines are skipped.
    /// Otherwise like [`append`](Self::append).
    ///
    /// # Errors
    ///
    /// Those of [`append`](Self::append). A line that is not a JSON object is named by its number.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// let lines = "{\"prompt\": \"Which bird?\"}\n{\"prompt\": \"How many?\"}\n";
    /// let report = prolific.datasets().append_json_lines(&id, lines).await?;
    /// assert!(report.is_complete());
    /// # Ok(())
    /// # });
    /// ```
    pub fn append_json_lines(
        &self,
        id: &DatasetId,
        lines: impl AsRef<[u8]>,
    ) -> Whole<AppendReport> {
        append::append(&self.prolific, id, JsonLines::of_text(lines.as_ref()))
    }

    /// Uploads a file into a dataset. Awaiting it returns the import of the file, to [wait
    /// for](Self::wait_for_import). Datasets of version 3 have no imports: [wait for the
    /// dataset](Self::wait_until_ready).
    ///
    /// The file extension tells the server the format: `.csv` or `.jsonl` with a schema, `.csv` or
    /// `.zip` without one. The maximum file size is not documented.
    ///
    /// Idempotent: requests a link, and streams the file to it, with the method and content type
    /// that come with the link and without the token. If the upload breaks off, the file is opened
    /// and sent again under the retry policy of the client. An expired link is replaced. In a
    /// dataset of version 4, every link starts an import; the returned one belongs to the link that
    /// received the file. An import whose link was not used stays `uninitialised` and does no harm.
    ///
    /// The attempt timeout of the client bounds how long the upload may stall, not how long it
    /// takes in total; the total timeout does not apply. To bound the whole upload, wrap it in
    /// `tokio::time::timeout`: dropping it cancels it.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the name has another extension,
    /// and [`File`](crate::ErrorKind::File) if the file can't be opened, before anything is sent;
    /// `File` if it can't be read to its end or its length changes meanwhile; another
    /// [`ErrorKind`](crate::ErrorKind) if a call fails. The response of the storage is reduced to
    /// its code and message, and never shows the link.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::transfer::UploadFile;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # std::fs::write(folder.path().join("birds.csv"), "prompt\nrobin\n").unwrap();
    /// let uploaded = prolific
    ///     .datasets()
    ///     .upload(&id, UploadFile::from_path(folder.path().join("birds.csv")))
    ///     .on_progress(|sent, total| println!("{sent} of {total} bytes"))
    ///     .await?;
    /// println!("{} bytes, import {:?}", uploaded.bytes, uploaded.import_id);
    /// # assert_eq!(uploaded.bytes, 13);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-dataset-upload-url")]
    pub fn upload(&self, id: &DatasetId, file: impl Into<UploadFile>) -> Upload {
        Upload::new(self.prolific.clone(), id.clone(), file.into())
    }

    /// [Uploads](Self::upload) a file into a dataset and waits until it has been imported (version
    /// 4) or the dataset is READY (version 3). A dataset of version 3 that was READY before may be
    /// reported as ready too early: upload a single file only.
    ///
    /// # Errors
    ///
    /// Those of [`upload`](Self::upload), then those of [`wait_for_import`](Self::wait_for_import)
    /// or [`wait_until_ready`](Self::wait_until_ready).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{datasets::UploadOutcome, transfer::UploadFile};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// let lines = "{\"prompt\": \"Which bird?\"}\n";
    /// let file = UploadFile::from_bytes("birds.jsonl", lines);
    /// match prolific.datasets().upload_and_wait(&id, file).await? {
    ///     UploadOutcome::Imported(import) => {
    ///         println!("{:?} new records", import.new_records());
    /// #       assert_eq!(import.new_records(), Some(1));
    ///     }
    ///     UploadOutcome::Ready(status) => println!("the dataset is {status}"),
    /// #   _ => unreachable!(),
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn upload_and_wait(&self, id: &DatasetId, file: impl Into<UploadFile>) -> UploadAndWait {
        UploadAndWait::new(self.clone(), self.upload(id, file))
    }

    /// Fetches the state of an import into a dataset of version 4.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// # let file = prolific_api_ext::transfer::UploadFile::from_bytes("birds.csv", "prompt\nrobin\n");
    /// # let import = prolific.datasets().upload(&id, file).await?.import_id.unwrap();
    /// let import = prolific.datasets().import_status(&id, &import).await?;
    /// println!("{} is {}, {:?} accepted", import.id, import.status, import.accepted);
    /// # assert!(!import.status.is_failure());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-dataset-import-status")]
    pub async fn import_status(&self, id: &DatasetId, import_id: &ImportId) -> Result<Import> {
        let call = self.prolific.api().get_dataset_import_status().dataset_id(id.as_str());
        read(call.import_id(import_id.as_str()).send().await, GET_IMPORT_STATUS, |mut job| {
            job.import_id.get_or_insert_with(|| import_id.to_string());
            Import::read(job, GET_IMPORT_STATUS)
        })
    }

    /// Waits until an import has ended. Awaiting it returns the [`Import`].
    ///
    /// # Errors
    ///
    /// Returns [`Partial`](crate::ErrorKind::Partial) if some records were refused, or if the file is
    /// waiting for the first schema of the dataset ([`set_schema`](Self::set_schema)), unless that is
    /// [allowed](Wait::allow_partial); [`Failed`](crate::ErrorKind::Failed) if the import failed;
    /// both with the [`Import`] as [`last_seen`](crate::Error::last_seen).
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it did not end in time, with a note in
    /// the message if the file never arrived; another [`ErrorKind`](crate::ErrorKind) if a call
    /// fails permanently.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{ErrorKind, datasets::Import};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let schema = prolific_api_ext::datasets::DatasetSchema::new().text("prompt");
    /// # let new = prolific_api_ext::datasets::NewDataset::new("Birds", workspace).schema(schema);
    /// # let id = prolific.datasets().create(new).await?.id;
    /// # let file = prolific_api_ext::transfer::UploadFile::from_bytes("birds.csv", "prompt\nrobin\n");
    /// # let import = prolific.datasets().upload(&id, file).await?.import_id.unwrap();
    /// match prolific.datasets().wait_for_import(&id, &import).await {
    ///     Ok(import) => println!("{:?} new", import.new_records()),
    ///     Err(error) if error.kind() == ErrorKind::Partial => {
    ///         let import: &Import = error.last_seen().unwrap();
    ///         println!("{error}: {:?}", import.errors);
    ///     }
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_for_import(&self, id: &DatasetId, import_id: &ImportId) -> Wait<Import> {
        Wait::of(self.prolific.clone(), &IMPORTED, (id.clone(), import_id.clone()))
    }

    /// Fetches the status of a dataset
    /// ([documentation](https://beta-docs.prolific.com/api-reference/ai-task-builder/get-task-builder-dataset-status)).
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the response has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::DatasetStatus;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.dataset(["PROCESSING"]);
    /// let status = prolific.datasets().status(&id).await?;
    /// assert_eq!(status, DatasetStatus::Processing);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-task-builder-dataset-status")]
    pub async fn status(&self, id: &DatasetId) -> Result<DatasetStatus> {
        let call = self.prolific.api().get_task_builder_dataset_status().dataset_id(id.as_str());
        read(call.send().await, GET_STATUS, |raw| key(raw.status, "status"))
    }

    /// Waits until a dataset is READY. Awaiting it returns the final status;
    /// [`updates`](Wait::updates) streams each status on the way.
    ///
    /// # Errors
    ///
    /// Returns [`Failed`](crate::ErrorKind::Failed) if the dataset ends as ERROR;
    /// [`WaitTimedOut`](crate::ErrorKind::WaitTimedOut) if it is not ready in time; an error if a
    /// call fails permanently. A dataset that stays UNINITIALISED is waiting for an upload.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # use prolific_api_ext::{DatasetStatus, simulator::Simulator};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.dataset(["UNINITIALISED", "PROCESSING", "READY"]);
    /// let status = prolific
    ///     .datasets()
    ///     .wait_until_ready(&id)
    ///     .timeout(Duration::from_secs(600))
    ///     .interval(Duration::from_millis(10)..=Duration::from_secs(5))
    ///     .await?;
    /// # assert_eq!(status, DatasetStatus::Ready);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_until_ready(&self, id: &DatasetId) -> Wait<DatasetStatus> {
        Wait::of(self.prolific.clone(), &READY, id.clone())
    }

    /// Waits until many datasets are READY, thousands at once, with one client.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let ids = [simulator.dataset(["PROCESSING", "READY"]), simulator.dataset(["ERROR"])];
    /// let mut settled = prolific.datasets().wait_many(ids).settled();
    /// # let mut count = 0;
    /// while let Some((id, outcome)) = settled.next().await {
    ///     match outcome {
    ///         Ok(status) => println!("{id} is {status}"),
    ///         Err(error) => println!("{id}: {error}"),
    ///     }
    /// #   count += 1;
    /// }
    /// # assert_eq!(count, 2);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn wait_many(
        &self,
        ids: impl IntoIterator<Item = DatasetId>,
    ) -> WaitMany<DatasetId, DatasetStatus> {
        WaitMany::new(self.prolific.clone(), &READY, ids)
    }
}

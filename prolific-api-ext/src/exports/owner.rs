use std::{fmt, time::Duration};

use prolific_api::types;

use super::{Export, ExportFilter, ExportSummary, ready};
use crate::{
    BatchId, CollectionId, Error, ErrorKind, ExportId, Prolific, Result,
    error::Course,
    model::{Read as _, answer},
    pages::{Pages, Paging, listed},
    poll::{Wait, Watch},
    resource::read,
};

/// What an export is of. The operations are twins.
#[derive(Clone, Debug)]
pub(crate) enum Owner {
    Batch(BatchId),
    Collection(CollectionId),
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Batch(id) => write!(f, "batch {id}"),
            Self::Collection(id) => write!(f, "collection {id}"),
        }
    }
}

/// Sets the filters that are there.
macro_rules! filtered {
    ($call:expr, $filter:expr) => {{
        let mut call = $call;
        let ExportFilter { study_id, since, until, .. } = $filter;
        if let Some(study_id) = study_id {
            call = call.study_id(study_id.as_str());
        }
        if let Some(since) = since {
            call = call.from(since.clone());
        }
        if let Some(until) = until {
            call = call.to(until.clone());
        }
        call.send().await
    }};
}

impl Owner {
    /// Starts an export, or finds a recent one.
    pub(crate) async fn request(
        &self,
        prolific: &Prolific,
        filter: &ExportFilter,
    ) -> Result<Export> {
        let api = prolific.api();
        match self {
            Self::Batch(id) => {
                let sent = filtered!(api.request_batch_export().batch_id(id.as_str()), filter);
                answer(sent, "request-batch-export")
            }
            Self::Collection(id) => {
                let call = api.request_collection_export().collection_id(id.as_str());
                answer(filtered!(call, filter), "request-collection-export")
            }
        }
    }

    /// The status of an export.
    pub(crate) async fn status(&self, prolific: &Prolific, export: &ExportId) -> Result<Export> {
        let known = |raw: types::ExportJob| {
            let mut found = Export::read(raw, "Export")?;
            found.id.get_or_insert_with(|| export.clone());
            Ok(found)
        };
        match self {
            Self::Batch(id) => {
                let call = prolific.api().get_batch_export_status().batch_id(id.as_str());
                let sent = call.export_id(export.as_str()).send().await;
                read(sent, ready::GET_BATCH_STATUS, known)
            }
            Self::Collection(id) => {
                let call = prolific.api().get_collection_export_status();
                let call = call.collection_id(id.as_str()).export_id(export.as_str());
                read(call.send().await, ready::GET_COLLECTION_STATUS, known)
            }
        }
    }

    /// The exports, the latest first.
    pub(crate) fn list(&self, prolific: &Prolific) -> Pages<ExportSummary> {
        match self {
            Self::Batch(id) => {
                listed!(of prolific, "list-batch-export-jobs", Paging::Whole, [id], |api, _page| {
                    api.list_batch_export_jobs().batch_id(id.as_str())
                })
            }
            Self::Collection(id) => {
                listed!(of prolific, "list-collection-export-jobs", Paging::Whole, [id], |api, _page| {
                    api.list_collection_export_jobs().collection_id(id.as_str())
                })
            }
        }
    }

    /// Deletes an export.
    pub(crate) async fn delete(&self, prolific: &Prolific, export: &ExportId) -> Result<()> {
        match self {
            Self::Batch(id) => {
                let call = prolific.api().delete_batch_export().batch_id(id.as_str());
                let sent = call.export_id(export.as_str()).send().await;
                read(sent, "delete-batch-export", Ok)
            }
            Self::Collection(id) => {
                let call = prolific.api().delete_collection_export();
                let call = call.collection_id(id.as_str()).export_id(export.as_str());
                read(call.send().await, "delete-collection-export", Ok)
            }
        }
    }

    /// Waits for the end of an export.
    pub(crate) fn wait(&self, prolific: &Prolific, export: ExportId) -> Wait<Export> {
        Wait::of(prolific.clone(), self.watch(), (self.clone(), export))
    }

    fn watch(&self) -> &'static Watch<(Self, ExportId), Export> {
        match self {
            Self::Batch(_) => &ready::BATCH,
            Self::Collection(_) => &ready::COLLECTION,
        }
    }

    /// An export that had failed when it was requested.
    pub(crate) fn failed(&self, export: Export) -> Error {
        let (operation, state) = (self.watch().operation, export.status.to_string());
        let message = format!("the export of {self} is {state}: request it again");
        let course = Course { operation, looks: 1, elapsed: Duration::ZERO, retry_after: None };
        Error::of_wait(ErrorKind::Failed, message, course).with_last_seen(state, export)
    }

    /// The id of an export that is not complete, which is needed to poll it.
    pub(crate) fn id_of(&self, export: &Export) -> Result<ExportId> {
        export.id.clone().ok_or_else(|| {
            let status = &export.status;
            Error::unexpected(format!("the export of {self} is {status} but has no `export_id`"))
        })
    }
}

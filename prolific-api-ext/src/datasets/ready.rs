use std::sync::Arc;

use super::{DatasetStatus, Datasets};
use crate::{
    DatasetId,
    call::Environment,
    poll::{Look, Waiting},
};

/// Waiting for a dataset to be READY.
pub(super) struct Ready {
    datasets: Datasets,
    id: DatasetId,
}

impl Ready {
    pub(super) fn new(datasets: Datasets, id: DatasetId) -> Self {
        Self { datasets, id }
    }
}

impl Waiting for Ready {
    type State = DatasetStatus;

    fn look(&self) -> Look<DatasetStatus> {
        let (datasets, id) = (self.datasets.clone(), self.id.clone());
        Box::pin(async move { datasets.status(&id).await })
    }

    fn subject(&self) -> String {
        format!("dataset {}", self.id)
    }

    fn advice(&self, last: &DatasetStatus) -> Option<&'static str> {
        let is_empty = *last == DatasetStatus::Uninitialised;
        is_empty.then_some("nothing was uploaded to it, and it stays so until something is")
    }

    fn environment(&self) -> Arc<dyn Environment> {
        self.datasets.prolific.policy().environment.clone()
    }
}

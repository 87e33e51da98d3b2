use std::{future::IntoFuture, pin::Pin, time::Duration};

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{DatasetStatus, Datasets};
use crate::{DatasetId, Error, Result};

const INTERVAL: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(600);

/// A wait for a dataset. Made by [`Datasets::wait_until_ready`]; it begins when it is awaited,
/// and dropping it ends it.
#[derive(Clone, Debug)]
#[must_use = "a wait does nothing until it is awaited"]
pub struct WaitUntilReady {
    datasets: Datasets,
    id: DatasetId,
    interval: Duration,
    timeout: Duration,
}

impl WaitUntilReady {
    pub(super) fn new(datasets: Datasets, id: DatasetId) -> Self {
        Self { datasets, id, interval: INTERVAL, timeout: TIMEOUT }
    }

    /// How long to wait at most. 10 minutes where nothing is said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long to pause between looks. 2 seconds where nothing is said.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    async fn run(self) -> Result<DatasetStatus> {
        let deadline = Instant::now() + self.timeout;
        let mut last: Option<DatasetStatus> = None;
        loop {
            let Ok(status) = timeout_at(deadline, self.datasets.status(&self.id)).await else {
                return Err(self.timed_out(last.as_ref()));
            };
            let status = status?;
            match status {
                DatasetStatus::Ready => return Ok(status),
                status if status.is_failure() => return Err(self.failed(&status)),
                status => last = Some(status),
            }
            let next = Instant::now() + self.interval;
            if next >= deadline {
                sleep_until(deadline).await;
                return Err(self.timed_out(last.as_ref()));
            }
            sleep_until(next).await;
        }
    }

    fn failed(&self, status: &DatasetStatus) -> Error {
        let message = format!("dataset {} ended as {status}", self.id);
        Error::failed(message, status.as_str())
    }

    fn timed_out(&self, last: Option<&DatasetStatus>) -> Error {
        let what = format!("dataset {}", self.id);
        Error::wait_timed_out(&what, self.timeout, last.map(DatasetStatus::as_str))
    }
}

impl IntoFuture for WaitUntilReady {
    type Output = Result<DatasetStatus>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

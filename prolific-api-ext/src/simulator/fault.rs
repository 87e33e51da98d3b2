use std::{collections::HashMap, time::Duration};

use http::{HeaderName, HeaderValue};
use prolific_api::OPERATIONS;
use serde_json::Value;

use super::{answer::Answer, record::STORAGE};
use crate::{Error, Result};

/// A fault in the next responses of an operation; see
/// [`Simulator::fault`](super::Simulator::fault).
#[derive(Clone, Debug, PartialEq)]
#[must_use = "it does nothing until it is passed to a simulator"]
pub struct Fault {
    pub(super) what: Trouble,
    pub(super) headers: Vec<(String, String)>,
    pub(super) times: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Trouble {
    Status(u16, Option<Value>),
    Delay(Duration),
    Truncated,
    Reset,
    LostAnswer,
    Hint,
}

impl Fault {
    /// Responds with this status instead of running the operation. The body is an error in the
    /// documented form.
    pub fn status(status: u16) -> Self {
        Self::of(Trouble::Status(status, None))
    }

    /// Responds with this status and body instead of running the operation.
    pub fn answer(status: u16, body: Value) -> Self {
        Self::of(Trouble::Status(status, Some(body)))
    }

    /// Runs the operation, and responds after a delay in real time.
    pub fn delay(delay: Duration) -> Self {
        Self::of(Trouble::Delay(delay))
    }

    /// Runs the operation, and cuts the body of its response in the middle.
    pub fn truncated() -> Self {
        Self::of(Trouble::Truncated)
    }

    /// Breaks the connection at once, before the operation runs; an upload is not even read.
    pub fn reset() -> Self {
        Self::of(Trouble::Reset)
    }

    /// Runs the operation, and breaks the connection instead of responding.
    pub fn lost_answer() -> Self {
        Self::of(Trouble::LostAnswer)
    }

    /// Runs the operation, and responds with this hint in `Retry-After`.
    pub fn hint(retry_after: Duration) -> Self {
        Self::of(Trouble::Hint).retry_after(retry_after)
    }

    /// Adds a hint, in the header `Retry-After`: whole seconds, rounded up.
    pub fn retry_after(self, hint: Duration) -> Self {
        let seconds = hint.as_secs() + u64::from(hint.subsec_nanos() > 0);
        self.header("retry-after", seconds.to_string())
    }

    /// Adds a header to the response, replacing its own of that name.
    ///
    /// ```
    /// # use prolific_api_ext::{NoRetry, simulator::{Fault, Simulator}};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// let simulator = Simulator::start();
    /// simulator.fault("get-user", Fault::status(403).header("x-request-id", "r1"))?;
    ///
    /// let error = simulator.prolific()?.users().me().await.unwrap_err();
    /// assert_eq!(error.request_id(), Some("r1"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets how many responses it applies to. Default: one.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    fn of(what: Trouble) -> Self {
        Self { what, headers: Vec::new(), times: 1 }
    }

    /// Adds its headers to a response.
    pub(super) fn give_headers(&self, mut answer: Answer) -> Answer {
        for (name, value) in &self.headers {
            answer.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            answer = answer.with(name.clone(), value);
        }
        answer
    }

    /// Returns what is invalid about its headers or its status.
    fn mistake(&self) -> Option<String> {
        let is_header = |(name, value): &&(String, String)| {
            HeaderName::try_from(name).is_ok() && HeaderValue::try_from(value).is_ok()
        };
        if let Some((name, _)) = self.headers.iter().find(|header| !is_header(header)) {
            return Some(format!("{name:?} is not a valid header name, or its value is not valid"));
        }
        match self.what {
            Trouble::Status(status, _) if !(200..=599).contains(&status) => {
                Some(format!("{status} is not a response status"))
            }
            _ => None,
        }
    }
}

/// The pending faults by operation, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Faults(HashMap<&'static str, Vec<Fault>>);

impl Faults {
    pub(super) fn add(&mut self, operation: &str, fault: Fault) -> Result<()> {
        let Some(name) = name_of(operation) else {
            let message =
                format!("{operation:?} is neither an operation of the API nor a transfer");
            return Err(Error::invalid_input(message));
        };
        if let Some(mistake) = fault.mistake() {
            return Err(Error::invalid_input(mistake));
        }
        self.0.entry(name).or_default().push(fault);
        Ok(())
    }

    pub(super) fn take(&mut self, operation: &str) -> Option<Fault> {
        let waiting = self.0.get_mut(operation)?;
        waiting.retain(|fault| fault.times > 0);
        let first = waiting.first_mut()?;
        first.times -= 1;
        Some(first.clone())
    }
}

/// The documented name of an operation; the Rust name is accepted too.
fn name_of(operation: &str) -> Option<&'static str> {
    let documented = OPERATIONS
        .iter()
        .find(|known| known.operation_id == operation || known.id == operation)
        .map(|known| known.operation_id);
    documented.or_else(|| STORAGE.into_iter().find(|name| *name == operation))
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults};
    use crate::ErrorKind;

    #[test]
    fn faults_come_in_their_order_and_so_often_as_was_said() {
        let mut faults = Faults::default();
        faults.add("get-user", Fault::status(503).times(2)).unwrap();
        faults.add("get_user", Fault::reset()).unwrap();
        assert!(faults.take("get-study").is_none());
        let taken: Vec<_> = (0..4).map(|_| faults.take("get-user").map(|it| it.what)).collect();
        let expected = [Fault::status(503), Fault::status(503), Fault::reset()];
        let expected: Vec<_> = expected.into_iter().map(|fault| Some(fault.what)).collect();
        assert_eq!(taken[..3], expected);
        assert_eq!(taken[3], None);
    }

    #[test]
    fn a_fault_of_no_operation_is_refused() {
        let error = Faults::default().add("get-usr", Fault::reset()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn a_fault_that_can_not_be_sent_is_refused() {
        let faults =
            [Fault::reset().header("a b", ""), Fault::reset().header("a", "\n"), Fault::status(99)];
        for fault in faults {
            let error = Faults::default().add("get-user", fault).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
    }
}

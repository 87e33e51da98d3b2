//! What callers did and learned, and what the proxy saw of it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use prolific_api_ext::{Error, ErrorKind, bonuses::PayoutError};

use crate::{
    chaos::{self, Kind},
    fault_proxy::{Fault, Request, Response},
};

/// The header by which a request is known to be of a call.
pub(crate) const CALL: &str = "x-soak-call";

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Value,
    Error {
        kind: ErrorKind,
        operation: Option<&'static str>,
        may_have_acted: bool,
    },
    /// Some of it was done, as the report says.
    Other(&'static str),
}

impl Told {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Value => "value".to_owned(),
            Self::Error { may_have_acted: true, .. } => "told as doubtful".to_owned(),
            Self::Error { kind, .. } => format!("error {kind:?}"),
            Self::Other(what) => what.to_owned(),
        }
    }
}

/// What an error says of what was done.
pub(crate) trait Failure {
    fn told(&self) -> Told;
}

impl Failure for Error {
    fn told(&self) -> Told {
        Told::Error {
            kind: self.kind(),
            operation: self.operation(),
            may_have_acted: self.may_have_acted(),
        }
    }
}

impl Failure for PayoutError {
    fn told(&self) -> Told {
        match self {
            Self::Call(error) => error.told(),
            Self::Doubtful(_) => Told::Other("payout in doubt"),
            Self::Refused { .. } => Told::Other("payout refused"),
            _ => Told::Other("payout ended otherwise"),
        }
    }
}

/// A call that was begun.
#[derive(Debug)]
pub(crate) struct Call {
    /// The operation, if it is a call of one alone; or the name of a flow.
    pub(crate) what: &'static str,
    pub(crate) told: Option<Told>,
    /// The ids of its requests, in their order; none of those that did not reach the server.
    pub(crate) requests: Vec<Option<String>>,
    /// How many requests the proxy has seen of it.
    seen: u64,
}

/// How often something happened.
pub(crate) type Counts = BTreeMap<String, u64>;

#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) operations: u64,
    pub(crate) requests: u64,
    pub(crate) faults: Counts,
    pub(crate) outcomes: Counts,
}

pub(crate) struct Log {
    seed: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The number of the first call of the round.
    base: u64,
    calls: Vec<Call>,
    /// How often files were asked for or sent.
    transfers: u64,
    /// What must not be in a request.
    breaches: Vec<String>,
    totals: Totals,
    /// What links of the server begin with, and what they are to begin with.
    rewritten: (String, String),
}

impl Log {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has links lead through the proxy.
    pub(crate) fn rewrite(&self, from: String, to: String) {
        self.lock().rewritten = (from, to);
    }

    pub(crate) fn begin(&self, what: &'static str) -> u64 {
        let mut state = self.lock();
        state.totals.operations += 1;
        state.calls.push(Call { what, told: None, requests: Vec::new(), seen: 0 });
        state.base + state.calls.len() as u64 - 1
    }

    pub(crate) fn end(&self, number: u64, told: Told) {
        let mut state = self.lock();
        *state.totals.outcomes.entry(told.name()).or_default() += 1;
        if let Some(call) = state.call(number) {
            call.told = Some(told);
        }
    }

    pub(crate) fn operations(&self) -> u64 {
        self.lock().totals.operations
    }

    /// The calls of the round, and what was wrong with requests. What comes late of it is of no call.
    pub(crate) fn take(&self) -> (Vec<Call>, Vec<String>) {
        let mut state = self.lock();
        let calls = std::mem::take(&mut state.calls);
        state.base += calls.len() as u64;
        (calls, std::mem::take(&mut state.breaches))
    }

    pub(crate) fn totals<T>(&self, read: impl FnOnce(&Totals) -> T) -> T {
        read(&self.lock().totals)
    }

    /// The fault of a request: by its call and its number in that, so that it hangs on the seed alone.
    pub(crate) fn choose(&self, request: &Request) -> Fault {
        let mut state = self.lock();
        state.totals.requests += 1;
        state.look_at(request);
        let number = request.header(CALL).and_then(|number| number.parse().ok());
        let rng = match number.and_then(|number| Some((number, state.call(number)?))) {
            Some((number, call)) => {
                call.seen += 1;
                chaos::rng(self.seed, (number, call.seen))
            }
            None => {
                state.transfers += 1;
                chaos::rng(self.seed, ("transfer", state.transfers))
            }
        };
        let (fault, kind) = chaos::choose(rng, request);
        let name = kind.map_or("none", |kind: &Kind| kind.name);
        *state.totals.faults.entry(name.to_owned()).or_default() += 1;
        fault
    }

    /// Takes note of a request, and of the response of the server if it reached that.
    pub(crate) fn note(&self, request: &Request, response: Option<&mut Response>) {
        let mut state = self.lock();
        let id = response.as_ref().and_then(|response| header(response, "x-request-id"));
        let number = request.header(CALL).and_then(|number| number.parse().ok());
        if let Some(call) = number.and_then(|number| state.call(number)) {
            call.requests.push(id);
        }
        let Some(response) = response else { return };
        let (from, to) = &state.rewritten;
        if let Ok(text) = std::str::from_utf8(&response.body)
            && text.contains(from.as_str())
        {
            response.body = text.replace(from.as_str(), to).into_bytes();
        }
    }
}

impl State {
    fn call(&mut self, number: u64) -> Option<&mut Call> {
        let at = usize::try_from(number.checked_sub(self.base)?).ok()?;
        self.calls.get_mut(at)
    }

    /// A storage gets nothing that is meant for the API.
    fn look_at(&mut self, request: &Request) {
        let is_for_storage = !request.line().contains(" /api/");
        let has_ours = request.header("authorization").is_some() || request.header(CALL).is_some();
        if is_for_storage == has_ours {
            self.breaches.push(format!("headers of {}", request.line()));
        }
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// How long a call of one operation may take, all its attempts included.
pub(crate) const CALL_TIME: Duration = Duration::from_secs(16);

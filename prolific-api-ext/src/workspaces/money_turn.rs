//! Runs money operations of a workspace one at a time.
//!
//! At Prolific they compete for the wallet: concurrent ones are refused with 429. Within a process
//! they take turns, whatever client makes them. Those of other processes can't be coordinated, so a
//! refused one is sent again after a pause, as long as there is time.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use crate::{
    Error, ErrorKind, ProjectId, Prolific, Result, StudyId,
    call::Clock,
    poll::{Pace, PollInterval},
};

/// How many projects and unused turns are remembered.
const MOST: usize = 10_000;
/// How much longer the pauses between attempts are than those between polls: 5 to 50 seconds.
const SLOWER: u32 = 5;
/// How many times a 409 counts as contention: it may also mean that the resource is not in the
/// right state.
const CONFLICTS: u32 = 4;

#[derive(Default)]
struct Turns {
    /// By the server and the workspace.
    turns: HashMap<(String, String), Arc<Turn<()>>>,
    /// The workspaces of projects.
    workspaces: HashMap<(String, ProjectId), String>,
}

static TURNS: LazyLock<Mutex<Turns>> = LazyLock::new(Mutex::default);

/// The turn to spend money in a workspace, which ends when this is dropped.
pub(crate) struct MoneyTurn {
    _turn: OwnedMutexGuard<()>,
}

impl MoneyTurn {
    /// The turn in the workspace of a study.
    pub(crate) async fn of_study(
        prolific: &Prolific,
        study_id: &StudyId,
        deadline: &Deadline,
    ) -> Result<Self> {
        let study = prolific.studies().get(study_id).await?;
        Self::of_project(prolific, study.project_id.as_ref(), deadline).await
    }

    /// The turn in the workspace of the project of a study.
    pub(crate) async fn of_project(
        prolific: &Prolific,
        project: Option<&ProjectId>,
        deadline: &Deadline,
    ) -> Result<Self> {
        let workspace = match project {
            Some(project) => workspace_of(prolific, project).await?,
            None => String::new(),
        };
        Self::of(prolific, &workspace, deadline).await
    }

    /// The turn in a workspace.
    pub(crate) async fn of(
        prolific: &Prolific,
        workspace: &str,
        deadline: &Deadline,
    ) -> Result<Self> {
        let turn = turn(server(prolific), workspace.to_owned());
        let mut timer = deadline.clock.timer(deadline.left());
        match timer.cut(pin!(turn.lock_owned())).await {
            Some(turn) => Ok(Self { _turn: turn }),
            None => Err(Error::timeout(format!(
                "another operation that spends money in the workspace did not finish within {:?}: \
                 nothing was sent",
                timer.duration()
            ))),
        }
    }
}

fn server(prolific: &Prolific) -> String {
    prolific.api().baseurl().to_owned()
}

fn turn(server: String, workspace: String) -> Arc<Turn<()>> {
    let mut known = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    if known.turns.len() >= MOST {
        known.turns.retain(|_, turn| Arc::strong_count(turn) > 1);
    }
    known.turns.entry((server, workspace)).or_default().clone()
}

async fn workspace_of(prolific: &Prolific, project: &ProjectId) -> Result<String> {
    let key = (server(prolific), project.clone());
    let known = TURNS.lock().unwrap_or_else(PoisonError::into_inner).workspaces.get(&key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let read = prolific.projects().get(project).await?.workspace_id;
    let workspace = read.map(String::from).unwrap_or_default();
    let mut turns = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    if turns.workspaces.len() >= MOST {
        turns.workspaces.clear();
    }
    turns.workspaces.insert(key, workspace.clone());
    Ok(workspace)
}

/// How long something may take that spends money, and how long it pauses. It begins when it is made,
/// and its time counts while [it runs](Self::run) what it bounds.
pub(crate) struct Deadline {
    clock: Arc<Clock>,
    ends: Instant,
    timeout: Duration,
    pub(crate) interval: PollInterval,
}

impl Deadline {
    pub(crate) fn new(prolific: &Prolific, pace: Pace) -> Self {
        let environment = &prolific.policy().environment;
        let (clock, timeout) = (Clock::new(environment.clone()), pace.timeout);
        let ends = environment.after(timeout);
        let interval = pace.interval.unwrap_or(prolific.policy().poll_interval);
        Self { clock, ends, timeout, interval }
    }

    pub(crate) async fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.clock.run(pin!(future)).await
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn left(&self) -> Duration {
        self.ends.saturating_duration_since(self.clock.now())
    }

    /// Makes a call again that was turned away because another spends in the workspace, until there
    /// is no time left.
    pub(crate) async fn while_contended<T, F>(&self, call: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let (mut tries, mut conflicts) = (0_u32, 0);
        loop {
            let error = match call().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            tries = tries.saturating_add(1);
            conflicts += u32::from(error.kind() == ErrorKind::Conflict);
            let is_contention = match error.kind() {
                ErrorKind::Conflict => conflicts < CONFLICTS,
                ErrorKind::RateLimited => true,
                _ => false,
            };
            let random = self.clock.environment().random();
            let pause = self.interval.times(SLOWER).pause(tries, random);
            let pause = pause.max(error.retry_after().unwrap_or_default());
            if !is_contention || error.may_have_acted() || pause >= self.left() {
                return Err(error);
            }
            tracing::info!(%error, ?pause, "another operation is spending money in the workspace");
            self.clock.sleep(pause).await;
        }
    }
}

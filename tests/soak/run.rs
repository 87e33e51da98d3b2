//! Round after round on one client and one proxy, each with a simulator of its own.

use std::{
    collections::BTreeMap,
    fmt, fs,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use prolific_api_ext::{
    FailedAttempt, FullJitter, NoRetry, Prolific, RetryPolicy, StandardRetry, Unlimited,
    hooks::{EventType, NewSubscription},
    projects::NewProject,
    simulator::Simulator,
    webhooks::Verifier,
    workspaces::NewWorkspace,
};
use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    task::{JoinSet, LocalSet},
};

use crate::{
    MEMORY, audit,
    caller::Caller,
    chaos::{self, ATTEMPT},
    fault_proxy::{Fault, FaultProxy},
    log::{CALL_TIME, Counts, Log},
    receiver::Receiver,
    stage::{Stage, Wrong, hold},
    workflows::{errands, lists, study, task_builder},
};

/// How long things may take to come to their end after a round, or after the last.
const QUIET: Duration = Duration::from_secs(30);

/// What is done wrong on purpose, to see that it would be noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sabotage {
    None,
    /// A retry policy that repeats what may have been done.
    RetriesEverything,
    /// A receiver that does not know what it has handled.
    ForgetfulReceiver,
    /// A payer that begins a new ledger whenever the last one is in doubt.
    CarelessPayer,
}

#[derive(Debug)]
struct RetryEverything;

impl RetryPolicy for RetryEverything {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        failed.number < 4
    }
}

/// The parts that live as long as the whole run.
pub(crate) struct Soak {
    seed: u64,
    /// How many times as many programs as usual run at once.
    width: usize,
    sabotage: Sabotage,
    log: Arc<Log>,
    /// For the proxy and the receiver: what is left in the runtime of the client is the client's.
    servers: Runtime,
    proxy: FaultProxy,
    receiver: Arc<Receiver>,
    hook: String,
    token: Arc<Mutex<String>>,
    folder: TempDir,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) wrong: Wrong,
    seed: u64,
    operations: u64,
    requests: u64,
    connections: usize,
    rounds: usize,
    workflows: BTreeMap<&'static str, u64>,
    faults: Counts,
    outcomes: Counts,
    events: u64,
    deliveries: [u64; 3],
    /// After each round, in bytes.
    memory: Vec<usize>,
    peak: usize,
    took: Duration,
}

impl Soak {
    pub(crate) fn new(seed: u64, width: usize, sabotage: Sabotage) -> Self {
        let servers = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let log = Arc::new(Log::new(seed));
        let (choosing, noting) = (log.clone(), log.clone());
        let receiver = Receiver::new(seed, sabotage == Sabotage::ForgetfulReceiver);
        let (proxy, hook) = servers.block_on(async {
            let proxy = FaultProxy::in_front_of(SocketAddr::from(([127, 0, 0, 1], 9)))
                .faults(move |request| choosing.choose(request))
                .told(move |request, _: &Fault, response| noting.note(request, response))
                .outages(150, Duration::from_millis(2))
                .start()
                .await
                .unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let hook = format!("http://{}/prolific", listener.local_addr().unwrap());
            tokio::spawn(receiver.clone().serve(listener));
            (proxy, hook)
        });
        let (token, folder) = (Arc::default(), tempfile::tempdir().unwrap());
        Self { seed, width, sabotage, log, servers, proxy, receiver, hook, token, folder }
    }

    fn client(&self) -> Prolific {
        let token = self.token.clone();
        let provider = move || {
            let token = token.lock().unwrap_or_else(PoisonError::into_inner).clone();
            async move { Ok::<_, std::io::Error>(token) }
        };
        let backoff = FullJitter::new(Duration::from_millis(2), Duration::from_millis(20));
        let builder = Prolific::builder()
            .token_provider(provider)
            .base_url(self.proxy.url())
            .attempt_timeout(ATTEMPT)
            .total_timeout(CALL_TIME)
            .backoff(backoff)
            .retry_budget(Unlimited)
            .poll_interval(Duration::from_millis(2));
        let builder = match self.sabotage {
            Sabotage::RetriesEverything => builder.retry_policy(RetryEverything),
            _ => builder.retry_policy(StandardRetry::max_attempts(5)),
        };
        builder.build().unwrap()
    }

    /// Runs rounds until so many operations were begun, or so much time has passed.
    pub(crate) fn run(self, operations: u64, longest: Duration) -> Report {
        let began = Instant::now();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let descriptors = open_files();
        MEMORY.reset_peak_usage();
        let mut report = Report { seed: self.seed, ..Report::default() };
        let (prolific, local) = (self.client(), LocalSet::new());
        while self.log.operations() < operations
            && began.elapsed() < longest
            && report.wrong.len() < 100
        {
            let caller = Caller::new(prolific.clone(), self.log.clone());
            local.block_on(&runtime, self.round(caller, &mut report));
            report.rounds += 1;
            report.memory.push(in_use());
        }
        drop((prolific, local));
        self.log.totals(|totals| {
            (report.operations, report.requests) = (totals.operations, totals.requests);
            (report.faults, report.outcomes) = (totals.faults.clone(), totals.outcomes.clone());
        });
        let is_idle = || {
            let tasks = runtime.metrics().num_alive_tasks();
            tasks == 0 && self.proxy.open_connections() == 0
        };
        let left = runtime.block_on(async { until(QUIET, is_idle).await });
        hold!(
            report.wrong,
            left,
            "{} tasks and {} connections are left",
            runtime.metrics().num_alive_tasks(),
            self.proxy.open_connections()
        );
        let files = fs::read_dir(self.folder.path()).unwrap().count();
        hold!(report.wrong, files == 0, "{files} files are left");
        drop(runtime);
        // Descriptors of the servers stay as long as they do.
        let more = open_files().saturating_sub(descriptors);
        hold!(report.wrong, more <= 4, "{more} more descriptors are open than before");
        report.check_memory();
        (report.deliveries, report.connections) =
            (self.receiver.counts(), self.proxy.connections());
        (report.peak, report.took) = (MEMORY.peak_usage(), began.elapsed());
        self.servers.shutdown_timeout(Duration::from_secs(1));
        report
    }

    /// The workflows, all at once.
    async fn round(&self, caller: Caller, report: &mut Report) {
        let (stage, expected) = self.stage(caller).await;
        let (stage, expected) = (Arc::new(stage), Arc::new(expected));
        self.subscribe(&stage, report).await;
        let mut workflows: JoinSet<Wrong> = JoinSet::new();
        let round = report.rounds;
        let rng = |what: &'static str, number: usize| chaos::rng(self.seed, (round, what, number));
        let payer = match self.sabotage {
            Sabotage::CarelessPayer => study::Payer::Careless,
            _ => study::Payer::Careful,
        };
        let mut count = |what: &'static str| *report.workflows.entry(what).or_default() += 1;
        for number in 0..3 * self.width {
            let (stage, rng) = (stage.clone(), rng("study", number));
            let name = format!("study {round}.{number}");
            workflows.spawn_local(async move { study::run(&stage, &name, rng, payer).await });
            count("studies");
        }
        for number in 0..3 * self.width {
            let (stage, rng) = (stage.clone(), rng("task builder", number));
            let name = format!("birds {round}.{number}");
            workflows.spawn_local(async move { task_builder::run(&stage, &name, rng).await });
            count("task builder");
        }
        for number in 0..2 * self.width {
            let (stage, expected) = (stage.clone(), expected.clone());
            let rng = rng("lists", number);
            workflows.spawn_local(async move { lists::run(&stage, &expected, rng, 10).await });
            count("readers of lists");
        }
        for number in 0..5 * self.width {
            let (stage, rng) = (stage.clone(), rng("errands", number));
            let name = format!("errand {round}.{number}");
            workflows.spawn_local(async move { errands::run(&stage, &name, rng, 60).await });
            count("errands");
        }
        while let Some(ended) = workflows.join_next().await {
            match ended {
                Ok(wrong) => report.wrong.extend(wrong),
                Err(error) => report.wrong.push(format!("a workflow panicked: {error}")),
            }
        }
        self.events(&stage, report).await;
        let (calls, breaches) = self.log.take();
        report.wrong.extend(breaches);
        report.wrong.extend(audit::compare(&calls, &stage.simulator.requests()));
        self.tidy(report);
    }

    /// A simulator, and what is in it from the start.
    async fn stage(&self, caller: Caller) -> (Stage, lists::Expected) {
        let simulator = Simulator::start();
        let url = simulator.base_url();
        self.proxy.turn_to(url.trim_start_matches("http://").parse().unwrap());
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = simulator.token().to_owned();
        self.log.rewrite(url, self.proxy.url());
        // It is waited for, however slow the machine is.
        let patience = Duration::from_secs(300);
        let direct = simulator.builder().retry_policy(NoRetry).attempt_timeout(patience);
        let direct = direct.total_timeout(patience).build().unwrap();
        let (workspace, project) =
            (simulator.workspace_id().unwrap(), simulator.project_id().unwrap());
        simulator.set_balance(&workspace, 100_000_000).unwrap();
        let study = simulator.active_study().unwrap();
        direct.studies().add_places(&study, 90).await.unwrap();
        let submissions: Vec<_> = (0..100).map(|_| simulator.submit(&study).unwrap()).collect();
        let quiet = direct.workspaces().create(NewWorkspace::new("Quiet")).await.unwrap().id;
        for number in 0..40 {
            let new = NewProject::new(format!("Project {number}"));
            direct.projects().create(&quiet, new).await.unwrap();
        }
        let batch = simulator.ready_batch().unwrap();
        simulator.answer(&batch, 30).unwrap();
        let mut expected = lists::Expected {
            submissions: submissions.iter().map(ToString::to_string).collect(),
            projects: ids(direct.projects().list(&quiet).collect_all().await.unwrap(), |it| &it.id),
            responses: ids(direct.batches().responses(&batch).collect_all().await.unwrap(), |it| {
                it.id.as_ref().unwrap()
            }),
        };
        expected.submissions.sort();
        let stage = Stage {
            simulator,
            caller,
            direct,
            workspace,
            project,
            study,
            submissions,
            batch,
            quiet_workspace: quiet,
            folder: self.folder.path().to_owned(),
        };
        (stage, expected)
    }

    /// Subscribes to what happens to submissions, by the proxy, until it is done.
    async fn subscribe(&self, stage: &Stage, report: &mut Report) {
        for _ in 0..60 {
            let subscribed = stage.caller.flow("subscribe", QUIET, async |prolific| {
                let (workspace, url) = (stage.workspace.clone(), self.hook.as_str());
                let wanted =
                    NewSubscription::new(workspace, EventType::SubmissionStatusChange, url);
                prolific.hooks().subscribe(wanted).await
            });
            if let Ok(subscribed) = subscribed.await {
                self.receiver.verify_by(Verifier::new(subscribed.secret));
                return;
            }
        }
        report.wrong.push("the events were never subscribed to".to_owned());
    }

    /// Lets time go on until every event was delivered, and holds them against those that were handled.
    async fn events(&self, stage: &Stage, report: &mut Report) {
        let clock = stage.simulator.clock();
        let pending = async || {
            let mut pending = 0;
            for subscription in
                stage.direct.hooks().subscriptions(&stage.workspace).collect_all().await.unwrap()
            {
                let events =
                    stage.direct.hooks().events(&subscription.id).collect_all().await.unwrap();
                pending += events
                    .iter()
                    .filter(|it| it.status.as_ref().is_some_and(|it| it.as_str() == "PENDING"))
                    .count();
            }
            pending
        };
        let began = Instant::now();
        while pending().await > 0 && began.elapsed() < QUIET {
            clock.advance(Duration::from_secs(1_800));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let handled = self.receiver.take();
        let mut sent: Vec<String> =
            stage.simulator.deliveries().into_iter().map(|it| it.event_id).collect();
        sent.sort();
        sent.dedup();
        report.events += sent.len() as u64;
        let lost = sent.iter().filter(|id| !handled.contains_key(*id)).count();
        hold!(report.wrong, lost == 0, "{lost} events of {} were lost", sent.len());
        let twice = handled.values().filter(|times| **times > 1).count();
        hold!(report.wrong, twice == 0, "{twice} events were handled more than once");
        let unknown = handled.keys().filter(|id| sent.binary_search(id).is_err()).count();
        hold!(report.wrong, unknown == 0, "{unknown} events were handled that nobody sent");
    }

    /// Removes the ledgers, and nothing else.
    fn tidy(&self, report: &mut Report) {
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let is_ledger = path.extension().is_some_and(|extension| extension == "ledger");
            hold!(report.wrong, is_ledger, "{} is left", path.display());
            fs::remove_file(path).unwrap();
        }
    }
}

fn ids<T, I: fmt::Display>(rows: Vec<T>, id: impl Fn(&T) -> &I) -> Vec<String> {
    let mut ids: Vec<String> = rows.iter().map(|row| id(row).to_string()).collect();
    ids.sort();
    ids
}

async fn until(longest: Duration, holds: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > longest {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    true
}

/// How much memory is in use once the thread of a simulator that was dropped has ended, in bytes.
fn in_use() -> usize {
    let looks = (0..20).map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        MEMORY.current_usage()
    });
    looks.min().unwrap_or_default()
}

/// How many descriptors this process has open; none where that can't be told.
fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

impl Report {
    /// What is in use after the last tenth of the rounds is about what it was after the first.
    fn check_memory(&mut self) {
        let (first, last) = self.tenths();
        let grown = last.saturating_sub(first);
        hold!(
            self.wrong,
            grown < 2 << 20,
            "memory has grown from {first} to {last} bytes in {} rounds",
            self.rounds
        );
    }

    /// How much memory was in use after the rounds of the first tenth and of the last.
    fn tenths(&self) -> (usize, usize) {
        let tenth = (self.memory.len() / 10).max(1);
        let mean = |part: &[usize]| part.iter().sum::<usize>() / part.len().max(1);
        let from = self.memory.len().saturating_sub(tenth);
        (mean(&self.memory[..tenth.min(self.memory.len())]), mean(&self.memory[from..]))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faulty: u64 =
            self.faults.iter().filter(|(kind, _)| *kind != "none").map(|it| it.1).sum();
        writeln!(
            f,
            "seed {}: {} operations in {} rounds, {:.0} s",
            self.seed,
            self.operations,
            self.rounds,
            self.took.as_secs_f64()
        )?;
        writeln!(f, "workflows: {:?}", self.workflows)?;
        writeln!(
            f,
            "{} requests over {} connections, {faulty} with a fault ({:.1} %):",
            self.requests,
            self.connections,
            100.0 * faulty as f64 / self.requests.max(1) as f64
        )?;
        self.faults.iter().try_for_each(|(kind, times)| writeln!(f, "  {kind}: {times}"))?;
        writeln!(f, "outcomes of the operations:")?;
        self.outcomes.iter().try_for_each(|(told, times)| writeln!(f, "  {told}: {times}"))?;
        let [deliveries, refused, failed] = self.deliveries;
        writeln!(
            f,
            "events: {} in {deliveries} deliveries, {failed} of which the receiver failed at and \
             {refused} of which it refused",
            self.events
        )?;
        let (first, last) = self.tenths();
        writeln!(
            f,
            "memory: {first} bytes in use after rounds of the first tenth, {last} of the last, peak \
             {} bytes",
            self.peak
        )?;
        writeln!(f, "wrong: {}", self.wrong.len())?;
        self.wrong.iter().take(40).try_for_each(|wrong| writeln!(f, "  {wrong}"))
    }
}

//! A program that pays bonuses is killed (SIGKILL) at each of its steps and run again: each bonus
//! is paid once. The program runs in a separate process, the simulator in this one.
//!
//! Steps are found by a run that is not killed: each request (received but not processed; processed
//! but not answered) and each record of the ledger (not begun, truncated at three places,
//! complete).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it did"
)]

mod proxy;

use std::{
    fs::{self, OpenOptions},
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

use prolific_api_ext::{BonusPaymentsId, StudyId, SubmissionId, simulator::Simulator};
use proxy::{Hold, Proxy};
use tempfile::TempDir;

/// The bonuses, in parts of two, in pence.
const BONUSES: [u32; 5] = [101, 102, 103, 104, 105];
/// How often a program is run at most until all is paid.
const MOST_RUNS: usize = 6;
/// How long a run may take.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Where a run is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kill {
    Request(usize),
    Response(usize),
    /// After the first record, of which so much is left.
    Header(Left),
    /// After this record, of which so much is left.
    Record(usize, Left),
}

/// How much of the last record is left in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    Nothing,
    Byte,
    Half,
    AllButOne,
    All,
}

const LEFT: [Left; 5] = [Left::Nothing, Left::Byte, Left::Half, Left::AllButOne, Left::All];

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ended {
    Paid,
    InDoubt(BonusPaymentsId),
    Killed,
}

/// A study with submissions that are to have bonuses, their file, and the ledger.
struct Stage {
    simulator: Simulator,
    study: StudyId,
    submissions: Vec<SubmissionId>,
    folder: TempDir,
}

/// The outcome of a payout that was killed.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    runs: usize,
    kills: usize,
    doubts: usize,
    payments: usize,
}

impl Stage {
    fn new() -> Self {
        let simulator = Simulator::start();
        let study = simulator.active_study().unwrap();
        let submissions: Vec<_> =
            BONUSES.iter().map(|_| simulator.submit(&study).unwrap()).collect();
        let folder = tempfile::tempdir().unwrap();
        let rows = submissions.iter().zip(BONUSES);
        let rows = rows.map(|(id, pence)| format!("{id},{}.{:02}\n", pence / 100, pence % 100));
        let file = format!("submission_id,amount\n{}", rows.collect::<String>());
        fs::write(folder.path().join("bonuses.csv"), file).unwrap();
        Self { simulator, study, submissions, folder }
    }

    fn ledger(&self) -> PathBuf {
        self.folder.path().join("bonuses.ledger")
    }

    fn payer(&self, url: &str, stop_at: Option<usize>, found: &[String]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_killed_payer"));
        command.arg(self.study.as_str()).arg(self.folder.path().join("bonuses.csv"));
        command.arg(self.ledger()).args(found);
        command.env("PROLIFIC_URL", url).env("PROLIFIC_TOKEN", self.simulator.token());
        command.env("STOP_AT", stop_at.map(|step| step.to_string()).unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
    }

    /// Runs the program, and kills it if it gets so far. Tells how many requests it sent and how many
    /// records it wrote after the first.
    fn run(&self, kill: Option<Kill>, found: &[String]) -> (Ended, usize, usize) {
        let (hold, stop_at) = match kill {
            None => (Hold::Nothing, None),
            Some(Kill::Request(number)) => (Hold::Request(number), None),
            Some(Kill::Response(number)) => (Hold::Response(number), None),
            Some(Kill::Header(_)) => (Hold::AfterHeader, None),
            Some(Kill::Record(number, _)) => (Hold::Nothing, Some(number)),
        };
        let proxy = Proxy::start(&self.simulator.base_url(), hold, self.ledger()).unwrap();
        let mut payer = self.payer(&proxy.url, stop_at, found);
        let (told, lines) = channel();
        let output = BufReader::new(payer.stdout.take().unwrap());
        let reader = thread::spawn(move || {
            output.lines().map_while(Result::ok).for_each(|line| drop(told.send(line)));
        });
        let (mut records, mut doubt) = (0, None);
        let deadline = std::time::Instant::now() + TIMEOUT;
        let is_stopped = loop {
            if proxy.held.try_recv().is_ok() {
                break true;
            }
            match lines.recv_timeout(Duration::from_millis(2)) {
                Ok(line) if line.starts_with("step") => {
                    records += 1;
                    if stop_at == Some(records) {
                        break true;
                    }
                }
                Ok(line) => doubt = line.strip_prefix("doubt ").map(str::to_owned),
                Err(RecvTimeoutError::Disconnected) => break false,
                Err(RecvTimeoutError::Timeout) => {
                    if std::time::Instant::now() > deadline {
                        let _ = payer.kill();
                        panic!("{kill:?}: the run takes too long");
                    }
                }
            }
        };
        if is_stopped {
            payer.kill().unwrap();
        }
        let status = payer.wait().unwrap();
        reader.join().unwrap();
        let ended = match (is_stopped, status.code(), doubt) {
            (true, _, _) => {
                assert!(!status.success(), "{kill:?}");
                self.tear(kill);
                Ended::Killed
            }
            (false, Some(0), None) => Ended::Paid,
            (false, Some(3), Some(id)) => Ended::InDoubt(BonusPaymentsId::new(id).unwrap()),
            (false, code, doubt) => panic!("{kill:?}: the run ended with {code:?}, {doubt:?}"),
        };
        (ended, proxy.requests(), records)
    }

    /// Leaves of the last record what a kill in the middle of its write would.
    fn tear(&self, kill: Option<Kill>) {
        let (Some(Kill::Header(left)) | Some(Kill::Record(_, left))) = kill else { return };
        let text = fs::read(self.ledger()).unwrap();
        let whole = text.len() - 1;
        let begin = text[..whole].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let length = text.len() - begin;
        let kept = match left {
            Left::Nothing => 0,
            Left::Byte => 1,
            Left::Half => length / 2,
            Left::AllButOne => length - 1,
            Left::All => length,
        };
        let file = OpenOptions::new().write(true).open(self.ledger()).unwrap();
        file.set_len((begin + kept) as u64).unwrap();
    }

    /// What the submissions were paid, in pence.
    fn payments(&self) -> Vec<Vec<u32>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let prolific = self.simulator.prolific().unwrap();
            let mut payments = Vec::new();
            for id in &self.submissions {
                let paid = prolific.submissions().get(id).await.unwrap().bonus_payments;
                payments.push(paid.into_iter().map(|paid| f64::from(paid) as u32).collect());
            }
            payments
        })
    }

    /// Runs the program until all is paid, killed at these points, one a run. Doubts are resolved by
    /// what the simulator knows, as a person would who looks at the payments in Prolific.
    fn pay(&self, kills: &[Kill]) -> Outcome {
        let (mut outcome, mut found) = (Outcome::default(), Vec::new());
        loop {
            let kill = kills.get(outcome.runs).copied();
            outcome.runs += 1;
            assert!(outcome.runs <= MOST_RUNS, "{kills:?}: it does not come to an end");
            match self.run(kill, &found).0 {
                Ended::Paid => break,
                Ended::Killed => outcome.kills += 1,
                Ended::InDoubt(id) => {
                    outcome.doubts += 1;
                    let is_paid = self.simulator.times_paid(&id) == Some(1);
                    found = vec![format!("{id}={}", if is_paid { "paid" } else { "not-paid" })];
                }
            }
        }
        let payments = self.payments();
        let planned: Vec<_> = BONUSES.iter().map(|pence| vec![*pence]).collect();
        assert_eq!(payments, planned, "killed at {kills:?}");
        outcome.payments = payments.concat().len();
        outcome
    }
}

/// The steps of a run that isn't killed.
fn steps() -> (usize, usize) {
    let stage = Stage::new();
    let (ended, requests, records) = stage.run(None, &[]);
    assert_eq!(ended, Ended::Paid);
    let lines = BufReader::new(fs::File::open(stage.ledger()).unwrap()).lines().count();
    assert_eq!(lines, records + 1, "each record except the first is reported as a step");
    (requests, records)
}

/// Pays with each of these kills, a few at a time.
fn pay_all(scenarios: &[Vec<Kill>]) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut outcomes = Vec::new();
        while let Some(kills) = scenarios.get(next.fetch_add(1, Ordering::SeqCst)) {
            outcomes.push(Stage::new().pay(kills));
        }
        outcomes
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

/// Prints a row of the table, and checks it.
fn tell(what: &str, scenarios: &[Vec<Kill>], kills: usize) {
    let outcomes = pay_all(scenarios);
    let sum = |count: fn(&Outcome) -> usize| outcomes.iter().map(count).sum::<usize>();
    let planned = scenarios.len() * BONUSES.len();
    println!(
        "| {what} | {} | {} | {} | {} | {} | {planned} |",
        scenarios.len(),
        sum(|outcome| outcome.kills),
        sum(|outcome| outcome.runs),
        sum(|outcome| outcome.doubts),
        sum(|outcome| outcome.payments),
    );
    assert_eq!(outcomes.len(), scenarios.len());
    assert!(sum(|outcome| outcome.kills) >= kills, "{what}: a kill was not reached");
    assert_eq!(sum(|outcome| outcome.payments), planned);
}

#[test]
fn a_program_that_is_killed_at_any_step_pays_each_bonus_once() {
    let (requests, records) = steps();
    assert!(requests > BONUSES.len() && records == 3 * BONUSES.len().div_ceil(2));
    let at = |kill: fn(usize) -> Kill| (1..=requests).map(move |number| vec![kill(number)]);
    println!("| killed | points | kills | runs | resolved by hand | payments made | planned |");
    println!("|---|---|---|---|---|---|---|");
    let received: Vec<_> = at(Kill::Request).collect();
    tell("a request was received, and not acted on", &received, received.len());
    let answered: Vec<_> = at(Kill::Response).collect();
    tell("a request was acted on, and not answered", &answered, answered.len());
    let header: Vec<_> = LEFT.iter().map(|left| vec![Kill::Header(*left)]).collect();
    tell("the first record was written: none, a byte, half, all but one, all of it", &header, 5);
    let of_record = |number| LEFT.iter().map(move |left| vec![Kill::Record(number, *left)]);
    let written: Vec<_> = (1..=records).flat_map(of_record).collect();
    tell("another record was written: the same", &written, written.len());
    tell("twice: of these points each pair of every fifth", &pairs(requests, records), 0);
}

/// Runs that are killed, and killed again when they are run again.
fn pairs(requests: usize, records: usize) -> Vec<Vec<Kill>> {
    let requests =
        (1..=requests).flat_map(|number| [Kill::Request(number), Kill::Response(number)]);
    let records = (1..=records).map(|number| Kill::Record(number, Left::All));
    let points: Vec<Kill> = requests.chain(records).step_by(5).collect();
    let pairs = points.iter().flat_map(|first| points.iter().map(|second| vec![*first, *second]));
    pairs.collect()
}

#[test]
fn the_test_would_notice_a_bonus_that_is_paid_twice() {
    let stage = Stage::new();
    assert_eq!(stage.run(None, &[]).0, Ended::Paid);
    fs::remove_file(stage.ledger()).unwrap();
    let found = ["again".to_owned()];
    assert_eq!(stage.run(None, &found).0, Ended::Paid);
    assert!(stage.payments().iter().all(|paid| paid.len() == 2));
}

#[test]
fn two_programs_do_not_run_by_one_ledger() {
    let stage = Stage::new();
    let url = stage.simulator.base_url();
    let mut first = stage.payer(&url, Some(1), &[]);
    let mut line = String::new();
    BufReader::new(first.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "step 1\n");
    let mut second = stage.payer(&url, None, &[]);
    assert_eq!(second.wait().unwrap().code(), Some(1));
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(stage.run(None, &[]).0, Ended::Paid);
    assert_eq!(stage.payments().concat(), BONUSES);
    assert!(is_for_its_owner_alone(&stage.ledger()));
}

#[cfg(unix)]
fn is_for_its_owner_alone(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_for_its_owner_alone(_: &Path) -> bool {
    true
}

//! Hostile servers: whatever one sends, a call ends in time with a value or a typed error, takes a
//! bounded amount of memory, and follows nothing that it should not.
//!
//! What servers send by mistake is in `prolific-api-ext/tests/calls` and `body_memory.rs`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod cases;
mod deliveries;
mod outcome;
mod pages;
mod server;

use std::time::{Duration, Instant};

use cases::{CASES, Call, Case, Ends};
use peak_alloc::PeakAlloc;
use prolific_api_ext::{Error, FullJitter, Prolific, Result, StudyId, transfer::UploadFile};
use server::Server;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const TOTAL: Duration = Duration::from_millis(2_500);
/// How much longer it may take on a machine that has other things to do.
const GRACE: Duration = Duration::from_secs(8);
const MIB: usize = 1 << 20;
/// The memory that a call may use, together with the other tests of this binary, whose memory is
/// counted too.
const MOST_MEMORY: usize = 96 * MIB;

fn client(url: &str) -> Prolific {
    Prolific::builder()
        .token("sesame")
        .base_url(url)
        .attempt_timeout(Duration::from_millis(1_000))
        .total_timeout(TOTAL)
        .backoff(FullJitter::new(Duration::ZERO, Duration::ZERO))
        .build()
        .unwrap()
}

async fn make(call: Call, prolific: &Prolific) -> Result<usize> {
    let folder = tempfile::tempdir().unwrap();
    let study = StudyId::new("s1").unwrap();
    match call {
        Call::Me => prolific.users().me().await.map(|_| 1),
        Call::List => {
            let rows = prolific.submissions().list(&study).collect_all();
            rows.await.map(|rows| rows.len())
        }
        Call::Create => prolific.studies().duplicate(&study, None).await.map(|_| 1),
        Call::Download => {
            let to = folder.path().join("report.csv");
            let report = prolific.batches().report_to_file(&"b1".parse().unwrap(), &to);
            let ended = report.idle_timeout(TOTAL).total_timeout(TOTAL).max_bytes(MIB as u64).await;
            let left = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(left, usize::from(ended.is_ok()), "a part of a file is left");
            ended.map(|_| 1)
        }
        Call::Upload => {
            let file = UploadFile::from_bytes("a.csv", "a\n");
            let upload = prolific.datasets().upload(&"d1".parse().unwrap(), file);
            upload.response_timeout(TOTAL).total_timeout(TOTAL).await.map(|_| 1)
        }
    }
}

fn judge(case: &Case, ended: &Result<usize>) -> std::result::Result<(), String> {
    match (case.ends, ended) {
        (Ends::With(rows), Ok(came)) if rows == *came => {}
        (Ends::As(kinds), Err(error)) if kinds.contains(&error.kind()) => {}
        (Ends::Either(_), Ok(_)) => {}
        (Ends::Either(kinds), Err(error)) if kinds.contains(&error.kind()) => {}
        (_, ended) => {
            return Err(format!(
                "{:?}, and not {:?}",
                ended.as_ref().map_err(Error::kind),
                case.ends
            ));
        }
    }
    let Err(error) = ended else { return Ok(()) };
    let shown = format!("{error} {error:?} {error:#?}");
    if shown.contains("sesame") || shown.contains("0badcafe") {
        return Err(format!("a secret shows: {shown}"));
    }
    if shown.contains('\u{1b}') || shown.contains('\u{202e}') {
        return Err(format!("control characters show: {shown:?}"));
    }
    Ok(())
}

/// Makes the call of a case, and says what does not hold.
async fn run(case: &Case) -> Vec<String> {
    let (server, elsewhere) = (Server::start(case.serve), Server::start(server::nothing));
    server.knows(&elsewhere);
    let prolific = client(&server.url());
    MEMORY.reset_peak_usage();
    let (before, began) = (MEMORY.current_usage(), Instant::now());
    let ended = tokio::time::timeout(TOTAL + GRACE, make(case.call, &prolific)).await;
    let (took, peak) = (began.elapsed(), MEMORY.peak_usage().saturating_sub(before));
    let mut wrong = Vec::new();
    match ended {
        Err(_) => wrong.push(format!("did not end in {took:?}")),
        Ok(ended) => wrong.extend(judge(case, &ended).err()),
    }
    if peak > MOST_MEMORY {
        wrong.push(format!("took {} MiB", peak / MIB));
    }
    if elsewhere.connections() > 0 {
        wrong.push("went to another server".to_owned());
    }
    if server.requests() > case.most_requests {
        wrong.push(format!("sent {} requests", server.requests()));
    }
    wrong.into_iter().map(|wrong| format!("{}: {wrong}", case.name)).collect()
}

#[tokio::test]
async fn every_hostile_response_ends_a_call_in_time_and_in_bounds() {
    let mut wrong = Vec::new();
    for case in CASES {
        wrong.extend(run(case).await);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

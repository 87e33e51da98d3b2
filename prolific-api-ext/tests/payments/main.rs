//! What costs money: limits, dry runs, and bonuses that are paid once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod payouts;
mod spending;

use prolific_api_ext::{StudyId, SubmissionId, simulator::Simulator};

/// How often an operation was asked for.
fn requests(simulator: &Simulator, operation: &str) -> usize {
    let requests = simulator.requests();
    requests.iter().filter(|request| request.operation == Some(operation)).count()
}

/// A study with this many submissions that await review.
fn reviewed(simulator: &Simulator, submissions: usize) -> (StudyId, Vec<SubmissionId>) {
    let study = simulator.active_study().unwrap();
    let ids = (0..submissions).map(|_| simulator.submit(&study).unwrap()).collect();
    (study, ids)
}

//! A review decides, checks, carries out and reads back; money is spent once and one at a time.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod approvals;
mod decisions;
mod trouble;

use std::time::Duration;

use prolific_api_ext::{
    Prolific, StudyId, SubmissionId,
    simulator::{RecordedRequest, Simulator},
    studies::{CompletionAction, CompletionActor, CompletionCode, CompletionCodeType, StudyChange},
    submissions::SubmissionStatus,
};

/// Long enough for a busy machine: no test waits for it.
const LONGEST: Duration = Duration::from_secs(60);
const EXPLANATION: &str = "Each bird was called a duck, and half of them were none, as the \
    photographs show. Thank you for your time all the same.";

/// A study with submissions that await their review.
struct Case {
    simulator: Simulator,
    prolific: Prolific,
    study: StudyId,
    ids: Vec<SubmissionId>,
}

impl Case {
    async fn new(submissions: usize) -> Self {
        let simulator = Simulator::start();
        let prolific = simulator.prolific().unwrap();
        let study = simulator.active_study().unwrap();
        let places = u64::try_from(submissions).unwrap() + 1;
        let code = CompletionCode::new("COUT", CompletionCodeType::FixedScreenOut)
            .actor(CompletionActor::Researcher)
            .action(CompletionAction::FixedScreenOutPayment {
                fixed_screen_out_reward: 20.into(),
                slots: 5,
            });
        let change = StudyChange::new().places(places).completion_codes([code]);
        prolific.studies().update(&study, change).await.unwrap();
        let participants = simulator.participants();
        let ids = participants.take(&study, submissions).unwrap();
        for id in &ids {
            participants.submit(id, "CODE").unwrap();
        }
        Self { simulator, prolific, study, ids }
    }

    async fn status(&self, id: &SubmissionId) -> SubmissionStatus {
        self.prolific.submissions().get(id).await.unwrap().status.unwrap()
    }

    fn requests(&self, operation: &str) -> Vec<RecordedRequest> {
        let requests = self.simulator.requests().into_iter();
        requests.filter(|request| request.operation == Some(operation)).collect()
    }

    /// What may have changed something, since the study was made.
    fn acts(&self) -> usize {
        let acting =
            ["bulk-approve-submissions", "transition-submission", "request-submission-return"];
        acting.iter().map(|operation| self.requests(operation).len()).sum()
    }
}

//! Which statuses of a submission follow which, where several are known at once.

use crate::submissions::SubmissionStatus;

/// How far on a status is; none of one that is in no order.
fn stage(status: &SubmissionStatus) -> Option<u8> {
    match status {
        SubmissionStatus::Reserved => Some(0),
        SubmissionStatus::Active => Some(1),
        SubmissionStatus::AwaitingReview => Some(2),
        known if known.is_terminal() => Some(3),
        _ => None,
    }
}

/// Returns the statuses to report after `told`, in order: those of events (`hinted`) between it and
/// the status that was read, and then the latter.
///
/// The status that was read is authoritative. An event may be old or repeated, so its status only
/// counts if it lies between the two.
pub(super) fn steps(
    told: Option<&SubmissionStatus>,
    hinted: &[SubmissionStatus],
    read: &SubmissionStatus,
) -> Vec<SubmissionStatus> {
    if told == Some(read) {
        return Vec::new();
    }
    let is_between = |status: &&SubmissionStatus| {
        let is_after = told.is_none_or(|told| stage(told).is_some() && stage(told) < stage(status));
        is_after && stage(status).is_some() && stage(status) < stage(read)
    };
    let mut steps: Vec<_> = hinted.iter().filter(is_between).cloned().collect();
    steps.sort_by_key(stage);
    steps.dedup();
    steps.push(read.clone());
    steps
}

/// Whether an event has a status beyond the one that was read: the server may send it before the
/// study shows it.
pub(super) fn is_behind(read: &SubmissionStatus, hinted: &[SubmissionStatus]) -> bool {
    hinted.iter().any(|status| stage(status) > stage(read))
}

#[cfg(test)]
mod tests {
    use super::{is_behind, steps};
    use crate::submissions::SubmissionStatus as Status;

    fn statuses(texts: &str) -> Vec<Status> {
        texts.split(", ").filter(|text| !text.is_empty()).map(Status::from).collect()
    }

    #[test]
    fn statuses_of_events_are_reported_if_they_lead_to_the_status_read() {
        // Reported before, hinted, read, and reported now.
        let table = [
            ("", "", "ACTIVE", "ACTIVE"),
            ("ACTIVE", "", "ACTIVE", ""),
            ("ACTIVE", "RESERVED, ACTIVE, APPROVED", "ACTIVE", ""),
            (
                "",
                "ACTIVE, RESERVED, ACTIVE",
                "AWAITING REVIEW",
                "RESERVED, ACTIVE, AWAITING REVIEW",
            ),
            (
                "ACTIVE",
                "APPROVED, AWAITING REVIEW, RESERVED",
                "APPROVED",
                "AWAITING REVIEW, APPROVED",
            ),
            // A rejection that was withdrawn: its event may be repeated.
            ("REJECTED", "REJECTED", "AWAITING REVIEW", "AWAITING REVIEW"),
            ("AWAITING REVIEW", "REJECTED, AWAITING REVIEW", "APPROVED", "APPROVED"),
            ("RETURNED", "ACTIVE", "AWAITING REVIEW", "AWAITING REVIEW"),
            // A status that this version does not know has no known place in the order.
            ("LOST", "ACTIVE", "AWAITING REVIEW", "AWAITING REVIEW"),
            ("RESERVED", "ACTIVE, LOST", "APPROVED", "ACTIVE, APPROVED"),
            ("RESERVED", "ACTIVE", "LOST", "LOST"),
        ];
        for (told, hinted, read, expected) in table {
            let told = statuses(told);
            let found = steps(told.first(), &statuses(hinted), &Status::from(read));
            assert_eq!(found, statuses(expected), "{told:?} {hinted} {read}");
        }
    }

    #[test]
    fn what_was_read_is_behind_an_event_that_is_further_on() {
        assert!(is_behind(&Status::Active, &statuses("AWAITING REVIEW")));
        assert!(!is_behind(&Status::Approved, &statuses("AWAITING REVIEW, ACTIVE, LOST")));
        assert!(!is_behind(&Status::Active, &statuses("")));
    }
}

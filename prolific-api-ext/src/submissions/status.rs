use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// The status of a submission.
    ///
    /// Responses write some values with a space, and `TIMED-OUT` with a hyphen; the filter of a
    /// list writes all of them with underscores.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::submissions::SubmissionStatus;
    ///
    /// assert_eq!(SubmissionStatus::from("AWAITING REVIEW"), SubmissionStatus::AwaitingReview);
    /// assert_eq!(SubmissionStatus::from("UNKNOWN"), SubmissionStatus::UnknownToProlific);
    /// assert!(!SubmissionStatus::from("LOST").is_known());
    /// ```
    pub enum SubmissionStatus from types::SubmissionStatus {
        /// A place is reserved.
        Reserved = "RESERVED",
        /// In progress.
        Active = "ACTIVE",
        /// Not finished in time.
        TimedOut = "TIMED-OUT",
        /// Finished and awaiting review.
        AwaitingReview = "AWAITING REVIEW",
        /// Approved and paid.
        Approved = "APPROVED",
        /// Approved, and paid in part.
        PartiallyApproved = "PARTIALLY APPROVED",
        /// Returned by the participant.
        Returned = "RETURNED",
        /// Rejected.
        Rejected = "REJECTED",
        /// Screened out.
        ScreenedOut = "SCREENED OUT",
        /// `UNKNOWN`, a status of Prolific itself.
        UnknownToProlific = "UNKNOWN",
    }
}

impl SubmissionStatus {
    /// Returns `true` if the submission has ended. A researcher may still undo a rejection or a
    /// return; the rules are not documented. `false` for statuses that this version does not know.
    pub fn is_terminal(&self) -> bool {
        !matches!(self, Self::Reserved | Self::Active | Self::AwaitingReview | Self::Unknown(_))
    }
}

#[cfg(test)]
mod tests {
    use super::SubmissionStatus;

    #[test]
    fn all_states_but_three_are_final_and_a_new_one_is_undecided() {
        let open: Vec<_> =
            SubmissionStatus::KNOWN.iter().filter(|status| !status.is_terminal()).collect();
        let expected = [
            &SubmissionStatus::Reserved,
            &SubmissionStatus::Active,
            &SubmissionStatus::AwaitingReview,
        ];
        assert_eq!(open, expected);
        assert!(!SubmissionStatus::from("LOST").is_terminal());
    }

    #[test]
    fn what_prolific_calls_unknown_is_known_to_us() {
        let status = SubmissionStatus::from("UNKNOWN");
        assert!(status.is_known() && status == SubmissionStatus::UnknownToProlific);
        assert_ne!(SubmissionStatus::from("AWAITING_REVIEW"), SubmissionStatus::AwaitingReview);
    }
}

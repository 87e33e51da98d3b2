use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// Moves a submission to another state.
    pub enum SubmissionAction from types::SubmissionAction {
        /// Approves it. **It pays the participant.**
        Approve = "APPROVE",
        /// Completes it with a completion code.
        Complete = "COMPLETE",
        /// Rejects it.
        Reject = "REJECT",
        /// Returns it.
        Return = "RETURN",
        /// Starts it.
        Start = "START",
        /// Screens the participant out.
        ScreenOut = "SCREEN_OUT",
        /// Undoes a rejection.
        Unreject = "UNREJECT",
        /// Undoes a return.
        Unreturn = "UNRETURN",
    }
}

use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// A transition of a study to another status.
    pub enum StudyAction from types::StudyAction {
        /// Publishes a draft. **This commits money.**
        Publish = "PUBLISH",
        /// Publishes a draft at a set time. **This commits money.**
        SchedulePublish = "SCHEDULE_PUBLISH",
        /// Cancels scheduled publishing.
        CancelPublish = "CANCEL_PUBLISH",
        /// Pauses an active study.
        Pause = "PAUSE",
        /// Resumes a paused study.
        Start = "START",
        /// Ends a study.
        Stop = "STOP",
    }
}

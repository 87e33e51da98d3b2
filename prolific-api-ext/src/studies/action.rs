use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// Moves a study to another state.
    pub enum StudyAction from types::StudyAction {
        /// Publishes a draft. **It commits money.**
        Publish = "PUBLISH",
        /// Publishes a draft later. **It commits money.**
        SchedulePublish = "SCHEDULE_PUBLISH",
        /// Takes the time back at which a draft was to be published.
        CancelPublish = "CANCEL_PUBLISH",
        /// Pauses an active study.
        Pause = "PAUSE",
        /// Resumes a paused study.
        Start = "START",
        /// Ends a study.
        Stop = "STOP",
    }
}

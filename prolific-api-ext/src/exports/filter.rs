use prolific_api::types;

use crate::{
    Result, StudyId, Timestamp,
    model::{Read, by_json},
    request::request,
};

request! {
    /// Which responses an export has. Default: all.
    ///
    /// Some documentation pages have these filters and the specification of July 2026 has not: a
    /// server that does not know them may leave them unheeded.
    #[derive(Default)]
    pub struct ExportFilter() {
        /// The study that they are of.
        study_id: StudyId,
        /// The time at which or after which they were given: RFC 3339, which a
        /// [`SystemTime`](std::time::SystemTime) is written as.
        since: Timestamp = "from",
        /// The time before which they were given, written like [`since`](Self::since).
        until: Timestamp = "to",
    }
}

impl Read<types::ExportJobFilter> for ExportFilter {
    fn read(raw: types::ExportJobFilter, _: &'static str) -> Result<Self> {
        by_json(&raw)
    }
}

use prolific_api::types;

use crate::{
    Result, StudyId, Timestamp,
    model::{Read, by_json},
    request::request,
};

request! {
    /// Selects the responses of an export. Default: all.
    ///
    /// Some documentation pages have these filters, and the specification of July 2026 does not: a
    /// server that does not know them may ignore them.
    #[derive(Default)]
    pub struct ExportFilter() {
        /// The study of the responses.
        study_id: StudyId,
        /// The earliest time of the responses, inclusive, in RFC 3339; converted from
        /// [`SystemTime`](std::time::SystemTime).
        since: Timestamp = "from",
        /// The latest time of the responses, exclusive, in the same format as
        /// [`since`](Self::since).
        until: Timestamp = "to",
    }
}

impl Read<types::ExportJobFilter> for ExportFilter {
    fn read(raw: types::ExportJobFilter, _: &'static str) -> Result<Self> {
        by_json(&raw)
    }
}

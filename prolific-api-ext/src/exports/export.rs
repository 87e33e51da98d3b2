use prolific_api::types;

use super::{ExportFilter, ExportStatus};
use crate::{
    ExportId, Result, Timestamp,
    model::{Read, key, model},
    transfer::DownloadLink,
};

model! {
    /// An export: a ZIP of responses and files, which the server builds.
    pub struct Export {
        /// The status.
        key status: ExportStatus,
        /// The id. The API only promises one while the ZIP is being built.
        pub id: Option<ExportId>,
        /// The link to the ZIP, once it is complete.
        pub link: Option<DownloadLink>,
    }
}

impl Read<types::ExportJob> for Export {
    fn read(raw: types::ExportJob, _: &'static str) -> Result<Self> {
        let mut export = Self::new(key(raw.status, "status")?);
        export.id = Read::read(raw.export_id, "Export.id")?;
        let link =
            |url: prolific_api::Secret| DownloadLink::new(url.into_exposed(), raw.expires_at);
        export.link = raw.url.map(link);
        Ok(export)
    }
}

model! {
    /// A row of the list of exports. Fetch the [status](crate::batches::Batches::export_status) of
    /// one for its link.
    pub struct ExportSummary from types::ExportJobListItem {
        /// The id.
        key id: ExportId = export_id,
        /// The responses it contains. Default: all.
        pub filter: Option<ExportFilter>,
        /// The status.
        pub status: Option<ExportStatus>,
        /// When it was requested.
        pub created_at: Option<Timestamp>,
    }
}

use prolific_api::types;

use super::ExportStatus;
use crate::{
    ExportId, Result,
    resource::{present, usable_id},
    transfer::DownloadLink,
};

/// An export: a ZIP of answers and files, which the server builds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Export {
    /// Its id. The API promises one only while the ZIP is being built.
    pub id: Option<ExportId>,
    /// How it stands.
    pub status: ExportStatus,
    /// The link to the ZIP, once it is complete.
    pub link: Option<DownloadLink>,
}

impl Export {
    pub(super) fn from_raw(raw: types::ExportJob) -> Result<Self> {
        let types::ExportJob { expires_at, export_id, status, url, .. } = raw;
        Ok(Self {
            id: usable_id(export_id),
            status: present(status, "status")?.into(),
            link: url.map(|url| DownloadLink::new(url.into_exposed(), expires_at)),
        })
    }
}

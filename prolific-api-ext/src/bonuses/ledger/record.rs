//! Records as lines: a checksum of the record and of the one before it, and JSON.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{BonusPaymentsId, Minor, StudyId, WorkspaceId, bonuses::PaidBy, money::Currency};

/// The version of the file that is written.
pub(in super::super) const VERSION: u32 = 1;
/// The digits of a checksum.
const CHECKSUM: usize = 16;

/// What a ledger is of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(in super::super) struct Header {
    pub(in super::super) version: u32,
    pub(in super::super) workspace: WorkspaceId,
    pub(in super::super) study: StudyId,
    pub(in super::super) currency: Currency,
    pub(in super::super) bonuses: usize,
    pub(in super::super) amount: Minor,
    pub(in super::super) part_size: usize,
    /// The digest of the plan.
    pub(in super::super) plan: String,
}

/// A step of a payout.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub(in super::super) enum Record {
    /// The first one.
    Planned(Header),
    /// A part was prepared, and is not paid yet.
    Created { part: usize, id: BonusPaymentsId, total: Minor },
    /// A part is about to be paid.
    Sent {
        part: usize,
        id: BonusPaymentsId,
        /// In seconds since 1970.
        at: u64,
        /// What the recipients had been paid before, by the first bonus of each in the plan.
        before: Vec<(usize, Vec<Minor>)>,
    },
    /// A part was not paid after all.
    NotPaid { part: usize, id: BonusPaymentsId },
    /// A part was paid.
    Confirmed { part: usize, id: BonusPaymentsId, by: PaidBy },
}

impl Record {
    /// The line of the record, and its checksum.
    pub(super) fn to_line(&self, before: &str) -> Result<(String, String), serde_json::Error> {
        let json = serde_json::to_string(self)?;
        let checksum = checksum(before, &json);
        Ok((format!("{checksum} {json}\n"), checksum))
    }

    /// Reads a line without its end; none if it is not as it was written.
    pub(super) fn read(line: &[u8], before: &str) -> Option<(Self, String)> {
        let line = str::from_utf8(line).ok()?;
        let (written, json) = line.split_at_checked(CHECKSUM)?;
        let json = json.strip_prefix(' ')?;
        let checksum = checksum(before, json);
        let record = (checksum == written).then(|| serde_json::from_str(json).ok())??;
        Some((record, checksum))
    }
}

fn checksum(before: &str, json: &str) -> String {
    let digest = Sha256::new().chain_update(before).chain_update(json).finalize();
    hex(&digest)[..CHECKSUM].to_owned()
}

pub(in super::super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

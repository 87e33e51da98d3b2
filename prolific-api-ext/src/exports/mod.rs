//! Exports of batches and collections: ZIPs of answers and files.
//!
//! An export is requested, built by the server, and downloaded from a presigned link that lasts
//! for an hour; asking how the export stands gives another link. The ZIP of a batch has
//! `responses-by-submission.jsonl`, `responses-by-task.jsonl`, `batch.json`, `README.md` and
//! `files/`; that of a collection has `responses.jsonl`, `collection.json`, `README.md` and
//! `files/`.
//!
//! Two generations of this are documented. In one, a recent export is answered at once (200) and
//! a repeated request finds the same job. In the other a job is started each time (202), unless
//! one with the same filter is under way, and there are at most 10 of them. Both are understood,
//! and neither is counted on: a request is not repeated once the server may have acted on it.

mod export;
mod filter;
mod owner;
mod ready;
mod status;
mod to_file;

pub use export::{Export, ExportSummary};
pub use filter::ExportFilter;
pub use status::ExportStatus;
pub use to_file::ExportToFile;

pub(crate) use owner::Owner;
pub(crate) use to_file::download;

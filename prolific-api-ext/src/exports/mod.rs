//! Exports of batches and collections: ZIP files of responses.
//!
//! An export is requested, built by the server, and downloaded from a presigned link that is valid
//! for an hour; fetching the status of the export returns a new link. The ZIP of a batch contains
//! `responses-by-submission.jsonl`, `responses-by-task.jsonl`, `batch.json`, `README.md` and
//! `files/`; that of a collection `responses.jsonl`, `collection.json`, `README.md` and `files/`.
//!
//! Two versions of this API are documented. In one, a recent export is returned at once (200), and
//! a repeated request finds the same job. In the other, each request starts a job (202), unless one
//! with the same filter is running, and there can be 10 at most. Both are supported, and neither is
//! relied on: a request is retried only if the server did not act.

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

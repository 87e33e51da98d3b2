//! Uploads to and downloads from the storage that links of the API lead to.
//!
//! A link is a secret while it is valid: anyone who has it can download the file. It is requested
//! with the token and used without it, over https only (or over plain http if the API is), and
//! never appears in an error, a trace or `Debug`.

mod download;
mod download_file;
mod download_link;
mod ending;
mod link;
#[cfg(test)]
mod recording_server;
mod stale_parts;
mod upload;
mod upload_answer;
mod upload_body;
mod upload_file;

pub use upload_file::UploadFile;

pub use download::{Download, Downloaded};
pub use download_link::DownloadLink;

pub(crate) use download::{Limits, Links, NextLink, limited};
pub(crate) use download_file::write_whole;
pub(crate) use link::Link;
#[cfg(test)]
pub(crate) use recording_server::{RecordingServer, Reply, Seen};
pub(crate) use upload::{Progress, Sent, Times, UploadLink, upload};

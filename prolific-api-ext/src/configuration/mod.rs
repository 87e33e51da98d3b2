//! The settings of a client, checked before anything is sent.

mod base_url;
mod builder;
mod header;
mod token;

pub(crate) use base_url::is_loopback;
pub use builder::ProlificBuilder;
pub(crate) use header::checked as checked_header;

/// A value and its name in messages.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: String,
}

//! The settings of a client, checked before anything is sent.

mod base_url;
mod builder;
mod token;

pub(crate) use base_url::is_loopback;
pub use builder::ProlificBuilder;

/// A value and the name by which its giver knows it.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: String,
}

//! The settings of a client, checked before anything is sent.

mod base_url;
mod builder;
mod token;

pub use builder::ProlificBuilder;

/// A value and the name by which its giver knows it.
#[derive(Clone)]
struct Setting {
    name: &'static str,
    value: String,
}

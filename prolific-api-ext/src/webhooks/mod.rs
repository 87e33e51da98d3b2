//! Receiving webhooks: what an event says, and whether it is genuine.
//!
//! [`Hooks`](crate::hooks::Hooks) subscribes to events; this module is for the server that they are
//! delivered to. It works with any web server: it needs the headers and the raw bytes of the body.

mod event;

pub use event::{Change, Event};

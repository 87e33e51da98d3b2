//! Receiving webhooks: whether a delivery is genuine, whether it is the first of its event, and what
//! the event says.
//!
//! [`Hooks`](crate::hooks::Hooks) subscribes to events; this module is for the server that they are
//! delivered to. It works with any web server: it needs the headers and the raw bytes of the body.
//!
//! - [`Verifier`] checks the signature, and reads the [`Event`]. It needs the feature `webhooks`.
//! - [`Dedupe`] sees to it that an event is handled once.
//! - [`Newest`] drops what is older than what is known.
//! - [`Hooks::catch_up`](crate::hooks::Hooks::catch_up) has what was told while the receiver was
//!   away.

mod dedupe;
mod event;
mod newest;
#[cfg(feature = "webhooks")]
mod refusal;
#[cfg(feature = "webhooks")]
mod verifier;

pub use dedupe::{Claim, Dedupe, Receipt};
pub use event::{Change, Event};
pub use newest::Newest;
#[cfg(feature = "webhooks")]
pub use refusal::Refusal;
#[cfg(feature = "webhooks")]
pub use verifier::Verifier;

//! Receiving webhooks: what is genuine, and what is not.

mod session;
mod vectors;
mod windows;

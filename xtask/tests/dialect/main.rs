//! The dialect of the generated documentation pages, quirk by quirk, and that the result says
//! what they say: to a validator that is not ours, and by a comparison with the YAML of the page
//! that shares no code with the rules.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says what it skips"
)]

mod facts;
mod faithfulness;
mod pages;
mod quirks;
mod validator;

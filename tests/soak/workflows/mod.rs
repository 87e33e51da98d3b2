//! What programs do with the SDK. Each checks in the end, by looking at the simulator directly, that
//! what it was told has happened, and nothing else.

pub(crate) mod errands;
pub(crate) mod lists;
pub(crate) mod study;
pub(crate) mod task_builder;

//! What programs do with the SDK. At the end, each checks in the simulator that exactly what it was
//! told has happened.

pub(crate) mod errands;
pub(crate) mod lists;
pub(crate) mod study;
pub(crate) mod task_builder;

//! What the generated code runs on: whatever is the same for all operations and types.

mod into_value;

pub use into_value::{IntoOptional, IntoValue};

//! The hand-written crate on top of the client: which of its methods calls which operation, and which
//! values its enums know.
//!
//! A method says so itself: `#[doc(alias = "get-thing")]` is for people who search its documentation
//! for the operation, and is read here.

mod enums;
mod methods;
mod page;
mod source;
mod waiting;

pub use enums::{Enum, tell_of_values};
pub use methods::Method;
pub use page::page;
pub use waiting::waiting;

use std::path::Path;

use crate::{finding::Finding, read::Sources};

/// What the crate on top says of itself.
#[derive(Clone, Debug, Default)]
pub struct Wrapper {
    /// Its methods that call operations.
    pub methods: Vec<Method>,
    /// Its enums.
    pub enums: Vec<Enum>,
}

impl Wrapper {
    /// Reads the source of the crate.
    ///
    /// # Errors
    ///
    /// A finding where a file can't be read or is no Rust.
    pub fn read(sources: &mut Sources, folder: &Path) -> Result<Self, Finding> {
        let files = source::files(sources, folder)?;
        Ok(Self { methods: methods::of(&files), enums: enums::of(&files) })
    }

    /// The methods that call an operation.
    pub fn methods_of<'a, 'b>(
        &'a self,
        operation_id: &'b str,
    ) -> impl Iterator<Item = &'a Method> + use<'a, 'b> {
        self.methods
            .iter()
            .filter(move |method| method.operations.iter().any(|id| id == operation_id))
    }
}

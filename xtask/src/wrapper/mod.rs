//! The hand-written wrapper crate around the client: which of its methods calls which operation, and which
//! values its enums know.
//!
//! A method says so itself: `#[doc(alias = "get-thing")]` is for people who search its documentation
//! for the operation, and is read here.

mod enums;
mod methods;
mod page;
mod simulated;
mod source;
mod tests_of;
mod waiting;

pub use enums::{Enum, tell_of_values};
pub use methods::Method;
pub use page::page;
pub use tests_of::TestFile;
pub use waiting::waiting;

use std::{collections::BTreeSet, path::Path};

use crate::{finding::Finding, read::Sources};

/// The file that says what the simulator does for which operation.
const SIMULATOR: &str = "simulator/route.rs";

/// What the source of the wrapper crate contains.
#[derive(Clone, Debug, Default)]
pub struct Wrapper {
    /// Its methods that call operations.
    pub methods: Vec<Method>,
    /// Its enums.
    pub enums: Vec<Enum>,
    /// Its tests, the file that calls most methods first.
    pub tests: Vec<TestFile>,
    /// The operations that its simulator has.
    pub simulated: BTreeSet<String>,
}

impl Wrapper {
    /// Reads the source of the crate, and the tests in the folder next to it.
    ///
    /// # Errors
    ///
    /// Returns a finding if a file can't be read or is not valid Rust.
    pub fn read(sources: &mut Sources, folder: &Path) -> Result<Self, Finding> {
        let files = source::files(sources, folder)?;
        let methods = methods::of(&files);
        let known: BTreeSet<&str> = methods.iter().map(|method| &*method.name).collect();
        let tests = source::tests(sources, folder)?.into_iter();
        let tests = tests.map(|(path, code)| TestFile::read(path, code, &known)).collect();
        Ok(Self {
            enums: enums::of(&files),
            tests: tests_of::sorted(tests),
            simulated: source::code(sources, &folder.join(SIMULATOR))?
                .map_or_else(BTreeSet::new, simulated::operations),
            methods,
        })
    }

    /// The file of tests that calls one of these methods, if any does.
    fn test_of(&self, methods: &[&Method]) -> Option<&TestFile> {
        let is_called = |file: &&TestFile| methods.iter().any(|it| file.calls.contains(&it.name));
        self.tests.iter().find(is_called)
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

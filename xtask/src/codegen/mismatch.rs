use crate::{document::Pointer, finding::Finding, plan::Lowered};

/// Where the generated code is not what the plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// The operation or the schema, in the lowered document; none of code that nothing is planned for.
    pub(super) at: Option<Pointer>,
    pub(super) problem: String,
}

const REMEDY: &str = "the generator's output is not what this program expects: see \
                      xtask/docs/bump-the-generator.md";

impl Mismatch {
    pub(super) fn at(at: &Pointer, problem: impl Into<String>) -> Self {
        Self { at: Some(at.clone()), problem: problem.into() }
    }

    pub(super) fn to_finding(&self, lowered: &Lowered) -> Finding {
        let document = &lowered.document;
        let Some(at) = &self.at else {
            return Finding::about_source(document.place, &*self.problem, REMEDY);
        };
        let place = document.at(at).map_or(document.place, |node| node.place);
        lowered.with_documented_names(Finding::at(document, at, place, &*self.problem, REMEDY))
    }
}

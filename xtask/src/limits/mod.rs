//! What the generator can't express, or would make wrong code of without a word. Documents are
//! not at fault, so this is asked of the lowered document, right before the generator runs.

mod any_of;
mod operation_names;
mod parameter_names;
mod property_names;
mod type_names;

use crate::{
    check::{Check, run},
    document::Node,
    finding::Finding,
};

const LIMITS: &[Check] = &[
    ("any-of", any_of::check),
    ("operation-names", operation_names::check),
    ("parameter-names", parameter_names::check),
    ("property-names", property_names::check),
    ("type-names", type_names::check),
];

/// Checks a lowered document. The generator may have it when there are no findings.
pub fn check(lowered: &Node) -> Vec<Finding> {
    run(LIMITS, lowered)
}

#[cfg(test)]
mod tests {
    use crate::rule::tests::node;

    /// Holds that one document has one finding, and gives it for a closer look.
    pub(super) fn assert_refused(text: &str, subject: &str, problem: &str) {
        let findings = super::check(&node(text));
        assert_eq!(findings.len(), 1, "{text}: {findings:#?}");
        assert!(findings[0].subject().contains(subject), "{findings:?}");
        assert!(findings[0].problem.contains(problem), "{findings:?}");
        assert!(findings[0].place.line > 1, "{findings:?}");
    }

    pub(super) fn assert_taken(text: &str) {
        assert_eq!(super::check(&node(text)), [], "{text}");
    }
}

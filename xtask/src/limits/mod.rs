//! What the generator can't express, or would make wrong code of without a word. Documents are
//! not at fault, so this is asked of the lowered document, right before the generator runs.

mod any_of;
mod endless_types;
mod nullable_unions;
mod operation_names;
mod parameter_names;
mod property_names;
mod success_types;
mod type_names;
mod union_bases;

use crate::{
    check::{Check, check_size, run},
    document::Node,
    finding::Finding,
};

pub(crate) const LIMITS: &[Check] = &[
    Check {
        name: "any-of",
        summary: "the branches of an `anyOf` are objects",
        reason: "The generator turns it into a struct with flattened branches, which can't read a \
                 response that is not an object.",
        run: any_of::check,
    },
    Check {
        name: "endless-types",
        summary: "no schema is composed of parts that contain the same composition again",
        reason: "The generator would recurse until its stack overflows.",
        run: endless_types::check,
    },
    Check {
        name: "nullable-unions",
        summary: "no component is a nullable union",
        reason: "The generator would create two types of the same name.",
        run: nullable_unions::check,
    },
    Check {
        name: "operation-names",
        summary: "no operation has a name that the generated code reserves",
        reason: "The generated code would not compile.",
        run: operation_names::check,
    },
    Check {
        name: "parameter-names",
        summary: "the parameters of an operation have distinct names in Rust, across all locations",
        reason: "The builder has one method for each name, and would silently lose a parameter.",
        run: parameter_names::check,
    },
    Check {
        name: "property-names",
        summary: "the properties of an object have distinct names in Rust",
        reason: "Two properties would become one field.",
        run: property_names::check,
    },
    Check {
        name: "lowered-size",
        summary: "the lowered document is within the limits of `size`",
        reason: "Lowering copies schemas that requests and responses share, and expands \
                 compositions, so the document may grow.",
        run: check_size,
    },
    Check {
        name: "success-types",
        summary: "the successful responses of an operation have the same type",
        reason: "The generator does not support two types of responses.",
        run: success_types::check,
    },
    Check {
        name: "type-names",
        summary: "every type has a distinct name",
        reason: "The generator names the type of an inline schema after its path. If a type with \
                 that name exists already, it uses that type, even if it is unrelated.",
        run: type_names::check,
    },
    Check {
        name: "union-bases",
        summary: "no object keywords appear next to a `oneOf`",
        reason: "The generator copies them into each branch, names the branches `Variant0` and so \
                 on, and silently omits a property of two types.",
        run: union_bases::check,
    },
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

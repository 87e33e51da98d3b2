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
        reason: "The generator makes a struct of it, with the branches flattened into it. An \
                  answer that is no object would never be read.",
        run: any_of::check,
    },
    Check {
        name: "endless-types",
        summary: "no schema is composed of parts that lead to the same composition again",
        reason: "The generator would write parts out without end, until its stack overflows.",
        run: endless_types::check,
    },
    Check {
        name: "nullable-unions",
        summary: "no component is a union or null",
        reason: "The generator makes two types of one name of it.",
        run: nullable_unions::check,
    },
    Check {
        name: "operation-names",
        summary: "no operation is called what the generated code calls something of its own",
        reason: "The generated code would not compile.",
        run: operation_names::check,
    },
    Check {
        name: "parameter-names",
        summary: "the parameters of an operation have names of their own in Rust, wherever they \
                  are sent",
        reason: "The builder has one method for each, and loses one of two without a word.",
        run: parameter_names::check,
    },
    Check {
        name: "property-names",
        summary: "the properties of an object have names of their own in Rust",
        reason: "Two properties would be one field.",
        run: property_names::check,
    },
    Check {
        name: "lowered-size",
        summary: "lowering leaves a document within the bounds of `size`",
        reason: "It copies what requests and answers share, and writes compositions out.",
        run: check_size,
    },
    Check {
        name: "success-types",
        summary: "the answers of success of an operation are of one type",
        reason: "The generator stops where an operation has two types of answers.",
        run: success_types::check,
    },
    Check {
        name: "type-names",
        summary: "every type has a name of its own",
        reason: "The generator names the type of a schema that stands inline by the way that \
                  leads to it. Where there is a type of that name it takes that one, whatever it \
                  is.",
        run: type_names::check,
    },
    Check {
        name: "union-bases",
        summary: "nothing of objects stands beside a `oneOf`",
        reason: "The generator writes it out into each branch, calls them `Variant0` and so on, and \
                  leaves a property of two types out without a word.",
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

use super::Findings;
use crate::document::{Kind, Node, walk};

/// What code is made of, and how much of it a document may have. Of the largest API that is known,
/// GitHub's with 13 MB, the generator is given 72,370 schemas, 1,493 operations, 5,416 parameters
/// and 19,513 values of enums, and takes 2.9 GB: some 40 kB a schema, 150 kB an operation, 50 kB a
/// parameter and 5 kB a value.
const MOST: [(&str, usize, Count); 4] = [
    ("schemas", 100_000, |_, kind| usize::from(kind == Kind::Schema)),
    ("operations", 4_000, |_, kind| usize::from(kind == Kind::Operation)),
    ("parameters", 15_000, |_, kind| usize::from(kind == Kind::Parameter)),
    ("enum values", 60_000, |node, kind| match kind {
        Kind::Schema => node.get("enum").map_or(0, |values| values.items().count()),
        _ => 0,
    }),
];

/// How many of something an object is or has.
type Count = fn(&Node, Kind) -> usize;

/// Limits the size of a document, so that the generator doesn't use all memory. Reports the first
/// item beyond a limit.
pub(crate) fn check(findings: &mut Findings<'_>) {
    let mut counts = [0; MOST.len()];
    let mut too_many = Vec::new();
    walk(findings.document, &mut |node, kind, pointer| {
        for ((what, most, count), counted) in MOST.iter().zip(&mut counts) {
            let before = *counted;
            *counted += count(node, kind);
            if before <= *most && *counted > *most {
                too_many.push((pointer.clone(), node.place, *what, *most));
            }
        }
    });
    for (pointer, place, what, most) in too_many {
        let problem =
            format!("the document has more than {most} {what}; this is the first beyond the limit");
        findings.add(&pointer, place, problem, "split the document by parts of the API");
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::{
        check::{check, tests::with_schemas},
        document::Node,
        rule::tests::node,
    };

    /// A document with a schema that has this many properties.
    fn with_properties(count: usize) -> Node {
        let mut properties = String::new();
        for index in 0..count {
            write!(properties, "p{index}: {{type: string}}, ").unwrap();
        }
        node(&with_schemas(&format!("A: {{type: object, properties: {{{properties}}}}}")))
    }

    #[test]
    fn what_the_generator_would_take_all_memory_for_is_refused_once() {
        assert_eq!(check(&with_properties(99_000)), []);
        let findings = check(&with_properties(130_000));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].rule, "size");
        assert!(findings[0].problem.contains("more than 100000 schemas"), "{findings:?}");
        assert!(findings[0].subject().contains("/properties/p"), "{findings:?}");
    }

    #[test]
    fn values_of_all_enums_are_counted() {
        let values: Vec<String> = (0..40_000).map(|index| format!("v{index}")).collect();
        let values = values.join(", ");
        let one = format!("A: {{type: string, enum: [{values}]}}");
        assert_eq!(check(&node(&with_schemas(&one))), []);
        let two = format!("{one}\nB: {{type: string, enum: [{values}]}}");
        let findings = check(&node(&with_schemas(&two)));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].problem.contains("60000 enum values"), "{findings:?}");
    }
}

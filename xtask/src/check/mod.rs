//! The acceptance test. That a document could be read proves nothing: it is accepted when every
//! object has the form that OpenAPI 3.0.3 gives it, every enum is a typed enum, every reference
//! resolves, every name is legal and unique, every path parameter is defined, and nothing that
//! was documented as something has become "any JSON".

mod names;
mod parameters;
mod path_parameters;
mod path_templates;
mod references;
mod security;
mod security_schemes;
mod structure;
mod types;

pub(crate) use parameters::{parameters_in_effect, resolved};

use crate::{
    document::{Node, Place, Pointer},
    finding::Finding,
};

/// A check looks at the whole document and tells all that it finds. It has a name in reports.
pub(crate) type Check = (&'static str, fn(&mut Findings<'_>));

const CHECKS: &[Check] = &[
    ("structure", structure::check),
    ("types", types::check),
    ("references", references::check),
    ("names", names::check),
    ("parameters", parameters::check),
    ("path-parameters", path_parameters::check),
    ("path-templates", path_templates::check),
    ("security", security::check),
    ("security-schemes", security_schemes::check),
];

/// Checks a document. It is accepted when there are no findings.
pub fn check(document: &Node) -> Vec<Finding> {
    run(CHECKS, document)
}

/// Asks all of these checks.
pub(crate) fn run(checks: &[Check], document: &Node) -> Vec<Finding> {
    let mut findings = Findings { document, check: "", found: Vec::new() };
    for (name, check) in checks {
        findings.check = name;
        check(&mut findings);
    }
    findings.found.sort();
    findings.found.dedup();
    findings.found
}

/// What the checks have found so far.
pub(crate) struct Findings<'a> {
    pub(crate) document: &'a Node,
    check: &'static str,
    found: Vec<Finding>,
}

impl Findings<'_> {
    pub(crate) fn add(
        &mut self,
        pointer: &Pointer,
        place: Place,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let finding = Finding::at(self.document, pointer, place, problem, remedy);
        self.found.push(Finding { rule: self.check, ..finding });
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::{finding::Finding, rule::tests::node};

    pub(super) fn findings(text: &str) -> Vec<Finding> {
        check(&node(text))
    }

    /// A document with these schemas and nothing else to find.
    pub(super) fn with_schemas(schemas: &str) -> String {
        let schemas = schemas.replace('\n', "\n    ");
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    {schemas}\n"
        )
    }

    /// A document with one operation under this path.
    pub(super) fn with_operation(path: &str, operation: &str) -> String {
        let operation = operation.replace('\n', "\n      ");
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  {path}:\n    get:\n      {operation}\n"
        )
    }

    pub(super) fn assert_found(text: &str, expected: &[(u32, &str, &str)]) {
        let found = findings(text);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (finding, (line, subject, problem)) in found.iter().zip(expected) {
            assert_eq!(finding.place.line, *line, "{finding:?}");
            assert!(finding.subject().contains(subject), "{finding:?}");
            assert!(finding.problem.contains(problem), "{finding:?}");
            assert!(!finding.remedy.is_empty());
        }
    }

    #[test]
    fn a_good_document_has_no_findings() {
        let operation = "operationId: get-a\nparameters:\n  - {name: id, in: path, required: true, schema: {type: string}}\nresponses:\n  '200': {description: OK}";
        assert_found(&with_operation("/a/{id}", operation), &[]);
        assert_found(
            &with_schemas("A: {type: string, enum: [a, b]}\nAny: {description: Anything}"),
            &[],
        );
    }
}

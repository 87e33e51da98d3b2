//! The acceptance test. That a document could be read proves nothing: it is accepted when every
//! object has the form that OpenAPI 3.0.3 gives it, every enum is a typed enum, every reference
//! resolves, every name is legal and unique, every path parameter is defined, and nothing that
//! was documented as something has become "any JSON".

mod names;
mod nesting;
mod parameters;
mod path_parameters;
mod path_templates;
mod references;
mod security;
mod security_schemes;
mod size;
mod structure;
mod types;

pub(crate) use path_templates::without_names;
pub(crate) use size::check as check_size;

use crate::{
    document::{Node, Place, Pointer},
    finding::Finding,
};

/// A check looks at the whole document and tells all that it finds.
pub(crate) struct Check {
    /// Its name, in reports.
    pub(crate) name: &'static str,
    /// What has to hold.
    pub(crate) summary: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
    pub(crate) run: fn(&mut Findings<'_>),
}

pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "structure",
        summary: "every object has the fields that the specification gives it, each of the right \
                  form",
        reason: "A tool that does not know a field drops it without a word, and one that finds \
                  another form than it expects stops. So a field that OpenAPI 3.0.3 does not \
                  have is a finding, unless its name begins with `x-`.",
        run: structure::check,
    },
    Check {
        name: "nesting",
        summary: "no value is nested deeper than readers of JSON go",
        reason: "They stop at some depth, so that what they are given can't exhaust their stack.",
        run: nesting::check,
    },
    Check {
        name: "size",
        summary: "a document has at most 100,000 schemas, 4,000 operations, 15,000 parameters and \
                  60,000 values of enums",
        reason: "A page of some megabytes would take all memory where a client is made of it.",
        run: size::check,
    },
    Check {
        name: "types",
        summary: "the keywords of a schema fit its type, and its values fit its keywords",
        reason: "What does not fit makes a reader take the schema for \"any JSON\", and what \
                  was documented is lost without a word.",
        run: types::check,
    },
    Check {
        name: "references",
        summary: "every `$ref` leads to a component of its kind, and not in a circle",
        reason: "A generator that follows a reference into nothing, or in a circle, fails or \
                  never ends. A schema may hold itself, but can't be itself.",
        run: references::check,
    },
    Check {
        name: "names",
        summary: "component names are legal, and neither they nor operation ids fall together in \
                  Rust",
        reason: "OpenAPI allows letters, digits, `.`, `_` and `-`. Two names that differ by \
                  case or punctuation alone would be one name of Rust.",
        run: names::check,
    },
    Check {
        name: "parameters",
        summary: "every parameter is of a place that exists, is listed once, and has one schema \
                  or one content",
        reason: "A request has four places for parameters; one that is listed twice has two \
                  meanings.",
        run: parameters::check,
    },
    Check {
        name: "path-parameters",
        summary: "every variable of a path is a required parameter, and every path parameter is \
                  a variable",
        reason: "Without a value for each variable no URL can be made.",
        run: path_parameters::check,
    },
    Check {
        name: "path-templates",
        summary: "no two paths are one but for the names of their variables",
        reason: "A request would be one of both operations.",
        run: path_templates::check,
    },
    Check {
        name: "security",
        summary: "every security requirement names a scheme that is defined, with scopes if the \
                  scheme has some",
        reason: "What is required can't be sent where nothing says how.",
        run: security::check,
    },
    Check {
        name: "security-schemes",
        summary: "every security scheme is of a type that exists, and says what that type \
                  demands",
        reason: "A key without a place, or a flow without a URL, can't be used.",
        run: security_schemes::check,
    },
];

/// Checks a document. It is accepted when there are no findings.
pub fn check(document: &Node) -> Vec<Finding> {
    run(CHECKS, document)
}

/// Asks all of these checks.
pub(crate) fn run(checks: &[Check], document: &Node) -> Vec<Finding> {
    let mut findings = Findings { document, check: "", found: Vec::new() };
    for check in checks {
        findings.check = check.name;
        (check.run)(&mut findings);
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

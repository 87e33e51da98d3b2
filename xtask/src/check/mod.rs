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
        summary: "every object has the fields of the specification, each of the right type",
        reason: "Tools silently drop fields that they don't know, and fail on unexpected types. A \
                 field that OpenAPI 3.0.3 does not have is therefore an error, unless its name \
                 begins with `x-`.",
        run: structure::check,
    },
    Check {
        name: "nesting",
        summary: "no value is nested deeper than JSON parsers accept",
        reason: "Parsers limit the depth, so that a document can't exhaust their stack.",
        run: nesting::check,
    },
    Check {
        name: "size",
        summary: "a document has at most 100,000 schemas, 4,000 operations, 15,000 parameters and \
                  60,000 enum values",
        reason: "Otherwise a page of a few megabytes could make the generator use all memory.",
        run: size::check,
    },
    Check {
        name: "types",
        summary: "the keywords of a schema fit its type, and its values fit its keywords",
        reason: "Tools treat a schema that contradicts itself as arbitrary JSON, and its \
                 documentation is lost silently.",
        run: types::check,
    },
    Check {
        name: "references",
        summary: "every `$ref` resolves to a component of its kind, without cycles",
        reason: "Generators fail on a dangling reference, and may never finish on a cycle. A \
                 schema may contain itself, but can't be itself.",
        run: references::check,
    },
    Check {
        name: "names",
        summary: "component names are valid, and component names and operation ids are each \
                  distinct in Rust",
        reason: "OpenAPI allows letters, digits, `.`, `_` and `-`. Names that differ only in case \
                 or punctuation become the same name in Rust.",
        run: names::check,
    },
    Check {
        name: "parameters",
        summary: "every parameter has a valid location, is listed once, and has either `schema` or \
                  `content`",
        reason: "OpenAPI defines four locations for parameters, and a parameter that is listed \
                 twice is ambiguous.",
        run: parameters::check,
    },
    Check {
        name: "path-parameters",
        summary: "every variable of a path is a required parameter, and every path parameter is \
                  a variable",
        reason: "Without a value for each variable, the URL is incomplete.",
        run: path_parameters::check,
    },
    Check {
        name: "path-templates",
        summary: "no two paths differ only in the names of their variables",
        reason: "A request would match operations of both.",
        run: path_templates::check,
    },
    Check {
        name: "security",
        summary: "every security requirement names a defined scheme, with scopes if the scheme has \
                  any",
        reason: "Without a definition, a client can't know how to send the credentials.",
        run: security::check,
    },
    Check {
        name: "security-schemes",
        summary: "every security scheme has a valid type, and the fields that the type requires",
        reason: "An API key without a name or location, or an OAuth flow without a URL, can't be \
                 used.",
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

use crate::{
    document::{Node, Pointer},
    rule::{Context, Example, Rule},
};

/// A path template that continues with a query or a fragment.
pub(super) const RULE: Rule = Rule {
    name: "paths-beyond-the-path",
    summary: "a path contains a query or a fragment: `/things?kind=a`",
    reason: "OpenAPI allows neither in a path. Documents use it to distinguish operations with the \
             same path, so it is kept; whether a client sends it correctly is not known.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /things?kind=a: {}
",
        after: "\
openapi: 3.0.3
paths:
  /things?kind=a: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    let paths = document.get("paths").into_iter().flat_map(Node::members);
    for (path, _) in paths.filter(|(path, _)| path.contains(['?', '#'])) {
        let at = Pointer::from_iter(["paths", &**path]);
        let what = if path.contains('?') { "a query" } else { "a fragment" };
        let problem = format!("the path `{path}` contains {what}");
        let remedy = "turn it into parameters, or check that the client sends it correctly";
        context.warn(document, &at, path.place, problem, remedy);
    }
}

use crate::{
    document::{Key, Node, Pointer, insert_at, operations},
    read::Page,
    rule::{Context, Example, Rule},
};

/// A document without `servers` gets the one of its page's request line.
pub(super) const RULE: Rule = Rule {
    name: "missing-servers",
    summary: "creates `servers` from the page's `GET https://host/…` line, without the path",
    reason: "The YAML of a page never names the server; the line above it does.",
    example: Example {
        before: "\
# Get Thing

GET https://api.example.com/base/v1/things/{id}

```yaml
openapi: 3.1.1
info: {title: Get Thing, version: 1.0.0}
paths:
  /v1/things/{id}:
    get: {}
```
",
        after: "\
openapi: 3.1.1
info: {title: Get Thing, version: 1.0.0}
servers:
  - url: https://api.example.com/base
paths:
  /v1/things/{id}:
    get: {}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(page) = context.page else {
        return;
    };
    // What an API calls back is served elsewhere: such a page may have no operation.
    if document.get("servers").is_some() || operations(document).next().is_none() {
        return;
    }
    let served = page.endpoints.iter().find_map(|endpoint| {
        let operations =
            operations(document).filter(|operation| **operation.method == *endpoint.method);
        // A path may end another one, `/things` that of `/v1/things`.
        let url = operations
            .filter_map(|operation| endpoint.url.strip_suffix(&**operation.path))
            .min_by_key(|url| url.len());
        Some((endpoint.place, url?.to_owned()))
    });
    let Some((place, url)) = served else {
        refuse(document, page, context);
        return;
    };
    context.changed(&*url);
    let server = Node::object(place, [("url", Node::string(place, url))]);
    insert_before_paths(document, Node::array(place, [server]));
}

fn refuse(document: &Node, page: &Page, context: &mut Context<'_>) {
    let (place, problem, remedy) = match page.endpoints.first() {
        Some(endpoint) => (
            endpoint.place,
            format!(
                "the page's request line, `{} {}`, matches no operation in its YAML",
                endpoint.method.to_uppercase(),
                endpoint.url
            ),
            "the line and the YAML belong to different endpoints: download the page again",
        ),
        None => (
            document.place,
            "neither the page nor its YAML names the API's server".to_owned(),
            "download the page again, with its `GET https://host/…` line, or add `servers`",
        ),
    };
    context.refuse(document, &Pointer::from_iter(["paths"]), place, problem, remedy);
}

/// `servers` is inserted in the order of the specification, so that diffs stay small.
fn insert_before_paths(document: &mut Node, servers: Node) {
    let place = servers.place;
    let Some(members) = document.as_object_mut() else {
        return;
    };
    let at = members.get_index_of("paths").unwrap_or(members.len());
    insert_at(members, at, Key::new(place, "servers"), servers);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    fn page(line: &str) -> String {
        RULE.example.before.replace("GET https://api.example.com/base/v1/things/{id}", line)
    }

    #[test]
    fn a_request_line_of_another_endpoint_is_refused_at_the_line() {
        for line in
            ["GET https://api.example.com/v1/others", "POST https://api.example.com/v1/things/{id}"]
        {
            let applied = apply_alone(&RULE, &page(line));
            assert_eq!(applied.findings.len(), 1, "{line}");
            assert_eq!(applied.findings[0].place.line, 3);
            assert!(applied.findings[0].problem.contains(line));
        }
    }

    #[test]
    fn of_the_paths_that_fit_the_longest_is_taken() {
        for paths in [
            "/things: {get: {}}, /v1/things: {get: {}}",
            "/v1/things: {get: {}}, /things: {get: {}}",
        ] {
            let text = format!(
                "GET https://api.example.com/base/v1/things\n\n```yaml\nopenapi: 3.1.1\npaths: {{{paths}, /base/v1/things: {{put: {{}}}}}}\n```\n"
            );
            assert_eq!(apply_alone(&RULE, &text).changes, ["https://api.example.com/base"]);
        }
    }

    #[test]
    fn a_page_that_does_not_say_where_the_api_is_is_refused() {
        let findings = apply_alone(&RULE, &page("")).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place.line, 6);
        let plain = "openapi: 3.1.1\npaths: {/a: {get: {}}}\n";
        assert_eq!(apply_alone(&RULE, plain).findings, []);
        let without_operation = "# T\n\n```yaml\nopenapi: 3.1.1\npaths: {}\n```\n";
        assert_eq!(apply_alone(&RULE, without_operation).findings, []);
    }

    #[test]
    fn the_line_that_fits_an_operation_is_taken() {
        let line = "GET https://api.example.com/base/v1/things/{id}\n\nGET https://other/v1";
        let applied = apply_alone(&RULE, &page(line));
        assert_eq!(applied.changes, ["https://api.example.com/base"]);
    }
}

use crate::{
    document::{Kind, Node, walk},
    rule::{Context, Example, Rule},
};

/// A path or an operation that is served elsewhere than the API.
pub(super) const RULE: Rule = Rule {
    name: "other-servers",
    summary: "a path or an operation has servers that are not those of the document",
    reason: "The client has a single base URL, and sends everything there, with the credentials.",
    example: Example {
        before: "\
openapi: 3.0.3
servers: [{url: 'https://api.example.com'}]
paths:
  /upload:
    post:
      operationId: upload
      servers: [{url: 'https://uploads.example.com'}]
",
        after: "\
openapi: 3.0.3
servers: [{url: 'https://api.example.com'}]
paths:
  /upload:
    post:
      operationId: upload
      servers: [{url: 'https://uploads.example.com'}]
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let document = &*document;
    let urls = |holder: &Node| -> Vec<String> {
        let servers = holder.get("servers").into_iter().flat_map(Node::items);
        let urls = servers.filter_map(|server| server.get_str("url"));
        urls.map(|url| url.trim_end_matches('/').to_owned()).collect()
    };
    let of_document = urls(document);
    walk(document, &mut |node, kind, at| {
        let is_request =
            at.tokens().first() == Some(&"paths") && !at.tokens().contains(&"callbacks");
        let has_own = matches!(kind, Kind::PathItem | Kind::Operation) && is_request;
        let own = urls(node);
        if !has_own || own.iter().all(|url| of_document.contains(url)) {
            return;
        }
        let place = node.get_key("servers").map_or(node.place, |key| key.place);
        let problem = format!("{} is served at {}", kind.description(), own.join(", "));
        let remedy = "the client sends it to its base URL, with the credentials: build a separate \
                      client for this server";
        context.warn(document, &at.join("servers"), place, problem, remedy);
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn servers_of_a_path_are_told_and_the_same_as_those_of_the_document_are_not() {
        let text = RULE.example.before;
        let of_path =
            text.replace("    post:\n      operationId: upload\n      servers", "    servers");
        let warnings = apply_alone(&RULE, &of_path).warnings;
        assert_eq!(warnings[0].subject(), "/paths/~1upload/servers");
        let same = text.replace("https://uploads.example.com", "https://api.example.com/");
        assert_eq!(apply_alone(&RULE, &same).warnings, []);
        let none = text.replace("servers: [{url: 'https://api.example.com'}]\n", "");
        assert_eq!(apply_alone(&RULE, &none).warnings.len(), 1);
    }
}

use crate::{
    document::{JSON, Key, Kind, Node, Pointer, is_json, is_structured, walk},
    rule::{Context, Example, Rule},
};

/// A range of media types that holds JSON is JSON where a schema says what is in it.
pub(super) const RULE: Rule = Rule {
    name: "media-ranges",
    summary: "a body of `*/*` or `application/*` whose schema is an object or a list becomes JSON",
    reason: "Frameworks write `*/*` if they know the schema but not the media type. In all of \
             them, a body with properties or items is JSON; the generator would treat it as bytes.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            '*/*':
              schema: {type: array, items: {type: string}}
",
        after: "\
openapi: 3.0.3
paths:
  /a:
    get:
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: array, items: {type: string}}
",
    },
    apply,
};

const RANGES: [&str; 2] = ["*/*", "application/*"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut found: Vec<(Pointer, Key)> = Vec::new();
    walk(document, &mut |node, kind, at| {
        let content =
            node.get("content").filter(|_| matches!(kind, Kind::RequestBody | Kind::Response));
        found.extend(
            content
                .and_then(|content| range_of_json(document, content))
                .map(|key| (at.join("content"), key)),
        );
    });
    for (at, key) in found {
        let problem = format!("`{key}` is a range of media types, which the client treats as JSON");
        let remedy = "document the media type, such as `application/json`";
        context.warn(document, &at.join(&*key), key.place, problem, remedy);
        context.changed(at.join(&*key).to_string());
        let content = document.at_mut(&at);
        if let Some(content) = content {
            content.rename(&key, JSON);
        }
    }
}

/// The range among the media types of a body, if it is to be JSON.
fn range_of_json(document: &Node, content: &Node) -> Option<Key> {
    if content.members().any(|(media, _)| is_json(media)) {
        return None;
    }
    let mut ranges = content.members().filter(|(media, _)| RANGES.contains(&&***media));
    ranges.find_map(|(key, media)| {
        let schema = media.get("schema")?;
        is_structured(document, schema).then(|| key.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    /// The media types of a body of each place, and what is warned of.
    fn media(content: &str) -> (Vec<String>, usize) {
        let text = format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    post:\n      requestBody: {{content: {content}}}\n      responses:\n        '200': {{$ref: '#/components/responses/R'}}\ncomponents:\n  responses: {{R: {{description: OK, content: {content}}}}}\n  schemas: {{A: {{type: object}}, L: {{allOf: [{{$ref: '#/components/schemas/A'}}]}}, T: {{type: string}}}}\n"
        );
        let applied = apply_alone(&RULE, &text);
        let response = ["components", "responses", "R", "content"].into_iter().collect();
        let request = ["paths", "/a", "post", "requestBody", "content"].into_iter().collect();
        let names = |at| -> Vec<String> {
            let content = applied.document.at(at).unwrap();
            content.members().map(|(media, _)| media.to_string()).collect()
        };
        assert_eq!(names(&request), names(&response));
        (names(&request), applied.warnings.len())
    }

    #[test]
    fn a_range_is_json_where_what_is_in_it_has_a_structure() {
        for schema in [
            "{$ref: '#/components/schemas/A'}",
            "{$ref: '#/components/schemas/L'}",
            "{type: object}",
            "{type: array, items: {type: string}}",
            "{oneOf: [{type: string}, {$ref: '#/components/schemas/A'}]}",
        ] {
            for range in ["*/*", "application/*"] {
                let found = media(&format!("{{'{range}': {{schema: {schema}}}}}"));
                assert_eq!(found, (vec!["application/json".to_owned()], 2), "{schema}");
            }
        }
    }

    #[test]
    fn text_bytes_and_what_stands_beside_json_stay() {
        for content in [
            "{'*/*': {schema: {type: string, format: binary}}}",
            "{'*/*': {schema: {$ref: '#/components/schemas/T'}}}",
            "{'*/*': {schema: {}}}",
            "{'*/*': {}}",
            "{'image/*': {schema: {type: object}}}",
            "{'*/*': {schema: {type: object}}, 'application/problem+json': {schema: {type: object}}}",
        ] {
            let (names, told) = media(content);
            assert!(!names.contains(&"application/json".to_owned()), "{content}");
            assert_eq!(told, 0, "{content}");
        }
    }
}

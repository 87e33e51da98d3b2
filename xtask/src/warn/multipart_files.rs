use crate::{
    document::{Document, Kind, Node, Pointer, walk},
    rule::{Context, Example, Rule},
};

const FORM: &str = "multipart/form-data";

/// A form that a page documents without its file.
pub(super) const RULE: Rule = Rule {
    name: "multipart-files",
    summary: "a multipart form of a page has no file among its fields",
    reason: "The documentation's generator omits file fields. A form rarely has none, and the page \
             doesn't show what was omitted.",
    example: Example {
        before: "\
# Transcribe

POST https://api.example.com/v1/transcripts

```yaml
openapi: 3.1.1
paths:
  /v1/transcripts:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                model_id:
                  type: string
```
",
        after: "\
openapi: 3.1.1
paths:
  /v1/transcripts:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                model_id:
                  type: string
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    if context.page.is_none() {
        return;
    }
    let mut found = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        if kind != Kind::RequestBody {
            return;
        }
        let form = node.get("content").and_then(|content| content.get(FORM));
        if let Some(form) = form.filter(|form| !has_file(form.get("schema"), document)) {
            found.push((pointer.join("content").join(FORM), form.place));
        }
    });
    warn(document, context, found);
}

fn warn(document: &Node, context: &mut Context<'_>, found: Vec<(Pointer, crate::document::Place)>) {
    for (pointer, place) in found {
        let problem = "a multipart form has no file: the page has probably lost the field";
        let remedy = "compare the form with the code samples on the page, and add the field to the \
                      facts";
        context.warn(document, &pointer, place, problem, remedy);
    }
}

/// Whether one of the fields is a file, or a list of files.
fn has_file(schema: Option<&Node>, document: &Node) -> bool {
    let Some(schema) = schema.and_then(|schema| Document(document).resolve(schema)) else {
        return false;
    };
    let properties = schema.get("properties").into_iter().flat_map(Node::members);
    let parts = schema.get("allOf").into_iter().flat_map(Node::items);
    properties.map(|(_, field)| field).any(|field| is_file(field, document))
        || parts
            .into_iter()
            .any(|part| part.reference_target().is_none() && has_file(Some(part), document))
}

fn is_file(field: &Node, document: &Node) -> bool {
    let is_file = |field: &Node| {
        matches!(field.get_str("format"), Some("binary" | "byte" | "base64"))
            || field.get("contentMediaType").is_some()
    };
    let Some(field) = Document(document).resolve(field) else {
        return false;
    };
    let items = field.get("items").and_then(|items| Document(document).resolve(items));
    is_file(field) || items.is_some_and(is_file)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn a_form_with_a_file_or_of_a_whole_document_is_as_it_should_be() {
        let with =
            |field: &str| RULE.example.before.replace("type: string\n", &format!("{field}\n"));
        for page in [
            with("{type: string, format: binary}"),
            with("{type: array, items: {type: string, format: binary}}"),
            RULE.example.after.to_owned(),
        ] {
            assert_eq!(apply_alone(&RULE, &page).warnings, [], "{page}");
        }
    }
}

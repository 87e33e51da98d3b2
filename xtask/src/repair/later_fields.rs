use crate::{
    document::Kind,
    document::{Key, Node, Pointer},
    notes::{Notes, repair_each},
    rule::{Context, Example, Rule},
};

/// Fields of later versions that OpenAPI 3.0.3 has no word for become extensions.
pub(super) const RULE: Rule = Rule {
    name: "later-fields",
    summary: "fields of OpenAPI 3.1 and 3.2 without a counterpart, such as `license.identifier`, \
              `info.summary` or `jsonSchemaDialect`, become `x-…`",
    reason: "OpenAPI 3.0.3 does not have them, and allows extensions.",
    example: Example {
        before: "\
openapi: 3.1.1
info:
  title: T
  summary: Short.
  version: '1'
  license: {name: MIT License, identifier: MIT}
jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base
",
        after: "\
openapi: 3.1.1
info:
  title: T
  x-summary: Short.
  version: '1'
  license: {name: MIT License, x-identifier: MIT}
x-jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base
",
    },
    apply,
};

/// The kinds and their fields.
const LATER: [(Kind, &[&str]); 10] = [
    (Kind::Document, &["jsonSchemaDialect", "$self", "$schema", "$id", "$comment"]),
    (Kind::Info, &["summary"]),
    (Kind::License, &["identifier"]),
    (Kind::Server, &["name"]),
    (Kind::Tag, &["summary", "parent", "kind"]),
    (Kind::Response, &["summary"]),
    (Kind::Example, &["dataValue", "serializedValue"]),
    (Kind::MediaType, &["itemSchema", "prefixEncoding", "itemEncoding"]),
    (Kind::Encoding, &["encoding", "prefixEncoding", "itemEncoding"]),
    (Kind::SecurityScheme, &["deprecated", "oauth2MetadataUrl"]),
];

/// The dialects in which a schema means what the rules take it to mean.
const DIALECTS: [&str; 3] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.1/schema/",
    "https://json-schema.org/draft/2020-12/",
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| {
        if kind == Kind::Document {
            warn_of_dialect(node, at, notes);
        }
        let fields = LATER.iter().filter(|(of, _)| *of == kind).flat_map(|(_, fields)| *fields);
        for field in fields {
            let Some(place) = node.get_key(field).map(|key: &Key| key.place) else {
                continue;
            };
            let extension = format!("x-{field}");
            if node.get(&extension).is_some() {
                let problem = format!("`{field}` and `{extension}` of one object");
                notes.refuse(&at.join(*field), place, problem, "keep one of the two");
                continue;
            }
            notes.changed(format!("{extension} at {at}"));
            node.rename(field, &extension);
        }
    });
}

fn warn_of_dialect(document: &Node, at: &Pointer, notes: &mut Notes) {
    let Some(dialect) = document.get("jsonSchemaDialect") else {
        return;
    };
    let text = dialect.as_str().unwrap_or_default();
    if !DIALECTS.iter().any(|known| text.starts_with(known)) {
        let problem = format!("the schemas are of the dialect `{text}`");
        let remedy = "they are read as those of JSON Schema 2020-12: see that they mean the same";
        notes.warn(&at.join("jsonSchemaDialect"), dialect.place, problem, remedy);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    #[test]
    fn another_dialect_of_schemas_is_told() {
        let text = "openapi: 3.1.1\njsonSchemaDialect: http://json-schema.org/draft-07/schema#\n";
        assert!(apply_alone(&RULE, text).warnings[0].problem.contains("draft-07"));
        assert!(apply_alone(&RULE, RULE.example.before).warnings.is_empty());
    }

    #[test]
    fn nothing_documented_is_overwritten() {
        let text = "openapi: 3.1.1\ninfo: {summary: a, x-summary: b}\n";
        assert_eq!(apply_alone(&RULE, text).findings.len(), 1);
    }
}

use crate::{
    document::{Kind, Node},
    notes::repair_each,
    rule::{Context, Example, Rule},
};

/// Fields of later versions that OpenAPI 3.0.3 has no word for become extensions.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "later-fields",
    summary: "`license.identifier`, `info.summary`, `$comment` of a schema and a known \
              `jsonSchemaDialect` become `x-…`",
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
const LATER: [(Kind, &str); 3] =
    [(Kind::Info, "summary"), (Kind::License, "identifier"), (Kind::Schema, "$comment")];

const DIALECT: &str = "jsonSchemaDialect";

/// The dialects in which a schema means what the rules take it to mean. Another one is refused by
/// the check, as a field that is not known.
const DIALECTS: [&str; 3] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.1/schema/",
    "https://json-schema.org/draft/2020-12/",
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_each(document, context, |node, kind, at, notes| {
        let dialect = node.get_str(DIALECT).filter(|_| kind == Kind::Document);
        if dialect.is_some_and(|text| DIALECTS.iter().any(|known| text.starts_with(known))) {
            notes.set_aside(node, DIALECT, at);
        }
        for (_, field) in LATER.iter().filter(|(of, _)| *of == kind) {
            notes.set_aside(node, field, at);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn another_dialect_of_schemas_is_left_to_the_check() {
        let text = "openapi: 3.1.1\njsonSchemaDialect: http://json-schema.org/draft-07/schema#\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }

    #[test]
    fn nothing_documented_is_overwritten() {
        let text = "openapi: 3.1.1\ninfo: {summary: a, x-summary: b}\n";
        assert_eq!(apply_alone(&RULE, text).findings.len(), 1);
    }
}

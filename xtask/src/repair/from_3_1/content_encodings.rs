use crate::{
    document::{Node, Pointer},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// What a string encodes becomes its format.
pub(in crate::repair) const RULE: Rule = Rule {
    name: "content-encodings",
    summary: "`contentEncoding: base64` becomes `format: byte`; the `contentMediaType` of bytes \
              becomes `format: binary`",
    reason: "OpenAPI 3.0.3 uses these two formats instead. Any other media type is kept in \
             `x-contentMediaType`.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Upload:
      type: object
      properties:
        file: {type: string, contentMediaType: application/octet-stream}
        image: {type: string, contentMediaType: image/png, contentEncoding: base64}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Upload:
      type: object
      properties:
        file: {type: string, format: binary}
        image: {type: string, x-contentMediaType: image/png, format: byte}
",
    },
    apply,
};

/// The media types of bytes; of others a string may well be the text itself.
const BYTES: [&str; 6] = [
    "application/octet-stream",
    "image/",
    "audio/",
    "video/",
    "application/pdf",
    "application/zip",
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, tell_format);
}

fn tell_format(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let encoding = schema.get_str("contentEncoding").map(str::to_ascii_lowercase);
    let media = schema.get_str("contentMediaType").unwrap_or_default();
    let is_bytes = BYTES.iter().any(|known| media.starts_with(known));
    let format = match encoding.as_deref() {
        Some("base64") => Some("byte"),
        Some("binary") => Some("binary"),
        None if is_bytes => Some("binary"),
        _ => None,
    };
    if format.is_some() && schema.get("format").is_none_or(|node| node.as_str() == format) {
        let format = format.unwrap_or_default();
        notes.changed(format!("{format} at {at}"));
        schema.set("format", Node::string(schema.place, format));
        schema.remove("contentEncoding");
        if schema.get_str("contentMediaType") == Some(BYTES[0]) {
            schema.remove("contentMediaType");
        }
    }
    if let Some(encoding) = schema.get("contentEncoding") {
        let name = encoding.as_str().unwrap_or_default();
        let problem = format!("OpenAPI 3.0.3 has no format for the encoding `{name}`");
        let remedy = "it is kept as `x-contentEncoding`";
        notes.warn(&at.join("contentEncoding"), encoding.place, problem, remedy);
    }
    notes.set_aside(schema, "contentEncoding", at);
    notes.set_aside(schema, "contentMediaType", at);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schema(keywords: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    A: {{type: string, {keywords}}}\n")
    }

    #[test]
    fn what_no_format_tells_is_kept_beside() {
        let cases = [
            ("contentEncoding: base64", "format: byte"),
            ("contentEncoding: binary", "format: binary"),
            ("contentEncoding: base64url", "x-contentEncoding: base64url"),
            ("contentMediaType: application/json", "x-contentMediaType: application/json"),
            ("contentMediaType: image/png", "x-contentMediaType: image/png, format: binary"),
            ("format: byte, contentEncoding: base64", "format: byte"),
            ("format: uuid, contentEncoding: base64", "format: uuid, x-contentEncoding: base64"),
        ];
        for (before, after) in cases {
            let applied = apply_alone(&RULE, &schema(before));
            assert_eq!(applied.document, node(&schema(after)), "{before}");
        }
    }
}

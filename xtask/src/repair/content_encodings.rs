use crate::{
    document::{Node, Pointer},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// What a string encodes becomes its format.
pub(super) const RULE: Rule = Rule {
    name: "content-encodings",
    summary: "`contentEncoding: base64` becomes `format: byte`; the `contentMediaType` of bytes \
              becomes `format: binary`",
    reason: "OpenAPI 3.0.3 says it by these two formats. A media type that they don't tell stays \
             in `x-contentMediaType`.",
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

const BYTES: &str = "application/octet-stream";

/// The media types of bytes; of others a string may well be the text itself.
const BINARY: [&str; 6] =
    [BYTES, "image/", "audio/", "video/", "application/pdf", "application/zip"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, tell_format);
}

fn tell_format(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let has_format = schema.get("format").is_some();
    let encoding = schema.get_str("contentEncoding").map(str::to_ascii_lowercase);
    let media = schema.get_str("contentMediaType").map(str::to_owned);
    let is_binary = media.as_ref().is_some_and(|media| {
        encoding.is_none() && BINARY.iter().any(|known| media.starts_with(known))
    });
    let format = match encoding.as_deref() {
        Some("base64") => Some(("contentEncoding", "byte")),
        Some("binary") => Some(("contentEncoding", "binary")),
        _ if is_binary && media.as_deref() == Some(BYTES) => Some(("contentMediaType", "binary")),
        _ if is_binary => Some(("", "binary")),
        _ => None,
    };
    if let Some((keyword, format)) = format.filter(|_| !has_format) {
        notes.changed(format!("{format} at {at}"));
        let node = Node::string(schema.place, format);
        schema.rename(keyword, "format");
        schema.set("format", node);
    }
    if schema.get_str("format") == Some("byte") && encoding.as_deref() == Some("base64") {
        schema.remove("contentEncoding");
    }
    keep_media_type(schema, at, notes);
}

fn keep_media_type(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    if schema.get("contentMediaType").is_some() {
        notes.changed(format!("x-contentMediaType at {at}"));
        schema.rename("contentMediaType", "x-contentMediaType");
        schema.remove("contentMediaType");
    }
    let Some(encoding) = schema.get("contentEncoding") else {
        return;
    };
    let name = encoding.as_str().unwrap_or_default();
    let problem = format!("OpenAPI 3.0.3 has no format for the encoding `{name}`");
    notes.warn(
        &at.join("contentEncoding"),
        encoding.place,
        problem,
        "it is kept as `x-contentEncoding`",
    );
    notes.changed(format!("x-contentEncoding at {at}"));
    schema.rename("contentEncoding", "x-contentEncoding");
    schema.remove("contentEncoding");
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

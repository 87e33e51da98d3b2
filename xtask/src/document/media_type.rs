/// JSON as a media type.
pub const JSON: &str = "application/json";

/// A media type without its parameters.
pub fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a media type is one of JSON: `application/json`, `text/json` or one that ends in
/// `+json`, whatever its parameters are.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type).to_ascii_lowercase();
    matches!(&*essence, JSON | "text/json") || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_known_under_its_names() {
        for media_type in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/json",
            "application/problem+json",
            "application/vnd.a.v1+json;v=1",
        ] {
            assert!(is_json(media_type), "{media_type}");
        }
        for media_type in ["application/x-ndjson", "text/plain", "application/jsonl", "*/*", ""] {
            assert!(!is_json(media_type), "{media_type}");
        }
    }
}

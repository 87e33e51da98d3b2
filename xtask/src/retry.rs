//! Whether an operation may be repeated: what the facts or the manifest say. Of what they don't know,
//! GET and HEAD may be repeated and nothing else: no page can make a payment repeatable.

use crate::{
    document::{Kind, Node, Operation, Pointer, operations, walk_mut},
    finding::Finding,
    manifest::Manifest,
};

/// The extension by which a document says it.
pub const EXTENSION: &str = "x-retry";

/// Whether repeating an operation does what doing it once does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RetrySafety {
    /// It reads and changes nothing.
    Safe,
    /// It may be repeated.
    Idempotent,
    /// It depends on the request, or there is no promise.
    Conditional,
    /// A second call takes effect again.
    Unsafe,
    /// It is documented to act again.
    Never,
}

impl RetrySafety {
    const ALL: [Self; 5] =
        [Self::Safe, Self::Idempotent, Self::Conditional, Self::Unsafe, Self::Never];

    /// What is known of an operation.
    pub fn of(operation: &Operation<'_>) -> Self {
        let said = operation.node.get_str(EXTENSION).and_then(Self::from_text);
        said.unwrap_or(match &**operation.method {
            "get" | "head" => Self::Safe,
            _ => Self::Unsafe,
        })
    }

    /// The word for it in a document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Idempotent => "idempotent",
            Self::Conditional => "conditional",
            Self::Unsafe => "unsafe",
            Self::Never => "never",
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|safety| safety.as_str() == text)
    }
}

/// Writes what the manifest says into the operations.
pub fn decide(document: &mut Node, manifest: &Manifest) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, safety) in &manifest.retry {
        let mut is_known = false;
        walk_mut(document, &mut |node, kind, _| {
            if kind == Kind::Operation && node.get_str("operationId") == Some(id) {
                let place = manifest.place_of(safety);
                node.set(EXTENSION, Node::string(place, safety.get_ref().as_str()));
                is_known = true;
            }
        });
        if !is_known {
            findings.push(Finding::about_source(
                manifest.place_of(safety),
                format!("[retry] refers to `{id}`, but no source has an operation with that id"),
                "remove the entry, or correct the id",
            ));
        }
    }
    findings
}

/// Every `x-retry` of a document is one of the five words.
pub fn check(document: &Node) -> Vec<Finding> {
    let words = RetrySafety::ALL.map(RetrySafety::as_str).join(", ");
    let said = operations(document).filter_map(|operation| {
        Some((operation.pointer().join(EXTENSION), operation.node.get(EXTENSION)?))
    });
    said.filter(|(_, node)| node.as_str().and_then(RetrySafety::from_text).is_none())
        .map(|(pointer, node): (Pointer, &Node)| {
            let problem = format!("`{EXTENSION}` is not a retry class");
            Finding::at(document, &pointer, node.place, problem, format!("use one of {words}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{RetrySafety, check};
    use crate::{document::operations, rule::tests::node};

    #[test]
    fn of_what_nobody_knows_only_reads_may_be_repeated() {
        let document = node(
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {}\n    head: {}\n    put: {}\n    delete: {}\n    post: {}\n    patch: {x-retry: idempotent}\n    options: {x-retry: never}\n",
        );
        let found: Vec<_> = operations(&document)
            .map(|operation| (operation.method.to_string(), RetrySafety::of(&operation)))
            .collect();
        let expected = [
            ("get", RetrySafety::Safe),
            ("head", RetrySafety::Safe),
            ("put", RetrySafety::Unsafe),
            ("delete", RetrySafety::Unsafe),
            ("post", RetrySafety::Unsafe),
            ("patch", RetrySafety::Idempotent),
            ("options", RetrySafety::Never),
        ];
        assert_eq!(found, expected.map(|(method, safety)| (method.to_owned(), safety)));
    }

    #[test]
    fn a_word_that_means_nothing_is_found() {
        let document = node(
            "openapi: 3.0.3\npaths:\n  /a:\n    get: {x-retry: often}\n    put: {x-retry: safe}\n",
        );
        let findings = check(&document);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].subject(), "/paths/~1a/get/x-retry");
    }
}

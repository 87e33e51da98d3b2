use crate::{
    document::{COMPOSED, Kind, Node, Value, is_assertion, walk},
    rule::{Context, Example, Rule},
};

const TARGET: &str = "3.0.3";

/// `openapi: 3.0.x` and `3.1.x` become `3.0.3`.
pub(super) const RULE: Rule = Rule {
    name: "openapi-version",
    summary: "`openapi: 3.0.x` and `openapi: 3.1.x` become `3.0.3`",
    reason: "Pages declare 3.1 but hardly use its features, and the client's generator only reads \
             3.0. If a page does use 3.1, the check reports each place.",
    example: Example { before: "openapi: 3.1.1\n", after: "openapi: 3.0.3\n" },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let Some(version) = document.get_mut("openapi") else {
        return;
    };
    let Some(documented) = version.as_str().filter(|text| is_convertible(text)) else {
        return;
    };
    let is_later = documented.starts_with("3.1");
    if documented != TARGET {
        context.changed(format!("{documented} -> {TARGET}"));
        version.value = Value::String(TARGET.to_owned());
    }
    match is_later {
        true => warn_of_nullable(document, context),
        false => warn_of_siblings(document, context),
    }
}

/// OpenAPI 3.0 ignores keywords next to a `$ref`, but an author who narrows a schema there means
/// it.
fn warn_of_siblings(document: &Node, context: &mut Context<'_>) {
    let narrows = |key: &str| {
        is_assertion(key) || COMPOSED.contains(&key) || matches!(key, "type" | "nullable")
    };
    walk(document, &mut |node, kind, at| {
        if kind != Kind::Schema || node.get("$ref").is_none() {
            return;
        }
        for (key, _) in node.members().filter(|(key, _)| narrows(key)) {
            let problem = format!("`{}` next to a `$ref` has no effect in OpenAPI 3.0", &**key);
            let remedy =
                "it is assumed to apply in addition to the definition: check that this is meant";
            context.warn(document, &at.join(&**key), key.place, problem, remedy);
        }
    });
}

/// OpenAPI 3.1 dropped the keyword, but an author who writes it means that the value may be null.
fn warn_of_nullable(document: &Node, context: &mut Context<'_>) {
    let mut first = None;
    walk(document, &mut |node, kind, at| {
        if kind == Kind::Schema && node.is_true("nullable") && first.is_none() {
            first = node.get_key("nullable").map(|key| (at.join("nullable"), key.place));
        }
    });
    if let Some((at, place)) = first {
        let problem = "`nullable` has no effect in OpenAPI 3.1, and is assumed to allow null";
        context.warn(document, &at, place, problem, "check that this is meant, here and elsewhere");
    }
}

/// Other versions are left as they are, for the check to refuse.
fn is_convertible(version: &str) -> bool {
    let is_of = |family: &str| {
        version.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    is_of("3.0") || is_of("3.1")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn what_is_taken_for_the_nullable_of_3_0_is_told_of_3_1() {
        let text = "openapi: 3.1.0\ncomponents: {schemas: {A: {type: string, nullable: true}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(&text.replace("3.1.0", "3.0.3")));
        assert_eq!(applied.warnings[0].subject(), "/components/schemas/A/nullable");
        assert_eq!(apply_alone(&RULE, &text.replace("3.1.0", "3.0.0")).warnings, []);
    }

    #[test]
    fn what_narrows_a_reference_of_3_0_is_told() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B', nullable: true, required: [a], oneOf: [{}], description: d, x-a: 1}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        let subjects: Vec<_> = applied.warnings.iter().map(|warning| warning.subject()).collect();
        let at = ["nullable", "required", "oneOf"];
        assert_eq!(subjects, at.map(|key| format!("/components/schemas/A/{key}")));
        assert_eq!(apply_alone(&RULE, &text.replace("3.0.3", "3.0.0")).warnings.len(), 3);
        let later = apply_alone(&RULE, &text.replace("3.0.3", "3.1.0")).warnings;
        assert!(later.iter().all(|warning| warning.problem.contains("3.1")), "{later:?}");
    }

    #[test]
    fn versions_of_other_families_are_left_to_the_check() {
        for version in ["openapi: 2.0.0", "openapi: 4.0.0", "openapi: [3.1.1]"] {
            assert!(apply_alone(&RULE, version).changes.is_empty(), "{version}");
        }
    }
}

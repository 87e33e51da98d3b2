use crate::{
    document::{Kind, Node, Value, walk},
    rule::{Context, Example, Rule},
};

const TARGET: &str = "3.0.3";

/// `openapi: 3.0.x` and `3.1.x` become `3.0.3`.
pub(super) const RULE: Rule = Rule {
    name: "openapi-version",
    summary: "`openapi: 3.0.x` and `openapi: 3.1.x` become `3.0.3`",
    reason: "The dialect says 3.1, but hardly uses what only 3.1 has; the generator reads 3.0 \
             alone. Where 3.1 is used after all, the check names each place.",
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
    context.changed(format!("{documented} -> {TARGET}"));
    let is_later = documented.starts_with("3.1");
    version.value = Value::String(TARGET.to_owned());
    if is_later {
        warn_of_nullable(document, context);
    }
}

/// OpenAPI 3.1 gave the keyword up. Whoever writes it means that the value may be null.
fn warn_of_nullable(document: &Node, context: &mut Context<'_>) {
    let mut first = None;
    walk(document, &mut |node, kind, at| {
        if kind == Kind::Schema && node.is_true("nullable") && first.is_none() {
            first = node.get_key("nullable").map(|key| (at.join("nullable"), key.place));
        }
    });
    if let Some((at, place)) = first {
        let problem = "`nullable` has no meaning in OpenAPI 3.1, and is taken to allow null";
        context.warn(document, &at, place, problem, "see that it is so, here and elsewhere");
    }
}

/// Other versions are left as they are, for the check to refuse.
fn is_convertible(version: &str) -> bool {
    let is_of = |family: &str| {
        version.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    version != TARGET && (is_of("3.0") || is_of("3.1"))
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
    fn versions_of_other_families_are_left_to_the_check() {
        for version in ["openapi: 2.0.0", "openapi: 4.0.0", "openapi: [3.1.1]"] {
            assert!(apply_alone(&RULE, version).changes.is_empty(), "{version}");
        }
    }
}

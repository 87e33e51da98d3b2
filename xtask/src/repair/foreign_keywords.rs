use crate::{
    document::{ASSERTIONS, Node, Pointer, TYPES},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// A keyword that is not of the schema's type becomes an extension.
pub(super) const RULE: Rule = Rule {
    name: "foreign-keywords",
    summary: "a keyword that doesn't apply to the type, such as `minimum` with `type: string`, \
              becomes `x-…`",
    reason: "It is valid but has no effect, and makes tools treat the whole schema as arbitrary \
             JSON. Either the keyword or the type is probably wrong, so it is reported.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A: {type: string, minLength: 1, minimum: 1}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A: {type: string, minLength: 1, x-minimum: 1}
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, set_aside);
}

fn set_aside(schema: &mut Node, at: &Pointer, notes: &mut Notes) {
    let Some(name) = schema.get_str("type").filter(|name| TYPES.contains(name)) else {
        return;
    };
    let foreign: Vec<&str> = ASSERTIONS
        .iter()
        .filter(|(keyword, of)| schema.get(keyword).is_some() && !of.contains(&name))
        .map(|(keyword, _)| *keyword)
        .collect();
    let name = name.to_owned();
    for keyword in foreign {
        let place = schema.get_key(keyword).map_or(schema.place, |key| key.place);
        let problem = format!("`{keyword}` has no effect with `type: {name}`");
        let remedy = format!("it is kept as `x-{keyword}`: check which of them is wrong");
        notes.warn(&at.join(keyword), place, problem, remedy);
        notes.set_aside(schema, keyword, at);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn an_extension_that_is_there_already_is_not_overwritten() {
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: string, minimum: 1, x-minimum: 5}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.document, node(text));
        assert!(applied.findings[0].problem.contains("`minimum` and `x-minimum`"));
    }

    #[test]
    fn a_type_that_is_none_is_left_to_the_check() {
        let text = "openapi: 3.1.1\ncomponents: {schemas: {A: {type: any, minimum: 1}, B: {minimum: 1}}}\n";
        assert_eq!(apply_alone(&RULE, text).document, node(text));
    }
}

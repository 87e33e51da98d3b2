use crate::{check::Findings, document::Pointer, lower::clashes};

/// Every type must have a distinct name.
pub(super) fn check(findings: &mut Findings<'_>) {
    for clash in clashes(findings.document) {
        let problem = format!(
            "the type of this would be named `{}`, like that of {}",
            clash.name, clash.first
        );
        let remedy = rename(&clash.first).or_else(|| rename(&clash.second)).unwrap_or_else(|| {
            "give one of the operations another id, or turn one of the schemas into a component"
                .to_owned()
        });
        findings.add(&clash.second, clash.place, problem, remedy);
    }
}

fn rename(pointer: &Pointer) -> Option<String> {
    match pointer.tokens()[..] {
        ["components", "schemas", name, ..] => {
            Some(format!("rename `{name}` under [names] in the manifest"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    fn document(answer: &str, schemas: &str) -> String {
        format!(
            "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      operationId: get-a\n      responses:\n        '200': {{content: {{application/json: {{schema: {answer}}}}}}}\ncomponents:\n  schemas:\n    {}\n",
            schemas.replace('\n', "\n    ")
        )
    }

    const INLINE: &str = "{type: object, properties: {x: {type: string}}}";

    #[test]
    fn an_inline_answer_that_falls_together_with_a_component_is_refused() {
        let other = "GetAResponse: {type: object, properties: {z: {type: string}}}";
        assert_refused(
            &document(INLINE, other),
            "get-a (/paths/~1a/get/responses/200/content/application~1json/schema)",
            "`GetAResponse`, like that of /components/schemas/GetAResponse",
        );
        // One body is one type, however it is described.
        let same = "GetAResponse: {type: object, description: d, properties: {x: {type: string}}}";
        assert_taken(&document(INLINE, same));
    }

    #[test]
    fn an_inline_property_that_falls_together_with_a_component_is_refused() {
        let schemas = format!(
            "Foo: {{type: object, properties: {{bar: {INLINE}}}}}\nFooBar: {{type: string}}"
        );
        assert_refused(&document("{type: string}", &schemas), "/Foo/properties/bar", "`FooBar`");
        let titled = schemas
            .replace("type: object, properties: {x", "title: Baz, type: object, properties: {x");
        assert_taken(&document("{type: string}", &titled));
    }

    #[test]
    fn two_inline_answers_of_one_operation_are_refused() {
        let text = document(INLINE, "S: {type: string}");
        let second = "        '400': {content: {application/json: {schema: {type: object, properties: {y: {type: string}}}}}}\ncomponents:";
        assert_refused(&text.replace("components:", second), "/responses/400/", "`GetAResponse`");
    }
}

use crate::{
    check::Findings,
    document::{Kind, walk},
};

/// What says something of objects, or brings in another schema.
const BASES: [&str; 4] = ["allOf", "properties", "required", "additionalProperties"];

/// No object keywords may appear next to a `oneOf`.
pub(super) fn check(findings: &mut Findings<'_>) {
    walk(findings.document, &mut |node, kind, pointer| {
        let base = BASES.iter().find_map(|keyword| node.get_key(keyword));
        if let Some(base) = base.filter(|_| kind == Kind::Schema && node.get("oneOf").is_some()) {
            let problem = format!("`{}` next to a `oneOf` would be lost in part", &**base);
            let remedy = "repeat it in each branch";
            findings.add(&pointer.join(&**base), base.place, problem, remedy);
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::limits::tests::{assert_refused, assert_taken};

    #[test]
    fn a_base_of_a_union_is_refused_and_a_union_alone_is_not() {
        let schema =
            |text: &str| format!("openapi: 3.0.3\ncomponents: {{schemas:\n  {{A: {text}}}}}\n");
        let union = "oneOf: [{type: object, title: B}, {type: object, title: C}]";
        for base in ["properties: {a: {type: string}}", "allOf: [{type: object}]"] {
            assert_refused(&schema(&format!("{{{base}, {union}}}")), "/A/", "next to a `oneOf`");
        }
        assert_taken(&schema(&format!("{{description: d, nullable: false, {union}}}")));
    }
}

use crate::{
    document::{Key, Kind, Node, Pointer},
    notes::{Notes, repair_schemas},
    rule::{Context, Example, Rule},
};

/// Keywords of a schema that OpenAPI 3.0.3 does not know become extensions.
pub(super) const RULE: Rule = Rule {
    name: "unknown-keywords",
    summary: "a keyword that a schema of OpenAPI 3.0.3 does not have becomes `x-…`: `if`, \
              `dependentRequired`, `propertyNames`, `$comment`, a word of the author's own",
    reason: "JSON Schema takes an unknown keyword for a remark, OpenAPI 3.0.3 forbids it. Where it \
             narrows what fits, more values fit now, and that is told.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      $comment: For us.
      dependentRequired: {a: [b]}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    A:
      type: object
      x-$comment: For us.
      x-dependentRequired: {a: [b]}
",
    },
    apply,
};

/// The keywords that say what fits.
const NARROWING: [&str; 20] = [
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "propertyNames",
    "patternProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "prefixItems",
    "contentSchema",
    "const",
    "$dynamicRef",
    "$recursiveRef",
    "extends",
];

/// Keywords that are known and say nothing of what fits.
const REMARKS: [&str; 9] = [
    "$id",
    "$schema",
    "$comment",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$vocabulary",
    "id",
    "examples",
];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    repair_schemas(document, context, |schema, at, notes| {
        let is_unknown = |key: &Key| {
            !key.starts_with("x-") && Kind::Schema.shape_of(key).is_none() && &**key != "$ref"
        };
        let unknown: Vec<Key> =
            schema.members().map(|(key, _)| key.clone()).filter(is_unknown).collect();
        for key in unknown {
            tell(&key, at, notes);
            let extension = format!("x-{key}");
            if schema.get(&extension).is_some() && schema.get(&extension) != schema.get(&key) {
                let problem = format!("`{key}` and `{extension}` of one schema");
                notes.refuse(&at.join(&*key), key.place, problem, "keep one of the two");
                continue;
            }
            notes.changed(format!("{key} at {at}"));
            schema.rename(&key, &extension);
            schema.remove(&key);
        }
    });
}

fn tell(key: &Key, at: &Pointer, notes: &mut Notes) {
    let kept = format!("it is kept as `x-{key}`");
    if NARROWING.contains(&&**key) {
        let problem = format!("OpenAPI 3.0.3 can't say `{key}`");
        notes.warn(&at.join(&**key), key.place, problem, format!("{kept}, and more values fit"));
    } else if !REMARKS.contains(&&**key) {
        let meant =
            similar(key).map_or(kept.clone(), |word| format!("did it mean `{word}`? {kept}"));
        notes.warn(&at.join(&**key), key.place, format!("a schema has no keyword `{key}`"), meant);
    }
}

/// A keyword that differs by one slip of the pen.
fn similar(key: &str) -> Option<&'static str> {
    let mut known = Kind::Schema.fields().iter();
    known.find(|field| field.is_one_slip_from(key)).map(|field| field.name)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    #[test]
    fn what_narrows_and_what_nobody_knows_is_told() {
        let text =
            "openapi: 3.1.1\ncomponents: {schemas: {A: {if: {}, $comment: c, descripton: d}}}\n";
        let applied = apply_alone(&RULE, text);
        let told: Vec<_> = applied.warnings.iter().map(|warning| &*warning.remedy).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("more values fit"));
        assert!(told[1].contains("did it mean `description`?"));
    }

    #[test]
    fn nothing_documented_is_overwritten() {
        let text = "openapi: 3.1.1\ncomponents: {schemas: {A: {if: {}, x-if: 1}}}\n";
        let applied = apply_alone(&RULE, text);
        assert_eq!(applied.findings.len(), 1);
        assert_eq!(applied.document, node(text));
    }
}

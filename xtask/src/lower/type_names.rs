use std::collections::{BTreeMap, BTreeSet};

use super::spelling::in_words;
use crate::{
    document::{Document, Node, Pointer, Renames, type_name},
    rule::{Context, Example, Rule},
};

/// Schemas that would become the same type in Rust get distinct names.
pub(super) const RULE: Rule = Rule {
    name: "type-names",
    summary: "if schemas would be the same type in Rust, all but the plainest have their \
              punctuation spelled out; a name that the generated code uses itself becomes \
              `…Schema`",
    reason: "The generator drops punctuation: `Thing-Input` and `ThingInput` would be two types \
             with the same name. `Default` would hide the trait that the generated code derives.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    ThingInput: {type: object, properties: {other: {$ref: '#/components/schemas/Thing-Input'}}}
    Thing-Input: {type: string}
    Default: {type: boolean}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    ThingInput: {type: object, properties: {other: {$ref: '#/components/schemas/ThingMinusInput'}}}
    ThingMinusInput: {type: string}
    DefaultSchema: {type: boolean}
",
    },
    apply,
};

/// What the generated code calls something else: a type that is a tuple would hide the variants.
const TAKEN: [&str; 6] = ["Default", "Err", "None", "Ok", "Some", "String"];

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut by_type: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, _) in Document(document).schemas() {
        by_type.entry(type_name(name)).or_default().push(name);
    }
    let mut taken: BTreeSet<String> = by_type.keys().cloned().collect();
    let mut renamed: Vec<(String, String, String)> = Vec::new();
    for (name, mut schemas) in by_type {
        schemas.sort_by_key(|schema| (**schema != name, (*schema).to_owned()));
        let is_taken = TAKEN.contains(&&*name);
        for schema in schemas.iter().skip(usize::from(!is_taken)) {
            let words = in_words(schema);
            let new = [words.clone(), format!("{schema}Schema"), format!("{words}Schema")]
                .into_iter()
                .map(|name| type_name(&name))
                .find(|name| taken.insert(name.clone()));
            if let Some(new) = new {
                let other = match schemas.first().filter(|_| !is_taken) {
                    Some(other) => format!("would be the same type in Rust as `{other}`"),
                    None => "is a name that the generated code uses itself".to_owned(),
                };
                renamed.push(((*schema).to_owned(), new, other));
            }
        }
    }
    let mut renames = Renames::default();
    for (schema, new, other) in &renamed {
        let at = Pointer::to_schema(schema);
        let place = document.at(&at).map_or(document.place, |node| node.place);
        let problem = format!("`{schema}` {other}; its type is named `{new}`");
        let remedy = "give it a name under [names] in the manifest, which doesn't change when \
                      other schemas are added";
        context.warn(document, &at, place, problem, remedy);
        context.changed(format!("{schema} is `{new}`"));
        renames.insert("schemas", schema, new);
    }
    if !renames.is_empty() {
        renames.apply(document);
    }
}

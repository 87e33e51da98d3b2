use crate::{
    document::{ALTERNATIVES, Document, Kind, Node, Value, type_of, walk_mut},
    rule::{Context, Example, Rule},
};

/// A union of enums is one enum, and null is no branch of a union.
pub(super) const RULE: Rule = Rule {
    name: "enum-unions",
    summary: "a `oneOf` or `anyOf` of enums of the same type becomes one enum with all their \
              values; an enum of only null makes it nullable",
    reason: "Django documents a choice that may be blank or null as three enums. As a union they \
             would be three types to match on, the last of which holds nothing.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    House:
      type: object
      properties:
        roof:
          nullable: true
          description: Its form.
          oneOf:
            - $ref: '#/components/schemas/Roof'
            - $ref: '#/components/schemas/Blank'
            - $ref: '#/components/schemas/Nothing'
        owner: {oneOf: [{$ref: '#/components/schemas/House'}, {$ref: '#/components/schemas/Nothing'}]}
    Roof: {type: string, enum: [flat, steep]}
    Blank: {type: string, enum: ['']}
    Nothing: {type: string, nullable: true, enum: [null]}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    House:
      type: object
      properties:
        roof:
          nullable: true
          description: Its form.
          type: string
          enum: [flat, steep, '']
        owner: {allOf: [{$ref: '#/components/schemas/House'}], nullable: true}
    Roof: {type: string, enum: [flat, steep]}
    Blank: {type: string, enum: ['']}
    Nothing: {type: string, nullable: true, enum: [null]}
",
    },
    apply,
};

/// How deep unions inside of unions are looked at.
const DEEPEST: usize = 8;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let before = document.clone();
    walk_mut(document, &mut |node, kind, at| {
        // A component that is a union or null is more than the generator can express.
        let may_be_null = at.schema_component().is_none();
        if kind == Kind::Schema && unite(&before, node, may_be_null) {
            context.changed(at.to_string());
        }
    });
}

fn unite(document: &Node, schema: &mut Node, may_be_null: bool) -> bool {
    let Some(keyword) = ALTERNATIVES.into_iter().find(|keyword| schema.get(keyword).is_some())
    else {
        return false;
    };
    let says_what_it_is = ["type", "properties", "allOf", "items", "not", "discriminator"];
    if says_what_it_is.into_iter().any(|key| schema.get(key).is_some()) {
        return false;
    }
    let branches: Vec<Node> =
        schema.get(keyword).into_iter().flat_map(Node::items).cloned().collect();
    let (nulls, others): (Vec<Node>, Vec<Node>) =
        branches.into_iter().partition(|branch| is_null(document, branch));
    let enums = Enums::of(document, &others);
    let stays_a_union = enums.is_none() && others.len() > 1;
    let has_nothing_to_do = nulls.is_empty() && enums.is_none();
    if others.is_empty() || has_nothing_to_do || (stays_a_union && !may_be_null) {
        return false;
    }
    let place = schema.place;
    let is_nullable = !nulls.is_empty() || enums.as_ref().is_some_and(|enums| enums.is_nullable);
    match (enums.filter(|_| others.len() > 1), &others[..]) {
        (Some(enums), _) => {
            schema.remove(keyword);
            schema.set("type", Node::string(place, enums.kind));
            schema.set("enum", Node::array(place, enums.values));
        }
        (None, [_]) => {
            schema.remove(keyword);
            schema.set("allOf", Node::array(place, others));
        }
        (None, _) => {
            schema.set(keyword, Node::array(place, others));
        }
    }
    if is_nullable {
        schema.set("nullable", Node::new(place, Value::Boolean(true)));
    }
    true
}

/// Whether null alone fits a schema.
fn is_null(document: &Node, schema: &Node) -> bool {
    let values = Document(document).resolve(schema).and_then(|schema| schema.get("enum"));
    values.is_some_and(|values| {
        values.items().next().is_some() && values.items().all(|value| value.value == Value::Null)
    })
}

/// The values of enums of one type.
struct Enums {
    kind: String,
    values: Vec<Node>,
    is_nullable: bool,
}

impl Enums {
    fn of(document: &Node, branches: &[Node]) -> Option<Self> {
        let mut all = Self { kind: String::new(), values: Vec::new(), is_nullable: false };
        branches.iter().try_for_each(|branch| all.add(document, branch, DEEPEST))?;
        (!all.values.is_empty()).then_some(all)
    }

    /// Adds the values of a branch, or of the branches of a union in its place.
    fn add(&mut self, document: &Node, branch: &Node, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let schema = Document(document).resolve(branch)?;
        self.is_nullable |= schema.is_true("nullable");
        let inner = ALTERNATIVES.into_iter().find_map(|keyword| schema.get(keyword));
        if let Some(branches) = inner.filter(|_| schema.get("type").is_none()) {
            return branches.items().try_for_each(|branch| self.add(document, branch, depth));
        }
        if is_null(document, schema) {
            self.is_nullable = true;
            return Some(());
        }
        let kind = schema.get_str("type")?;
        if self.kind.is_empty() {
            kind.clone_into(&mut self.kind);
        }
        let values = schema.get("enum").filter(|_| kind == self.kind)?;
        for value in values.items().filter(|value| type_of(value) != "null") {
            if !self.values.iter().any(|known| known.value == value.value) {
                self.values.push(value.clone());
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::apply_alone;

    const OTHERS: &str = "Roof: {type: string, enum: [flat, steep]}\n    Blank: {type: string, enum: ['', flat]}\n    Nothing: {type: string, nullable: true, enum: [null]}\n    Both: {oneOf: [{$ref: '#/components/schemas/Roof'}, {$ref: '#/components/schemas/Blank'}]}\n    One: {type: integer, enum: [1]}\n    Two: {type: integer, enum: [2]}\n    Object: {type: object}";

    /// What becomes of a schema.
    fn lowered(schema: &str) -> String {
        let text =
            format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    A: {schema}\n    {OTHERS}\n");
        let text = text.replace('@', "$ref: '#/components/schemas/").replace('!', "'");
        let document = apply_alone(&RULE, &text).document;
        let at = ["components", "schemas", "A"].into_iter().collect();
        serde_json::to_string(document.at(&at).unwrap()).unwrap()
    }

    const ENUM: &str = r#"{"type":"string","enum":["flat","steep",""]}"#;
    const NULLABLE: &str = r#"{"type":"string","enum":["flat","steep",""],"nullable":true}"#;

    #[test]
    fn enums_are_united_wherever_they_stand() {
        for (schema, expected) in [
            ("{oneOf: [{@Roof!}, {@Blank!}]}", ENUM),
            ("{anyOf: [{@Roof!}, {type: string, enum: ['']}]}", ENUM),
            ("{oneOf: [{@Both!}, {@Roof!}]}", ENUM),
            ("{oneOf: [{@Roof!}, {@Blank!}, {@Nothing!}]}", NULLABLE),
            ("{oneOf: [{@Roof!}, {type: string, nullable: true, enum: ['', null]}]}", NULLABLE),
            ("{oneOf: [{@One!}, {@Two!}]}", r#"{"type":"integer","enum":[1,2]}"#),
            (
                "{type: array, items: {oneOf: [{@Roof!}, {@Blank!}]}}",
                r#"{"type":"array","items":{"type":"string","enum":["flat","steep",""]}}"#,
            ),
            (
                "{type: object, additionalProperties: {oneOf: [{@One!}, {@Two!}]}}",
                r#"{"type":"object","additionalProperties":{"type":"integer","enum":[1,2]}}"#,
            ),
        ] {
            assert_eq!(lowered(schema), expected, "{schema}");
        }
    }

    #[test]
    fn null_is_no_branch() {
        let reference = r##"[{"$ref":"#/components/schemas/Object"}"##;
        assert_eq!(
            lowered("{oneOf: [{@Object!}, {@Nothing!}]}"),
            format!(r#"{{"allOf":{reference}],"nullable":true}}"#)
        );
        let text = r#",{"type":"string"}]"#;
        let union = "{anyOf: [{@Object!}, {type: string}, {@Nothing!}]}";
        assert_eq!(
            lowered(&format!("{{type: array, items: {union}}}")),
            format!(r#"{{"type":"array","items":{{"anyOf":{reference}{text},"nullable":true}}}}"#)
        );
        assert!(lowered(union).contains("schemas/Nothing"), "a component can't be a union or null");
    }

    #[test]
    fn what_is_more_than_enums_of_one_type_stays() {
        for schema in [
            "{oneOf: [{@Roof!}, {@One!}]}",
            "{oneOf: [{@Roof!}, {type: string}]}",
            "{oneOf: [{@Roof!}, {@Object!}]}",
            "{oneOf: [{@Nothing!}]}",
            "{type: object, properties: {oneOf: {type: array, items: {}}}}",
        ] {
            let plain = lowered(schema);
            assert!(!plain.contains("\"enum\""), "{plain}");
            assert!(!plain.contains("nullable"), "{plain}");
        }
    }
}

use std::collections::HashSet;

use serde_json::Number;

use super::enums::{is_enum, whole};
use crate::{
    document::{Document, Node, Value, type_name},
    plan::{EnumPlan, EnumValues},
};

/// The enums among the components of a lowered document.
pub(super) fn of(lowered: &Node) -> Vec<EnumPlan> {
    let schemas = Document(lowered).schemas();
    schemas.filter_map(|(name, schema)| of_component(name, schema)).collect()
}

fn of_component(name: &str, schema: &Node) -> Option<EnumPlan> {
    if !is_enum(schema) || schema.is_true("nullable") {
        return None;
    }
    Some(EnumPlan {
        type_name: type_name(name),
        description: schema.get_str("description").map(str::to_owned),
        is_deprecated: schema.is_true("deprecated"),
        values: values(schema.get_str("type")?, schema.get("enum")?.as_array()?),
    })
}

fn values(kind: &str, values: &[Node]) -> EnumValues {
    let numbers = || values.iter().filter_map(number);
    match kind {
        "string" => {
            let texts = values.iter().filter_map(Node::as_str).map(str::to_owned);
            EnumValues::Texts(each_once(texts))
        }
        "integer" => EnumValues::Integers(each_once(numbers().filter_map(whole))),
        _ => EnumValues::Numbers(each_once(numbers().filter_map(Number::as_f64))),
    }
}

fn each_once<T: ToString>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    values.filter(|value| seen.insert(value.to_string())).collect()
}

fn number(value: &Node) -> Option<&Number> {
    match &value.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::{plan::EnumValues, rule::tests::node};

    #[test]
    fn an_enum_has_each_of_its_values_once_and_null_is_none() {
        for (schema, expected) in [
            (
                "{type: string, enum: [b, a, b]}",
                Some(EnumValues::Texts(vec!["b".into(), "a".into()])),
            ),
            ("{type: integer, enum: [1, 2.0, 2]}", Some(EnumValues::Integers(vec![1, 2]))),
            ("{type: number, enum: [0.5, 1, 1.0]}", Some(EnumValues::Numbers(vec![0.5, 1.0]))),
            ("{type: string, nullable: true, enum: [a, null]}", None),
            ("{type: boolean, enum: [true]}", None),
            ("{type: string}", None),
        ] {
            let document = format!("openapi: 3.0.3\ncomponents: {{schemas: {{A: {schema}}}}}\n");
            let plans = of(&node(&document));
            assert_eq!(plans.into_iter().next().map(|plan| plan.values), expected, "{schema}");
        }
    }
}

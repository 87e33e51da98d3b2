//! Values of a documented schema: each way in which it may be filled.

use serde_json::{Map, Value, json};

/// Who sends a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Request,
    Answer,
}

impl Role {
    pub(crate) fn of(name: &str) -> Self {
        if name == "request" { Self::Request } else { Self::Answer }
    }
}

/// How a sample relates to its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Allowed by the schema.
    Valid,
    /// With a property that is not documented.
    NewProperty,
    /// With a value that an enum does not list, or a branch that a union does not have.
    NewValue,
    /// With a number or a time in a form that servers are known to write.
    Loose,
}

/// A value to send round.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// What is special about it.
    pub(crate) how: String,
    pub(crate) kind: Kind,
    pub(crate) value: Value,
}

/// The name of a property that no schema documents.
pub(crate) const NEW_PROPERTY: &str = "a_new_property";

/// How many references below its root a schema is still varied: what is further down is varied at
/// its own root.
const VARIED: usize = 2;

/// How often a schema may hold itself in a sample.
const NESTED: usize = 2;

/// The longest chain of references in a sample.
const DEEPEST: usize = 24;

/// Makes samples of the schemas of a document.
pub(crate) struct Sampler<'a> {
    document: &'a Value,
    role: Role,
}

/// The references that lead to a schema.
type Chain = Vec<String>;

impl<'a> Sampler<'a> {
    pub(crate) fn new(document: &'a Value, role: Role) -> Self {
        Self { document, role }
    }

    /// The samples of the schema at a pointer.
    pub(crate) fn samples(&self, pointer: &str) -> Vec<Sample> {
        let root = json!({ "$ref": format!("#{pointer}") });
        self.of(&root, &Chain::new())
    }

    /// A sample with all that is documented, one with what is required, and the variations.
    fn of(&self, schema: &Value, chain: &Chain) -> Vec<Sample> {
        let mut samples = vec![
            valid("whole", self.base(schema, chain, true)),
            valid("least", self.base(schema, chain, false)),
        ];
        samples.extend(self.variations(schema, chain));
        samples
    }

    fn base(&self, schema: &Value, chain: &Chain, is_whole: bool) -> Value {
        let (schema, chain) = self.flat(schema, chain);
        let is_nested = chain
            .last()
            .is_some_and(|last| chain.iter().filter(|target| *target == last).count() > NESTED);
        let is_whole = is_whole && !is_nested;
        if chain.len() > DEEPEST {
            return Value::Null;
        }
        if let Some(value) = list(&schema, "enum").first() {
            return value.clone();
        }
        if let Some(branch) = self.branches(&schema).first() {
            return self.base(branch, &chain, is_whole);
        }
        match type_of(&schema) {
            Some("object") => self.object(&schema, &chain, is_whole).into(),
            Some("array") => {
                let count = least_items(&schema).max(usize::from(is_whole));
                let item = (count > 0).then(|| self.base(item_of(&schema), &chain, is_whole));
                item.map_or_else(|| json!([]), |item| vec![item; count].into())
            }
            Some("string") => text(&schema).into(),
            Some("integer") => whole_number(&schema).into(),
            Some("number") => number(&schema),
            Some("boolean") => json!(true),
            _ => json!({ "any": ["thing", 1, null] }),
        }
    }

    fn object(&self, schema: &Value, chain: &Chain, is_whole: bool) -> Map<String, Value> {
        let required = list(schema, "required");
        let mut object: Map<String, Value> = self
            .properties(schema, chain)
            .filter(|(name, _)| is_whole || required.contains(&json!(name)))
            .map(|(name, property)| (name.clone(), self.base(property, chain, is_whole)))
            .collect();
        let is_filled = is_whole || schema["minProperties"].as_u64() > Some(0);
        if let Some(rest) = rest_of(schema).filter(|_| is_filled) {
            object.insert("a key".to_owned(), self.base(rest, chain, is_whole));
        } else if is_filled && object.is_empty() && schema["additionalProperties"] != false {
            object.insert("a key".to_owned(), json!("a value"));
        }
        object
    }

    /// The properties that a client may set.
    fn properties<'s>(
        &self,
        schema: &'s Value,
        chain: &Chain,
    ) -> impl Iterator<Item = (&'s String, &'s Value)> {
        let not_ours = match self.role {
            Role::Request => "readOnly",
            Role::Answer => "writeOnly",
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .filter(move |(_, property)| self.flat(property, chain).0[not_ours] != true)
    }

    /// The samples of a schema that differ from the whole one in one way.
    fn variations(&self, schema: &Value, chain: &Chain) -> Vec<Sample> {
        let (schema, chain) = self.flat(schema, chain);
        let mut samples = Vec::new();
        if schema["nullable"] == true {
            samples.push(valid("null", Value::Null));
        }
        if chain.len() > VARIED {
            return samples;
        }
        let values = list(&schema, "enum");
        if !values.is_empty() {
            samples.extend(values.iter().map(|value| valid(&format!("= {value}"), value.clone())));
            samples.extend(
                new_value(values).map(|value| special("a new value", Kind::NewValue, value)),
            );
            return samples;
        }
        let branches = self.branches(&schema);
        if !branches.is_empty() {
            samples.extend(branches.iter().enumerate().flat_map(|(index, branch)| {
                within(&format!("|{index}"), self.of(branch, &chain), |value| value)
            }));
            if self.role == Role::Answer {
                samples.push(special("a new branch", Kind::NewValue, new_branch(&schema)));
            }
            return samples;
        }
        match type_of(&schema) {
            Some("object") => samples.extend(self.variations_of_object(&schema, &chain)),
            Some("array") => samples.extend(self.variations_of_list(&schema, &chain)),
            Some("string") => samples.extend(texts(&schema, self.role)),
            Some("integer") => samples.extend(whole_numbers(&schema, self.role)),
            Some("number") => samples.extend(numbers(&schema, self.role)),
            Some("boolean") => samples.push(valid("false", json!(false))),
            _ => {
                let values = [json!("text"), json!(1), json!(1.5), json!([null]), json!(true)];
                samples.extend(values.map(|value| valid(&format!("= {value}"), value)));
            }
        }
        samples
    }

    fn variations_of_object(&self, schema: &Value, chain: &Chain) -> Vec<Sample> {
        let whole = self.object(schema, chain, true);
        let least = self.object(schema, chain, false);
        let with = |object: &Map<String, Value>, name: &str, value: Value| {
            let mut object = object.clone();
            object.insert(name.to_owned(), value);
            Value::from(object)
        };
        let mut samples = Vec::new();
        for (name, property) in self.properties(schema, chain) {
            let alone = self.base(property, chain, true);
            samples.push(valid(&format!("{name} alone"), with(&least, name, alone)));
            samples.extend(within(
                &format!("/{name}"),
                self.variations(property, chain),
                |value| with(&whole, name, value),
            ));
        }
        match (rest_of(schema), &schema["additionalProperties"]) {
            (Some(rest), _) => {
                samples.push(valid("least keys", least.clone().into()));
                samples.extend(within("/*", self.variations(rest, chain), |value| {
                    with(&whole, "a key", value)
                }));
            }
            (None, Value::Bool(true)) => {
                samples.push(valid("a key more", with(&whole, "a key", json!([1, null]))));
            }
            (None, _) => samples.push(special(
                "a new property",
                Kind::NewProperty,
                with(&whole, NEW_PROPERTY, json!({ "deep": [1] })),
            )),
        }
        samples
    }

    fn variations_of_list(&self, schema: &Value, chain: &Chain) -> Vec<Sample> {
        let item = self.base(item_of(schema), chain, true);
        let mut samples = vec![valid("two", json!([item, item]))];
        if self.role == Role::Answer && self.is_number(item_of(schema), chain) {
            samples.push(special("a null", Kind::Loose, json!([item, null])));
        }
        if least_items(schema) == 0 {
            samples.push(valid("empty", json!([])));
        }
        let variations = self.variations(item_of(schema), chain);
        samples.extend(within("/[]", variations, |value| {
            let mut items = vec![item.clone(); least_items(schema).saturating_sub(1)];
            items.push(value);
            items.into()
        }));
        samples
    }

    /// Whether the schema is that of any number.
    fn is_number(&self, schema: &Value, chain: &Chain) -> bool {
        let (schema, _) = self.flat(schema, chain);
        matches!(type_of(&schema), Some("integer" | "number")) && schema.get("enum").is_none()
    }

    /// The branches of a union, each with the keywords next to the union.
    fn branches(&self, schema: &Value) -> Vec<Value> {
        let Some(key) = ["oneOf", "anyOf"].into_iter().find(|key| schema.get(key).is_some()) else {
            return Vec::new();
        };
        let tag = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
        let mut beside = schema.clone();
        let members = beside.as_object_mut();
        members.into_iter().for_each(|members| {
            ["oneOf", "anyOf", "nullable", "discriminator", "description", "title"]
                .iter()
                .for_each(|key| drop(members.remove(*key)));
        });
        let branch = |branch: &Value| {
            let value = tag.and_then(|tag| {
                let target = branch["$ref"].as_str()?;
                Some(json!({ "properties": { tag: { "enum": [value_of_tag(schema, target)?] } } }))
            });
            let parts = [Some(branch.clone()), Some(beside.clone()), value];
            json!({ "allOf": parts.into_iter().flatten().collect::<Vec<_>>() })
        };
        list(schema, key).iter().map(branch).collect()
    }

    /// The schema behind references, with all that it is composed of, and the references.
    fn flat(&self, schema: &Value, chain: &Chain) -> (Value, Chain) {
        let mut chain = chain.clone();
        let schema = self.merged(schema, &mut chain);
        (schema, chain)
    }

    fn merged(&self, schema: &Value, chain: &mut Chain) -> Value {
        if let Some(target) = schema["$ref"].as_str() {
            chain.push(target.to_owned());
            let definition = self.document.pointer(&target[1..]);
            let definition = definition.unwrap_or_else(|| panic!("{target} does not exist"));
            return if chain.len() > 2 * DEEPEST {
                json!({})
            } else {
                self.merged(definition, chain)
            };
        }
        let mut whole = schema.clone();
        let parts = whole.as_object_mut().and_then(|members| members.remove("allOf"));
        for part in parts.as_ref().and_then(Value::as_array).into_iter().flatten() {
            let part = self.merged(part, chain);
            compose(&mut whole, &part);
        }
        whole
    }
}

/// Adds what a part of an `allOf` says.
fn compose(whole: &mut Value, part: &Value) {
    let (Some(whole), Some(part)) = (whole.as_object_mut(), part.as_object()) else {
        return;
    };
    for (key, theirs) in part {
        let Some(ours) = whole.get_mut(key) else {
            // Null is allowed where all parts allow it, which the outermost one says.
            if key != "nullable" {
                whole.insert(key.clone(), theirs.clone());
            }
            continue;
        };
        match (key.as_str(), ours, theirs) {
            ("properties", Value::Object(ours), Value::Object(theirs)) => {
                for (name, theirs) in theirs {
                    let both = ours.get(name).map(|ours| json!({ "allOf": [ours, theirs] }));
                    ours.insert(name.clone(), both.unwrap_or_else(|| theirs.clone()));
                }
            }
            ("required", Value::Array(ours), Value::Array(theirs)) => {
                ours.extend(theirs.iter().cloned());
            }
            ("enum", Value::Array(ours), Value::Array(theirs)) => {
                ours.retain(|value| theirs.contains(value));
            }
            _ => {}
        }
    }
}

fn valid(how: &str, value: Value) -> Sample {
    special(how, Kind::Valid, value)
}

fn special(how: &str, kind: Kind, value: Value) -> Sample {
    Sample { how: how.to_owned(), kind, value }
}

/// The samples of a part, put into the whole.
fn within(at: &str, samples: Vec<Sample>, put: impl Fn(Value) -> Value) -> Vec<Sample> {
    let put = |sample: Sample| {
        let join = if sample.how.starts_with(['/', '|']) { "" } else { " " };
        Sample { how: format!("{at}{join}{}", sample.how), value: put(sample.value), ..sample }
    };
    samples.into_iter().map(put).collect()
}

fn list<'s>(schema: &'s Value, key: &str) -> &'s [Value] {
    schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn type_of(schema: &Value) -> Option<&str> {
    let implied = |(key, name)| schema.get(key).map(|_| name);
    let implied = [("properties", "object"), ("items", "array")].into_iter().find_map(implied);
    schema["type"].as_str().or(implied)
}

fn item_of(schema: &Value) -> &Value {
    &schema["items"]
}

fn least_items(schema: &Value) -> usize {
    schema["minItems"].as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
}

/// The schema of the values of a map.
fn rest_of(schema: &Value) -> Option<&Value> {
    schema.get("additionalProperties").filter(|rest| rest.is_object())
}

fn value_of_tag(union: &Value, target: &str) -> Option<String> {
    let mapping = union.pointer("/discriminator/mapping").and_then(Value::as_object);
    let name = target.rsplit('/').next()?;
    let is_target = |value: &Value| value == target || value == name;
    let mapped = mapping.into_iter().flatten().find(|(_, value)| is_target(value));
    Some(mapped.map_or(name, |(value, _)| value).to_owned())
}

/// A value that an enum may list one day.
fn new_value(values: &[Value]) -> Option<Value> {
    let largest = values.iter().filter_map(Value::as_i64).max();
    match values.iter().find(|value| !value.is_null())? {
        Value::String(_) => Some(json!("A NEW value")),
        Value::Number(_) => Some(json!(largest? + 1)),
        Value::Bool(value) => Some(json!(!value)).filter(|value| !values.contains(value)),
        _ => None,
    }
}

fn new_branch(union: &Value) -> Value {
    let tag = union.pointer("/discriminator/propertyName").and_then(Value::as_str);
    json!({ tag.unwrap_or(NEW_PROPERTY): "brand_new", NEW_PROPERTY: [1, { "a": null }] })
}

fn text(schema: &Value) -> String {
    let given = ["example", "default"].into_iter().find_map(|key| schema[key].as_str());
    if let (Some(_), Some(given)) = (schema.get("pattern"), given) {
        return given.to_owned();
    }
    let text = match schema["format"].as_str() {
        Some("date-time") => "2022-04-18T11:25:02.734Z",
        Some("date") => "2022-04-18",
        Some("time") => "11:25:02Z",
        Some("uuid") => "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d",
        Some("email") => "somebody@example.com",
        Some("uri" | "url") => "https://example.com/a?b=c",
        Some("hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("byte" | "base64") => "aGVsbG8=",
        _ => "a text",
    };
    let length = |key| schema[key].as_u64().and_then(|length| usize::try_from(length).ok());
    let longest = length("maxLength").unwrap_or(usize::MAX);
    let filled = format!("{text:x<0$}", length("minLength").unwrap_or(0));
    filled.chars().take(longest).collect()
}

fn texts(schema: &Value, role: Role) -> Vec<Sample> {
    let mut samples = Vec::new();
    if schema["format"] == "date-time" && role == Role::Answer {
        let times = ["2022-04-18 11:25:02.734000+00:00", "2022-04-18T11:25:02", "soon", ""];
        samples.extend(times.map(|time| special("a time", Kind::Loose, json!(time))));
    }
    if ["format", "pattern", "maxLength"].iter().all(|key| schema.get(key).is_none()) {
        samples.push(valid("odd", json!("\u{0}\u{fffd} 😀 \"\\\n\u{2028}")));
        if schema["minLength"].as_u64().unwrap_or(0) == 0 {
            samples.push(valid("empty", json!("")));
        }
    }
    samples
}

/// Whether a number is within the bounds of a schema.
fn is_within(schema: &Value, number: f64) -> bool {
    let bound = |key: &str| schema[key].as_f64();
    let excludes = |key: &str, at: Option<f64>| {
        (schema[key] == true && at == Some(number)) || schema[key].as_f64() == Some(number)
    };
    let (least, most) = (bound("minimum"), bound("maximum"));
    least.is_none_or(|least| number >= least)
        && most.is_none_or(|most| number <= most)
        && !excludes("exclusiveMinimum", least)
        && !excludes("exclusiveMaximum", most)
        && bound("multipleOf").is_none_or(|of| (number / of).fract() == 0.0)
}

fn whole_number(schema: &Value) -> i64 {
    let bounds = ["minimum", "maximum", "multipleOf"].iter().filter_map(|key| schema[key].as_f64());
    #[allow(clippy::cast_possible_truncation, reason = "a bound is small, or validation drops it")]
    let near = bounds.flat_map(|bound| [bound as i64, bound as i64 + 1, bound as i64 - 1]);
    #[allow(clippy::cast_precision_loss, reason = "as above")]
    let mut candidates = [7_i64].into_iter().chain(near);
    candidates.find(|number| is_within(schema, *number as f64)).unwrap_or(0)
}

fn number(schema: &Value) -> Value {
    let bounds = ["minimum", "maximum"].iter().filter_map(|key| schema[key].as_f64());
    let near = bounds.flat_map(|bound| [bound, bound + 0.5, bound - 0.5]);
    let mut candidates = [283.34, 0.25].into_iter().chain(near);
    let found = candidates.find(|number| is_within(schema, *number));
    found.map_or_else(|| whole_number(schema).into(), Value::from)
}

fn whole_numbers(schema: &Value, role: Role) -> Vec<Sample> {
    let edges = [-1, 0, 1, (1 << 53) + 1, i64::MAX, i64::MIN];
    let bounds = ["minimum", "maximum"].iter().filter_map(|key| schema[key].as_i64());
    #[allow(clippy::cast_precision_loss, reason = "the edges are far from the bounds")]
    let within = edges.into_iter().chain(bounds).filter(|edge| is_within(schema, *edge as f64));
    let mut samples: Vec<Sample> =
        within.map(|edge| valid(&format!("= {edge}"), json!(edge))).collect();
    let beyond = u64::MAX;
    if is_within(schema, 1.0e19) {
        samples.push(valid("beyond 64 bits with a sign", json!(beyond)));
    }
    if role == Role::Answer {
        let loose = [json!(61.0), json!(61.4), json!("61"), json!("61.4"), json!(1e300)];
        samples.extend(loose.map(|loose| special(&format!("= {loose}"), Kind::Loose, loose)));
    }
    samples
}

fn numbers(schema: &Value, role: Role) -> Vec<Sample> {
    let edges = [json!(0), json!(18), json!(18.0), json!(-0.5), json!(1e-7), json!(1e300)];
    let precise = [json!(0.1), json!((1_i64 << 53) + 1)];
    let bounds = ["minimum", "maximum"].map(|key| schema[key].clone());
    let all = edges.into_iter().chain(precise).chain(bounds);
    let within = all.filter(|edge| edge.as_f64().is_some_and(|number| is_within(schema, number)));
    let mut samples: Vec<Sample> = within.map(|edge| valid(&format!("= {edge}"), edge)).collect();
    if role == Role::Answer {
        samples.push(special("as text", Kind::Loose, json!("283.34")));
    }
    samples
}

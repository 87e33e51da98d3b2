//! What a document says, as a set of sentences. Both the YAML of a page and the OpenAPI 3.0.3 that
//! is made of it are taken apart into these, each by the form it has: where the two forms of one
//! thing differ, the sentence is the same. A sentence of the one that the other lacks is a loss,
//! or an invention.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::LazyLock,
};

use serde_json::{Map, Value};

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What was taken apart, and how often each of the differences that are meant was met.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) said: BTreeSet<String>,
    pub(crate) differences: BTreeMap<&'static str, usize>,
}

/// How the components of the document are called in the sentences.
pub(crate) type Names = HashMap<String, String>;

/// The sentences of a document.
pub(crate) fn facts_of(document: &Value, names: &Names, is_page: bool) -> Facts {
    let mut reader = Reader { document, names, is_page, facts: Facts::default() };
    reader.document();
    reader.facts
}

struct Reader<'a> {
    document: &'a Value,
    names: &'a Names,
    /// Whether this is the YAML of a page, as it was written.
    is_page: bool,
    facts: Facts,
}

impl<'a> Reader<'a> {
    fn say(&mut self, sentence: String) {
        self.facts.said.insert(sentence);
    }

    fn meet(&mut self, difference: &'static str) {
        *self.facts.differences.entry(difference).or_default() += 1;
    }

    fn document(&mut self) {
        let document = self.document;
        for (key, value) in members(document) {
            match key.as_str() {
                "openapi" => {}
                "info" => self.info(value),
                "servers" => {
                    list(value).iter().for_each(|server| self.say(format!("server {server}")))
                }
                "paths" => self.paths(value),
                "components" => self.components(value),
                _ => self.say(format!("{key} {value}")),
            }
        }
    }

    fn info(&mut self, info: &Value) {
        for (key, value) in members(info) {
            match value.as_str().and_then(|text| text.strip_prefix("endpoint_")) {
                Some(endpoint) if key == "version" => {
                    self.meet("the version is the name of an endpoint");
                    self.say(format!("endpoint {endpoint}"));
                    self.say("info version".to_owned());
                }
                _ if key == "version" && value == "1.0.0" => self.say("info version".to_owned()),
                _ => self.say(format!("info {key} {value}")),
            }
        }
    }

    fn paths(&mut self, paths: &Value) {
        for (path, item) in members(paths) {
            for (key, value) in members(item) {
                match METHODS.contains(&key.as_str()) {
                    true => self.operation(&format!("{key} {path}"), value),
                    false => self.say(format!("{path} {key} {value}")),
                }
            }
        }
    }

    fn operation(&mut self, at: &str, operation: &Value) {
        self.say(at.to_owned());
        for (key, value) in members(operation) {
            match key.as_str() {
                "tags" => self.tags(at, value),
                "parameters" => {
                    list(value).iter().for_each(|parameter| self.parameter(at, parameter))
                }
                "requestBody" => self.holder(&format!("{at} body"), value),
                "responses" => self.responses(at, value),
                "security" => self.security(at, value),
                "x-endpoint" => self.say(format!("endpoint {}", value.as_str().unwrap())),
                _ => self.say(format!("{at} {key} {value}")),
            }
        }
    }

    /// A tag that is a path of packages is called by the last of them.
    fn tags(&mut self, at: &str, tags: &Value) {
        for tag in list(tags) {
            let name = match tag {
                Value::Array(path) => {
                    self.meet("a tag is a path of packages");
                    path.last().map(|last| last.as_str().unwrap().replace("subpackage_", ""))
                }
                _ => tag.as_str().map(|tag| match tag.starts_with("subpackage_") {
                    true => tag.rsplit('.').next().unwrap().replace("subpackage_", ""),
                    false => tag.to_owned(),
                }),
            };
            name.into_iter().for_each(|name| self.say(format!("{at} is tagged {name}")));
        }
    }

    fn parameter(&mut self, at: &str, parameter: &Value) {
        let text = |key: &str| parameter[key].as_str().unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        if self.is_page && place == "header" && carries_credentials(name) {
            self.meet("credentials are a parameter");
            let necessity = if parameter["required"] == true { "needs" } else { "may have" };
            self.credentials(at, necessity, name, &parameter["description"]);
            return;
        }
        let at = format!("{at} {place} parameter {name}");
        self.say(at.clone());
        let mut is_required = parameter["required"] == true;
        if self.is_page && place == "path" && !is_required {
            self.meet("a path parameter is not required");
            is_required = true;
        }
        self.say(format!("{at} required: {is_required}"));
        for (key, value) in members(parameter) {
            match key.as_str() {
                "name" | "in" | "required" => {}
                "schema" => self.schema(&at, value),
                "content" => self.contents(&at, value),
                _ => self.say(format!("{at} {key} {value}")),
            }
        }
    }

    fn credentials(&mut self, at: &str, necessity: &str, header: &str, description: &Value) {
        self.say(format!("{at} {necessity} credentials in {}", header.to_lowercase()));
        if !description.is_null() {
            self.say(format!("credentials in {}: {description}", header.to_lowercase()));
        }
    }

    fn security(&mut self, at: &str, requirements: &Value) {
        let is_optional = list(requirements).iter().any(|one| members(one).is_empty());
        let necessity = if is_optional { "may have" } else { "needs" };
        let all: BTreeSet<&String> =
            list(requirements).iter().flat_map(|one| members(one).keys()).collect();
        for name in all {
            let scheme = &self.document["components"]["securitySchemes"][name];
            let header = match scheme["type"].as_str() {
                Some("http") => "Authorization",
                Some("apiKey") if scheme["in"] == "header" => scheme["name"].as_str().unwrap(),
                _ => name,
            };
            self.credentials(at, necessity, header, &scheme["description"]);
        }
    }

    fn responses(&mut self, at: &str, responses: &Value) {
        for (status, response) in members(responses) {
            let at = format!("{at} answer {status}");
            let can_have_no_body = ["204", "205", "304"].contains(&status.as_str());
            let mut response = response.clone();
            if can_have_no_body
                && remove(&mut response, "content")
                    .is_some_and(|content| !members(&content).is_empty())
            {
                self.meet("content of an answer that can have none");
            }
            self.holder(&at, &response);
        }
    }

    /// A response or a request body: what holds content.
    fn holder(&mut self, at: &str, holder: &Value) {
        self.say(at.to_owned());
        for (key, value) in members(holder) {
            match key.as_str() {
                "content" if members(value).is_empty() => self.meet("content without a media type"),
                "content" => self.contents(at, value),
                "$ref" => self.say(format!("{at} is {value}")),
                _ => self.say(format!("{at} {key} {value}")),
            }
        }
    }

    fn contents(&mut self, at: &str, content: &Value) {
        for (media, value) in members(content) {
            let at = format!("{at} as {media}");
            self.say(at.clone());
            for (key, value) in members(value) {
                match key.as_str() {
                    "schema" => self.schema(&at, value),
                    _ => self.say(format!("{at} {key} {value}")),
                }
            }
        }
    }

    fn components(&mut self, components: &Value) {
        let orphans = self.orphans();
        for (section, definitions) in members(components) {
            for (name, definition) in members(definitions) {
                match section.as_str() {
                    "schemas" if orphans.contains(name) => {
                        self.meet("a schema of nothing but content that is dropped");
                    }
                    "schemas" => {
                        let at = format!("schema {}", self.name(name));
                        self.say(at.clone());
                        self.schema(&at, definition);
                    }
                    "securitySchemes" => {}
                    _ => self.say(format!("{section} {name} {definition}")),
                }
            }
        }
    }

    /// The schemas that nothing refers to once the content of bodiless answers is gone, and
    /// something did before.
    fn orphans(&self) -> HashSet<String> {
        if !self.is_page {
            return HashSet::new();
        }
        let mut without = self.document.clone();
        for (_, item) in members_mut(&mut without["paths"]) {
            for (_, operation) in
                members_mut(item).filter(|(key, _)| METHODS.contains(&key.as_str()))
            {
                for (status, response) in members_mut(&mut operation["responses"]) {
                    if ["204", "205", "304"].contains(&status.as_str()) {
                        remove(response, "content");
                    }
                }
            }
        }
        let before = referred(self.document);
        let after = referred(&without);
        before.difference(&after).cloned().collect()
    }

    fn name(&self, documented: &str) -> String {
        self.names.get(documented).cloned().unwrap_or_else(|| documented.to_owned())
    }

    fn target(&self, reference: &str) -> String {
        match reference.strip_prefix("#/components/schemas/") {
            Some(name) => self.name(&decoded(name)),
            None => reference.to_owned(),
        }
    }

    fn schema(&mut self, at: &str, schema: &Value) {
        let Some(keywords) = schema.as_object() else {
            self.say(format!("{at} {}", if schema == true { "is any" } else { "is nothing" }));
            return;
        };
        if is_null(schema) {
            self.say(format!("{at} is null"));
            return;
        }
        let is_any = keywords.get("description").is_some_and(|text| text == "Any type")
            && keywords.keys().all(|key| key == "description" || key == "title");
        if is_any {
            self.meet("words for a schema that says nothing");
        }
        if is_any || keywords.is_empty() {
            self.say(format!("{at} is any"));
        }
        for (key, value) in keywords.iter().filter(|(key, _)| !(is_any && *key == "description")) {
            self.keyword(at, keywords, key, value);
        }
    }

    fn keyword(&mut self, at: &str, schema: &Map<String, Value>, key: &str, value: &Value) {
        match key {
            "$ref" => {
                let target = self.target(value.as_str().unwrap());
                self.say(format!("{at} is {target}"));
            }
            "type" => self.types(at, schema, value),
            "nullable" if value == true => self.say(format!("{at} may be null")),
            "nullable" => {}
            "format" if value == "enum" || Some(value) == schema.get("type") => {
                self.meet("a format that is none");
            }
            "enum" => self.values(at, value),
            "x-enum-descriptions" => {
                for (text, words) in members(value) {
                    self.say(format!("{at} value {text} means {words}"));
                }
            }
            "oneOf" | "anyOf" => self.variants(at, schema, key, value),
            "allOf" => list(value).iter().for_each(|part| self.schema(at, part)),
            "properties" => self.properties(at, value),
            "required" => {
                list(value).iter().for_each(|name| self.say(format!("{at} requires {name}")))
            }
            "items" => self.schema(&format!("{at}[]"), value),
            "additionalProperties" => self.schema(&format!("{at}.*"), value),
            "discriminator" | "x-discriminator" => self.discriminator(at, value),
            _ => self.say(format!("{at} {key} {value}")),
        }
    }

    fn types(&mut self, at: &str, schema: &Map<String, Value>, documented: &Value) {
        let is_list = documented.is_array();
        let mut names = if is_list { list(documented).to_vec() } else { vec![documented.clone()] };
        let count = names.len();
        names.retain(|name| name != "null");
        if names.len() < count {
            self.meet("null among the types");
            self.say(format!("{at} may be null"));
        }
        let entries = schema.get("enum").map(list).unwrap_or_default();
        let are_booleans = !entries.is_empty()
            && entries
                .iter()
                .all(|entry| entry["type"] == "booleanLiteral" && entry["value"].is_boolean());
        for name in names {
            let name = name.as_str().unwrap();
            if are_booleans && name == "string" {
                self.meet("booleans under `type: string`");
            }
            let name = if are_booleans { "boolean" } else { name };
            self.say(format!("{at} is of type {name}"));
        }
    }

    /// An entry is a value, or a mapping that holds it.
    fn values(&mut self, at: &str, values: &Value) {
        let mut seen = Vec::new();
        for entry in list(values) {
            let value = entry.get("value").unwrap_or(entry);
            if entry.is_object() {
                self.meet("an enum entry is a mapping");
            }
            if seen.contains(&value) {
                self.meet("an enum value is listed twice");
                continue;
            }
            if let Some(words) = entry.get("description") {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.say(format!("{at} value {text} means {words}"));
            }
            self.say(format!("{at} value {} is {value}", seen.len()));
            seen.push(value);
        }
    }

    fn variants(&mut self, at: &str, schema: &Map<String, Value>, key: &str, variants: &Value) {
        let mut different: Vec<&Value> = Vec::new();
        for variant in list(variants) {
            if is_null(variant) {
                self.meet("null among the variants");
                self.say(format!("{at} may be null"));
            } else if different.contains(&variant) {
                self.meet("a variant is listed twice");
            } else {
                different.push(variant);
            }
        }
        let has_discriminator = schema.contains_key("discriminator");
        match different[..] {
            [only] if !has_discriminator => {
                self.meet("a choice of one");
                self.schema(at, only);
            }
            _ => {
                for (index, variant) in different.iter().enumerate() {
                    self.schema(&format!("{at} {key} {index}"), variant);
                }
            }
        }
    }

    fn properties(&mut self, at: &str, properties: &Value) {
        if members(properties).is_empty() {
            self.meet("properties without one");
        }
        for (name, schema) in members(properties) {
            let at = format!("{at}.{name}");
            self.say(format!("{at} is a property"));
            self.schema(&at, schema);
        }
    }

    fn discriminator(&mut self, at: &str, discriminator: &Value) {
        self.say(format!("{at} is discriminated by {}", discriminator["propertyName"]));
        for (value, target) in members(&discriminator["mapping"]) {
            let target = self.target(target.as_str().unwrap());
            self.say(format!("{at} discriminates {value} as {target}"));
        }
    }
}

/// The headers in which the APIs of the pages take credentials.
fn carries_credentials(header: &str) -> bool {
    ["authorization", "x-api-key", "xi-api-key", "api-key"]
        .contains(&header.to_lowercase().as_str())
}

/// A schema that is null, as OpenAPI 3.1 says it and as 3.0 does.
fn is_null(schema: &Value) -> bool {
    schema["type"] == "null" || list(&schema["enum"]) == [Value::Null]
}

/// The schemas that a document refers to, directly or by others.
fn referred(document: &Value) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut pending: Vec<&Value> = vec![&document["paths"]];
    while let Some(part) = pending.pop() {
        let mut text = Vec::new();
        references(part, &mut text);
        for name in text {
            if found.insert(name.clone()) {
                pending.push(&document["components"]["schemas"][&name]);
            }
        }
    }
    found
}

fn references(part: &Value, names: &mut Vec<String>) {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let name = reference.strip_prefix("#/components/schemas/");
                names.extend(name.map(decoded));
            }
            members.values().for_each(|member| references(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}

/// The name that a reference means by a percent-encoded one.
fn decoded(name: &str) -> String {
    let mut pieces = name.split('%');
    let mut decoded = pieces.next().unwrap().to_owned();
    for piece in pieces {
        decoded.push(char::from(u8::from_str_radix(&piece[..2], 16).unwrap()));
        decoded += &piece[2..];
    }
    decoded
}

fn members(value: &Value) -> &Map<String, Value> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE)
}

fn members_mut(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(|members| members.iter_mut())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn remove(value: &mut Value, key: &str) -> Option<Value> {
    value.as_object_mut()?.remove(key)
}

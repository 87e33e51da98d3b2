//! Operations: whose shape is followed, and what the facts say of it.

use std::collections::BTreeMap;

use indexmap::{IndexMap, IndexSet, map::Entry};

use super::{
    difference::{Difference, DifferenceKind as Told},
    names::Names,
    pass::Pass,
    removals::Removals,
    shape::{CORRECTS, is_marked},
    view::resolved,
};
use crate::{
    check::without_names,
    document::{Key, Kind, Node, Object, Operation, Place, Value, is_json, operations},
    lower::Reach,
};

/// The fields of an operation that the facts say in their own words, or name.
const OF_THE_FACTS: [&str; 5] = ["operationId", "tags", "summary", "description", "security"];

/// Method and path, whatever the variables of the path are called.
pub(super) type Request = (String, String);

fn request(operation: &Operation<'_>) -> Request {
    (operation.method.to_string(), without_names(operation.path))
}

/// The same request with a slash more or less at the end of its path.
fn with_other_end((method, path): &Request) -> Request {
    let path = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    (method.clone(), path)
}

/// The path of an operation, its variables called as in the facts.
fn called_as_in_facts(documented: &str, fact: &str) -> String {
    let mut names = variables(fact).into_iter();
    let mut path = String::new();
    let mut rest = documented;
    while let Some((head, tail)) = rest.split_once('{') {
        let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
        path += head;
        path += &format!("{{{}}}", names.next().unwrap_or(name));
        rest = tail;
    }
    path + rest
}

/// The names of the variables of a path, in their order.
fn variables(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// Which operation is taken from where.
#[derive(Debug, Default)]
pub(super) struct Selected<'a> {
    /// The first documented source that has it.
    documented: IndexMap<Request, (usize, Operation<'a>)>,
    /// Later ones, which are compared and reported.
    covered: Vec<(usize, Operation<'a>)>,
    facts: IndexMap<Request, Operation<'a>>,
    removals: Removals,
    /// The tag of the facts for a documented one.
    tags: BTreeMap<String, String>,
}

impl<'a> Selected<'a> {
    pub(super) fn of(documents: &[&'a Node], facts: &'a Node) -> Self {
        let mut selected = Self::default();
        for (source, document) in documents.iter().enumerate() {
            for operation in operations(document) {
                match selected.documented.entry(request(&operation)) {
                    Entry::Vacant(entry) => {
                        entry.insert((source, operation));
                    }
                    Entry::Occupied(_) => selected.covered.push((source, operation)),
                }
            }
        }
        selected.facts =
            operations(facts).map(|operation| (request(&operation), operation)).collect();
        selected.facts = selected.facts_by_documented_ends();
        selected.tags = selected.tags_by_place();
        selected.removals = Removals::of(facts);
        selected
    }

    /// The facts' operations under the documented paths, where these differ by the slash at the end.
    fn facts_by_documented_ends(&self) -> IndexMap<Request, Operation<'a>> {
        let facts = self.facts.iter().map(|(request, operation)| {
            let other = with_other_end(request);
            let is_other = !self.documented.contains_key(request)
                && self.documented.contains_key(&other)
                && !self.facts.contains_key(&other);
            (if is_other { other } else { request.clone() }, operation.clone())
        });
        facts.collect()
    }

    /// A documented tag is that of the facts which most of its operations have.
    fn tags_by_place(&self) -> BTreeMap<String, String> {
        let mut votes: BTreeMap<String, IndexMap<String, usize>> = BTreeMap::new();
        for (request, (_, operation)) in &self.documented {
            let fact = self.facts.get(request).and_then(|fact| first_tag(fact.node));
            if let (Some(tag), Some(fact)) = (first_tag(operation.node), fact) {
                *votes.entry(tag.to_owned()).or_default().entry(fact.to_owned()).or_default() += 1;
            }
        }
        let most = |votes: IndexMap<String, usize>| {
            let largest = votes.values().copied().max().unwrap_or_default();
            votes.into_iter().find(|(_, count)| *count == largest).map(|(tag, _)| tag)
        };
        votes.into_iter().filter_map(|(tag, votes)| Some((tag, most(votes)?))).collect()
    }
}

/// Whether a request without credentials meets these requirements.
fn is_open(security: &Node) -> bool {
    let mut alternatives = security.items().peekable();
    alternatives.peek().is_none()
        || alternatives.any(|alternative| alternative.members().next().is_none())
}

fn first_tag(operation: &Node) -> Option<&str> {
    operation.get("tags")?.items().next()?.as_str()
}

impl<'a> Pass<'a> {
    /// The paths of the result.
    pub(super) fn paths(&mut self, selected: &Selected<'a>) -> Node {
        let place = self.facts.place;
        let mut paths = Node::new(place, Value::Object(Object::new()));
        for (request, (source, operation)) in &selected.documented {
            let fact = selected.facts.get(request);
            if let Some(removal) = selected.removals.of_request(request) {
                let problem =
                    format!("documented, but removed according to the facts: {}", removal.why);
                let (subject, place) = (subject(operation), operation.node.place);
                self.told.tell(Told::Removed, &subject, problem, place, Some(removal.place));
                continue;
            }
            let path =
                fact.map_or_else(|| operation.path.clone(), |fact| self.path(operation, fact));
            let node = match fact {
                Some(fact) => self.operation(*source, operation, fact),
                None => self.documented_operation(*source, operation, selected),
            };
            put(&mut paths, &path, operation.method, node);
        }
        let is_complete = self.documented.iter().any(|documented| documented.is_complete);
        for (request, fact) in &selected.facts {
            if selected.documented.contains_key(request) {
                continue;
            }
            if is_complete && !is_marked(fact.node) {
                self.tell_gone(fact);
                continue;
            }
            let node = self.facts_part(fact.node, Kind::Operation);
            put(&mut paths, fact.path, fact.method, node);
        }
        paths
    }

    /// The documented path, its variables called as in the facts.
    fn path(&mut self, d: &Operation<'a>, f: &Operation<'a>) -> Key {
        let path = called_as_in_facts(d.path, f.path);
        if path != **f.path {
            let problem = format!("documented as {path}, but {} in {}", &**f.path, self.against);
            self.told.tell(Told::Followed, &subject(f), problem, d.path.place, Some(f.path.place));
        }
        Key::new(d.path.place, path)
    }

    fn tell_gone(&mut self, fact: &Operation<'_>) {
        let problem = "the document of the whole API no longer has it, and the facts name no other \
                       source";
        let whole = self.documented.iter().find(|documented| documented.is_complete);
        let paths = whole.and_then(|whole| whole.document.get("paths"));
        let place = paths.map_or(fact.node.place, |paths| paths.place);
        self.told.tell(Told::Gone, &subject(fact), problem, place, Some(fact.node.place));
    }

    /// An operation that documentation and facts have.
    fn operation(&mut self, source: usize, d: &Operation<'a>, f: &Operation<'a>) -> Node {
        let at = subject(f);
        let mut members = Object::new();
        for (key, node) in f.node.members() {
            if OF_THE_FACTS.contains(&&**key) || key.starts_with("x-") || &**key == "deprecated" {
                members.insert(key.clone(), node.clone());
            }
        }
        for (key, node) in d.node.members() {
            let is_open =
                matches!(&**key, "summary" | "description" | "externalDocs" | "deprecated")
                    || key.starts_with("x-");
            if is_open && !members.contains_key(&**key) {
                members.insert(key.clone(), node.clone());
            }
        }
        let mut node = Node::new(d.node.place, Value::Object(members));
        let parameters = self.parameters(source, d, f, &at);
        if !parameters.is_empty() {
            node.set("parameters", Node::array(d.node.place, parameters));
        }
        self.is_request = true;
        if let Some(body) = self.request_body(source, d.node, f.node, &at) {
            node.set("requestBody", body);
        }
        self.is_request = false;
        let responses = self.responses(source, d.node, f.node, &at);
        node.set("responses", responses);
        if let Some(callbacks) = self.callbacks(source, d.node, f.node) {
            node.set("callbacks", callbacks);
        }
        self.tell_security(source, d, f, &at);
        node
    }

    /// Tells where one of the two has an operation need credentials and the other says outright
    /// that it needs none. A source that says nothing of credentials leaves them to the facts.
    fn tell_security(&mut self, source: usize, d: &Operation<'a>, f: &Operation<'a>, at: &str) {
        let of = |operation: &Operation<'a>, document: &'a Node| {
            operation.node.get("security").or_else(|| document.get("security"))
        };
        let Some(documented) = of(d, &self.documented[source].document) else {
            return;
        };
        let fact = of(f, self.facts);
        let problem = match (is_open(documented), fact.is_none_or(is_open)) {
            (true, false) => "documented as public, but requires credentials",
            (false, true) => "documented as requiring credentials, but public",
            _ => return,
        };
        let problem = format!("{problem} in {}", self.against);
        let place = fact.map_or(f.node.place, |fact| fact.place);
        self.told.tell(Told::Security, at, problem, documented.place, Some(place));
    }

    /// An operation of which the facts know nothing.
    fn documented_operation(
        &mut self,
        source: usize,
        operation: &Operation<'a>,
        selected: &Selected<'a>,
    ) -> Node {
        let mut node = self.documented_part(source, operation.node, Kind::Operation);
        let tags = node.get_mut("tags").and_then(Node::as_array_mut).into_iter().flatten();
        for tag in tags {
            if let Some(fact) = tag.as_str().and_then(|name| selected.tags.get(name)) {
                tag.value = Value::String(fact.clone());
            }
        }
        // A requirement of the documented schemes means that of the facts, which have one.
        let is_open = node.get("security").is_some_and(|security| security.items().count() == 0);
        if let (Some(security), false) = (self.default_security(), is_open) {
            node.set("security", security);
        }
        let problem = format!("documented, but not in {against}", against = self.against);
        self.told.tell(Told::Unknown, &subject(operation), problem, operation.node.place, None);
        node
    }

    /// What operations of the facts require, unless they are public.
    fn default_security(&self) -> Option<Node> {
        let mut required =
            operations(self.facts).filter_map(|operation| operation.node.get("security"));
        required.find(|security| security.items().next().is_some()).cloned()
    }

    /// What the API calls back: as documented, or else as the facts say.
    fn callbacks(&mut self, source: usize, d: &'a Node, f: &'a Node) -> Option<Node> {
        let documented = d.get("callbacks").is_some();
        match (documented, f.get("callbacks")) {
            (true, _) => self.documented_part(source, d, Kind::Operation).remove("callbacks"),
            (false, Some(callbacks)) => {
                for (_, callback) in callbacks.members() {
                    self.facts_part(callback, Kind::Callback);
                }
                Some(callbacks.clone())
            }
            (false, None) => None,
        }
    }

    fn parameters(
        &mut self,
        source: usize,
        d: &Operation<'a>,
        f: &Operation<'a>,
        at: &str,
    ) -> Vec<Node> {
        let mut documented = self.documented_parameters(source, d, f);
        let facts = f.node.get("parameters").into_iter().flat_map(Node::items);
        let facts: Vec<&'a Node> = facts.map(|fact| resolved(self.facts, fact)).collect();
        self.is_request = true;
        let mut all = Vec::new();
        for fact in facts {
            let (place, name) = identity(fact);
            let said = fact.get(CORRECTS).map(|said| (said, said.as_text().unwrap_or_default()));
            if let Some((said, other)) = said {
                let seen = documented.shift_remove(&(place, other.clone()));
                let seen = seen.map_or(d.node.place, |seen| seen.place);
                let problem = format!("replaces the documented parameter `{other}`");
                let at = format!("{at} ?{name}");
                self.told.tell(Told::Corrected, &at, problem, seen, Some(said.place));
                all.push(self.facts_part(fact, Kind::Parameter));
                continue;
            }
            match documented.shift_remove(&(place, name.clone())) {
                Some(parameter) => {
                    all.push(self.parameter(source, parameter, fact, &format!("{at} ?{name}")));
                }
                None if is_marked(fact) => all.push(self.facts_part(fact, Kind::Parameter)),
                None => {
                    let problem = format!("in {}, but not documented", self.against);
                    self.tell_absent(at, &format!(" ?{name}"), &problem, (d.node, fact));
                }
            }
        }
        let new = documented.into_iter();
        all.extend(new.map(|((_, name), parameter)| {
            self.new_parameter(source, parameter, name, (at, f.node.place))
        }));
        all
    }

    /// The documented parameters by place and name, those of the path called as in the facts.
    fn documented_parameters(
        &self,
        source: usize,
        d: &Operation<'a>,
        f: &Operation<'a>,
    ) -> IndexMap<(String, String), &'a Node> {
        let names: BTreeMap<&str, &str> =
            variables(d.path).into_iter().zip(variables(f.path)).collect();
        let document = self.document(source);
        let parameters = d.node.get("parameters").into_iter().flat_map(Node::items);
        let parameters = parameters.map(|parameter| resolved(document, parameter));
        let named = parameters.map(|parameter| {
            let (place, name) = identity(parameter);
            let called = match &*place {
                "path" => names.get(&*name).map_or(name, |name| (*name).to_owned()),
                _ => name,
            };
            ((place, called), parameter)
        });
        named.collect()
    }

    /// A documented parameter that the facts don't have.
    fn new_parameter(
        &mut self,
        source: usize,
        parameter: &'a Node,
        name: String,
        (at, fact): (&str, Place),
    ) -> Node {
        let problem = format!("documented, but not in {}", self.against);
        let at = format!("{at} ?{name}");
        self.told.tell(Told::Unknown, &at, problem, parameter.place, Some(fact));
        let mut parameter = self.documented_part(source, parameter, Kind::Parameter);
        let place = parameter.place;
        parameter.set("name", Node::string(place, name));
        parameter
    }

    fn parameter(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let keys: IndexSet<&Key> = f.members().chain(d.members()).map(|(key, _)| key).collect();
        let mut members = Object::new();
        for key in keys {
            let inner = match (&**key, d.get(key), f.get(key)) {
                ("name" | "in", _, Some(f)) => Some(f.clone()),
                ("schema", Some(d), Some(f)) => Some(self.schema(source, d, f, at)),
                ("schema" | "content", Some(_), _) => {
                    self.documented_part(source, d, Kind::Parameter).remove(key)
                }
                ("schema" | "content", None, Some(_))
                    if d.get("schema").or(d.get("content")).is_some() =>
                {
                    None
                }
                ("required", documented, fact) => {
                    let is = |node: Option<&Node>| {
                        node.is_some_and(|node| node.value == Value::Boolean(true))
                    };
                    let is_known = f.get("x-required-source").is_some()
                        || f.get("x-official-required").is_some();
                    if is(documented) != is(fact) {
                        let kind = if is_known { Told::Corrected } else { Told::Followed };
                        let problem = format!(
                            "the documentation and {against} disagree on whether it is required",
                            against = self.against
                        );
                        self.told.tell(kind, at, problem, d.place, Some(f.place));
                    }
                    if is_known { fact.cloned() } else { documented.cloned() }
                }
                (_, _, Some(f)) if super::copies::is_words(key) => Some(f.clone()),
                (_, Some(d), _) => Some(d.clone()),
                (_, None, Some(fact)) => {
                    self.facts_part(f, Kind::Parameter);
                    Some(fact.clone())
                }
                (_, None, None) => None,
            };
            inner.into_iter().for_each(|inner| drop(members.insert(key.clone(), inner)));
        }
        Node::new(d.place, Value::Object(members))
    }

    fn request_body(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Option<Node> {
        let document = self.document(source);
        let documented = d.get("requestBody").map(|body| resolved(document, body));
        let fact = f.get("requestBody").map(|body| resolved(self.facts, body));
        let said = fact.and_then(|fact| fact.get(CORRECTS)).or_else(|| corrects(f, "requestBody"));
        if let Some(said) = said {
            let problem = said.as_text().unwrap_or_default();
            let place = documented.map_or(d.place, |body| body.place);
            self.told.tell(
                Told::Corrected,
                &format!("{at} body"),
                problem,
                place,
                Some(said.place),
            );
            return fact.map(|fact| self.facts_part(fact, Kind::RequestBody));
        }
        let at = format!("{at} body");
        match (documented, fact) {
            (None, None) => None,
            (Some(body), None) => {
                let problem = format!("a body is documented, but {} have none", self.against);
                self.told.tell(Told::Followed, &at, problem, body.place, Some(f.place));
                Some(self.documented_part(source, body, Kind::RequestBody))
            }
            (None, Some(fact)) if is_marked(fact) => Some(self.facts_part(fact, Kind::RequestBody)),
            (None, Some(fact)) => {
                let problem = format!("a body in {}, but none is documented", self.against);
                self.told.tell(Told::Followed, &at, problem, d.place, Some(fact.place));
                None
            }
            (Some(body), Some(fact)) => {
                let mut node = fact.clone();
                node.remove("content");
                node.remove("required");
                let is_known = fact.get("x-required-source").is_some();
                let required = if is_known { fact.get("required") } else { body.get("required") };
                let is = |node: &Node| node.is_true("required");
                if is(body) != is(fact) {
                    let kind = if is_known { Told::Corrected } else { Told::Followed };
                    let problem = "documentation and facts disagree on whether it is required";
                    self.told.tell(kind, &at, problem, body.place, Some(fact.place));
                }
                if let Some(required) = required {
                    node.set("required", required.clone());
                }
                let content = self.content(source, body, fact, &at);
                if let Some(content) = content {
                    node.set("content", content);
                }
                Some(node)
            }
        }
    }

    /// The media types of a body, documented ones first.
    fn content(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Option<Node> {
        let (Some(documented), Some(facts)) = (d.get("content"), f.get("content")) else {
            return match d.get("content") {
                Some(_) => self.documented_part(source, d, Kind::Response).remove("content"),
                None => self.facts_part(f, Kind::Response).remove("content"),
            };
        };
        let mut content = Object::new();
        let mut paired = Vec::new();
        for (media, node) in documented.members() {
            let other =
                only(documented, facts).filter(|(other, _)| is_json(media) && is_json(other));
            let fact = facts.get_key(media).zip(facts.get(media)).or(other);
            paired.extend(fact.map(|(media, _)| media));
            let node = match (node.get("schema"), fact.and_then(|(_, fact)| fact.get("schema"))) {
                (Some(schema), Some(fact)) => {
                    let mut node = node.clone();
                    let schema = self.schema(source, schema, fact, at);
                    node.set("schema", schema);
                    node
                }
                (None, Some(_)) => {
                    self.facts_part(fact.map_or(node, |(_, fact)| fact), Kind::MediaType)
                }
                _ => {
                    let problem = format!(
                        "the media type {} is documented, but not in {}",
                        &**media, self.against
                    );
                    self.told.tell(Told::Followed, at, problem, media.place, Some(facts.place));
                    self.documented_part(source, node, Kind::MediaType)
                }
            };
            content.insert(media.clone(), node);
        }
        for (media, node) in facts.members().filter(|(media, _)| !paired.contains(media)) {
            let problem =
                format!("the media type {} is in {}, but not documented", &**media, self.against);
            self.told.tell(Told::Followed, at, problem, documented.place, Some(node.place));
        }
        Some(Node::new(documented.place, Value::Object(content)))
    }

    fn responses(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let document = self.document(source);
        let (documented, facts) = (d.get("responses"), f.get("responses"));
        let mut paired: IndexSet<&str> = IndexSet::new();
        let mut all = Object::new();
        for (status, response) in documented.into_iter().flat_map(Node::members) {
            let response = resolved(document, response);
            let key = fact_for(status, documented, facts);
            paired.extend(key.map(|key| &**key));
            let of_facts = key.and_then(|key| Some((key, facts?.get(key)?)));
            let at = format!("{at} {}", &**status);
            if let Some(key) = key.filter(|key| is_success(status) && **key != *status) {
                let problem =
                    format!("documented as {}, but {} in {}", &**status, &**key, self.against);
                self.told.tell(Told::Followed, &at, problem, response.place, Some(key.place));
            }
            let node = self.documented_response(source, (status, response), of_facts, f, &at);
            node.into_iter().for_each(|node| drop(all.insert(status.clone(), node)));
        }
        for (status, response) in facts.into_iter().flat_map(Node::members) {
            if all.contains_key(&**status) || (paired.contains(&**status) && is_success(status)) {
                continue;
            }
            if is_success(status) && !is_marked(resolved(self.facts, response)) {
                let problem = format!("a status in {}, but not documented", self.against);
                let at = format!("{at} {}", &**status);
                self.told.tell(Told::Followed, &at, problem, d.place, Some(response.place));
                continue;
            }
            let node = self.facts_part(response, Kind::Response);
            all.insert(status.clone(), node);
        }
        Node::new(documented.map_or(d.place, |node| node.place), Value::Object(all))
    }

    /// What a documented response becomes; nothing where a range of the facts says it.
    fn documented_response(
        &mut self,
        source: usize,
        (status, response): (&Key, &'a Node),
        of_facts: Option<(&Key, &'a Node)>,
        operation: &'a Node,
        at: &str,
    ) -> Option<Node> {
        let fact = of_facts.map(|(_, whole)| resolved(self.facts, whole));
        let said = fact.and_then(|fact| fact.get(CORRECTS)).or_else(|| corrects(operation, status));
        // There are many errors, and a single text of the facts describes all of them.
        if let Some(said) = said.filter(|_| is_success(status)) {
            let problem = said.as_text().unwrap_or_default();
            self.told.tell(Told::Corrected, at, problem, response.place, Some(said.place));
        }
        match (fact, of_facts, said) {
            (_, Some((key, whole)), Some(_)) => (*key == *status || is_success(status))
                .then(|| self.facts_part(whole, Kind::Response)),
            (_, None, Some(_)) => {
                let description = response.get("description").cloned();
                let description = description.unwrap_or_else(|| Node::string(response.place, ""));
                Some(Node::object(response.place, [("description", description)]))
            }
            (Some(fact), _, None) => Some(self.response(source, response, fact, at)),
            (None, _, None) => {
                if is_success(status) {
                    let problem = format!("documented, but not in {}", self.against);
                    self.told.tell(
                        Told::Followed,
                        at,
                        problem,
                        response.place,
                        Some(operation.place),
                    );
                }
                Some(self.documented_part(source, response, Kind::Response))
            }
        }
    }

    fn response(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let mut node = f.clone();
        node.remove("content");
        if node.get("headers").is_some() {
            self.facts_part(f, Kind::Response);
        }
        if let Some(headers) = self.documented_part(source, d, Kind::Response).remove("headers") {
            let known = node.object_at("headers");
            if let Some(known) = known {
                for (name, header) in headers.members() {
                    if known.get(name).is_none() {
                        known.set(name, header.clone());
                    }
                }
            }
        }
        let says = |node: &Node| {
            node.get("content").is_some_and(|content| content.members().next().is_some())
        };
        let content = match (says(d), says(f)) {
            (true, true) => self.content(source, d, f, at),
            (true, false) => {
                let problem = format!("a body is documented, but {} have none", self.against);
                self.told.tell(Told::Followed, at, problem, d.place, Some(f.place));
                self.documented_part(source, d, Kind::Response).remove("content")
            }
            (false, true) => {
                if !at.ends_with("00") || d.get("content").is_none() {
                    let problem = format!("a body in {}, but none is documented", self.against);
                    self.told.tell(Told::Filled, at, problem, d.place, Some(f.place));
                }
                self.facts_part(f, Kind::Response);
                f.get("content").cloned()
            }
            (false, false) => None,
        };
        if let Some(content) = content {
            node.set("content", content);
        }
        node
    }

    /// Compares later documented sources of an operation with the first, and reports differences.
    pub(super) fn compare_covered(&mut self, selected: &Selected<'a>) {
        for (source, operation) in &selected.covered {
            let Some((first, taken)) = selected.documented.get(&request(operation)) else {
                continue;
            };
            let second = self.document(*source);
            let reach = Reach::of(second);
            let names = Names::default();
            let documented = std::slice::from_ref(&self.documented[*first]);
            let mut beside = Pass::new(documented, second, &names, &reach, "the page");
            beside.operation(0, taken, operation);
            beside.follow();
            for difference in beside.told.into_all() {
                let Difference { subject, problem, documented, facts, .. } = difference;
                let place = facts.unwrap_or(operation.node.place);
                self.told.tell(Told::Covered, &subject, problem, place, Some(documented));
            }
        }
    }
}

fn put(paths: &mut Node, path: &Key, method: &Key, node: Node) {
    if let Some(item) = paths.object_at(path) {
        item.set(method, node);
    }
}

fn subject(operation: &Operation<'_>) -> String {
    let id = operation.node.get_str("operationId").map(str::to_owned);
    id.unwrap_or_else(|| format!("{} {}", operation.method.to_uppercase(), &**operation.path))
}

fn identity(parameter: &Node) -> (String, String) {
    let text = |key: &str| parameter.get_str(key).unwrap_or_default().to_owned();
    (text("in"), text("name"))
}

/// What the facts say against a field of a documented operation.
fn corrects<'a>(fact: &'a Node, field: &str) -> Option<&'a Node> {
    fact.get(CORRECTS)?.get(field)
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// The key of the facts' response for a documented status: the same status, the only success status
/// if the documentation doesn't have it, or a range of errors.
fn fact_for<'a>(
    status: &str,
    documented: Option<&Node>,
    facts: Option<&'a Node>,
) -> Option<&'a Key> {
    let facts = facts?;
    if let Some(key) = facts.get_key(status) {
        return Some(key);
    }
    if !is_success(status) {
        let range = status.get(..1).map(|class| format!("{class}XX"));
        let range = range.and_then(|range| facts.get_key(&range));
        return range.or_else(|| facts.get_key("default"));
    }
    let is_open = |key: &Key| documented.is_none_or(|documented| documented.get(key).is_none());
    let mut open =
        facts.members().map(|(key, _)| key).filter(|key| is_success(key) && is_open(key));
    let only = open.next();
    only.filter(|_| open.next().is_none())
}

/// The media type of the facts where both have one.
fn only<'a>(documented: &Node, facts: &'a Node) -> Option<(&'a Key, &'a Node)> {
    let is_one = documented.members().count() == 1 && facts.members().count() == 1;
    facts.members().next().filter(|_| is_one)
}

//! Merges a documented schema with that of the facts in the same place: the documented shape, with
//! the facts' names and annotations.

use indexmap::IndexSet;

use super::{
    copies::is_words,
    difference::{Difference, DifferenceKind as Told},
    form::Form,
    names::Names,
    pass::{Pass, Shape},
    properties::Properties,
    view::View,
};
use crate::document::{Key, Kind, Node, Object, Value, is_assertion};

/// By this the facts say what the documentation has and why it is wrong.
pub(super) const CORRECTS: &str = "x-corrects";
/// The documentation requires a property that may be left out.
const OFFICIALLY_REQUIRED: &str = "x-official-required";
/// The documentation has another type.
const OFFICIAL_TYPE: &str = "x-official-type";
/// The facts know from elsewhere what is required.
const REQUIRED_SOURCE: &str = "x-required-source";
/// The facts know values from elsewhere: value -> source.
const VALUE_SOURCE: &str = "x-value-source";
/// The facts know of this from elsewhere.
const SOURCE: &str = "x-source";

/// How deeply schemas without names may hold one another.
const DEEPEST: usize = 64;

impl<'a> Pass<'a> {
    /// A documented schema in a place where the facts have one.
    pub(super) fn schema(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let document = self.document(source);
        let documented = View::of(document, d);
        let fact = View::of(self.facts, f);
        if let (Some(name), Some(of_facts)) = (documented.name, fact.name) {
            let votes = self.votes.entry((source, name.to_owned())).or_default();
            *votes.entry(of_facts.to_owned()).or_default() += 1;
        }
        if self.is_corrected(source, &fact, &documented, at) {
            return self.facts_part(f, Kind::Schema);
        }
        let (inner, wrappers) = match fact.name {
            Some(name) => {
                let View { name: own, wrappers, schema } = documented;
                let shape = Shape { source, schema, name: own };
                (self.reference(d, name, Some(shape)), wrappers)
            }
            None if self.keeps_its_name(&documented, fact.schema) => {
                (self.documented_part(source, d, Kind::Schema), Vec::new())
            }
            None => {
                let View { wrappers, schema, .. } = View::through(document, d);
                (self.shape(source, schema, fact.schema, at), wrappers)
            }
        };
        with_words(inner, &wrappers, &fact.wrappers)
    }

    /// What a documented schema becomes under the name of a schema of the facts.
    pub(super) fn component(&mut self, shape: Shape<'a>, fact: &'a Node, name: &str) -> Node {
        if let Some(said) = fact.get(CORRECTS) {
            self.tell_correction(shape.source, said, (shape.schema, fact), name);
            return self.facts_part(fact, Kind::Schema);
        }
        let is_bare =
            fact.reference_target().is_none() && View::of(self.facts, fact).wrappers.is_empty();
        match is_bare {
            true => {
                let view = View::through(self.document(shape.source), shape.schema);
                let inner = self.shape(shape.source, view.schema, fact, name);
                with_words(inner, &view.wrappers, &[])
            }
            false => self.schema(shape.source, shape.schema, fact, name),
        }
    }

    /// Whether the facts say that the documentation is wrong here.
    fn is_corrected(
        &mut self,
        source: usize,
        fact: &View<'a>,
        documented: &View<'a>,
        at: &str,
    ) -> bool {
        let own = fact.name.is_none().then_some(fact.schema);
        let said = fact.wrappers.iter().copied().chain(own).find_map(|node| node.get(CORRECTS));
        if let Some(said) = said {
            self.tell_correction(source, said, (documented.schema, fact.schema), at);
        }
        said.is_some()
    }

    /// Tells of a correction, and of one that no documented schema of its place needs any more.
    fn tell_correction(
        &mut self,
        source: usize,
        said: &Node,
        (documented, fact): (&'a Node, &'a Node),
        at: &str,
    ) {
        let why = said.as_text().unwrap_or_default();
        self.told.tell(Told::Corrected, at, why, documented.place, Some(said.place));
        if self.differ(source, documented, fact) {
            self.told.present(at, CORRECTS);
            return;
        }
        let needless = Difference {
            kind: Told::AboutNothing,
            subject: at.to_owned(),
            problem: format!("`{CORRECTS}` corrects nothing: the documentation says the same"),
            documented: documented.place,
            facts: Some(said.place),
        };
        self.told.absent(at, CORRECTS, vec![needless]);
    }

    /// Whether a documented schema and one of the facts disagree, those that they name aside.
    fn differ(&self, source: usize, d: &'a Node, f: &'a Node) -> bool {
        let names = Names::default();
        let mut beside = Pass::new(self.documented, self.facts, &names, self.reach, self.against);
        beside.is_request = self.is_request;
        let d = View::through(self.document(source), d).schema;
        beside.shape(source, d, View::through(self.facts, f).schema, "");
        beside.told.into_all().iter().any(|difference| difference.kind.is_open())
    }

    /// A documented schema with a name, of which the facts know nothing but that it is there.
    fn keeps_its_name(&self, documented: &View<'a>, fact: &Node) -> bool {
        let is_structured = |schema: &Node| {
            matches!(Form::of(schema), Form::Object | Form::Union) || schema.get("enum").is_some()
        };
        documented.name.is_some()
            && is_structured(documented.schema)
            && Form::of(fact) == Form::Anything
    }

    /// Two schemas that are no references.
    fn shape(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let documented = Form::seen(self.document(source), d);
        let fact = Form::seen(self.facts, f);
        if self.depth > DEEPEST {
            let problem = "nested too deeply to be compared";
            self.told.tell(Told::AboutNothing, at, problem, d.place, Some(f.place));
            return self.facts_part(f, Kind::Schema);
        }
        if documented == Form::Anything && fact != Form::Anything {
            let problem = format!("not documented in detail, but {fact} in {}", self.against);
            self.told.tell(Told::Filled, at, problem, d.place, Some(f.place));
            return with_words(self.facts_part(f, Kind::Schema), &[d], &[]);
        }
        let is_known = fact == Form::Anything || documented.agrees_with(fact);
        if !is_known && f.get(OFFICIAL_TYPE).is_some() {
            let problem = format!("documented as {documented}");
            self.told.tell(Told::Corrected, at, problem, d.place, Some(f.place));
            return self.facts_part(f, Kind::Schema);
        }
        if !is_known {
            let problem = format!("documented as {documented}, but {fact} in {}", self.against);
            self.told.tell(Told::Followed, at, problem, d.place, Some(f.place));
            for (key, node) in f.members().filter(|(key, _)| is_annotation(key)) {
                let problem =
                    format!("`{}` refers to something that is documented differently", &**key);
                self.told.tell(Told::AboutNothing, at, problem, d.place, Some(node.place));
            }
            let mut inner = self.documented_part(source, d, Kind::Schema);
            let description = f.get("description").filter(|_| inner.as_object().is_some());
            if let Some(text) = description {
                inner.set("description", text.clone());
            }
            return inner;
        }
        self.depth += 1;
        let members = self.members(source, d, f, at);
        self.depth -= 1;
        members
    }

    /// The members of two schemas of one form, in the order of the facts.
    fn members(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let keys: IndexSet<&Key> = f.members().chain(d.members()).map(|(key, _)| key).collect();
        let is_object = Form::seen(self.document(source), d) == Form::Object;
        let of_objects = ["properties", "required", "additionalProperties", "allOf"];
        let mut members = Object::new();
        for key in keys.into_iter().filter(|key| !is_object || !of_objects.contains(&&***key)) {
            if let Some(member) = self.member(source, key, (d, f), at) {
                members.insert(key.clone(), member);
            }
        }
        let mut node = Node::new(d.place, Value::Object(members));
        if is_object {
            self.object(source, d, f, at, &mut node);
        }
        node
    }

    /// A member of two schemas, either of which may lack it.
    fn member(
        &mut self,
        source: usize,
        key: &str,
        (d, f): (&'a Node, &'a Node),
        at: &str,
    ) -> Option<Node> {
        match (key, d.get(key), f.get(key)) {
            ("enum", ..) => self.values(d, f, at),
            ("items", Some(d), Some(f)) => Some(self.schema(source, d, f, &format!("{at}[]"))),
            ("oneOf" | "anyOf", ..) => self.union(source, key, (d, f), at),
            ("discriminator", Some(_), _) => self.documented_member(source, d, key, Kind::Schema),
            ("title", _, title) => title.cloned(),
            ("nullable" | "deprecated", documented, fact) => {
                let is = |node: Option<&Node>| node.is_some_and(is_true);
                if key == "nullable" && is(documented) && !is(fact) {
                    let problem = format!("documented as nullable, but not in {}", self.against);
                    self.told.tell(Told::Followed, at, problem, d.place, Some(f.place));
                }
                documented.filter(|node| is_true(node)).or(fact).or(documented).cloned()
            }
            (key, d, f) if is_words(key) => f.or(d).cloned(),
            (key, Some(d), Some(f)) => {
                if d != f {
                    self.tell_of_keyword(key, d, f, at);
                }
                Some(d.clone())
            }
            (_, Some(value), None) => {
                if key == "format" {
                    let format = value.as_text().unwrap_or_default();
                    let against = self.against;
                    let problem =
                        format!("the format {format} is documented, but not in {against}");
                    self.told.tell(Told::Followed, at, problem, value.place, Some(f.place));
                }
                self.documented_member(source, d, key, Kind::Schema)
            }
            (_, None, fact) => {
                if let Some(fact) = fact.filter(|_| is_assertion(key)) {
                    let problem = format!("{key} is in {}, but not documented", self.against);
                    self.told.tell(Told::Filled, at, problem, d.place, Some(fact.place));
                }
                self.facts_member(f, key, Kind::Schema)
            }
        }
    }

    /// A union under the keyword of the facts, or under the documented one where they have none.
    fn union(
        &mut self,
        source: usize,
        key: &str,
        (d, f): (&'a Node, &'a Node),
        at: &str,
    ) -> Option<Node> {
        let of = |node: &'a Node| node.get("oneOf").or(node.get("anyOf"));
        match (of(d), f.get(key)) {
            (Some(d), Some(f)) => Some(self.branches(source, d, f, at)),
            (None, Some(_)) => self.facts_member(f, key, Kind::Schema),
            // Under the other keyword.
            (_, None) if of(f).is_some() => None,
            (_, None) => self.documented_member(source, d, key, Kind::Schema),
        }
    }

    fn tell_of_keyword(&mut self, key: &str, d: &Node, f: &Node, at: &str) {
        if is_assertion(key) || key == "type" {
            let shown = |node: &Node| node.as_text().unwrap_or_else(|| "another".to_owned());
            let (documented, fact) = (shown(d), shown(f));
            let problem = match key {
                "type" => format!("documented as {documented}, but {fact} in {}", self.against),
                _ => format!("{key} is documented as {documented}, but {fact} in {}", self.against),
            };
            self.told.tell(Told::Followed, at, problem, d.place, Some(f.place));
        }
    }

    /// The documented values, those that the facts know too in their order, and those that they know
    /// from elsewhere.
    fn values(&mut self, d: &'a Node, f: &'a Node, at: &str) -> Option<Node> {
        let (documented, facts) = match (d.get("enum"), f.get("enum")) {
            (None, None) => return None,
            (None, Some(facts)) => {
                let problem = format!("no values are documented, but {} have some", self.against);
                self.told.tell(Told::Filled, at, problem, d.place, Some(facts.place));
                return Some(facts.clone());
            }
            (Some(documented), None) => {
                let values = documented.as_text().unwrap_or_default();
                let problem =
                    format!("values are documented, but {} have none: {values}", self.against);
                self.told.tell(Told::Followed, at, problem, documented.place, Some(f.place));
                return Some(documented.clone());
            }
            (Some(documented), Some(facts)) => (documented, facts),
        };
        let is_in = |list: &Node, value: &Node| list.items().any(|other| other == value);
        let mut values = Vec::new();
        for value in facts.items() {
            let text = value.as_text().unwrap_or_default();
            let is_seen = f.get(VALUE_SOURCE).is_some_and(|seen| seen.get(&text).is_some());
            match (is_in(documented, value), is_seen) {
                (true, _) => self.told.present(at, &text),
                (false, true) => {}
                (false, false) => {
                    self.tell_absent_value(at, &text, documented, (f, value));
                    continue;
                }
            }
            values.push(value.clone());
        }
        for value in documented.items().filter(|value| !is_in(facts, value)) {
            let text = value.as_text().unwrap_or_default();
            let problem = format!("the value {text} is documented, but not in {}", self.against);
            self.told.tell(Told::Followed, at, problem, value.place, Some(facts.place));
            values.push(value.clone());
        }
        Some(Node::array(documented.place, values))
    }

    /// Notes a value that is not documented, and what the facts say of it.
    fn tell_absent_value(
        &mut self,
        at: &str,
        text: &str,
        documented: &Node,
        (fact, value): (&Node, &Node),
    ) {
        let difference = |kind, problem, facts| Difference {
            kind,
            subject: at.to_owned(),
            problem,
            documented: documented.place,
            facts: Some(facts),
        };
        let speaks_of =
            |node: &Node| node.items().any(|item| item == value) || node.get(text).is_some();
        let annotations =
            fact.members().filter(|(key, node)| is_annotation(key) && speaks_of(node));
        let annotations = annotations.map(|(key, node)| {
            let problem =
                format!("`{}` refers to the value {text}, which is not documented", &**key);
            difference(Told::AboutNothing, problem, node.place)
        });
        let problem = format!("the value {text} is in {}, but not documented", self.against);
        let gone = difference(Told::Followed, problem, value.place);
        let differences = std::iter::once(gone).chain(annotations).collect();
        self.told.absent(at, text, differences);
    }

    /// The branches of two unions: those that are the same in the order of the facts, then what else
    /// is documented.
    fn branches(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str) -> Node {
        let mut left: Vec<&'a Node> = d.items().collect();
        let mut all = Vec::new();
        for fact in f.items() {
            let best = left
                .iter()
                .enumerate()
                .map(|(at, branch)| (self.likeness(source, branch, fact), at));
            let best = best
                .filter(|(likeness, _)| *likeness > 0)
                .max_by_key(|(likeness, at)| (*likeness, usize::MAX - at));
            let is_seen = is_seen(self.facts, fact, View::of(self.facts, fact).schema);
            match best {
                None if is_seen => all.push(self.facts_part(fact, Kind::Schema)),
                Some((_, index)) => {
                    self.told.present(at, &format!("<{}>", self.label(fact)));
                    let branch = left.remove(index);
                    all.push(self.schema(
                        source,
                        branch,
                        fact,
                        &format!("{at}<{}>", all.len() + 1),
                    ));
                }
                None => {
                    let part = format!("<{}>", self.label(fact));
                    let problem = format!("a branch in {}, but not documented", self.against);
                    self.tell_absent(at, &part, &problem, (d, fact));
                }
            }
        }
        for branch in left {
            let problem = format!("a branch is documented, but not in {}", self.against);
            self.told.tell(Told::Followed, at, problem, branch.place, Some(f.place));
            all.push(self.documented_part(source, branch, Kind::Schema));
        }
        Node::array(d.place, all)
    }

    fn label(&self, fact: &'a Node) -> String {
        let view = View::of(self.facts, fact);
        view.name.map_or_else(|| Form::of(view.schema).to_string(), |name| format!("`{name}`"))
    }

    /// How much two branches have in common; nothing where they can't be the same.
    fn likeness(&self, source: usize, d: &'a Node, f: &'a Node) -> usize {
        let document = self.document(source);
        let (d, f) = (View::through(document, d).schema, View::through(self.facts, f).schema);
        let (documented, fact) = (Form::of(d), Form::of(f));
        if documented != fact {
            return usize::from(documented.agrees_with(fact));
        }
        if documented != Form::Object {
            return if d.get("format") == f.get("format") { 3 } else { 2 };
        }
        let (ours, theirs) = (Properties::of(document, d), Properties::of(self.facts, f));
        let mut likeness = 1;
        for (name, (property, _)) in &ours.by_name {
            let Some((fact, _)) = theirs.by_name.get(name) else {
                continue;
            };
            let values = |document, node| {
                let schema = View::through(document, node).schema;
                schema.get("enum").cloned()
            };
            likeness += match (values(document, property), values(self.facts, fact)) {
                // One value of a tag tells branches apart.
                (Some(a), Some(b))
                    if a.items().any(|value| b.items().any(|other| other == value)) =>
                {
                    100
                }
                (Some(_), Some(_)) => return 0,
                _ => 2,
            };
        }
        likeness
    }

    /// What two objects hold.
    fn object(&mut self, source: usize, d: &'a Node, f: &'a Node, at: &str, into: &mut Node) {
        let documented = Properties::of(self.document(source), d);
        let facts = Properties::of(self.facts, f);
        let mut properties = Object::new();
        for (name, (fact, holder)) in &facts.by_name {
            let property = documented.by_name.get(name).map(|(property, _)| *property);
            let is_open = documented.says_nothing() && !is_closed(d);
            let kept = match property {
                Some(property) => {
                    self.told.present(at, &format!(".{name}"));
                    Some(self.schema(source, property, fact, &format!("{at}.{name}")))
                }
                None => self.undocumented_property(name, (fact, holder), (d, is_open), at),
            };
            kept.into_iter().for_each(|kept| {
                properties.insert(Key::new(fact.place, *name), kept);
            });
        }
        for (name, (property, _)) in &documented.by_name {
            if !facts.by_name.contains_key(name) {
                let problem = format!("documented, but not in {}", self.against);
                let at = format!("{at}.{name}");
                self.told.tell(Told::Unknown, &at, problem, property.place, Some(f.place));
                let property = self.documented_part(source, property, Kind::Schema);
                properties.insert(Key::new(property.place, *name), property);
            }
        }
        let required = self.required(&documented, &facts, &properties, at);
        if !required.is_empty() {
            let place = d.get("required").map_or(d.place, |node| node.place);
            let names = required.iter().map(|name| Node::string(place, *name));
            into.set("required", Node::array(place, names));
        }
        if !properties.is_empty() {
            into.set("properties", Node::new(d.place, Value::Object(properties)));
        }
        let others = self.other_properties(source, documented.others, facts.others, at);
        if let Some(others) = others {
            into.set("additionalProperties", others);
        }
    }

    /// A property of the facts that is not documented: it stays where they know it from elsewhere,
    /// or where the documentation says nothing of what is inside.
    fn undocumented_property(
        &mut self,
        name: &str,
        (fact, holder): (&'a Node, &'a Node),
        (documented, is_open): (&'a Node, bool),
        at: &str,
    ) -> Option<Node> {
        if is_seen(self.facts, fact, holder) {
            return Some(self.facts_part(fact, Kind::Schema));
        }
        if is_open {
            let problem = "its content is not documented";
            self.told.tell(Told::Filled, at, problem, documented.place, Some(holder.place));
            return Some(self.facts_part(fact, Kind::Schema));
        }
        let problem = format!("in {}, but not documented", self.against);
        self.tell_absent(at, &format!(".{name}"), &problem, (documented, fact));
        None
    }

    /// What all other properties are.
    fn other_properties(
        &mut self,
        source: usize,
        documented: Option<&'a Node>,
        facts: Option<&'a Node>,
        at: &str,
    ) -> Option<Node> {
        let is_schema = |node: &Node| node.as_object().is_some();
        match (documented, facts) {
            (Some(d), Some(f)) if is_schema(d) && is_schema(f) => {
                Some(self.schema(source, d, f, &format!("{at}.*")))
            }
            (Some(d), _) if is_schema(d) => Some(self.documented_part(source, d, Kind::Schema)),
            (Some(d), _) => Some(d.clone()),
            (None, Some(f)) if is_schema(f) => Some(self.facts_part(f, Kind::Schema)),
            (None, others) => others.cloned(),
        }
    }

    /// Which properties are required: as documented, but where the facts know better. What is
    /// received may lack what was only promised, so that the facts' word that it may is kept.
    fn required(
        &mut self,
        documented: &Properties<'a>,
        facts: &Properties<'a>,
        properties: &Object,
        at: &str,
    ) -> Vec<&'a str> {
        let names: IndexSet<&'a str> =
            facts.required.union(&documented.required).copied().collect();
        let names = names.into_iter().filter(|name| properties.contains_key(*name));
        let mut required = Vec::new();
        for name in names {
            let fact = facts.by_name.get(name);
            let is_required =
                match (documented.required.contains(name), facts.required.contains(name)) {
                    (true, true) => true,
                    (true, false) => match fact {
                        None => true,
                        Some((fact, _)) => self.follows_requirement(fact, name, documented, at),
                    },
                    (false, _) => match fact {
                        Some((fact, holder)) => {
                            self.keeps_requirement(fact, holder, name, documented, at)
                        }
                        None => false,
                    },
                };
            if is_required {
                required.push(name);
            }
        }
        required
    }

    /// Documented as required, and the facts say that it may be left out.
    fn follows_requirement(
        &mut self,
        fact: &'a Node,
        name: &str,
        documented: &Properties<'a>,
        at: &str,
    ) -> bool {
        let Some((property, _)) = documented.by_name.get(name) else {
            return false;
        };
        let at = format!("{at}.{name}");
        let (kind, problem) = match (fact.get(OFFICIALLY_REQUIRED).is_some(), self.is_request) {
            (true, _) => (Told::Corrected, "documented as required, but may be missing"),
            (false, false) => return false,
            (false, true) => (Told::Followed, "documented as required, but not in the facts"),
        };
        self.told.tell(kind, &at, problem, property.place, Some(fact.place));
        kind == Told::Followed
    }

    /// Required by the facts, and the documentation says that it may be left out, or nothing.
    fn keeps_requirement(
        &mut self,
        fact: &'a Node,
        holder: &'a Node,
        name: &str,
        documented: &Properties<'a>,
        at: &str,
    ) -> bool {
        let Some((property, _)) = documented.by_name.get(name) else {
            return true;
        };
        let at = format!("{at}.{name}");
        let is_known = fact.get(REQUIRED_SOURCE).is_some() || holder.get(REQUIRED_SOURCE).is_some();
        let (kind, problem) = match is_known {
            true => (Told::Corrected, "required, but not documented as such"),
            false => (Told::Followed, "required, but documented as optional"),
        };
        self.told.tell(kind, &at, problem, property.place, Some(fact.place));
        is_known
    }

    /// Notes a part of the facts that a documented schema lacks, with what they say of it.
    pub(super) fn tell_absent(
        &mut self,
        within: &str,
        part: &str,
        problem: &str,
        (documented, fact): (&Node, &Node),
    ) {
        let subject = format!("{within}{part}");
        let difference = |kind, problem, facts| Difference {
            kind,
            subject: subject.clone(),
            problem,
            documented: documented.place,
            facts: Some(facts),
        };
        let annotations = fact.members().filter(|(key, _)| is_annotation(key));
        let annotations = annotations.map(|(key, node)| {
            let problem = format!("`{}` refers to something that is not documented", &**key);
            difference(Told::AboutNothing, problem, node.place)
        });
        let gone = difference(Told::Followed, problem.to_owned(), fact.place);
        let differences = std::iter::once(gone).chain(annotations).collect();
        self.told.absent(within, part, differences);
    }
}

/// What is said about a fact, and not where it is known from.
fn is_annotation(key: &str) -> bool {
    key.starts_with("x-")
        && !key.ends_with("source")
        && key != OFFICIALLY_REQUIRED
        && key != OFFICIAL_TYPE
}

fn is_true(node: &Node) -> bool {
    node.value == Value::Boolean(true)
}

fn is_closed(schema: &Node) -> bool {
    schema.get("additionalProperties").is_some_and(|node| node.value == Value::Boolean(false))
}

/// Whether the facts know of a property from elsewhere than the documentation.
fn is_seen(facts: &Node, fact: &Node, holder: &Node) -> bool {
    let view = View::of(facts, fact);
    let own = view.wrappers.iter().any(|wrapper| wrapper.get(SOURCE).is_some());
    own || fact.get(SOURCE).is_some() || holder.get(SOURCE).is_some()
}

/// Whether the facts know of something from elsewhere than the documentation.
pub(super) fn is_marked(fact: &Node) -> bool {
    fact.get(SOURCE).is_some()
}

/// A schema with what is said of its place: the words of the facts, and the documented ones where
/// they have none. Both are given from the outside in.
pub(super) fn with_words(inner: Node, documented: &[&Node], facts: &[&Node]) -> Node {
    let (documented, facts) = (words(documented), words(facts));
    if documented.is_empty() && facts.is_empty() {
        return inner;
    }
    let place = inner.place;
    let mut whole = match inner.reference_target() {
        Some(_) => Node::object(place, [("allOf", Node::array(place, [inner]))]),
        None => inner,
    };
    let is_said = |whole: &Node, key: &str| {
        whole.get(key).is_some_and(|said| !is_possibility(key) || is_true(said))
    };
    for (key, node) in facts {
        if !is_possibility(&key) || !is_said(&whole, &key) {
            whole.set(&key, node);
        }
    }
    for (key, node) in documented {
        // A title names a type, and the facts name it.
        if &*key != "title" && !is_said(&whole, &key) {
            whole.set(&key, node);
        }
    }
    whole
}

/// What wrappers say of a place, the outermost last.
fn words(wrappers: &[&Node]) -> Object {
    let mut words = Object::new();
    for (key, node) in wrappers.iter().rev().flat_map(|wrapper| wrapper.members()) {
        let is_of_place = is_words(key)
            || is_possibility(key)
            || matches!(&**key, "default" | "readOnly" | "writeOnly" | "xml");
        let is_said = is_possibility(key) && words.get(&**key).is_some_and(is_true);
        if is_of_place && !is_said {
            words.insert(key.clone(), node.clone());
        }
    }
    words
}

/// Whether a keyword says that something may be so, which one who says it is enough for.
fn is_possibility(key: &str) -> bool {
    matches!(key, "nullable" | "deprecated")
}

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use indexmap::IndexMap;

use super::{
    inner_compositions,
    names::{FreeNames, add_schemas},
    reach::pascal,
    unite::{United, says_nothing, unite, unwrapped},
};
use crate::{
    document::{
        ASSERTIONS, Document, Key, Kind, Node, Object, Pointer, Value, branches, is_assertion,
        is_union, walk,
    },
    rule::{Context, Example, Rule},
};

/// An object that is composed of others is written out.
pub(super) const RULE: Rule = Rule {
    name: "compositions",
    summary: "an `allOf` of objects becomes one object with all their properties",
    reason: "The generator's own merging fails silently: it omits properties that have two types \
             or two formats, and those that a closed part doesn't list, and overflows its stack if \
             parts contain each other. A property that no value can satisfy is kept as untyped \
             JSON.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Item:
      description: An item.
      allOf:
        - $ref: '#/components/schemas/Base'
        - {type: object, required: [size], properties: {size: {type: integer}}}
    Base: {type: object, required: [id], properties: {id: {type: string}, size: {type: number}}}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Item:
      type: object
      description: An item.
      properties: {id: {type: string}, size: {type: integer}}
      required: [id, size]
    Base: {type: object, required: [id], properties: {id: {type: string}, size: {type: number}}}
",
    },
    apply: write_out,
};

/// How often what was written out is looked at again: that deep are compositions inside each other.
const ROUNDS: usize = 24;

/// Writes all compositions of objects out.
pub(super) fn write_out(document: &mut Node, context: &mut Context<'_>) {
    if inner_compositions::refuse(document, context) {
        return;
    }
    let mut pairs = Pairs::of(document);
    for _ in 0..ROUNDS {
        let written = written_out(document, &mut pairs);
        if written.is_empty() {
            return;
        }
        for (pointer, object, contradictions) in written {
            for what in contradictions {
                tell(document, &pointer, &what, context);
            }
            if let Some(schema) = document.at_mut(&pointer) {
                *schema = object;
            }
            context.changed(pointer.to_string());
        }
        pairs.define(document);
        // What was united may hold what it is a part of.
        if inner_compositions::refuse(document, context) {
            return;
        }
    }
    for (pointer, ..) in written_out(document, &mut pairs) {
        let place = document.at(&pointer).map_or(document.place, |node| node.place);
        let problem = format!("this `allOf` is still not expanded after {ROUNDS} rounds");
        let remedy = "move the nested objects into components";
        context.refuse(document, &pointer, place, problem, remedy);
    }
}

fn tell(document: &Node, pointer: &Pointer, what: &str, context: &mut Context<'_>) {
    let place = document.at(pointer).map_or(document.place, |node| node.place);
    let problem = format!("the parts of this `allOf` contradict each other about {what}");
    let remedy = "the client returns it as untyped JSON; correct the parts to get a type";
    context.warn(document, pointer, place, problem, remedy);
}

/// The compositions of objects and what they become, with the properties that no value fits. The
/// inner ones come first; where an outer one was made of them, its next look writes them out.
fn written_out(document: &Node, pairs: &mut Pairs) -> Vec<(Pointer, Node, Vec<String>)> {
    let mut written = Vec::new();
    walk(document, &mut |node, kind, pointer| {
        if kind != Kind::Schema || node.get("allOf").is_none() {
            return;
        }
        let parts = Composition::of(document, node, pointer);
        let (united, contradictions) = match parts.are_objects() {
            true if parts.are_several(node) => parts.unite(node, pairs),
            false if let Some(united) = parts.unite_scalars(node) => united,
            _ => return,
        };
        written.push((pointer.clone(), united, contradictions));
    });
    written.reverse();
    written
}

/// Whether a schema is an object, or is composed of such.
pub(super) fn is_object(document: &Node, schema: &Node) -> bool {
    let parts = Composition::of(document, schema, &Pointer::root());
    !parts.found.is_empty() && parts.are_objects()
}

/// The properties of an object, and of those that it is composed of.
pub(super) fn properties<'a>(
    document: &'a Node,
    schema: &'a Node,
) -> impl Iterator<Item = (&'a Key, &'a Node)> {
    let parts = Composition::of(document, schema, &Pointer::root());
    parts.properties().collect::<Vec<_>>().into_iter()
}

/// Their names.
pub(super) fn property_names<'a>(document: &'a Node, schema: &'a Node) -> HashSet<&'a str> {
    properties(document, schema).map(|(name, _)| &**name).collect()
}

/// What a schema is composed of, through references.
struct Composition<'a> {
    document: &'a Node,
    /// The position of the schema.
    whole: Pointer,
    /// What a part is made of comes before it, and the schema itself last: the later one is the
    /// nearer definition.
    found: Vec<&'a Node>,
}

impl<'a> Composition<'a> {
    /// The parts of the schema at this position, each once.
    fn of(document: &'a Node, schema: &'a Node, whole: &Pointer) -> Self {
        let mut found: Vec<&Node> = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![(schema, false)];
        while let Some((part, is_open)) = open.pop() {
            if is_open {
                found.push(part);
                continue;
            }
            let Some(part) = Document(document).resolve(part) else {
                continue;
            };
            if seen.insert(std::ptr::from_ref(part)) {
                open.push((part, true));
                let parts = part.get("allOf").into_iter().flat_map(Node::items);
                open.extend(parts.map(|part| (part, false)).collect::<Vec<_>>().into_iter().rev());
            }
        }
        Self { document, whole: whole.clone(), found }
    }

    /// Whether there is anything to unite: one part alone is another name for it.
    fn are_several(&self, schema: &Node) -> bool {
        let own = usize::from(!says_nothing_itself(schema));
        let parts = schema.get("allOf").into_iter().flat_map(Node::items);
        let several = own + parts.filter(|part| !says_nothing(part)).count() > 1;
        several || self.found.iter().any(|part| self.is_branch_of(part))
    }

    fn are_objects(&self) -> bool {
        self.found.iter().all(|part| {
            let is_object = part.get_str("type").is_none_or(|name| name == "object");
            let of_objects = |(keyword, _): (&Key, &Node)| {
                let known = ASSERTIONS.iter().find(|(known, _)| *known == &**keyword);
                known.is_none_or(|(_, types)| types.contains(&"object"))
            };
            let is_plain = !is_union(part) || self.is_branch_of(part);
            is_object && is_plain && part.members().all(of_objects)
        })
    }

    /// Whether a part is a union of which the schema is a branch: as a part it means what the
    /// branches share.
    fn is_branch_of(&self, union: &'a Node) -> bool {
        let Some((whole, parts)) = self.found.split_last() else {
            return false;
        };
        if !is_union(union) || !parts.iter().any(|part| std::ptr::eq(*part, union)) {
            return false;
        }
        let mut reached = HashSet::new();
        let mut open: Vec<&Node> = branches(union).collect();
        while let Some(branch) = open.pop() {
            let target = branch.reference_target().and_then(Pointer::from_reference);
            if std::ptr::eq(branch, *whole) || target.as_ref() == Some(&self.whole) {
                return true;
            }
            match target {
                Some(target) if reached.insert(target.clone()) => {
                    open.extend(self.document.at(&target));
                }
                Some(_) => {}
                None => {
                    open.extend(branches(branch));
                    open.extend(branch.get("allOf").into_iter().flat_map(Node::items));
                }
            }
        }
        false
    }

    /// The replacement for parts that are not objects, where the generator would see a
    /// contradiction.
    fn unite_scalars(&self, schema: &Node) -> Option<(Node, Vec<String>)> {
        if self.found.iter().any(|part| is_union(part)) {
            return None;
        }
        let parts = self.found.iter().map(|part| without_parts(part));
        let parts: Vec<Node> = parts.filter(|part| !says_nothing(part)).collect();
        let (first, others) = parts.split_first()?;
        if !others.iter().any(|other| differ(first, other)) {
            return None;
        }
        let united = others.iter().try_fold(first.clone(), |known, other| {
            match unite(self.document, &known, other) {
                United::As(schema) => Some(schema),
                United::Contradiction | United::Objects => None,
            }
        });
        let contradictions = if united.is_none() { vec!["it".to_owned()] } else { Vec::new() };
        let mut united = united.unwrap_or_else(|| Node::object(schema.place, []));
        let words =
            schema.members().filter(|(keyword, _)| !["allOf", "type"].contains(&&***keyword));
        for (keyword, member) in words.filter(|(keyword, _)| !is_assertion(keyword)) {
            united.set(keyword, member.clone());
        }
        Some((united, contradictions))
    }

    /// One object of all parts.
    fn unite(&self, schema: &Node, pairs: &mut Pairs) -> (Node, Vec<String>) {
        let mut definitions: IndexMap<&Key, Vec<&Node>> = IndexMap::new();
        for (name, property) in self.properties() {
            definitions.entry(name).or_default().push(property);
        }
        let mut contradictions = Vec::new();
        let mut properties = Object::new();
        for (name, definitions) in definitions {
            let definition = self.property(&definitions, pairs).unwrap_or_else(|| {
                contradictions.push(format!("`{name}`"));
                anything(definitions.last().copied())
            });
            properties.insert(name.clone(), definition);
        }
        (self.object(schema, properties), contradictions)
    }

    /// The properties of all parts; one that several define comes as often.
    fn properties(&self) -> impl Iterator<Item = (&'a Key, &'a Node)> {
        let properties = self.found.iter().filter_map(|part| part.get("properties"));
        properties.flat_map(Node::members)
    }

    /// The names that a value has to have.
    fn required(&self) -> Vec<Node> {
        let names = self.found.iter().filter_map(|part| part.get("required")).flat_map(Node::items);
        let mut seen = HashSet::new();
        names.filter(|name| seen.insert(name.as_str())).cloned().collect()
    }

    /// The type of additional properties: untyped if the parts contradict each other.
    fn rest(&self) -> Option<Node> {
        let rest = self.found.iter().filter_map(|part| part.get(REST));
        let mut rest = rest.filter(|rest| rest.as_object().is_some());
        let first = rest.next()?.clone();
        let united =
            rest.try_fold(first, |known, other| match unite(self.document, &known, other) {
                United::As(schema) => Some(schema),
                United::Objects => Some(other.clone()),
                United::Contradiction => None,
            });
        Some(united.unwrap_or_else(|| anything(None)))
    }

    /// The common schema for all definitions of a property; `None` if they contradict each other.
    fn property(&self, definitions: &[&Node], pairs: &mut Pairs) -> Option<Node> {
        let (first, others) = definitions.split_first()?;
        others.iter().try_fold((*first).clone(), |known, other| {
            match unite(self.document, &known, other) {
                United::As(schema) => Some(schema),
                United::Contradiction => None,
                United::Objects => Some(pairs.compose(&known, other)),
            }
        })
    }

    /// The schema itself as an object. What it says of others than objects stays.
    fn object(&self, schema: &Node, properties: Object) -> Node {
        let place = schema.place;
        let mut object = Node::object(place, [("type", Node::string(place, "object"))]);
        for (keyword, member) in schema.members() {
            if !["allOf", "properties", "required", "type", REST].contains(&&**keyword) {
                object.set(keyword, member.clone());
            }
        }
        object.set("properties", Node::new(place, Value::Object(properties)));
        let required = self.required();
        if !required.is_empty() {
            object.set("required", Node::array(place, required));
        }
        if let Some(rest) = self.rest() {
            object.set(REST, rest);
        }
        object
    }
}

const REST: &str = "additionalProperties";

/// Whether a schema with parts has no other keywords.
fn says_nothing_itself(schema: &Node) -> bool {
    !is_union(schema) && !schema.members().any(|(keyword, _)| is_assertion(keyword))
}

fn without_parts(schema: &Node) -> Node {
    let mut schema = schema.clone();
    schema.remove("allOf");
    schema
}

/// Whether the generator would take two schemas for a contradiction.
fn differ(one: &Node, other: &Node) -> bool {
    let of_both = |key: &str| one.get_str(key).zip(other.get_str(key));
    ["type", "format"].into_iter().filter_map(of_both).any(|(one, other)| one != other)
}

fn anything(definition: Option<&Node>) -> Node {
    let place = definition.map(|definition| definition.place).unwrap_or_default();
    let description = definition.and_then(|definition| definition.get("description")).cloned();
    Node::object(place, description.map(|text| ("description", text)))
}

/// The components that are composed of others and nothing else, by these. Two objects that hold
/// each other are one component, or writing them out would have no end.
struct Pairs {
    /// What each component was composed of, before it was written out.
    parts: HashMap<Pointer, Vec<Pointer>>,
    known: BTreeMap<BTreeSet<String>, String>,
    made: Vec<(String, Node)>,
    names: FreeNames,
}

impl Pairs {
    fn of(document: &Node) -> Self {
        let mut pairs = Self {
            parts: HashMap::new(),
            known: BTreeMap::new(),
            made: Vec::new(),
            names: FreeNames::of(document),
        };
        for (name, schema) in Document(document).schemas() {
            let parts = schema.get("allOf").and_then(Node::as_array).unwrap_or_default();
            let of = parts.iter().filter_map(component).collect();
            pairs.parts.insert(Pointer::to_schema(name), of);
            let targets: Option<BTreeSet<String>> =
                parts.iter().map(|part| part.reference_target().map(str::to_owned)).collect();
            if let Some(targets) =
                targets.filter(|all| all.len() > 1 && says_nothing_itself(schema))
            {
                pairs.known.entry(targets).or_insert_with(|| name.to_string());
            }
        }
        pairs
    }

    /// A composition of two definitions: of two components, a component.
    fn compose(&mut self, first: &Node, second: &Node) -> Node {
        let place = second.place;
        let parts = || Node::array(place, [first.clone(), second.clone()]);
        let (Some(one), Some(other)) = (component(unwrapped(first)), component(unwrapped(second)))
        else {
            return joined(first, second);
        };
        if self.is_part(&one, &other) {
            return second.clone();
        }
        if self.is_part(&other, &one) {
            return first.clone();
        }
        let targets = [&one, &other].map(Pointer::to_reference).into_iter().collect();
        let known = self.known.get(&targets).cloned();
        let name = known.unwrap_or_else(|| {
            let words = [&one, &other].map(|at| pascal(at.schema_component().unwrap_or_default()));
            let name = self.names.take(&words.join("And"));
            self.known.insert(targets, name.clone());
            self.parts.insert(Pointer::to_schema(&name), vec![one, other]);
            self.made.push((name.clone(), Node::object(place, [("allOf", parts())])));
            name
        });
        Node::reference(place, &Pointer::to_schema(&name))
    }

    /// Whether one component is what another is composed of.
    fn is_part(&self, part: &Pointer, whole: &Pointer) -> bool {
        let mut open = vec![whole];
        let mut seen = HashSet::new();
        while let Some(at) = open.pop() {
            if at == part {
                return true;
            }
            if seen.insert(at) {
                open.extend(self.parts.get(at).into_iter().flatten());
            }
        }
        false
    }

    fn define(&mut self, document: &mut Node) {
        add_schemas(document, self.made.drain(..));
    }
}

/// A composition of two definitions, the first of which may have been made this way.
fn joined(first: &Node, second: &Node) -> Node {
    let made = first.get("allOf").and_then(Node::as_array);
    let made = made.filter(|_| first.as_object().is_some_and(|members| members.len() == 1));
    let parts = made.map_or_else(|| vec![first.clone()], <[Node]>::to_vec);
    let parts = Node::array(second.place, parts.into_iter().chain([second.clone()]));
    Node::object(second.place, [("allOf", parts)])
}

fn component(schema: &Node) -> Option<Pointer> {
    let target = Pointer::from_reference(schema.reference_target()?)?;
    target.schema_component().is_some().then_some(target)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{Applied, apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    fn assert_written_out(before: &str, after: &str) -> Applied {
        let applied = apply_alone(&RULE, &schemas(before));
        let json = applied.document.to_json().unwrap();
        assert_eq!(applied.document, node(&schemas(after)), "{json}");
        applied
    }

    #[test]
    fn a_property_that_no_value_fits_is_anything_and_told() {
        let applied = assert_written_out(
            "A: {allOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {a: {type: integer, description: D.}}}]}",
            "A: {type: object, properties: {a: {description: D.}}}",
        );
        assert!(applied.warnings[0].problem.ends_with("about `a`"), "{:?}", applied.warnings);
    }

    #[test]
    fn scalars_that_contradict_each_other_are_anything_and_told() {
        let applied = assert_written_out(
            "A: {description: D., allOf: [{type: string}, {type: integer}]}",
            "A: {description: D.}",
        );
        assert_eq!(applied.warnings.len(), 1);
        assert_written_out("A: {allOf: [{type: number}, {type: integer}]}", "A: {type: integer}");
        assert_written_out("A: {type: array, items: {}, allOf: [{type: string}]}", "A: {}");
    }

    #[test]
    fn one_part_and_parts_that_are_unions_or_scalars_stay() {
        for text in [
            "A: {description: D., allOf: [{$ref: '#/components/schemas/B'}, {title: T}]}\nB: {type: object}",
            "A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}\nB: {oneOf: [{type: object}, {type: string}]}",
            "A: {allOf: [{$ref: '#/components/schemas/B'}, {type: string, maxLength: 3}]}\nB: {type: string, enum: [a]}",
        ] {
            assert_eq!(apply_alone(&RULE, &schemas(text)).document, node(&schemas(text)));
        }
    }

    #[test]
    fn a_branch_of_its_own_base_has_what_the_branches_share() {
        assert_written_out(
            "Pet: {type: object, properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}]}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {purrs: {type: boolean}}}]}",
            "Pet: {type: object, properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}]}
Cat: {type: object, properties: {kind: {type: string}, purrs: {type: boolean}}}",
        );
    }

    #[test]
    fn the_narrower_of_two_components_stands_for_both() {
        assert_written_out(
            "A: {type: object, properties: {of: {$ref: '#/components/schemas/C'}}}
B: {allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {of: {$ref: '#/components/schemas/D'}}}]}
C: {type: object, properties: {c: {type: string}}}
D: {allOf: [{$ref: '#/components/schemas/C'}, {type: object, properties: {d: {type: string}}}]}",
            "A: {type: object, properties: {of: {$ref: '#/components/schemas/C'}}}
B: {type: object, properties: {of: {$ref: '#/components/schemas/D'}}}
C: {type: object, properties: {c: {type: string}}}
D: {type: object, properties: {c: {type: string}, d: {type: string}}}",
        );
    }

    #[test]
    fn objects_that_hold_each_other_become_one_component() {
        assert_written_out(
            "A: {allOf: [{$ref: '#/components/schemas/P'}, {$ref: '#/components/schemas/Q'}]}
P: {type: object, properties: {in: {$ref: '#/components/schemas/P'}}}
Q: {type: object, properties: {in: {$ref: '#/components/schemas/Q'}}}",
            "A: {type: object, properties: {in: {$ref: '#/components/schemas/A'}}}
P: {type: object, properties: {in: {$ref: '#/components/schemas/P'}}}
Q: {type: object, properties: {in: {$ref: '#/components/schemas/Q'}}}",
        );
        assert_written_out(
            "A: {allOf: [{$ref: '#/components/schemas/P'}, {type: object, properties: {in: {$ref: '#/components/schemas/Q'}}}]}
P: {type: object, properties: {in: {$ref: '#/components/schemas/P'}}}
Q: {type: object, properties: {in: {$ref: '#/components/schemas/Q'}, q: {type: string}}}",
            "A: {type: object, properties: {in: {$ref: '#/components/schemas/PAndQ'}}}
P: {type: object, properties: {in: {$ref: '#/components/schemas/P'}}}
Q: {type: object, properties: {in: {$ref: '#/components/schemas/Q'}, q: {type: string}}}
PAndQ: {type: object, properties: {in: {$ref: '#/components/schemas/PAndQ'}, q: {type: string}}}",
        );
    }

    #[test]
    fn a_free_object_and_the_schema_or_null_narrow_nothing() {
        assert_written_out(
            "Tree: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: string}, child: {$ref: '#/components/schemas/Tree'}, list: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}]}
Base: {type: object, properties: {child: {type: object}, list: {type: array, items: {type: object}}, parent: {type: string}}}",
            "Tree: {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}, list: {type: array, items: {$ref: '#/components/schemas/Tree'}}, parent: {type: string}, name: {type: string}}}
Base: {type: object, properties: {child: {type: object}, list: {type: array, items: {type: object}}, parent: {type: string}}}",
        );
        assert_written_out(
            "Tree: {allOf: [{type: object, properties: {child: {nullable: true, allOf: [{$ref: '#/components/schemas/Tree'}]}}}, {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}}}]}",
            "Tree: {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}}}",
        );
    }

    #[test]
    fn what_narrows_the_whole_in_itself_is_refused() {
        let at_once = "Tree: {type: object, properties: {child: {allOf: [{$ref: '#/components/schemas/Tree'}, {type: object, properties: {weight: {type: number}}}]}}}";
        let once_united = "Tree: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {child: {$ref: '#/components/schemas/Tree'}}}]}
Base: {type: object, properties: {child: {type: object, properties: {age: {type: integer}}}}}";
        for text in [at_once, once_united] {
            let applied = apply_alone(&RULE, &schemas(text));
            assert_eq!(applied.findings.len(), 1, "{:?}", applied.findings);
            assert_eq!(applied.findings[0].subject(), "/components/schemas/Tree/properties/child");
        }
    }

    #[test]
    fn pairs_of_pairs_are_known_to_hold_their_parts() {
        let applied = apply_alone(
            &RULE,
            &schemas(
                "P: {type: object, properties: {in: {$ref: '#/components/schemas/A'}}}
Q: {type: object, properties: {q: {type: string}, in: {$ref: '#/components/schemas/Q'}}}
A: {allOf: [{$ref: '#/components/schemas/P'}, {type: object, properties: {in: {$ref: '#/components/schemas/Q'}}}]}",
            ),
        );
        let json = applied.document.to_json().unwrap();
        assert!(json.contains("AAndQ") && !json.contains("AAndQAnd"), "{json}");
    }

    #[test]
    fn the_other_properties_of_parts_are_what_fits_all_or_anything() {
        let maps = |one: &str, other: &str| {
            format!(
                "A: {{allOf: [{{type: object, additionalProperties: {one}}}, {{type: object, additionalProperties: {other}}}]}}"
            )
        };
        for (one, other, both) in [
            ("{type: number}", "{type: integer}", "{type: integer}"),
            ("{type: string}", "{type: integer}", "{}"),
        ] {
            let after =
                format!("A: {{type: object, properties: {{}}, additionalProperties: {both}}}");
            assert_written_out(&maps(one, other), &after);
        }
    }

    #[test]
    fn what_a_schema_says_itself_is_nearer_than_what_its_parts_say() {
        assert_written_out(
            "A: {allOf: [{$ref: '#/components/schemas/B'}], properties: {t: {type: string, description: OWN}}}
B: {type: object, properties: {t: {type: string, description: BASE}}}",
            "A: {type: object, properties: {t: {type: string, description: OWN}}}
B: {type: object, properties: {t: {type: string, description: BASE}}}",
        );
    }

    #[test]
    fn objects_inside_objects_are_written_out_too() {
        assert_written_out(
            "A: {allOf: [{type: object, properties: {of: {type: object, properties: {x: {type: number}}}}}, {type: object, properties: {of: {type: object, properties: {x: {type: integer}, y: {type: string}}}}}]}",
            "A: {type: object, properties: {of: {type: object, properties: {x: {type: integer}, y: {type: string}}}}}",
        );
    }
}

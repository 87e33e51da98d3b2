use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    document::{
        Kind, Node, Pointer, Value, capitalised, is_legal_in_component, operation_at, walk,
        walk_mut,
    },
    rule::{Context, Example, Rule},
};

/// What a reference names inside another definition becomes a component.
pub(super) const RULE: Rule = Rule {
    name: "inner-references",
    summary: "`$defs`, `definitions` and whatever else a `$ref` names inside another definition \
              become components; `$anchor`, `$id` and `$dynamicRef` are followed",
    reason: "A reference of OpenAPI 3.0.3 that every tool can follow names a component. The new \
             component is called after what held it, so that the name depends on nothing else. A \
             `$ref: '#/$defs/X'` that leads nowhere in the document means the `$defs` around it.",
    example: Example {
        before: "\
openapi: 3.1.1
components:
  schemas:
    Order:
      type: object
      properties:
        lines:
          type: array
          items: {$ref: '#/$defs/Line'}
        first: {$ref: '#/components/schemas/Order/properties/lines'}
      $defs:
        Line: {type: string}
",
        after: "\
openapi: 3.1.1
components:
  schemas:
    Order:
      type: object
      properties:
        lines: {$ref: '#/components/schemas/Order_lines'}
        first: {$ref: '#/components/schemas/Order_lines'}
    Order_Line: {type: string}
    Order_lines:
      type: array
      items: {$ref: '#/components/schemas/Order_Line'}
",
    },
    apply,
};

/// The keywords that hold definitions without being a schema's own.
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// What is in an extension is known for a definition, and walked through, once it was moved.
const DEEPEST: usize = 8;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let mut passes = 0..DEEPEST;
    while passes.next().is_some() && repair(document, context) {}
    refuse_ambiguous(document, context);
}

/// Moves what references name; tells whether there was anything to move.
fn repair(document: &mut Node, context: &mut Context<'_>) -> bool {
    let index = Index::of(document);
    let mut targets: BTreeMap<Pointer, Kind> = index.definitions.iter().cloned().collect();
    let mut resolved = HashMap::new();
    walk(document, &mut |node, kind, at| {
        if !kind.takes_reference() {
            return;
        }
        let Some((keyword, target)) = index.target(document, node, at) else {
            return;
        };
        if !is_component(&target, kind) && index.is_of_kind(document, &target, kind) {
            targets.insert(target.clone(), kind);
        }
        resolved.insert(at.clone(), (keyword, target, kind));
    });
    let names = names(document, &targets);
    redirect(document, context, &resolved, &names, &index);
    let moves = !names.is_empty();
    move_out(document, context, names);
    moves
}

/// The dynamic references that are left: what they mean depends on where they are reached from.
fn refuse_ambiguous(document: &Node, context: &mut Context<'_>) {
    let mut found = Vec::new();
    walk(document, &mut |node, kind, at| {
        let keywords = ["$dynamicRef", "$recursiveRef"].into_iter();
        let dynamic = keywords.filter_map(|keyword| node.get_str(keyword)).next();
        let dynamic = dynamic.filter(|_| kind == Kind::Schema);
        found.extend(dynamic.map(|reference| (at.clone(), reference.to_owned())));
    });
    for (at, reference) in found {
        let problem = format!("`{reference}` depends on where it is reached from");
        let remedy = "OpenAPI 3.0.3 can't say it: write a `$ref` to the schema that is meant";
        let place = document.at(&at).map_or(document.place, |node| node.place);
        context.refuse(document, &at, place, problem, remedy);
    }
}

/// What references can name.
struct Index {
    /// The kind of every object.
    kinds: HashMap<Pointer, Kind>,
    /// The members of `$defs` and `definitions`.
    definitions: Vec<(Pointer, Kind)>,
    /// The schemas with an `$anchor` or a `$dynamicAnchor`, by its name.
    anchors: HashMap<String, Vec<Pointer>>,
    /// The schemas with an `$id`, by it.
    ids: HashMap<String, Pointer>,
}

impl Index {
    fn of(document: &Node) -> Self {
        let mut index = Self {
            kinds: HashMap::new(),
            definitions: Vec::new(),
            anchors: HashMap::new(),
            ids: HashMap::new(),
        };
        walk(document, &mut |node, kind, at| index.add(node, kind, at));
        index
    }

    fn add(&mut self, node: &Node, kind: Kind, at: &Pointer) {
        self.kinds.insert(at.clone(), kind);
        if !matches!(kind, Kind::Schema | Kind::Document) {
            return;
        }
        for holder in DEFINITIONS {
            let names = node.get(holder).into_iter().flat_map(Node::members);
            let members = names.map(|(name, _)| (at.join(holder).join(&**name), Kind::Schema));
            self.definitions.extend(members);
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = node.get_str(keyword) {
                self.anchors.entry(name.to_owned()).or_default().push(at.clone());
            }
        }
        if let Some(id) = node.get_str("$id") {
            self.ids.insert(id.trim_end_matches('#').to_owned(), at.clone());
        }
    }

    /// Whether a place holds an object of this kind. What it holds inside an extension, where
    /// nothing says of what kind objects are, is what the reference takes it for.
    fn is_of_kind(&self, document: &Node, at: &Pointer, kind: Kind) -> bool {
        let is_extension = at.tokens().first().is_some_and(|first| first.starts_with("x-"));
        match self.kinds.get(at) {
            Some(known) => *known == kind,
            None => is_extension && document.at(at).is_some_and(|node| node.as_object().is_some()),
        }
    }

    /// The keyword by which a node refers, and what it names.
    fn target(
        &self,
        document: &Node,
        node: &Node,
        at: &Pointer,
    ) -> Option<(&'static str, Pointer)> {
        let keyword = ["$ref", "$dynamicRef"].into_iter().find(|key| node.get(key).is_some())?;
        let reference = node.get_str(keyword)?;
        let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let within =
            if base.is_empty() { None } else { Some(self.identified(document, base, at)?) };
        let target = match (within, fragment) {
            (Some(schema), "") => schema,
            (Some(schema), path) if path.starts_with('/') => {
                schema.concat(&Pointer::from_reference(&format!("#{path}"))?)
            }
            (None, path) if path.starts_with('/') => self.local(document, reference, at)?,
            (None, "") => self.resource(document, at)?,
            (_, name) => match &self.anchors.get(name)?[..] {
                [only] => only.clone(),
                _ => return None,
            },
        };
        document.at(&target).map(|_| (keyword, target))
    }

    /// The schema whose `$id` this is, be it relative to the `$id` around the reference.
    fn identified(&self, document: &Node, base: &str, at: &Pointer) -> Option<Pointer> {
        let around = self.resource(document, at);
        let around = around.and_then(|at| document.at(&at)?.get_str("$id"));
        let sibling = around.and_then(|id| Some(format!("{}/{base}", id.rsplit_once('/')?.0)));
        let known = [Some(base.to_owned()), sibling].into_iter().flatten();
        known.filter_map(|id| self.ids.get(&id)).next().cloned()
    }

    /// The nearest schema around this place that has an `$id`.
    fn resource(&self, document: &Node, at: &Pointer) -> Option<Pointer> {
        self.around(at).find(|at| document.at(at).is_some_and(|node| node.get("$id").is_some()))
    }

    /// The schemas around a place, the nearest first.
    fn around(&self, at: &Pointer) -> impl Iterator<Item = Pointer> {
        let depth = at.tokens().len();
        let outer = (1..=depth)
            .rev()
            .map(|length| at.tokens().into_iter().take(length).collect::<Pointer>());
        outer.filter(|at| self.kinds.get(at) == Some(&Kind::Schema)).collect::<Vec<_>>().into_iter()
    }

    /// What a path in the document means: from the `$id` around it, from the document, through
    /// references, from the nearest schema around it, or as a component of the name.
    fn local(&self, document: &Node, reference: &str, at: &Pointer) -> Option<Pointer> {
        let path = Pointer::from_reference(reference)?;
        let resource = self.resource(document, at).map(|schema| schema.concat(&path));
        let there = |at: &Pointer| document.at(at).is_some();
        let exact = resource.into_iter().chain([path.clone()]).find(there);
        let followed = || through_references(document, &path);
        let nearest = || self.around(at).map(|schema| schema.concat(&path)).find(there);
        let named = || match path.tokens()[..] {
            [holder, name] if DEFINITIONS.contains(&holder) => {
                Some(Pointer::to_schema(name)).filter(there)
            }
            _ => None,
        };
        exact.or_else(followed).or_else(nearest).or_else(named)
    }
}

/// The place that a path leads to when the references on it are followed.
fn through_references(document: &Node, path: &Pointer) -> Option<Pointer> {
    let mut at = Pointer::root();
    let mut seen = HashSet::new();
    for token in path.tokens() {
        while document.at(&at.join(token)).is_none() {
            let target = Pointer::from_reference(document.at(&at)?.reference_target()?)?;
            if !seen.insert((at.clone(), token.to_owned())) {
                return None;
            }
            at = target;
        }
        at.push(token);
    }
    Some(at)
}

fn is_component(at: &Pointer, kind: Kind) -> bool {
    matches!(at.tokens()[..], ["components", section, _] if kind.component_section() == Some(section))
}

/// The component that each of these is to become.
fn names(document: &Node, targets: &BTreeMap<Pointer, Kind>) -> BTreeMap<Pointer, Pointer> {
    let mut taken = HashSet::new();
    let mut names = BTreeMap::new();
    for (at, kind) in targets {
        let Some(section) = kind.component_section() else {
            continue;
        };
        let name = name(document, at);
        let candidates = (2..).map(|number| format!("{name}_{number}"));
        let component = std::iter::once(name.clone())
            .chain(candidates)
            .map(|name| ["components", section, &name].into_iter().collect::<Pointer>())
            .find(|component| document.at(component).is_none() && !taken.contains(component));
        if let Some(component) = component {
            taken.insert(component.clone());
            names.insert(at.clone(), component);
        }
    }
    names
}

/// What holds a definition, and the way to it: `Order_lines`.
fn name(document: &Node, at: &Pointer) -> String {
    let tokens = at.tokens();
    let (owner, way) = match tokens[..] {
        ["components", _, name, ref way @ ..] => (vec![name.to_owned()], way),
        ["paths", path, method, ref way @ ..] => match operation_at(document, at) {
            Some(id) => (vec![id.to_owned()], way),
            None => (vec![method.to_owned(), path.to_owned()], way),
        },
        _ => (Vec::new(), &tokens[..]),
    };
    let is_told = |token: &&&str| {
        !matches!(**token, "$defs" | "definitions" | "properties" | "content" | "x-webhooks")
    };
    let way = way.iter().filter(is_told).map(|token| (*token).to_owned());
    let words = owner.into_iter().chain(way).map(|word| legal(&word));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

fn legal(word: &str) -> String {
    match word.chars().all(is_legal_in_component) {
        true => word.to_owned(),
        false => capitalised(word, is_legal_in_component),
    }
}

/// Makes the references name the components.
fn redirect(
    document: &mut Node,
    context: &mut Context<'_>,
    resolved: &HashMap<Pointer, (&'static str, Pointer, Kind)>,
    names: &BTreeMap<Pointer, Pointer>,
    index: &Index,
) {
    let before = document.clone();
    walk_mut(document, &mut |node, kind, at| {
        if kind == Kind::Discriminator {
            redirect_mapping(node, at, names, &before, index);
        }
        let Some((keyword, target, _)) = resolved.get(at) else {
            return;
        };
        let target = names.get(target).unwrap_or(target);
        if keyword == &"$ref"
            && node.reference_target().and_then(Pointer::from_reference).as_ref() == Some(target)
        {
            return;
        }
        let target = target.to_reference();
        context.changed(format!("{} -> {target}", node.get_str(keyword).unwrap_or_default()));
        node.rename(keyword, "$ref");
        if let Some(reference) = node.get_mut("$ref") {
            reference.value = Value::String(target);
        }
    });
}

fn redirect_mapping(
    discriminator: &mut Node,
    at: &Pointer,
    names: &BTreeMap<Pointer, Pointer>,
    document: &Node,
    index: &Index,
) {
    let mapping = discriminator.get_mut("mapping").into_iter().flat_map(Node::members_mut);
    for (_, value) in mapping {
        let target = value.as_str().filter(|text| text.starts_with("#/"));
        let target = target.and_then(|text| index.local(document, text, at));
        if let Some(component) = target.and_then(|target| names.get(&target)) {
            value.value = Value::String(component.to_reference());
        }
    }
}

/// Moves the definitions, the innermost first, and leaves references where they were used.
fn move_out(document: &mut Node, context: &mut Context<'_>, names: BTreeMap<Pointer, Pointer>) {
    let mut moved = Vec::new();
    for (at, component) in names.into_iter().rev() {
        let Some(definition) = take(document, &at, &component) else {
            continue;
        };
        context.changed(format!("{at} -> {component}"));
        moved.push((component, definition));
    }
    for (component, definition) in moved.into_iter().rev() {
        if let ["components", section, name] = component.tokens()[..]
            && let Some(components) = document.object_at("components")
            && let Some(section) = components.object_at(section)
        {
            section.set(name, definition);
        }
    }
    walk_mut(document, &mut |node, kind, _| {
        let holds = matches!(kind, Kind::Schema | Kind::Document);
        for holder in DEFINITIONS.iter().filter(|_| holds) {
            if node.get(holder).and_then(Node::as_object).is_some_and(|all| all.is_empty()) {
                node.remove(holder);
            }
        }
    });
}

fn take(document: &mut Node, at: &Pointer, component: &Pointer) -> Option<Node> {
    let tokens = at.tokens();
    let (last, way) = tokens.split_last()?;
    if way.last().is_some_and(|holder| DEFINITIONS.contains(holder)) {
        return document.at_mut(&way.iter().copied().collect())?.remove(last);
    }
    let node = document.at_mut(at)?;
    let reference = Node::reference(node.place, component);
    Some(std::mem::replace(node, reference))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.1.1\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    fn assert_moved(before: &str, after: &str) {
        let applied = apply_alone(&RULE, &schemas(before));
        assert_eq!(applied.findings, []);
        let expected = node(&schemas(after));
        assert_eq!(applied.document, expected, "{}", applied.document.to_json().unwrap());
    }

    #[test]
    fn anchors_and_ids_are_followed() {
        assert_moved(
            "A: {properties: {x: {$ref: '#here'}, y: {$anchor: here}}}",
            "A: {properties: {x: {$ref: '#/components/schemas/A_y'}, y: {$ref: '#/components/schemas/A_y'}}}\nA_y: {$anchor: here}",
        );
        assert_moved(
            "A: {$id: 'https://e.example/a.json'}\nB: {$ref: 'https://e.example/a.json'}",
            "A: {$id: 'https://e.example/a.json'}\nB: {$ref: '#/components/schemas/A'}",
        );
        assert_moved(
            "A: {$id: 'https://e.example/a.json', items: {$ref: b.json}}\nB: {$id: 'https://e.example/b.json', not: {$ref: '#'}}",
            "A: {$id: 'https://e.example/a.json', items: {$ref: '#/components/schemas/B'}}\nB: {$id: 'https://e.example/b.json', not: {$ref: '#/components/schemas/B'}}",
        );
    }

    #[test]
    fn a_dynamic_reference_with_one_anchor_is_a_reference_and_one_with_more_is_refused() {
        assert_moved(
            "A: {$dynamicAnchor: node, items: {$dynamicRef: '#node'}}",
            "A: {$dynamicAnchor: node, items: {$ref: '#/components/schemas/A'}}",
        );
        let two =
            schemas("A: {$dynamicAnchor: n, items: {$dynamicRef: '#n'}}\nB: {$dynamicAnchor: n}");
        let applied = apply_alone(&RULE, &two);
        assert!(
            applied.findings[0].problem.contains("`#n` depends on where"),
            "{:?}",
            applied.findings
        );
    }

    #[test]
    fn definitions_inside_definitions_and_recursion_are_moved() {
        assert_moved(
            "A: {$ref: '#/$defs/B', $defs: {B: {items: {$ref: '#/$defs/C'}, $defs: {C: {not: {$ref: '#/$defs/C'}}}}}}",
            "A: {$ref: '#/components/schemas/A_B'}\nA_B: {items: {$ref: '#/components/schemas/A_B_C'}}\nA_B_C: {not: {$ref: '#/components/schemas/A_B_C'}}",
        );
    }

    #[test]
    fn two_definitions_of_one_name_are_two_components() {
        assert_moved(
            "A: {items: {$ref: '#/$defs/X'}, $defs: {X: {type: string}}}\nB: {items: {$ref: '#/$defs/X'}, $defs: {X: {type: integer}}}\nA_X: {}",
            "A: {items: {$ref: '#/components/schemas/A_X_2'}}\nB: {items: {$ref: '#/components/schemas/B_X'}}\nA_X: {}\nA_X_2: {type: string}\nB_X: {type: integer}",
        );
    }

    #[test]
    fn a_component_is_found_by_the_name_of_a_definition_that_is_not_there() {
        assert_moved(
            "A: {items: {$ref: '#/definitions/B'}}\nB: {type: string}",
            "A: {items: {$ref: '#/components/schemas/B'}}\nB: {type: string}",
        );
    }

    #[test]
    fn what_an_operation_holds_can_be_named_from_another_one() {
        let text = "openapi: 3.1.1\npaths:\n  /a:\n    get:\n      operationId: get-a\n      parameters: [{name: q, in: query, schema: {type: string}}]\n  /b:\n    get:\n      operationId: get-b\n      parameters: [{$ref: '#/paths/~1a/get/parameters/0'}]\n";
        let document = apply_alone(&RULE, text).document;
        let json = document.to_json().unwrap();
        assert_eq!(json.matches("#/components/parameters/get-a_parameters_0").count(), 2, "{json}");
    }

    #[test]
    fn what_an_extension_holds_becomes_what_it_is_taken_for() {
        let text = "openapi: 3.0.0\nx-shared: {A: {items: {$ref: '#/x-shared/B'}}, B: {type: string}}\ncomponents: {schemas: {C: {$ref: '#/x-shared/A'}}}\n";
        let document = apply_alone(&RULE, text).document;
        let schemas = document.get("components").unwrap().get("schemas").unwrap();
        let expected = node(
            "openapi: x\nx-s: {C: {$ref: '#/components/schemas/x-shared_A'}, x-shared_A: {items: {$ref: '#/components/schemas/x-shared_B'}}, x-shared_B: {type: string}}",
        );
        assert_eq!(Some(schemas), expected.get("x-s"));
    }

    #[test]
    fn what_is_no_schema_or_is_not_there_is_left_to_the_check() {
        for text in [
            "A: {$ref: '#/info'}",
            "A: {$ref: '#/$defs/No'}",
            "A: {$ref: 'other.yaml#/A'}",
            "A: {$ref: '#'}",
        ] {
            assert_eq!(apply_alone(&RULE, &schemas(text)).document, node(&schemas(text)), "{text}");
        }
    }

    #[test]
    fn a_property_called_defs_is_data() {
        let text = schemas("A: {properties: {$defs: {type: object}, definitions: {type: string}}}");
        assert_eq!(apply_alone(&RULE, &text).document, node(&text));
    }
}

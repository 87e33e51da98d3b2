use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    document::{
        Kind, Node, Pointer, capitalised, is_legal_in_component, operation_at, walk, walk_mut,
    },
    rule::{Context, Example, Rule},
};

/// What a reference names inside another definition becomes a component.
pub(super) const RULE: Rule = Rule {
    name: "inner-references",
    summary: "the target of a `$ref` into an operation or into another schema becomes a component",
    reason: "Bundlers write such references, but generators only follow references to components, \
             which have names. The component is named after its place, so that its name depends on \
             nothing else.",
    example: Example {
        before: "\
openapi: 3.0.3
paths:
  /orders/{id}:
    get:
      operationId: get-order
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: object, properties: {line: {type: string}}}
    put:
      operationId: put-order
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/paths/~1orders~1%7Bid%7D/get/responses/200/content/application~1json/schema'
",
        after: "\
openapi: 3.0.3
paths:
  /orders/{id}:
    get:
      operationId: get-order
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {$ref: '#/components/schemas/get-order_Response_200'}
    put:
      operationId: put-order
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/get-order_Response_200'}
components:
  schemas:
    get-order_Response_200: {type: object, properties: {line: {type: string}}}
",
    },
    apply,
};

/// A reference to a reference leads on; a chain that is longer leads in a circle.
const LONGEST_CHAIN: usize = 32;

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let kinds = kinds(document);
    let mut leads: HashMap<Pointer, Pointer> = HashMap::new();
    let mut moved: BTreeMap<Pointer, Kind> = BTreeMap::new();
    walk(document, &mut |node, kind, _| {
        for target in targets(node, kind) {
            let Some(end) = end(document, &kinds, &target) else {
                continue;
            };
            let Some(kind) = kinds.get(&end).filter(|found| is_wanted(**found, kind)) else {
                continue;
            };
            if !is_component(&end) {
                moved.insert(end.clone(), *kind);
            }
            leads.insert(target, end);
        }
    });
    let names = names(document, &moved);
    let component = |target: &Pointer| {
        let end = leads.get(target)?;
        Some(names.get(end).unwrap_or(end)).filter(|component| *component != target)
    };
    redirect(document, context, &component);
    move_out(document, context, &names);
}

/// The kind of every object that can be referred to.
fn kinds(document: &Node) -> HashMap<Pointer, Kind> {
    let mut kinds = HashMap::new();
    walk(document, &mut |_, kind, at| {
        if kind.component_section().is_some() {
            kinds.insert(at.clone(), kind);
        }
    });
    kinds
}

/// Whether the target of a reference is something that a node of this kind can refer to.
fn is_wanted(found: Kind, referrer: Kind) -> bool {
    found == referrer || (referrer == Kind::Discriminator && found == Kind::Schema)
}

/// What a node names inside of something else than the components.
fn targets(node: &Node, kind: Kind) -> Vec<Pointer> {
    let mapping = node.get("mapping").filter(|_| kind == Kind::Discriminator);
    let mapped = mapping.into_iter().flat_map(Node::members).filter_map(|(_, to)| to.as_str());
    let own = node.reference_target().filter(|_| kind.takes_reference());
    let texts = own.into_iter().chain(mapped.filter(|text| text.starts_with('#')));
    texts.filter_map(Pointer::from_reference).filter(|target| !is_component(target)).collect()
}

fn is_component(at: &Pointer) -> bool {
    matches!(at.tokens()[..], ["components", _, _])
}

/// The target of a reference, through others. A path that continues after a reference is followed
/// in the target of that reference.
fn end(document: &Node, kinds: &HashMap<Pointer, Kind>, target: &Pointer) -> Option<Pointer> {
    let mut at = target.clone();
    for _ in 0..LONGEST_CHAIN {
        let Some(node) = document.at(&at) else {
            at = behind_a_reference(document, &at)?;
            continue;
        };
        let next = node.reference_target().filter(|_| kinds.contains_key(&at));
        match next.and_then(Pointer::from_reference) {
            Some(next) => at = next,
            None => return Some(at),
        }
    }
    None
}

/// The path with its first part that is a reference replaced by what that refers to.
fn behind_a_reference(document: &Node, path: &Pointer) -> Option<Pointer> {
    let tokens = path.tokens();
    (1..tokens.len()).find_map(|length| {
        let (head, rest) = tokens.split_at(length);
        let holder = document.at(&head.iter().copied().collect())?;
        let target = Pointer::from_reference(holder.reference_target()?)?;
        Some(rest.iter().fold(target, |at, token| at.join(*token)))
    })
}

/// The component that each of these is to become.
fn names(document: &Node, moved: &BTreeMap<Pointer, Kind>) -> BTreeMap<Pointer, Pointer> {
    let mut taken = HashSet::new();
    let mut names = BTreeMap::new();
    for (at, kind) in moved {
        let Some(section) = kind.component_section() else {
            continue;
        };
        let name = name(document, at);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let component = std::iter::once(name.clone())
            .chain(numbered)
            .map(|name| ["components", section, &name].into_iter().collect::<Pointer>())
            .find(|component| document.at(component).is_none() && !taken.contains(component));
        if let Some(component) = component {
            taken.insert(component.clone());
            names.insert(at.clone(), component);
        }
    }
    names
}

/// What holds a definition, and the way to it: `get-order_Response_200`, `Order_line`.
fn name(document: &Node, at: &Pointer) -> String {
    let tokens = at.tokens();
    let (owner, depth) = match tokens[..] {
        ["components", _, name, ..] => (vec![name.to_owned()], 3),
        ["paths", path, "parameters", ..] => (vec![path.to_owned()], 2),
        ["paths", path, method, ..] => match operation_at(document, at) {
            Some(id) => (vec![id.to_owned()], 3),
            None => (vec![method.to_owned(), path.to_owned()], 3),
        },
        _ => (Vec::new(), 0),
    };
    let mut words = owner;
    let mut tokens = tokens.iter().enumerate().skip(depth);
    while let Some((index, token)) = tokens.next() {
        match *token {
            "schema" => {}
            "content" => drop(tokens.next()),
            "properties" => words.extend(tokens.next().map(|(_, name)| (*name).to_owned())),
            "parameters" => {
                let at: Pointer = at.tokens().into_iter().take(index + 2).collect();
                let name = document.at(&at).and_then(|node| node.get_str("name"));
                words.extend(name.map(str::to_owned));
                tokens.next();
            }
            "responses" => words.push("Response".to_owned()),
            "requestBody" => words.push("Body".to_owned()),
            "items" => words.push("Item".to_owned()),
            "additionalProperties" => words.push("Value".to_owned()),
            other => words.push(other.to_owned()),
        }
    }
    let words = words.iter().map(|word| legal(word)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

fn legal(word: &str) -> String {
    match word.chars().all(is_legal_in_component) {
        true => word.to_owned(),
        false => capitalised(word, is_legal_in_component),
    }
}

/// Makes the references name the components.
fn redirect<'a>(
    document: &mut Node,
    context: &mut Context<'_>,
    component: &dyn Fn(&Pointer) -> Option<&'a Pointer>,
) {
    walk_mut(document, &mut |node, kind, _| {
        let references: Vec<&mut Node> = match kind {
            Kind::Discriminator => {
                let mapping = node.get_mut("mapping").into_iter().flat_map(Node::members_mut);
                let targets = mapping.map(|(_, to)| to);
                targets.filter(|to| to.as_str().is_some_and(|to| to.starts_with('#'))).collect()
            }
            _ if kind.takes_reference() => node.get_mut("$ref").into_iter().collect(),
            _ => return,
        };
        for reference in references {
            let target = reference.as_str().and_then(Pointer::from_reference);
            if let Some(component) = target.as_ref().and_then(component) {
                let text = component.to_reference();
                let before = reference.as_str().unwrap_or_default();
                context.changed(format!("{before} -> {text}"));
                *reference = Node::string(reference.place, text);
            }
        }
    });
}

/// Moves the definitions, the innermost first, and leaves references where they were.
fn move_out(document: &mut Node, context: &mut Context<'_>, names: &BTreeMap<Pointer, Pointer>) {
    let mut moved = Vec::new();
    for (at, component) in names.iter().rev() {
        if let Some(node) = document.at_mut(at) {
            let reference = Node::reference(node.place, component);
            moved.push((component, std::mem::replace(node, reference)));
            context.changed(format!("{at} -> {component}"));
        }
    }
    for (component, definition) in moved.into_iter().rev() {
        if let ["components", section, name] = component.tokens()[..]
            && let Some(components) = document.object_at("components")
            && let Some(section) = components.object_at(section)
        {
            section.set(name, definition);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rule::tests::{apply_alone, node};

    fn schemas(text: &str) -> String {
        format!("openapi: 3.0.3\ncomponents:\n  schemas:\n    {}\n", text.replace('\n', "\n    "))
    }

    fn assert_moved(before: &str, after: &str) {
        let applied = apply_alone(&RULE, &schemas(before));
        assert_eq!(applied.findings, []);
        let expected = node(&schemas(after));
        assert_eq!(applied.document, expected, "{}", applied.document.to_json().unwrap());
    }

    #[test]
    fn what_schemas_hold_is_called_after_the_way_to_it() {
        assert_moved(
            "A: {properties: {b: {items: {type: string}}, m: {additionalProperties: {type: integer}}, a~/b c: {type: boolean}}}\nC: {$ref: '#/components/schemas/A/properties/b/items'}\nD: {$ref: '#/components/schemas/A/properties/m/additionalProperties'}\nE: {$ref: '#/components/schemas/A/properties/a~0~1b%20c'}",
            "A: {properties: {b: {items: {$ref: '#/components/schemas/A_b_Item'}}, m: {additionalProperties: {$ref: '#/components/schemas/A_m_Value'}}, a~/b c: {$ref: '#/components/schemas/A_ABC'}}}\nC: {$ref: '#/components/schemas/A_b_Item'}\nD: {$ref: '#/components/schemas/A_m_Value'}\nE: {$ref: '#/components/schemas/A_ABC'}\nA_ABC: {type: boolean}\nA_b_Item: {type: string}\nA_m_Value: {type: integer}",
        );
    }

    #[test]
    fn what_holds_itself_and_what_is_inside_of_it_are_moved_each_once() {
        assert_moved(
            "A: {properties: {b: {properties: {c: {type: string}, b: {$ref: '#/components/schemas/A/properties/b'}}}, c: {$ref: '#/components/schemas/A/properties/b/properties/c'}}}",
            "A: {properties: {b: {$ref: '#/components/schemas/A_b'}, c: {$ref: '#/components/schemas/A_b_c'}}}\nA_b: {properties: {c: {$ref: '#/components/schemas/A_b_c'}, b: {$ref: '#/components/schemas/A_b'}}}\nA_b_c: {type: string}",
        );
    }

    #[test]
    fn a_reference_to_a_reference_leads_on_and_one_behind_a_reference_is_followed() {
        assert_moved(
            "A: {properties: {b: {$ref: '#/components/schemas/B'}}}\nB: {properties: {d: {type: string}}}\nC: {$ref: '#/components/schemas/A/properties/b'}\nD: {$ref: '#/components/schemas/A/properties/b/properties/d'}",
            "A: {properties: {b: {$ref: '#/components/schemas/B'}}}\nB: {properties: {d: {$ref: '#/components/schemas/B_d'}}}\nC: {$ref: '#/components/schemas/B'}\nD: {$ref: '#/components/schemas/B_d'}\nB_d: {type: string}",
        );
    }

    #[test]
    fn a_name_that_is_taken_is_numbered() {
        assert_moved(
            "A: {properties: {b: {type: string}}}\nA_b: {$ref: '#/components/schemas/A/properties/b'}",
            "A: {properties: {b: {$ref: '#/components/schemas/A_b_2'}}}\nA_b: {$ref: '#/components/schemas/A_b_2'}\nA_b_2: {type: string}",
        );
    }

    #[test]
    fn a_discriminator_is_followed() {
        assert_moved(
            "A: {properties: {b: {type: object}}}\nU: {oneOf: [{$ref: '#/components/schemas/A/properties/b'}], discriminator: {propertyName: t, mapping: {b: '#/components/schemas/A/properties/b', a: A}}}",
            "A: {properties: {b: {$ref: '#/components/schemas/A_b'}}}\nU: {oneOf: [{$ref: '#/components/schemas/A_b'}], discriminator: {propertyName: t, mapping: {b: '#/components/schemas/A_b', a: A}}}\nA_b: {type: object}",
        );
    }

    #[test]
    fn parameters_responses_and_bodies_of_operations_become_components() {
        let text = "openapi: 3.0.3\npaths:\n  /a:\n    parameters: [{name: p, in: query, schema: {type: string}}]\n    get:\n      operationId: get-a\n      parameters: [{name: q, in: query, schema: {type: string}}]\n      requestBody: {content: {}}\n      responses: {'200': {description: d}}\n  /b:\n    parameters: [{$ref: '#/paths/~1a/get/parameters/0'}, {$ref: '#/paths/~1a/parameters/0'}]\n    get:\n      requestBody: {$ref: '#/paths/~1a/get/requestBody'}\n      responses: {'200': {$ref: '#/paths/~1a/get/responses/200'}}\n";
        let json = apply_alone(&RULE, text).document.to_json().unwrap();
        for component in [
            "parameters/get-a_q",
            "parameters/A_p",
            "requestBodies/get-a_Body",
            "responses/get-a_Response_200",
        ] {
            let reference = format!("#/components/{component}\"");
            assert_eq!(json.matches(&reference).count(), 2, "{reference}: {json}");
        }
    }

    #[test]
    fn what_is_of_another_kind_leads_nowhere_or_in_a_circle_is_left_to_the_check() {
        for text in [
            "A: {$ref: '#/info'}",
            "A: {$ref: '#/paths/~1a/get/responses/200'}",
            "A: {$ref: '#/components/schemas/B/properties/no'}\nB: {type: object}",
            "A: {$ref: 'other.yaml#/A'}",
            "A: {$ref: '#'}",
            "A: {properties: {b: {$ref: '#/components/schemas/A/properties/c'}, c: {$ref: '#/components/schemas/A/properties/b'}}}",
            "A: {example: {$ref: '#/components/schemas/B/properties/c'}}\nB: {properties: {c: {type: string}}}",
        ] {
            assert_eq!(apply_alone(&RULE, &schemas(text)).document, node(&schemas(text)), "{text}");
        }
    }
}

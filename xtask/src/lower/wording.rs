use crate::{
    document::{Kind, Node, walk_mut},
    manifest::Settings,
    rule::{Context, Example, Rule},
};

/// What extensions say of a fact becomes words.
pub(super) const RULE: Rule = Rule {
    name: "wording",
    summary: "an extension that the manifest has a text for (`[wording]`) becomes a sentence of \
              the description; other extensions of schemas and parameters are dropped",
    reason: "The generator only copies descriptions. Otherwise readers of the documentation would \
             not learn that a fact is inferred, or the unit of a number.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Reward:
      type: number
      description: What is paid.
      x-unit: pence
      x-source: Inferred
      x-internal: 7
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Reward:
      type: number
      description: 'What is paid. Unit: pence. Inferred.'
",
    },
    apply,
};

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let settings = context.settings;
    walk_mut(document, &mut |node, kind, pointer| {
        if !matches!(kind, Kind::Schema | Kind::Parameter | Kind::Operation) {
            return;
        }
        let sentences = sentences(node, settings);
        if !sentences.is_empty() {
            context.changed(pointer.to_string());
            describe(node, &sentences.join(" "));
        }
        if kind != Kind::Operation {
            let members = node.as_object_mut();
            members.into_iter().for_each(|members| members.retain(|key, _| !key.starts_with("x-")));
        }
    });
}

fn sentences(node: &Node, settings: &Settings) -> Vec<String> {
    let said = settings.wording.iter();
    said.filter_map(|(extension, wording)| wording.sentence(node.get(extension)?)).collect()
}

/// Adds sentences to the description of a node.
pub(super) fn describe(node: &mut Node, sentences: &str) {
    let place = node.place;
    let text = match node.get_str("description").map(str::trim_end) {
        None | Some("") => sentences.to_owned(),
        Some(text) if text.ends_with(['.', ':', '!', '?']) => format!("{text} {sentences}"),
        Some(text) => format!("{text}. {sentences}"),
    };
    node.set("description", Node::string(place, text));
}

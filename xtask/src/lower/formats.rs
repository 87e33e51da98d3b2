use super::{enums::refer, names::define};
use crate::{
    document::{Kind, Node, Place, walk_mut},
    rule::{Context, Example, Rule},
};

/// Formats that would refuse what a server sends are dropped.
pub(super) const RULE: Rule = Rule {
    name: "formats",
    summary: "formats are dropped, except those of binary data and, if the manifest names a type \
              for timestamps, `date-time`",
    reason: "The generator turns formats into strict types: a single id that is not a UUID, or a \
             number beyond 32 bits, would fail the whole response. Ids are opaque, in requests as \
             well.",
    example: Example {
        before: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string, format: uuid}
        size: {type: integer, format: int32}
        file: {type: string, format: binary}
        made_at: {type: string, format: date-time}
",
        after: "\
openapi: 3.0.3
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string}
        size: {type: integer}
        file: {type: string, format: binary}
        made_at: {type: string}
",
    },
    apply,
};

/// The component that is replaced by the client's type for timestamps.
pub(crate) const TIMESTAMP: &str = "Timestamp";

fn apply(document: &mut Node, context: &mut Context<'_>) {
    let has_timestamps = context.settings.has_timestamps;
    let mut timestamps = 0;
    walk_mut(document, &mut |node, kind, pointer| {
        let format = node.get_str("format").map(str::to_owned);
        let is_component = pointer.schema_component() == Some(TIMESTAMP);
        match format.filter(|_| kind == Kind::Schema).as_deref() {
            None | Some("binary") => {}
            Some("date-time") if has_timestamps && is_component => {}
            Some("date-time") if has_timestamps => {
                refer(node, TIMESTAMP);
                timestamps += 1;
            }
            Some(format) => {
                node.remove("format");
                context.changed(format!("{format} of {pointer}"));
            }
        }
    });
    if timestamps > 0 {
        context.changed(format!("{timestamps} timestamps get the client's type"));
        define(document, TIMESTAMP, timestamp(document.place), context);
    }
}

fn timestamp(place: Place) -> Node {
    let text = |text: &str| Node::string(place, text);
    let description = text("A point in time.");
    let members = [("type", "string"), ("format", "date-time")];
    let members = members.map(|(key, value)| (key, text(value)));
    Node::object(place, members.into_iter().chain([("description", description)]))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        manifest::Settings,
        rule::tests::{apply, node},
    };

    #[test]
    fn points_in_time_are_the_type_that_the_manifest_names() {
        let settings = Settings { has_timestamps: true, ..Settings::default() };
        let text = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {at: {type: string, format: date-time, nullable: true}}}}}\n";
        let after = "openapi: 3.0.3\ncomponents: {schemas: {A: {type: object, properties: {at: {nullable: true, allOf: [{$ref: '#/components/schemas/Timestamp'}]}}}, Timestamp: {type: string, format: date-time, description: A point in time.}}}\n";
        assert_eq!(apply(&RULE, &settings, text).document, node(after));
        assert_eq!(apply(&RULE, &settings, after).document, node(after));
    }
}

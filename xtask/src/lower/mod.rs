//! From valid OpenAPI 3.0.3 to the part of it that progenitor can express, in memory only: the
//! published document stays faithful. What is given up is in the report.

mod additional_properties;
mod answer_copies;
mod any_of;
mod bodiless_answers;
mod bounds;
mod closed;
mod compositions;
mod cover;
mod defaults;
mod empty_answers;
mod enum_identifiers;
mod enum_plans;
mod enum_unions;
mod enums;
mod error_responses;
mod formats;
mod inner_compositions;
mod media_ranges;
mod mock_document;
mod more_properties;
mod names;
mod negations;
mod numbers_as_text;
mod one_way_properties;
mod operation_plans;
mod optional_answers;
mod own_parameters;
mod parameter_forms;
mod property_names;
mod reach;
mod refinements;
mod request_media;
mod response_headers;
mod response_media;
mod schema_plans;
mod secrets;
mod spelling;
mod titles;
mod type_names;
mod types;
mod union_branches;
mod union_order;
mod union_plans;
mod unite;
mod whole_branches;
mod wording;

pub(crate) use formats::TIMESTAMP;
pub(crate) use mock_document::mock_document;
pub(crate) use operation_plans::Notes;
pub(crate) use reach::{Reach, schemas_of};
pub(crate) use secrets::{EXTENSION as SECRET_EXTENSION, SECRET};
pub(crate) use types::clashes;
pub(crate) use union_plans::UNKNOWN;

use schema_plans::DocumentedSchemas;

use crate::{
    document::Node,
    finding::Finding,
    manifest::Settings,
    plan::Lowered,
    report::Report,
    rule::{Context, Rule},
};

/// The components for which the client has its own type instead of a generated one.
pub(crate) const REPLACED: [&str; 2] = [TIMESTAMP, SECRET];

/// The lowerings, in the order they are applied: what only failures show need not be opened, what
/// differs between requests and answers parts before either is lowered, and names come last.
pub const LOWERINGS: &[Rule] = &[
    titles::RULE,
    type_names::RULE,
    own_parameters::RULE,
    parameter_forms::RULE,
    error_responses::RULE,
    response_headers::RULE,
    media_ranges::RULE,
    response_media::RULE,
    empty_answers::RULE,
    bodiless_answers::RULE,
    request_media::RULE,
    negations::RULE,
    enum_unions::RULE,
    any_of::RULE,
    compositions::RULE,
    refinements::RULE,
    union_branches::RULE,
    enums::RULE,
    answer_copies::RULE,
    one_way_properties::RULE,
    numbers_as_text::RULE,
    secrets::RULE,
    wording::RULE,
    defaults::RULE,
    bounds::RULE,
    formats::RULE,
    whole_branches::RULE,
    optional_answers::RULE,
    additional_properties::RULE,
    more_properties::RULE,
    union_order::RULE,
    property_names::RULE,
    enum_identifiers::RULE,
];

/// Lowers a checked document.
pub fn lower(mut document: Node, settings: &Settings) -> (Lowered, Report, Vec<Finding>) {
    let mut operations = operation_plans::documented(&document);
    let documented = DocumentedSchemas::of(&document);
    let context = Context::new(settings, None);
    let (mut report, findings, notes) = context.apply_noting("lower", LOWERINGS, &mut document);
    operation_plans::settle(&mut operations, &document, &notes);
    let types = types::plans(&document, &documented, &notes.wire_names);
    let (unions, constants) = union_plans::of(&document, &documented, &notes.wire_names);
    request_media::leave_out_forms(&mut document);
    let lowered = Lowered {
        mocked: mock_document(&document),
        enums: enum_plans::of(&document),
        tags: operation_plans::described_tags(&document),
        wire_names: notes.wire_names,
        document,
        operations,
        types,
        unions,
        constants,
    };
    let as_documented = |finding| lowered.with_documented_names(finding);
    report.warnings = report.warnings.into_iter().map(as_documented).collect();
    let findings = findings.into_iter().map(as_documented).collect();
    (lowered, report, findings)
}

#[cfg(test)]
mod tests {
    use super::LOWERINGS;
    use crate::rule::tests::{
        hold_that_every_file_is_listed, hold_to_their_examples, hold_to_their_order,
    };

    #[test]
    fn every_lowering_does_what_its_example_says() {
        hold_to_their_examples(LOWERINGS);
    }

    #[test]
    fn every_file_of_this_folder_is_a_lowering_of_the_list() {
        hold_that_every_file_is_listed(
            &["src/lower"],
            LOWERINGS,
            &[
                "closed",
                "cover",
                "enum-plans",
                "inner-compositions",
                "mock-document",
                "names",
                "operation-plans",
                "reach",
                "schema-plans",
                "spelling",
                "types",
                "union-plans",
                "unite",
            ],
        );
    }

    /// A document whose requests and answers carry the schema `A`.
    fn with_schemas(schemas: &str) -> String {
        let schemas = schemas.replace('\n', "\n    ");
        format!(
                "openapi: 3.0.3
paths:
  /a:
    post:
      operationId: make-a
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}
      responses:
        '200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}
  /b:
    parameters: [{{name: q, in: query, style: deepObject, schema: {{type: object, properties: {{a: {{type: string}}}}}}}}]
    get:
      operationId: get-b
      responses:
        '200': {{description: d, content: {{application/problem+json: {{schema: {{type: string, enum: ['+', '-']}}}}}}}}
        '400': {{description: d, content: {{application/json: {{schema: {{type: object, properties: {{s: {{type: string, enum: [a]}}}}}}}}}}}}
components:
  schemas:
    {}
",
            schemas
        )
    }

    #[test]
    fn a_lowering_comes_behind_those_whose_work_it_needs() {
        let of_object = |properties: &str| {
            with_schemas(&format!(
                "A: {{type: object, required: [a], properties: {{{properties}}}}}"
            ))
        };
        let whole = of_object(
            "a: {type: string, nullable: true, enum: [+, '-', null]}, _a: {type: array, items: {type: string}}, n: {type: integer, minimum: 1, default: 2, x-unit: pence, x-official-type: text}, u: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}, v: {oneOf: [{type: integer}, {type: number}]}, w: {anyOf: [{type: string}, {type: integer}]}, d: {type: string, format: date-time}",
        );
        let parts = with_schemas(
            "A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object, required: [c], properties: {c: {type: string}}, anyOf: [{required: [c]}]}]}\nB: {type: object, required: [b], properties: {b: {type: array, items: {type: string}}, e: {type: string, enum: [x]}}, additionalProperties: false}",
        );
        for (first, then, text) in [
            ("own-parameters", "parameter-forms", &whole),
            ("error-responses", "enums", &whole),
            ("refinements", "answer-copies", &parts),
            ("refinements", "enums", &parts),
            ("answer-copies", "numbers-as-text", &whole),
            ("enums", "answer-copies", &whole),
            ("answer-copies", "optional-answers", &parts),
            ("numbers-as-text", "wording", &whole),
            ("numbers-as-text", "bounds", &whole),
            ("wording", "defaults", &whole),
            ("defaults", "bounds", &whole),
            ("formats", "whole-branches", &whole),
        ] {
            hold_to_their_order(LOWERINGS, first, then, text);
        }
    }
}

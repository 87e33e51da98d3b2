//! From valid OpenAPI 3.0.3 to the part of it that progenitor can express, in memory only: the
//! published document stays faithful. What is given up is in the report.

mod additional_properties;
mod answer_copies;
mod any_of;
mod bounds;
mod callbacks;
mod closed;
mod compositions;
mod cookies;
mod cover;
mod defaults;
mod discriminators;
mod empty_answers;
mod empty_lists;
mod enum_identifiers;
mod error_responses;
mod formats;
mod hoist;
mod inline_enums;
mod inline_types;
mod inner_compositions;
mod mock_document;
mod names;
mod negations;
mod nullable_requests;
mod nullable_unions;
mod numbers_as_text;
mod open_enums;
mod open_unions;
mod operation_names;
mod optional_answers;
mod own_parameters;
mod parameter_forms;
mod parameter_names;
mod path_variants;
mod property_names;
mod reach;
mod refinements;
mod request_media;
mod response_headers;
mod response_media;
mod spelling;
mod success_types;
mod type_names;
mod types;
mod union_bases;
mod union_order;
mod unite;
mod wording;

pub(crate) use formats::TIMESTAMP;
pub(crate) use mock_document::mock_document;
pub(crate) use operation_names::TAKEN as TAKEN_BY_GENERATED_CODE;
pub(crate) use reach::{Reach, answer_types, schemas_of};
pub(crate) use request_media::media_types;
pub(crate) use spelling::restored;
pub(crate) use success_types::{AnswerVariants, answer_variants, empty_statuses};
pub(crate) use types::clashes;

use crate::{
    document::Node,
    finding::Finding,
    manifest::Settings,
    report::Report,
    rule::{Context, Rule},
};

/// The lowerings, in the order they are applied: what only failures show need not be opened, what
/// differs between requests and answers parts before either is lowered, and names come last.
pub const LOWERINGS: &[Rule] = &[
    callbacks::RULE,
    type_names::RULE,
    own_parameters::RULE,
    cookies::RULE,
    parameter_forms::RULE,
    error_responses::RULE,
    response_headers::RULE,
    response_media::RULE,
    empty_answers::RULE,
    success_types::RULE,
    request_media::RULE,
    negations::RULE,
    any_of::RULE,
    discriminators::RULE,
    inner_compositions::RULE,
    compositions::RULE,
    refinements::RULE,
    union_bases::RULE,
    nullable_unions::RULE,
    answer_copies::RULE,
    numbers_as_text::RULE,
    wording::RULE,
    defaults::RULE,
    bounds::RULE,
    formats::RULE,
    open_enums::RULE,
    open_unions::RULE,
    optional_answers::RULE,
    nullable_requests::RULE,
    empty_lists::RULE,
    additional_properties::RULE,
    union_order::RULE,
    property_names::RULE,
    enum_identifiers::RULE,
    parameter_names::RULE,
    path_variants::RULE,
    operation_names::RULE,
    inline_types::RULE,
];

/// Lowers a checked document.
pub fn lower(mut document: Node, settings: &Settings) -> (Node, Report, Vec<Finding>) {
    let context = Context::new(settings, None);
    let (report, findings) = context.apply_all("lower", LOWERINGS, &mut document);
    (document, report, findings)
}

#[cfg(test)]
mod tests {
    use super::LOWERINGS;
    use crate::rule::tests::{hold_that_every_file_is_listed, hold_to_their_examples};

    #[test]
    fn every_lowering_does_what_its_example_says() {
        hold_to_their_examples(LOWERINGS);
    }

    #[test]
    fn every_file_of_this_folder_is_a_lowering_of_the_list() {
        hold_that_every_file_is_listed(
            "src/lower",
            LOWERINGS,
            &[
                "closed",
                "cover",
                "hoist",
                "inline-enums",
                "mock-document",
                "names",
                "reach",
                "spelling",
                "types",
                "unite",
            ],
        );
    }
}

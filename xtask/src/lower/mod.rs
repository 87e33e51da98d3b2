//! From valid OpenAPI 3.0.3 to the part of it that progenitor can express, in memory only: the
//! published document stays faithful. What is given up is in the report.

mod answer_copies;
mod any_of;
mod bounds;
mod closed;
mod defaults;
mod empty_answers;
mod empty_lists;
mod error_responses;
mod formats;
mod hoist;
mod inline_enums;
mod names;
mod nullable_requests;
mod numbers_as_text;
mod open_enums;
mod open_unions;
mod optional_answers;
mod property_names;
mod reach;
mod request_media;
mod response_headers;
mod wording;

pub(crate) use formats::TIMESTAMP;
pub(crate) use property_names::restored;
pub(crate) use reach::{Reach, answer_types, schemas_of};
pub(crate) use request_media::media_types;

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
    error_responses::RULE,
    response_headers::RULE,
    empty_answers::RULE,
    request_media::RULE,
    any_of::RULE,
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
    property_names::RULE,
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
            &["closed", "hoist", "inline-enums", "names", "reach"],
        );
    }
}

//! From valid OpenAPI 3.0.3 to the part of it that progenitor can express, in memory only: the
//! published document stays faithful. What is given up is in the report.

mod closed;
mod error_responses;
mod inline_enums;
mod names;
mod open_enums;
mod reach;
mod response_headers;

use crate::{
    document::Node,
    finding::Finding,
    manifest::Settings,
    report::Report,
    rule::{Context, Rule},
};

/// The lowerings, in the order they are applied: what only failures show need not be opened.
pub const LOWERINGS: &[Rule] = &[error_responses::RULE, response_headers::RULE, open_enums::RULE];

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
            &["closed", "inline-enums", "names", "reach"],
        );
    }
}

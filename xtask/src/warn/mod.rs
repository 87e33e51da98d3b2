//! What is accepted as it is, but should be known: it was lost where the document was made, or
//! OpenAPI 3.0.3 can't say it.
//!
//! To add one, add a file with its `RULE`, and name it here. It changes nothing.

mod answers_without_content;
mod bodies_without_meaning;
mod event_streams;
mod ignored_headers;
mod missing_successes;
mod multipart_files;
mod negations;
mod numeric_enums;
mod other_servers;
mod paths_beyond_the_path;
mod query_structures;
mod stray_defaults;
mod subtypes;
mod tags_alone;
mod untold_branches;
mod untyped_media;

use crate::rule::Rule;

/// The rules, in the order they are applied: all after the repairs.
pub const WARNINGS: &[Rule] = &[
    multipart_files::RULE,
    answers_without_content::RULE,
    bodies_without_meaning::RULE,
    event_streams::RULE,
    query_structures::RULE,
    numeric_enums::RULE,
    paths_beyond_the_path::RULE,
    tags_alone::RULE,
    other_servers::RULE,
    missing_successes::RULE,
    negations::RULE,
    subtypes::RULE,
    ignored_headers::RULE,
    stray_defaults::RULE,
    untold_branches::RULE,
    untyped_media::RULE,
];

#[cfg(test)]
mod tests {
    use super::WARNINGS;
    use crate::rule::tests::{hold_that_every_file_is_listed, hold_that_they_warn};

    #[test]
    fn every_rule_warns_of_its_example_and_changes_nothing() {
        hold_that_they_warn(WARNINGS);
    }

    #[test]
    fn every_file_of_this_folder_is_a_rule_of_the_list() {
        hold_that_every_file_is_listed(&["src/warn"], WARNINGS, &[]);
    }
}

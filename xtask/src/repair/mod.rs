//! From the documented dialect to OpenAPI 3.0.3: an ordered list of small, faithful rules.
//!
//! To add one, add a file with its `RULE`, and name it here at its place in the order.

mod any_type;
mod authorization_parameter;
mod bodiless_statuses;
mod component_names;
mod empty_content;
mod empty_members;
mod encoded_references;
mod endpoint_version;
mod enum_values;
mod equal_values;
mod equal_variants;
mod idle_formats;
mod inline_discriminators;
mod literal_types;
mod manifest_names;
mod missing_servers;
mod nested_tags;
mod null_types;
mod only_variant;
mod openapi_version;
mod reference_siblings;
mod required_path_parameters;

pub(crate) use endpoint_version::ENDPOINT;

use crate::{
    document::Node,
    finding::Finding,
    manifest::Settings,
    read::Documented,
    report::Report,
    rule::{Context, Rule},
    warn::WARNINGS,
};

/// The rules, in the order they are applied. Names from the manifest come before those that are
/// made legal, as the manifest speaks of documented names.
pub const RULES: &[Rule] = &[
    openapi_version::RULE,
    endpoint_version::RULE,
    missing_servers::RULE,
    nested_tags::RULE,
    authorization_parameter::RULE,
    any_type::RULE,
    null_types::RULE,
    equal_variants::RULE,
    inline_discriminators::RULE,
    only_variant::RULE,
    literal_types::RULE,
    enum_values::RULE,
    equal_values::RULE,
    idle_formats::RULE,
    empty_content::RULE,
    bodiless_statuses::RULE,
    empty_members::RULE,
    required_path_parameters::RULE,
    reference_siblings::RULE,
    manifest_names::RULE,
    encoded_references::RULE,
    component_names::RULE,
];

/// Repairs a source, and warns of what is not as it should be and can't be repaired.
pub fn repair(documented: Documented, settings: &Settings) -> (Node, Report, Vec<Finding>) {
    let mut node = documented.node;
    let context = Context::new(settings, documented.page.as_ref());
    let (mut report, mut findings) = context.apply_all("repair", RULES, &mut node);
    let context = Context::new(settings, documented.page.as_ref());
    let (warnings, found) = context.apply_all("warn", WARNINGS, &mut node);
    report.extend(warnings);
    findings.extend(found);
    (node, report, findings)
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::rule::tests::{hold_that_every_file_is_listed, hold_to_their_examples};

    #[test]
    fn every_rule_does_what_its_example_says() {
        hold_to_their_examples(RULES);
    }

    #[test]
    fn every_file_of_this_folder_is_a_rule_of_the_list() {
        hold_that_every_file_is_listed("src/repair", RULES, &[]);
    }
}

//! From the documented dialect to OpenAPI 3.0.3: an ordered list of small, faithful rules.
//!
//! To add one, add a file with its `RULE`, and name it here at its place in the order.

mod authorization_parameter;
mod component_names;
mod const_values;
mod empty_content;
mod endpoint_version;
mod enum_types;
mod enum_values;
mod exclusive_bounds;
mod inner_references;
mod later_fields;
mod manifest_names;
mod missing_servers;
mod nested_tags;
mod openapi_version;
mod reference_siblings;
mod schema_examples;
mod type_lists;
mod webhooks;

use crate::{
    document::Node,
    finding::Finding,
    manifest::Settings,
    read::Documented,
    report::Report,
    rule::{Context, Rule},
};

/// The rules, in the order they are applied. Names from the manifest come before those that are
/// made legal, as the manifest speaks of documented names.
pub const RULES: &[Rule] = &[
    openapi_version::RULE,
    endpoint_version::RULE,
    missing_servers::RULE,
    nested_tags::RULE,
    authorization_parameter::RULE,
    webhooks::RULE,
    later_fields::RULE,
    inner_references::RULE,
    enum_values::RULE,
    const_values::RULE,
    schema_examples::RULE,
    exclusive_bounds::RULE,
    enum_types::RULE,
    type_lists::RULE,
    empty_content::RULE,
    reference_siblings::RULE,
    manifest_names::RULE,
    component_names::RULE,
];

/// Repairs a source.
pub fn repair(documented: Documented, settings: &Settings) -> (Node, Report, Vec<Finding>) {
    let mut node = documented.node;
    let context = Context::new(settings, documented.page.as_ref());
    let (report, findings) = context.apply_all("repair", RULES, &mut node);
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

//! From the documented dialect to OpenAPI 3.0.3: an ordered list of small, faithful rules.
//!
//! To add one, add a file with its `RULE`, and name it here at its place in the order.

mod any_type;
mod array_items;
mod authorization_parameter;
mod bodiless_statuses;
mod boolean_schemas;
mod component_names;
mod const_values;
mod content_encodings;
mod empty_content;
mod empty_members;
mod empty_values;
mod encoded_references;
mod endpoint_version;
mod enum_parts;
mod enum_types;
mod enum_values;
mod equal_values;
mod equal_variants;
mod exclusive_bounds;
mod foreign_keywords;
mod idle_formats;
mod ignored_headers;
mod implied_types;
mod inline_discriminators;
mod inner_references;
mod later_fields;
mod later_nullable;
mod literal_types;
mod manifest_names;
mod media_examples;
mod missing_operation_ids;
mod missing_responses;
mod missing_servers;
mod mutual_tls;
mod nested_tags;
mod null_types;
mod only_variant;
mod open_properties;
mod openapi_version;
mod path_item_references;
mod path_names;
mod plain_texts;
mod prefix_items;
mod reference_overrides;
mod reference_siblings;
mod required_lists;
mod required_path_parameters;
mod schema_examples;
mod server_variables;
mod stray_defaults;
mod type_lists;
mod unknown_fields;
mod unknown_keywords;
mod webhooks;
mod whole_numbers;

pub(crate) use endpoint_version::ENDPOINT;
pub(crate) use path_names::RULE as PATH_NAMES;

use crate::{
    document::Node,
    finding::Finding,
    manifest::Settings,
    read::Documented,
    report::Report,
    rule::{Context, Rule},
    warn::WARNINGS,
};

/// The rules, in the order they are applied. What was left empty or read as another scalar comes
/// first, references before the schemas that they lead into are changed, and types before what is
/// said by type. Names from the manifest come before those that are made legal, as the manifest
/// speaks of documented names; what is set aside as an extension comes last, as names inside it
/// follow no more.
pub const RULES: &[Rule] = &[
    empty_values::RULE,
    plain_texts::RULE,
    later_nullable::RULE,
    openapi_version::RULE,
    endpoint_version::RULE,
    missing_servers::RULE,
    server_variables::RULE,
    nested_tags::RULE,
    webhooks::RULE,
    later_fields::RULE,
    required_lists::RULE,
    inner_references::RULE,
    path_item_references::RULE,
    path_names::RULE,
    missing_operation_ids::RULE,
    missing_responses::RULE,
    authorization_parameter::RULE,
    ignored_headers::RULE,
    mutual_tls::RULE,
    media_examples::RULE,
    boolean_schemas::RULE,
    any_type::RULE,
    const_values::RULE,
    null_types::RULE,
    equal_variants::RULE,
    inline_discriminators::RULE,
    only_variant::RULE,
    literal_types::RULE,
    enum_values::RULE,
    equal_values::RULE,
    idle_formats::RULE,
    schema_examples::RULE,
    content_encodings::RULE,
    prefix_items::RULE,
    open_properties::RULE,
    exclusive_bounds::RULE,
    enum_types::RULE,
    implied_types::RULE,
    type_lists::RULE,
    whole_numbers::RULE,
    array_items::RULE,
    empty_content::RULE,
    bodiless_statuses::RULE,
    empty_members::RULE,
    required_path_parameters::RULE,
    reference_siblings::RULE,
    enum_parts::RULE,
    reference_overrides::RULE,
    stray_defaults::RULE,
    manifest_names::RULE,
    encoded_references::RULE,
    component_names::RULE,
    foreign_keywords::RULE,
    unknown_fields::RULE,
    unknown_keywords::RULE,
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

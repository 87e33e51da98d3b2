//! From the documented dialect to OpenAPI 3.0.3: an ordered list of small, faithful rules.
//!
//! To add one, add a file with its `RULE`, and name it here at its place in the order.

mod any_type;
mod array_items;
mod authorization_parameter;
mod bodiless_statuses;
mod component_names;
mod constant_variants;
mod empty_content;
mod empty_members;
mod endpoint_version;
mod enum_values;
mod equal_values;
mod equal_variants;
mod foreign_keywords;
mod from_3_1;
mod idle_formats;
mod implied_types;
mod inline_discriminators;
mod inner_references;
mod literal_types;
mod manifest_names;
mod missing_operation_ids;
mod missing_servers;
mod nested_tags;
mod only_variant;
mod openapi_version;
mod path_names;
mod required_path_parameters;

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

/// The rules, in the order in which they are applied. Types come before keywords that depend on the
/// type. Names from the manifest come before names that are made valid, since the manifest uses
/// documented names. What becomes an extension comes last, since names inside it are not updated.
pub const RULES: &[Rule] = &[
    openapi_version::RULE,
    endpoint_version::RULE,
    missing_servers::RULE,
    nested_tags::RULE,
    inner_references::RULE,
    from_3_1::webhooks::RULE,
    from_3_1::later_fields::RULE,
    path_names::RULE,
    missing_operation_ids::RULE,
    authorization_parameter::RULE,
    from_3_1::boolean_schemas::RULE,
    any_type::RULE,
    from_3_1::const_values::RULE,
    from_3_1::null_types::RULE,
    equal_variants::RULE,
    inline_discriminators::RULE,
    only_variant::RULE,
    literal_types::RULE,
    enum_values::RULE,
    equal_values::RULE,
    constant_variants::RULE,
    idle_formats::RULE,
    from_3_1::schema_examples::RULE,
    from_3_1::content_encodings::RULE,
    from_3_1::prefix_items::RULE,
    from_3_1::exclusive_bounds::RULE,
    implied_types::RULE,
    from_3_1::type_lists::RULE,
    array_items::RULE,
    empty_content::RULE,
    bodiless_statuses::RULE,
    empty_members::RULE,
    required_path_parameters::RULE,
    from_3_1::reference_siblings::RULE,
    from_3_1::reference_overrides::RULE,
    manifest_names::RULE,
    component_names::RULE,
    foreign_keywords::RULE,
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
    use crate::rule::tests::{
        hold_that_every_file_is_listed, hold_to_their_examples, hold_to_their_order,
    };

    #[test]
    fn every_rule_does_what_its_example_says() {
        hold_to_their_examples(RULES);
    }

    #[test]
    fn every_file_of_this_folder_is_a_rule_of_the_list() {
        let folders = ["src/repair", "src/repair/from_3_1"];
        hold_that_every_file_is_listed(&folders, RULES, &["from-3-1"]);
    }

    #[test]
    fn a_rule_comes_behind_those_whose_work_it_needs() {
        let schema = |keywords: &str| {
            format!("openapi: 3.1.0\ncomponents:\n  schemas:\n    A: {{{keywords}}}\n")
        };
        for (first, then, keywords) in [
            ("openapi-version", "null-types", "type: [string, 'null']"),
            ("const-values", "null-types", "const: null"),
            ("null-types", "only-variant", "oneOf: [{type: string}, {type: 'null'}]"),
            ("equal-variants", "only-variant", "oneOf: [{type: string}, {type: string}]"),
            (
                "inline-discriminators",
                "only-variant",
                "oneOf: [{type: object}], discriminator: {propertyName: t}",
            ),
            (
                "literal-types",
                "enum-values",
                "type: string, enum: [{type: booleanLiteral, value: true}]",
            ),
            ("enum-values", "equal-values", "enum: [{value: a}, a]"),
            ("enum-values", "implied-types", "enum: [{value: a}]"),
            ("idle-formats", "implied-types", "format: enum"),
            ("content-encodings", "implied-types", "contentEncoding: base64"),
            ("prefix-items", "implied-types", "prefixItems: [{type: string}]"),
            ("exclusive-bounds", "foreign-keywords", "type: string, exclusiveMinimum: 3"),
            ("implied-types", "type-lists", "items: {}, minLength: 1"),
            ("implied-types", "array-items", "minItems: 1"),
            ("implied-types", "foreign-keywords", "items: {}, enum: [a]"),
            ("type-lists", "array-items", "type: [array, string]"),
            ("type-lists", "foreign-keywords", "type: [string], minimum: 1"),
            ("empty-members", "foreign-keywords", "type: string, properties: {}"),
        ] {
            hold_to_their_order(RULES, first, then, &schema(keywords));
        }
        let names = "openapi: 3.1.1\ncomponents: {schemas: {Get Thing_Response_200: {}}}\n";
        hold_to_their_order(RULES, "manifest-names", "component-names", names);
    }
}

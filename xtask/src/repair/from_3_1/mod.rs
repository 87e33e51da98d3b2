//! Plain conversions of what OpenAPI 3.1 writes in another form than 3.0.3. What 3.0.3 can't say
//! has no rule: the check names its place.

pub(super) mod boolean_schemas;
pub(super) mod const_values;
pub(super) mod content_encodings;
pub(super) mod exclusive_bounds;
pub(super) mod later_fields;
pub(super) mod null_types;
pub(super) mod prefix_items;
pub(super) mod reference_overrides;
pub(super) mod reference_siblings;
pub(super) mod schema_examples;
pub(super) mod type_lists;
pub(super) mod webhooks;

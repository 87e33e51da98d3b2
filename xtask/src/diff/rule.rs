use super::Class::{self, Additive, Breaking, Documentation};

/// A kind of change, and its effect on users of the client.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeRule {
    /// Its name, in reports for machines.
    pub name: &'static str,
    /// What it is where requests carry the value.
    pub in_requests: Class,
    /// What it is where answers carry the value.
    pub in_answers: Class,
    /// What it means, and why it has these classes.
    pub reason: &'static str,
}

macro_rules! rules {
    ($($id:ident $name:literal $in_requests:ident $in_answers:ident $reason:literal)*) => {
        $(pub(super) static $id: ChangeRule = ChangeRule {
            name: $name,
            in_requests: $in_requests,
            in_answers: $in_answers,
            reason: $reason,
        };)*

        /// Every rule, in the order of the table.
        pub static RULES: &[&ChangeRule] = &[$(&$id),*];
    };
}

rules! {
    OPERATION_ADDED "operation-added" Additive Additive
        "A new method of the client."
    OPERATION_REMOVED "operation-removed" Breaking Breaking
        "The method is removed."
    OPERATION_RENAMED "operation-renamed" Breaking Breaking
        "Path and HTTP method are unchanged, but the client's method has another name."
    OPERATION_RESPELT "operation-respelt" Documentation Documentation
        "The id is spelled differently, but its name in Rust is unchanged."
    OPERATION_MOVED "operation-moved" Breaking Breaking
        "The id is unchanged, but the path or the HTTP method differs: mocks and rules that match \
         the path must be updated."
    RESOURCE_CHANGED "resource-changed" Breaking Breaking
        "The first tag changed, so the call is in another module."
    REPEATED_LESS "repeated-less" Breaking Breaking
        "A call that was retried after a server error now fails on the first one."
    REPEATED_MORE "repeated-more" Additive Additive
        "A call is now retried after a server error."
    RETRY_CLASS_CHANGED "retry-class-changed" Documentation Documentation
        "The class has another name, but the same calls are retried."
    SERVER_ADDED "server-added" Additive Additive
        "The API has an additional server."
    SERVER_REMOVED "server-removed" Breaking Breaking
        "The API is no longer served there."
    SECURITY_TIGHTENED "security-tightened" Breaking Breaking
        "Credentials that were sufficient no longer are."
    SECURITY_LOOSENED "security-loosened" Additive Additive
        "There is an additional way to authenticate."
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Breaking Breaking
        "The credentials are sent differently."
    PARAMETER_ADDED "parameter-added" Additive Additive
        "The builder has one more setter."
    REQUIRED_PARAMETER_ADDED "required-parameter-added" Breaking Breaking
        "A call without it is not sent."
    PARAMETER_REMOVED "parameter-removed" Breaking Breaking
        "The setter is removed."
    PARAMETER_RENAMED "parameter-renamed" Breaking Breaking
        "The setter of a path parameter has another name."
    PARAMETER_BECAME_REQUIRED "parameter-became-required" Breaking Breaking
        "A call without it is not sent."
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" Additive Additive
        "The setter accepts the same values as before."
    PARAMETER_FORM_CHANGED "parameter-form-changed" Breaking Breaking
        "`style`, `explode` or similar: the same value is sent in a different format."
    BODY_ADDED "body-added" Additive Additive
        "A request may have a body."
    REQUIRED_BODY_ADDED "required-body-added" Breaking Breaking
        "A request without a body is not sent."
    BODY_REMOVED "body-removed" Breaking Breaking
        "A request no longer has a body, or a response no longer has one to read."
    BODY_BECAME_REQUIRED "body-became-required" Breaking Breaking
        "The server rejects a request without a body."
    BODY_BECAME_OPTIONAL "body-became-optional" Additive Additive
        "What was sent before is still accepted."
    ANSWER_BODY_ADDED "answer-body-added" Breaking Breaking
        "The method now returns a value; before, it returned none."
    MEDIA_TYPE_ADDED "media-type-added" Additive Additive
        "The body has an additional media type, and the client keeps using the one it had."
    MEDIA_TYPE_REMOVED "media-type-removed" Breaking Breaking
        "A body of this media type is no longer accepted or sent."
    MEDIA_TYPE_OF_CLIENT_CHANGED "media-type-of-client-changed" Breaking Breaking
        "The client sends or reads another media type (JSON if there is one, otherwise the first)."
    ENCODING_CHANGED "encoding-changed" Breaking Breaking
        "The parts of a form are encoded differently."
    STATUS_ADDED "status-added" Additive Additive
        "An additional success status with the same body type as another one. Before, the client \
         returned an error."
    STATUS_WITH_OTHER_BODY_ADDED "status-with-other-body-added" Breaking Breaking
        "An additional success status with a different body, or with a body where the others have \
         none: the method returns another type."
    STATUS_REMOVED "status-removed" Breaking Breaking
        "The client now returns an error for this success status."
    STATUS_WITHOUT_BODY_CHANGED "status-without-body-changed" Documentation Documentation
        "No success response has a body, so the client treats all of them alike."
    ERROR_STATUS_ADDED "error-status-added" Additive Additive
        "Error responses are passed on unchanged, whatever is documented; this one can now be \
         recognised."
    ERROR_STATUS_REMOVED "error-status-removed" Documentation Documentation
        "Error responses are passed on unchanged, whatever is documented."
    ERROR_BODY_CHANGED "error-body-changed" Documentation Documentation
        "A media type of an error response was added or removed. Changes of an error's body are \
         documentation, since error responses are passed on unchanged."
    ANSWER_HEADER_ADDED "answer-header-added" Additive Additive
        "An additional header can be read."
    ANSWER_HEADER_REMOVED "answer-header-removed" Breaking Breaking
        "Programs that read the header no longer find it."
    SCHEMA_ADDED "schema-added" Additive Additive
        "A new type."
    SCHEMA_REMOVED "schema-removed" Breaking Breaking
        "The type is removed, even if it was unused: every component becomes a type."
    SCHEMA_RENAMED "schema-renamed" Breaking Breaking
        "The type has another name. A schema that replaces another counts as the same type."
    SCHEMA_RESPELT "schema-respelt" Documentation Documentation
        "The name is spelled differently, but the name in Rust is unchanged."
    SCHEMA_REPLACED "schema-replaced" Breaking Breaking
        "The schema here is now another component, or has become a component, or is no longer one: \
         another type."
    TYPE_CHANGED "type-changed" Breaking Breaking
        "Another type in Rust. Includes changes from untyped to typed, and of schemas that combine \
         others."
    OBJECT_FORM_CHANGED "object-form-changed" Breaking Breaking
        "An object without documented properties is a map in Rust; one with properties, or one \
         that must be empty, is a struct."
    FORMAT_OF_RUST_CHANGED "format-of-rust-changed" Breaking Breaking
        "`date-time` and `binary` have dedicated types in Rust."
    FORMAT_CHANGED "format-changed" Documentation Documentation
        "The client ignores other formats: ids are opaque, and numbers have the widest type."
    NULL_ADDED "null-added" Breaking Breaking
        "An optional property of a request gets a type that can express null; in a response, a \
         value that was always there may be missing."
    NULL_REMOVED "null-removed" Breaking Breaking
        "Null is no longer accepted; items and other values that are not properties lose their \
         `Option`."
    NULL_OF_PROPERTY_REMOVED "null-of-property-removed" Breaking Additive
        "Properties of responses are `Option` in either case."
    PROPERTY_ADDED "property-added" Additive Additive
        "Requests are made with builders, so an additional field breaks nothing. The first \
         property turns a map into a struct: see `object-form-changed`."
    REQUIRED_PROPERTY_ADDED "required-property-added" Breaking Additive
        "The server rejects a request without it."
    PROPERTY_REMOVED "property-removed" Breaking Breaking
        "The field is removed."
    PROPERTY_BECAME_REQUIRED "property-became-required" Breaking Additive
        "The server rejects a request without it; fields of responses are `Option` in either case."
    PROPERTY_BECAME_OPTIONAL "property-became-optional" Breaking Breaking
        "The setter of a request takes an `Option` and no longer a `&str`; in a response, a value \
         that was always there may be missing."
    BRANCH_REQUIREMENT_CHANGED "branch-requirement-changed" Breaking Breaking
        "Required properties tell the branches of a union apart, so these fields do change between \
         `T` and `Option<T>`."
    READ_ONLY_ADDED "read-only-added" Breaking Documentation
        "The property must no longer be sent."
    READ_ONLY_REMOVED "read-only-removed" Additive Documentation
        "The property may be sent."
    WRITE_ONLY_ADDED "write-only-added" Documentation Breaking
        "Responses no longer contain the property."
    WRITE_ONLY_REMOVED "write-only-removed" Documentation Additive
        "Responses may contain the property."
    ENUM_VALUE_ADDED "enum-value-added" Additive Additive
        "Enums are open and `#[non_exhaustive]`; requests have an additional value."
    CONSTANT_WIDENED "constant-widened" Breaking Additive
        "The builder of a request sets a property that has a single value; if there are two, the \
         caller has to choose."
    ENUM_VALUE_REMOVED "enum-value-removed" Breaking Breaking
        "The variant is removed."
    ENUM_ADDED "enum-added" Breaking Breaking
        "A plain value became an enum: another type."
    ENUM_REMOVED "enum-removed" Breaking Breaking
        "An enum became a plain value: another type."
    VARIANT_ADDED "variant-added" Additive Additive
        "Unions in responses are open; requests have an additional variant."
    VARIANT_REMOVED "variant-removed" Breaking Breaking
        "The variant is removed."
    COMPOSITION_CHANGED "composition-changed" Breaking Breaking
        "The parts of an `allOf`, or the schema of a `not`, changed in more than their properties."
    DISCRIMINATOR_CHANGED "discriminator-changed" Breaking Breaking
        "Another property tells the branches of a union apart, or a branch's tag was removed, \
         points to another branch, or replaces the branch's name."
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" Breaking Additive
        "A branch has an additional tag: the builder of a request sets the tag if there is only \
         one, and otherwise the caller has to choose."
    ADDITIONAL_PROPERTIES_OPENED "additional-properties-opened" Additive Additive
        "Requests or responses may contain more."
    ADDITIONAL_PROPERTIES_CLOSED "additional-properties-closed" Breaking Documentation
        "Undocumented properties are no longer accepted."
    ADDITIONAL_PROPERTIES_CHANGED "additional-properties-changed" Breaking Breaking
        "The values of a map gained or lost their type, or the map of additional properties was \
         removed."
    BOUND_TIGHTENED "bound-tightened" Breaking Documentation
        "Values that were accepted are rejected. Responses are read regardless of bounds. A \
         changed pattern counts as tightened."
    BOUND_LOOSENED "bound-loosened" Additive Documentation
        "More values are accepted. Responses are read regardless of bounds."
    DEFAULT_CHANGED "default-changed" Documentation Documentation
        "The client sends no defaults; the server applies them."
    DEPRECATED "deprecated" Documentation Documentation
        "Deprecated, or no longer deprecated."
    WORDS_CHANGED "words-changed" Documentation Documentation
        "Titles, descriptions, examples, links, callbacks, tags, the version of the API."
    EXTENSION_CHANGED "extension-changed" Documentation Documentation
        "An `x-` field, which at most appears in the documentation."
}

use super::Class::{self, Additive, Breaking, Documentation};

/// A kind of change, and what it is for whoever uses the client.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeRule {
    /// Its name, in reports for machines.
    pub name: &'static str,
    /// What it is where requests carry the value.
    pub in_requests: Class,
    /// What it is where answers carry the value.
    pub in_answers: Class,
    /// What it stands for, and why it is of these classes.
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
        "The method is gone."
    OPERATION_RENAMED "operation-renamed" Breaking Breaking
        "Path and method stay, and the method of the client has another name."
    OPERATION_RESPELT "operation-respelt" Documentation Documentation
        "The id is spelt another way, and the name in Rust stays."
    OPERATION_MOVED "operation-moved" Breaking Breaking
        "The id stays, path or method don't: mocks and rules by path have to follow."
    RESOURCE_CHANGED "resource-changed" Breaking Breaking
        "The first tag changed, so that the call is in another module."
    REPEATED_LESS "repeated-less" Breaking Breaking
        "A call that was repeated after a fault of the server fails at the first one now."
    REPEATED_MORE "repeated-more" Additive Additive
        "A call is repeated after a fault of the server."
    RETRY_CLASS_CHANGED "retry-class-changed" Documentation Documentation
        "Another word, and the same is repeated."
    SERVER_ADDED "server-added" Additive Additive
        "The API is served elsewhere too."
    SERVER_REMOVED "server-removed" Breaking Breaking
        "The API is no longer served there."
    SECURITY_TIGHTENED "security-tightened" Breaking Breaking
        "What was enough to be let in is not any more."
    SECURITY_LOOSENED "security-loosened" Additive Additive
        "There is another way to be let in."
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Breaking Breaking
        "What is sent to be let in changed."
    PARAMETER_ADDED "parameter-added" Additive Additive
        "The builder has one more setter."
    REQUIRED_PARAMETER_ADDED "required-parameter-added" Breaking Breaking
        "A call without it is not sent."
    PARAMETER_REMOVED "parameter-removed" Breaking Breaking
        "The setter is gone."
    PARAMETER_RENAMED "parameter-renamed" Breaking Breaking
        "The setter of a part of the path has another name."
    PARAMETER_BECAME_REQUIRED "parameter-became-required" Breaking Breaking
        "A call without it is not sent."
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" Additive Additive
        "The setter takes what it took."
    PARAMETER_FORM_CHANGED "parameter-form-changed" Breaking Breaking
        "`style`, `explode` and the like: the same value is sent in another form."
    BODY_ADDED "body-added" Additive Additive
        "A request may carry a body."
    REQUIRED_BODY_ADDED "required-body-added" Breaking Breaking
        "A request without a body is not sent."
    BODY_REMOVED "body-removed" Breaking Breaking
        "A request carries no body any more, or an answer has none to read."
    BODY_BECAME_REQUIRED "body-became-required" Breaking Breaking
        "A request without a body is refused."
    BODY_BECAME_OPTIONAL "body-became-optional" Additive Additive
        "What was sent is accepted."
    ANSWER_BODY_ADDED "answer-body-added" Breaking Breaking
        "The method returns another type: it returned none."
    MEDIA_TYPE_ADDED "media-type-added" Additive Additive
        "One more form of a body, and the client keeps to the one it had."
    MEDIA_TYPE_REMOVED "media-type-removed" Breaking Breaking
        "A body in this form is no longer taken or sent."
    MEDIA_TYPE_OF_CLIENT_CHANGED "media-type-of-client-changed" Breaking Breaking
        "The client sends or reads another form (JSON where there is JSON, else the first)."
    ENCODING_CHANGED "encoding-changed" Breaking Breaking
        "The parts of a form are sent another way."
    STATUS_ADDED "status-added" Additive Additive
        "One more status of success, with a body of the same name as that of another; it was an error of the client."
    STATUS_WITH_OTHER_BODY_ADDED "status-with-other-body-added" Breaking Breaking
        "One more status of success, with another body, or with one where others have none: the method returns another type."
    STATUS_REMOVED "status-removed" Breaking Breaking
        "A status of success that is an error of the client now."
    STATUS_WITHOUT_BODY_CHANGED "status-without-body-changed" Documentation Documentation
        "No answer of success has a body: to the client all are one."
    ERROR_STATUS_ADDED "error-status-added" Additive Additive
        "Errors are handed over whole, whatever is documented; this one can be told apart."
    ERROR_STATUS_REMOVED "error-status-removed" Documentation Documentation
        "Errors are handed over whole, whatever is documented."
    ERROR_BODY_CHANGED "error-body-changed" Documentation Documentation
        "Media types of errors, added or removed. Whatever changes of the body of an error is documentation: errors are handed over whole."
    ANSWER_HEADER_ADDED "answer-header-added" Additive Additive
        "One more header to read."
    ANSWER_HEADER_REMOVED "answer-header-removed" Breaking Breaking
        "Who reads the header finds none."
    SCHEMA_ADDED "schema-added" Additive Additive
        "A new type."
    SCHEMA_REMOVED "schema-removed" Breaking Breaking
        "The type is gone, used or not: every component becomes one."
    SCHEMA_RENAMED "schema-renamed" Breaking Breaking
        "The type has another name. One that took the place of another counts as the same."
    SCHEMA_RESPELT "schema-respelt" Documentation Documentation
        "The name is spelt another way, and the name in Rust stays."
    SCHEMA_REPLACED "schema-replaced" Breaking Breaking
        "Another component stands here, or a component where there was none, or none any more: another type."
    TYPE_CHANGED "type-changed" Breaking Breaking
        "Another type in Rust: also from untyped to typed, and of schemas that combine others."
    OBJECT_FORM_CHANGED "object-form-changed" Breaking Breaking
        "An object without any documented property is a map in Rust; one with properties, or one that is empty, is a struct."
    FORMAT_OF_RUST_CHANGED "format-of-rust-changed" Breaking Breaking
        "`date-time` and `binary` have types of their own in Rust."
    FORMAT_CHANGED "format-changed" Documentation Documentation
        "The client makes nothing of other formats: ids are opaque, numbers wide."
    NULL_ADDED "null-added" Breaking Breaking
        "An optional property of a request gets a type that can say null; in an answer a value may be missing that never was."
    NULL_REMOVED "null-removed" Breaking Breaking
        "Null is no longer taken; items and other values that are no properties lose their `Option`."
    NULL_OF_PROPERTY_REMOVED "null-of-property-removed" Breaking Additive
        "Properties of answers are read as `Option` all the same."
    PROPERTY_ADDED "property-added" Additive Additive
        "Builders make what is sent, so that a further field does no harm. Where it is the first, a map becomes an object: `object-form-changed`."
    REQUIRED_PROPERTY_ADDED "required-property-added" Breaking Additive
        "A request without it is refused."
    PROPERTY_REMOVED "property-removed" Breaking Breaking
        "The field is gone."
    PROPERTY_BECAME_REQUIRED "property-became-required" Breaking Additive
        "A request without it is refused; fields of answers are `Option` all the same."
    PROPERTY_BECAME_OPTIONAL "property-became-optional" Breaking Breaking
        "The setter of a request takes an `Option`, no `&str` any more; in an answer a value may be missing that never was."
    BRANCH_REQUIREMENT_CHANGED "branch-requirement-changed" Breaking Breaking
        "What the branches of a union require tells them apart, so that these fields do change between `T` and `Option<T>`."
    READ_ONLY_ADDED "read-only-added" Breaking Documentation
        "The property is not to be sent any more."
    READ_ONLY_REMOVED "read-only-removed" Additive Documentation
        "The property may be sent."
    WRITE_ONLY_ADDED "write-only-added" Documentation Breaking
        "The property does not come any more."
    WRITE_ONLY_REMOVED "write-only-removed" Documentation Additive
        "The property may come."
    ENUM_VALUE_ADDED "enum-value-added" Additive Additive
        "Enums are open and `#[non_exhaustive]`; what is sent may say more."
    CONSTANT_WIDENED "constant-widened" Breaking Additive
        "The builder of a request sets what has one value; where there are two, whoever builds it has to say which."
    ENUM_VALUE_REMOVED "enum-value-removed" Breaking Breaking
        "The variant is gone."
    ENUM_ADDED "enum-added" Breaking Breaking
        "An enum where there was a plain value: another type."
    ENUM_REMOVED "enum-removed" Breaking Breaking
        "A plain value where there was an enum: another type."
    VARIANT_ADDED "variant-added" Additive Additive
        "Unions of answers are open; what is sent may be more."
    VARIANT_REMOVED "variant-removed" Breaking Breaking
        "The variant is gone."
    COMPOSITION_CHANGED "composition-changed" Breaking Breaking
        "What an `allOf` combines, or a `not` excludes, changed in more than its properties."
    DISCRIMINATOR_CHANGED "discriminator-changed" Breaking Breaking
        "Another property tells the branches of a union apart, or a tag of one is gone, leads elsewhere, or takes the place of the branch's name."
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" Breaking Additive
        "One more tag for a branch that has one: the builder of a request sets the only tag, and of two it has to be told which."
    ADDITIONAL_PROPERTIES_OPENED "additional-properties-opened" Additive Additive
        "More may be sent, or come."
    ADDITIONAL_PROPERTIES_CLOSED "additional-properties-closed" Breaking Documentation
        "What is not documented is no longer taken."
    ADDITIONAL_PROPERTIES_CHANGED "additional-properties-changed" Breaking Breaking
        "Values of a map got or lost their type, or a map of what comes beside the properties is gone."
    BOUND_TIGHTENED "bound-tightened" Breaking Documentation
        "What was accepted is refused. Answers are read whatever their bounds. A changed pattern counts as tightened."
    BOUND_LOOSENED "bound-loosened" Additive Documentation
        "More is accepted. Answers are read whatever their bounds."
    DEFAULT_CHANGED "default-changed" Documentation Documentation
        "The client sends no defaults; the server's word counts."
    DEPRECATED "deprecated" Documentation Documentation
        "Deprecated, or no longer so."
    WORDS_CHANGED "words-changed" Documentation Documentation
        "Titles, descriptions, examples, links, callbacks, tags, the version of the API."
    EXTENSION_CHANGED "extension-changed" Documentation Documentation
        "An `x-` field: it shows in the documentation at most."
}

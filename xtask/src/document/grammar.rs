//! The objects of OpenAPI 3.0.3 and their fields, as the specification lists them
//! (<https://spec.openapis.org/oas/v3.0.3>), and those fields of OpenAPI 3.1 and JSON Schema that
//! hold objects of these kinds. Rules and checks walk a document by this table, so that a property
//! which happens to be called `enum` or `$ref` is never taken for the keyword.

/// The methods of a path item, in the order of the specification.
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The OpenAPI object: the document itself.
    Document,
    /// The info object.
    Info,
    /// The contact object.
    Contact,
    /// The license object.
    License,
    /// The server object.
    Server,
    /// The server variable object.
    ServerVariable,
    /// The paths object.
    Paths,
    /// The path item object.
    PathItem,
    /// The operation object.
    Operation,
    /// The parameter object.
    Parameter,
    /// The request body object.
    RequestBody,
    /// The media type object.
    MediaType,
    /// The encoding object.
    Encoding,
    /// The responses object.
    Responses,
    /// The response object.
    Response,
    /// The header object.
    Header,
    /// The example object.
    Example,
    /// The link object.
    Link,
    /// The callback object.
    Callback,
    /// The components object.
    Components,
    /// The security scheme object.
    SecurityScheme,
    /// The OAuth flows object.
    OAuthFlows,
    /// The OAuth flow object.
    OAuthFlow,
    /// The security requirement object.
    SecurityRequirement,
    /// The tag object.
    Tag,
    /// The external documentation object.
    ExternalDocs,
    /// The schema object.
    Schema,
    /// The discriminator object.
    Discriminator,
    /// The XML object.
    Xml,
}

/// What the value of a field looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A string.
    Text,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A number of things: an integer, not below zero.
    Count,
    /// Any JSON: data that is never looked into.
    Data,
    /// A list of any JSON.
    DataList,
    /// A list of strings.
    TextList,
    /// A list of strings that are all different, one at least.
    Names,
    /// A mapping to strings.
    TextMap,
    /// One object.
    One(Kind),
    /// A list of objects.
    List(Kind),
    /// A list of objects, one at least.
    Parts(Kind),
    /// A mapping to objects.
    Map(Kind),
    /// A boolean or an object.
    BooleanOr(Kind),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether the specification demands it.
    pub required: bool,
}

impl Field {
    /// Whether `written` is this field's name with a single typo.
    pub fn is_one_slip_from(&self, written: &str) -> bool {
        written != self.name && are_one_slip_apart(written, self.name)
    }
}

/// Whether one letter is missing, added, changed or swapped with its neighbour, or the case is
/// another.
fn are_one_slip_apart(written: &str, word: &str) -> bool {
    if written.eq_ignore_ascii_case(word) {
        return true;
    }
    let (written, word): (Vec<char>, Vec<char>) =
        (written.chars().collect(), word.chars().collect());
    let head = written.iter().zip(&word).take_while(|(a, b)| a == b).count();
    let (written, word) = (&written[head..], &word[head..]);
    let tail = written.iter().rev().zip(word.iter().rev()).take_while(|(a, b)| a == b).count();
    let (written, word) = (&written[..written.len() - tail], &word[..word.len() - tail]);
    match (written, word) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: false }
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: true }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 29] = [
        Self::Document,
        Self::Info,
        Self::Contact,
        Self::License,
        Self::Server,
        Self::ServerVariable,
        Self::Paths,
        Self::PathItem,
        Self::Operation,
        Self::Parameter,
        Self::RequestBody,
        Self::MediaType,
        Self::Encoding,
        Self::Responses,
        Self::Response,
        Self::Header,
        Self::Example,
        Self::Link,
        Self::Callback,
        Self::Components,
        Self::SecurityScheme,
        Self::OAuthFlows,
        Self::OAuthFlow,
        Self::SecurityRequirement,
        Self::Tag,
        Self::ExternalDocs,
        Self::Schema,
        Self::Discriminator,
        Self::Xml,
    ];

    /// The fields that the specification fixes.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Document => DOCUMENT,
            Self::Info => INFO,
            Self::Contact => CONTACT,
            Self::License => LICENSE,
            Self::Server => SERVER,
            Self::ServerVariable => SERVER_VARIABLE,
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter => PARAMETER,
            Self::RequestBody => REQUEST_BODY,
            Self::MediaType => MEDIA_TYPE,
            Self::Encoding => ENCODING,
            Self::Responses => RESPONSES,
            Self::Response => RESPONSE,
            Self::Header => HEADER,
            Self::Example => EXAMPLE,
            Self::Link => LINK,
            Self::Components => COMPONENTS,
            Self::SecurityScheme => SECURITY_SCHEME,
            Self::OAuthFlows => OAUTH_FLOWS,
            Self::OAuthFlow => OAUTH_FLOW,
            Self::Tag => TAG,
            Self::ExternalDocs => EXTERNAL_DOCS,
            Self::Schema => SCHEMA,
            Self::Discriminator => DISCRIMINATOR,
            Self::Xml => XML,
            Self::Paths | Self::Callback | Self::SecurityRequirement => &[],
        }
    }

    /// The fields of OpenAPI 3.1 and the extensions that hold objects of a known kind. A document is
    /// walked through them, so that rules reach what is inside.
    fn later_fields(self) -> &'static [Field] {
        match self {
            Self::Document => LATER_DOCUMENT,
            Self::Schema => LATER_SCHEMA,
            _ => &[],
        }
    }

    /// What a member holds whose name is not fixed, if the object takes such names.
    pub fn patterned(self, name: &str) -> Option<Shape> {
        match self {
            Self::Paths if name.starts_with('/') => Some(Shape::One(Self::PathItem)),
            Self::Responses if is_status(name) => Some(Shape::One(Self::Response)),
            Self::Callback if name != "$ref" && !name.starts_with("x-") => {
                Some(Shape::One(Self::PathItem))
            }
            Self::SecurityRequirement => Some(Shape::TextList),
            _ => None,
        }
    }

    /// What the member called `name` holds, if the object may have it.
    pub fn shape_of(self, name: &str) -> Option<Shape> {
        let fixed = self.fields().iter().find(|field| field.name == name);
        fixed.map(|field| field.shape).or_else(|| self.patterned(name))
    }

    /// What the member called `name` holds that OpenAPI 3.0.3 may not know, but a walk does.
    pub fn walked_shape_of(self, name: &str) -> Option<Shape> {
        let later = || self.later_fields().iter().find(|field| field.name == name);
        self.shape_of(name).or_else(|| later().map(|field| field.shape))
    }

    /// Whether the object may be replaced by a reference.
    pub fn takes_reference(self) -> bool {
        matches!(
            self,
            Self::Schema
                | Self::Response
                | Self::Parameter
                | Self::Example
                | Self::RequestBody
                | Self::Header
                | Self::SecurityScheme
                | Self::Link
                | Self::Callback
        )
    }

    /// The section of the components that holds such objects.
    pub fn component_section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            Self::Callback => "callbacks",
            _ => return None,
        })
    }

    /// The kind of what a section of the components holds.
    pub fn of_section(section: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.component_section() == Some(section))
    }

    /// Its name in a message: `a schema`, `an operation`.
    pub fn description(self) -> &'static str {
        match self {
            Self::Document => "an OpenAPI document",
            Self::Info => "an info object",
            Self::Contact => "a contact",
            Self::License => "a license",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Paths => "the paths",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Responses => "the responses",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Example => "an example",
            Self::Link => "a link",
            Self::Callback => "a callback",
            Self::Components => "the components",
            Self::SecurityScheme => "a security scheme",
            Self::OAuthFlows => "the OAuth flows",
            Self::OAuthFlow => "an OAuth flow",
            Self::SecurityRequirement => "a security requirement",
            Self::Tag => "a tag",
            Self::ExternalDocs => "external documentation",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
            Self::Xml => "an XML object",
        }
    }
}

/// Whether this is a key of the responses object: `200`, `4XX`.
fn is_status(name: &str) -> bool {
    matches!(name.as_bytes(), [b'1'..=b'5', tail @ ..]
        if tail == b"XX" || (tail.len() == 2 && tail.iter().all(u8::is_ascii_digit)))
}

use Shape::{
    Boolean, BooleanOr, Count, Data, DataList, List, Map, Names, Number, One, Parts, Text,
    TextList, TextMap,
};

const DOCUMENT: &[Field] = &[
    required("openapi", Text),
    required("info", One(Kind::Info)),
    field("servers", List(Kind::Server)),
    required("paths", One(Kind::Paths)),
    field("components", One(Kind::Components)),
    field("security", List(Kind::SecurityRequirement)),
    field("tags", List(Kind::Tag)),
    field("externalDocs", One(Kind::ExternalDocs)),
];
const INFO: &[Field] = &[
    required("title", Text),
    field("description", Text),
    field("termsOfService", Text),
    field("contact", One(Kind::Contact)),
    field("license", One(Kind::License)),
    required("version", Text),
];
const CONTACT: &[Field] = &[field("name", Text), field("url", Text), field("email", Text)];
const LICENSE: &[Field] = &[required("name", Text), field("url", Text)];
const SERVER: &[Field] = &[
    required("url", Text),
    field("description", Text),
    field("variables", Map(Kind::ServerVariable)),
];
const SERVER_VARIABLE: &[Field] =
    &[field("enum", Names), required("default", Text), field("description", Text)];
const PATH_ITEM: &[Field] = &[
    field("$ref", Text),
    field("summary", Text),
    field("description", Text),
    field("get", One(Kind::Operation)),
    field("put", One(Kind::Operation)),
    field("post", One(Kind::Operation)),
    field("delete", One(Kind::Operation)),
    field("options", One(Kind::Operation)),
    field("head", One(Kind::Operation)),
    field("patch", One(Kind::Operation)),
    field("trace", One(Kind::Operation)),
    field("servers", List(Kind::Server)),
    field("parameters", List(Kind::Parameter)),
];
const OPERATION: &[Field] = &[
    field("tags", TextList),
    field("summary", Text),
    field("description", Text),
    field("externalDocs", One(Kind::ExternalDocs)),
    field("operationId", Text),
    field("parameters", List(Kind::Parameter)),
    field("requestBody", One(Kind::RequestBody)),
    required("responses", One(Kind::Responses)),
    field("callbacks", Map(Kind::Callback)),
    field("deprecated", Boolean),
    field("security", List(Kind::SecurityRequirement)),
    field("servers", List(Kind::Server)),
];
const PARAMETER: &[Field] = &[
    required("name", Text),
    required("in", Text),
    field("description", Text),
    field("required", Boolean),
    field("deprecated", Boolean),
    field("allowEmptyValue", Boolean),
    field("style", Text),
    field("explode", Boolean),
    field("allowReserved", Boolean),
    field("schema", One(Kind::Schema)),
    field("example", Data),
    field("examples", Map(Kind::Example)),
    field("content", Map(Kind::MediaType)),
];
const REQUEST_BODY: &[Field] = &[
    field("description", Text),
    required("content", Map(Kind::MediaType)),
    field("required", Boolean),
];
const MEDIA_TYPE: &[Field] = &[
    field("schema", One(Kind::Schema)),
    field("example", Data),
    field("examples", Map(Kind::Example)),
    field("encoding", Map(Kind::Encoding)),
];
const ENCODING: &[Field] = &[
    field("contentType", Text),
    field("headers", Map(Kind::Header)),
    field("style", Text),
    field("explode", Boolean),
    field("allowReserved", Boolean),
];
const RESPONSES: &[Field] = &[field("default", One(Kind::Response))];
const RESPONSE: &[Field] = &[
    required("description", Text),
    field("headers", Map(Kind::Header)),
    field("content", Map(Kind::MediaType)),
    field("links", Map(Kind::Link)),
];
const HEADER: &[Field] = &[
    field("description", Text),
    field("required", Boolean),
    field("deprecated", Boolean),
    field("allowEmptyValue", Boolean),
    field("style", Text),
    field("explode", Boolean),
    field("allowReserved", Boolean),
    field("schema", One(Kind::Schema)),
    field("example", Data),
    field("examples", Map(Kind::Example)),
    field("content", Map(Kind::MediaType)),
];
const EXAMPLE: &[Field] = &[
    field("summary", Text),
    field("description", Text),
    field("value", Data),
    field("externalValue", Text),
];
const LINK: &[Field] = &[
    field("operationRef", Text),
    field("operationId", Text),
    field("parameters", Data),
    field("requestBody", Data),
    field("description", Text),
    field("server", One(Kind::Server)),
];
const COMPONENTS: &[Field] = &[
    field("schemas", Map(Kind::Schema)),
    field("responses", Map(Kind::Response)),
    field("parameters", Map(Kind::Parameter)),
    field("examples", Map(Kind::Example)),
    field("requestBodies", Map(Kind::RequestBody)),
    field("headers", Map(Kind::Header)),
    field("securitySchemes", Map(Kind::SecurityScheme)),
    field("links", Map(Kind::Link)),
    field("callbacks", Map(Kind::Callback)),
];
const SECURITY_SCHEME: &[Field] = &[
    required("type", Text),
    field("description", Text),
    field("name", Text),
    field("in", Text),
    field("scheme", Text),
    field("bearerFormat", Text),
    field("flows", One(Kind::OAuthFlows)),
    field("openIdConnectUrl", Text),
];
const OAUTH_FLOWS: &[Field] = &[
    field("implicit", One(Kind::OAuthFlow)),
    field("password", One(Kind::OAuthFlow)),
    field("clientCredentials", One(Kind::OAuthFlow)),
    field("authorizationCode", One(Kind::OAuthFlow)),
];
const OAUTH_FLOW: &[Field] = &[
    field("authorizationUrl", Text),
    field("tokenUrl", Text),
    field("refreshUrl", Text),
    required("scopes", TextMap),
];
const TAG: &[Field] = &[
    required("name", Text),
    field("description", Text),
    field("externalDocs", One(Kind::ExternalDocs)),
];
const EXTERNAL_DOCS: &[Field] = &[field("description", Text), required("url", Text)];
const SCHEMA: &[Field] = &[
    field("title", Text),
    field("multipleOf", Number),
    field("maximum", Number),
    field("exclusiveMaximum", Boolean),
    field("minimum", Number),
    field("exclusiveMinimum", Boolean),
    field("maxLength", Count),
    field("minLength", Count),
    field("pattern", Text),
    field("maxItems", Count),
    field("minItems", Count),
    field("uniqueItems", Boolean),
    field("maxProperties", Count),
    field("minProperties", Count),
    field("required", Names),
    field("enum", DataList),
    field("type", Text),
    field("allOf", Parts(Kind::Schema)),
    field("oneOf", Parts(Kind::Schema)),
    field("anyOf", Parts(Kind::Schema)),
    field("not", One(Kind::Schema)),
    field("items", One(Kind::Schema)),
    field("properties", Map(Kind::Schema)),
    field("additionalProperties", BooleanOr(Kind::Schema)),
    field("description", Text),
    field("format", Text),
    field("default", Data),
    field("nullable", Boolean),
    field("discriminator", One(Kind::Discriminator)),
    field("readOnly", Boolean),
    field("writeOnly", Boolean),
    field("xml", One(Kind::Xml)),
    field("externalDocs", One(Kind::ExternalDocs)),
    field("example", Data),
    field("deprecated", Boolean),
];
const DISCRIMINATOR: &[Field] = &[required("propertyName", Text), field("mapping", TextMap)];
const XML: &[Field] = &[
    field("name", Text),
    field("namespace", Text),
    field("prefix", Text),
    field("attribute", Boolean),
    field("wrapped", Boolean),
];

const LATER_DOCUMENT: &[Field] =
    &[field("webhooks", Map(Kind::PathItem)), field("x-webhooks", Map(Kind::PathItem))];
const LATER_SCHEMA: &[Field] = &[field("prefixItems", List(Kind::Schema))];

#[cfg(test)]
mod tests {
    use super::are_one_slip_apart;

    #[test]
    fn a_slip_is_of_one_letter() {
        for (written, word) in [("requried", "required"), ("Items", "items"), ("item", "items")] {
            assert!(are_one_slip_apart(written, word), "{written}");
        }
        assert!(!are_one_slip_apart("unit", "items"));
    }
}

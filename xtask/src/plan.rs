//! The plan of the generated code for each operation. It accompanies the lowered document, so that
//! code generation needs neither extensions of the document nor a second document.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Node, Pointer},
    finding::Finding,
    pagination::Pagination,
    retry::RetrySafety,
};

/// A document that the generator can express, and what a document can't express.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What the generator makes types of.
    pub document: Node,
    /// What the generator makes mock helpers of: the same, that says less of parameters and statuses.
    pub mocked: Node,
    /// The operations, in the order of the document.
    pub operations: Vec<OperationPlan>,
    /// The types, those of components first, in their order.
    pub types: Vec<TypePlan>,
    /// The unions, and what tells their branches apart.
    pub unions: Vec<UnionPlan>,
    /// The enums of values.
    pub enums: Vec<EnumPlan>,
    /// The properties of requests that have one value.
    pub constants: Vec<ConstantPlan>,
    /// What is said of tags, by their names.
    pub tags: BTreeMap<String, String>,
    /// Names that are given to the generator in a different form than they are sent.
    pub wire_names: Vec<WireName>,
}

/// A property name or an enum value that would become the same identifier as another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireName {
    /// The schema that contains it, in the lowered document.
    pub schema: Pointer,
    /// What the lowered document has in its place, and has nowhere else.
    pub lowered: String,
    /// What is sent and read.
    pub documented: String,
}

impl WireName {
    /// Replaces the name in a text by the documented one.
    fn restored(&self, text: &str) -> String {
        text.replace(&self.lowered, &self.documented)
    }
}

impl Lowered {
    /// The same finding, in which every name is the documented one.
    pub(crate) fn with_documented_names(&self, mut finding: Finding) -> Finding {
        for name in &self.wire_names {
            finding.problem = name.restored(&finding.problem);
            finding.remedy = name.restored(&finding.remedy);
            finding.pointer = finding.pointer.map(|at| {
                let tokens = at.tokens();
                tokens.into_iter().map(|token| name.restored(token)).collect()
            });
        }
        finding
    }
}

/// A union that the generator makes an enum of.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionPlan {
    /// Its position in the lowered document.
    pub pointer: Pointer,
    /// The name of its type.
    pub type_name: String,
    /// Its branches, in the order in which they are tried.
    pub branches: Vec<BranchPlan>,
}

/// A branch of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchPlan {
    /// The name of its variant, which depends on the branch alone.
    pub variant: String,
    /// The types of JSON that it may be, as a schema names them, and `null`; none where it may be any.
    pub kinds: Vec<&'static str>,
    /// The documented values that tell it from others.
    pub listed: Vec<ListedPlan>,
    /// The keys that another branch requires and this one does not know.
    pub foreign: Vec<String>,
    /// The other keys that another branch documents and this one does not know.
    pub others: Vec<String>,
    /// Whether it is a union itself.
    pub is_union: bool,
}

/// The documented values of a part of a branch.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedPlan {
    /// Its position: keys, and `None` for every item of a list.
    pub at: Vec<Option<String>>,
    /// The values.
    pub values: Vec<serde_json::Value>,
    /// Whether these values alone tell all branches apart.
    pub is_tag: bool,
}

/// An enum of the values that are documented.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumPlan {
    /// The name of its type.
    pub type_name: String,
    /// What it is.
    pub description: Option<String>,
    /// Whether its documentation advises against it.
    pub is_deprecated: bool,
    /// Its values.
    pub values: EnumValues,
}

/// The values of an enum, each once.
#[derive(Clone, Debug, PartialEq)]
pub enum EnumValues {
    /// Texts.
    Texts(Vec<String>),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Numbers.
    Numbers(Vec<f64>),
}

/// A property of a request that has one value, which its builder sets.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstantPlan {
    /// The position of its object in the lowered document.
    pub pointer: Pointer,
    /// The type of its object.
    pub type_name: String,
    /// The name of its field.
    pub field: String,
    /// Its value.
    pub value: serde_json::Value,
}

/// What is generated of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypePlan {
    /// Its name.
    pub name: String,
    /// The position of its schema in the lowered document.
    pub schema: Pointer,
    /// Where its schema is documented; `None` for an inline schema, or one that lowering created.
    pub documented: Option<Pointer>,
    /// Whether requests may carry it.
    pub is_sent: bool,
    /// Whether its documentation advises against it.
    pub is_deprecated: bool,
    /// Its fields, if it is an object.
    pub fields: Vec<FieldPlan>,
    /// Whether it is a struct of these fields and no others; otherwise the generator makes what it
    /// makes of a union or a composition.
    pub is_struct: bool,
    /// Whether it keeps undocumented properties, in a map next to the fields.
    pub has_rest: bool,
}

/// What is generated of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlan {
    /// The property, as it is sent and read.
    pub wire_name: String,
    /// The name of its field, without what keeps it from being a keyword.
    pub name: String,
    /// How it may be missing.
    pub form: FieldForm,
    /// Whether its documentation advises against it.
    pub is_deprecated: bool,
    /// Whether its value, or each item of it, is a secret.
    pub is_secret: bool,
}

/// How a property may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldForm {
    /// It is there.
    Required,
    /// It may be absent.
    Optional,
    /// It may be absent, and null.
    Nullable,
    /// It may be absent, and its schema is a component that may be null.
    NullableReference,
    /// It is a list or a map that may be absent.
    Collection,
}

/// What is generated of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationPlan {
    /// Its position in the document.
    pub pointer: Pointer,
    /// Its `operationId`, as it is documented.
    pub operation_id: String,
    /// Its name in Rust, that of the client's method.
    pub name: String,
    /// The name of its builder.
    pub builder: String,
    /// Its first tag.
    pub tag: Option<String>,
    /// Its HTTP method, in capitals.
    pub method: String,
    /// The template of the path that is requested.
    pub path: String,
    /// What it does, in a line.
    pub summary: Option<String>,
    /// What else is to be said of it.
    pub description: Option<String>,
    /// Its parameters, in the order in which they are sent.
    pub parameters: Vec<ParameterPlan>,
    /// The body of its requests, if they have one.
    pub body: Option<BodyPlan>,
    /// Its success responses.
    pub answers: Vec<AnswerPlan>,
    /// Whether it may be repeated.
    pub retry: RetrySafety,
    /// How its list is paged; `None` if it is not a list.
    pub pagination: Option<Pagination>,
    /// The field of a request body by which the server tells a repetition.
    pub idempotency_key: Option<String>,
    /// The names of the types of the components that it leads to, its callbacks included.
    pub types: BTreeSet<String>,
    /// The names of the types of the components that its requests lead to.
    pub sent: BTreeSet<String>,
    /// The names of the types of the components that its answers lead to.
    pub received: BTreeSet<String>,
    /// Whether it is published.
    pub is_published: bool,
    /// Whether its documentation advises against it.
    pub is_deprecated: bool,
}

/// What is generated of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterPlan {
    /// Its name, as it is sent.
    pub wire_name: String,
    /// The name of its setter.
    pub setter: String,
    /// Where it is sent.
    pub place: ParameterPlace,
    /// Whether a request needs it.
    pub is_required: bool,
    /// Whether its documentation advises against it.
    pub is_deprecated: bool,
    /// What it is.
    pub description: Option<String>,
    /// A value of it, as Rust writes one that its setter takes.
    pub sample: String,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// What is generated of the body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyPlan {
    /// How it is written.
    pub form: BodyForm,
    /// The media type that it is sent under; none where a parameter says it.
    pub media_type: Option<String>,
    /// Whether a request needs it.
    pub is_required: bool,
    /// What it is.
    pub description: Option<String>,
    /// Where its schema is documented.
    pub documented: Option<Pointer>,
}

/// How the body of a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// As JSON.
    Json,
    /// As the fields of a form.
    Form,
    /// As it is given, text.
    Text,
    /// As it is given, bytes.
    Bytes,
}

/// A success response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerPlan {
    /// The status that it comes with; none where it may be any.
    pub status: Option<u16>,
    /// What it carries.
    pub form: AnswerForm,
}

/// What an answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerForm {
    /// JSON.
    Json,
    /// Other bytes.
    Bytes,
    /// Nothing.
    Empty,
}

/// The client's return type for the success responses of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// They are decoded.
    Json,
    /// They are decoded, if they have a body.
    OptionalJson,
    /// They are handed out as they come, a stream of bytes.
    Bytes,
    /// They say nothing more.
    Empty,
}

impl OperationPlan {
    /// The client's return type for the success responses.
    pub fn answer_kind(&self) -> AnswerKind {
        let has = |form| self.answers.iter().any(|answer| answer.form == form);
        match (has(AnswerForm::Json), has(AnswerForm::Bytes), has(AnswerForm::Empty)) {
            (true, _, false) => AnswerKind::Json,
            (true, _, true) => AnswerKind::OptionalJson,
            (false, false, true) => AnswerKind::Empty,
            // Where no success is documented, any may come.
            (false, ..) => AnswerKind::Bytes,
        }
    }

    /// The statuses of success; none where it may be any.
    pub fn success(&self) -> Vec<u16> {
        let statuses: Option<Vec<u16>> = self.answers.iter().map(|answer| answer.status).collect();
        statuses.unwrap_or_default()
    }

    /// What it is called in a finding.
    pub fn subject(&self) -> String {
        format!("{} ({})", self.operation_id, self.pointer)
    }
}

#[cfg(test)]
mod tests {
    use super::WireName;
    use crate::{
        document::Pointer, finding::Finding, lower::lower, manifest::Settings, rule::tests::node,
    };

    #[test]
    fn a_finding_names_what_was_documented() {
        let name = |lowered: &str, documented: &str| WireName {
            schema: Pointer::root(),
            lowered: lowered.to_owned(),
            documented: documented.to_owned(),
        };
        let mut lowered = lower(node("openapi: 3.0.3\n"), &Settings::default()).0;
        lowered.wire_names =
            vec![name("(underscore)id", "_id"), name("user(capital i)d", "userId")];
        let at = Pointer::from_iter(["a", "(underscore)id"]);
        let place = lowered.document.place;
        let finding =
            Finding::at(&lowered.document, &at, place, "`user(capital i)d` is bad", "correct it");
        let finding = lowered.with_documented_names(finding);
        assert_eq!(
            (finding.subject(), &*finding.problem),
            ("/a/_id".to_owned(), "`userId` is bad")
        );
    }
}

use std::borrow::Cow;

use http::StatusCode;
use prolific_api::Operation;
use serde_json::{Value, json};

use super::document::is_refused_barely;

/// A response of the API before it is sent.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(Cow<'static, str>, String)>,
    pub(super) body: Vec<u8>,
}

/// The result of an operation.
pub(super) type Reply = Result<Answer, Refusal>;

impl Answer {
    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    pub(super) fn of(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".into(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    #[must_use]
    pub(super) fn with(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// A 200 response with a body.
pub(super) fn ok(body: &Value) -> Reply {
    Ok(Answer::json(200, body))
}

/// A 201 response with a body.
pub(super) fn created(body: &Value) -> Reply {
    Ok(Answer::json(201, body))
}

/// An error in one of the API's formats.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A status, and a reason as text or as lists of texts by field.
    Detail(u16, Value),
    /// The errors of a layout.
    Layout(Vec<Value>),
    /// A method that the path does not support, with those that it does.
    Method(String),
}

impl Refusal {
    pub(super) fn new(status: u16, detail: impl Into<String>) -> Self {
        Self::Detail(status, Value::String(detail.into()))
    }

    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(400, detail)
    }

    /// A 400 error for one field of the body.
    pub(super) fn field(name: &str, detail: &str) -> Self {
        Self::Detail(400, json!({ name: [detail] }))
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, format!("There is no such {what}."))
    }

    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(409, detail)
    }

    /// The response, in the format that is documented for the operation.
    pub(super) fn into_answer(self, operation: Option<&Operation>) -> Answer {
        let (status, detail) = match self {
            Self::Method(allowed) => {
                let refusal = Self::new(405, "Method not allowed.");
                return refusal.into_answer(operation).with("allow", allowed);
            }
            Self::Layout(issues) => {
                let message = "The layout of the batch is not valid.";
                let body =
                    json!({ "type": "INVALID_BATCH_ITEMS", "message": message, "issues": issues });
                return Answer::json(422, &body);
            }
            Self::Detail(status, detail) => (status, detail),
        };
        let title = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let error = json!({
            "status": status,
            "error_code": 140_000 + u32::from(status),
            "title": title.unwrap_or("Refused"),
            "detail": detail,
        });
        let is_bare = operation.is_some_and(is_refused_barely);
        let body = if is_bare { error } else { json!({ "error": error }) };
        Answer::json(status, &body)
    }
}

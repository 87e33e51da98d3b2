/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// Its Rust name, that of the client's method.
    pub id: &'static str,
    /// Its `operationId` in the document.
    pub operation_id: &'static str,
    /// The resource it belongs to.
    pub resource: &'static str,
    /// Its HTTP method.
    pub method: &'static str,
    /// The template of its path.
    pub path: &'static str,
    /// Its parameters, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The request body, if it has one.
    pub body: Option<RequestBody>,
    /// How the body of a successful response is read.
    pub answer: AnswerKind,
    /// The documented success statuses; empty if any is.
    pub success: &'static [u16],
    /// Whether it may be repeated.
    pub retry: RetrySafety,
    /// How its list is paged. `None` if it doesn't list.
    pub pagination: Option<Pagination>,
    /// The body field that makes a repeated request harmless.
    pub idempotency_key: Option<&'static str>,
    /// Whether it is published. Others are known from the official command line only, and may
    /// vanish without notice.
    pub is_published: bool,
    /// Whether it is deprecated.
    pub is_deprecated: bool,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name, as it is sent.
    pub name: &'static str,
    /// Where it is sent.
    pub place: ParameterPlace,
    /// Whether it is required.
    pub is_required: bool,
}

impl Parameter {
    /// A variable of the path.
    pub const fn path(name: &'static str) -> Self {
        Self { name, place: ParameterPlace::Path, is_required: true }
    }

    /// An optional parameter of the query.
    pub const fn query(name: &'static str) -> Self {
        Self { name, place: ParameterPlace::Query, is_required: false }
    }

    /// An optional header.
    pub const fn header(name: &'static str) -> Self {
        Self { name, place: ParameterPlace::Header, is_required: false }
    }

    /// Makes the parameter required.
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ParameterPlace {
    /// In the path, in place of its name in the template.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// The request body of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RequestBody {
    /// How it is written.
    pub kind: BodyKind,
    /// Its media type. `None` if a parameter says it.
    pub media_type: Option<&'static str>,
    /// Whether it is required. An optional body is left out unless it is set.
    pub is_required: bool,
}

impl RequestBody {
    /// A required body.
    pub const fn required(kind: BodyKind, media_type: Option<&'static str>) -> Self {
        Self { kind, media_type, is_required: true }
    }

    /// An optional body.
    pub const fn optional(kind: BodyKind, media_type: Option<&'static str>) -> Self {
        Self { kind, media_type, is_required: false }
    }
}

/// How a request body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// As JSON.
    Json,
    /// As the fields of a form.
    Form,
    /// As given: text or bytes.
    Raw,
}

/// How the body of a successful response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AnswerKind {
    /// It is decoded.
    Json,
    /// Decoded, if there is one: some statuses come without.
    OptionalJson,
    /// Returned as a stream of bytes.
    Bytes,
    /// There is none.
    Empty,
}

/// Whether repeating an operation has a further effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RetrySafety {
    /// Only reads.
    Safe,
    /// May be repeated: a second time changes nothing more.
    Idempotent,
    /// Depends on what is sent, or is not documented.
    Conditional,
    /// A second time has a further effect.
    Unsafe,
    /// Documented to act again; a program must not repeat it.
    Never,
}

/// How a list comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Pagination {
    /// Not paged, as far as documented.
    Whole,
    /// By the parameters `limit` and `offset`.
    LimitOffset,
    /// By the parameter `page`.
    Page,
    /// By a cursor, which is in the URL of the next page.
    #[non_exhaustive]
    Cursor {
        /// The query parameter that takes the cursor.
        parameter: &'static str,
        /// The response field with the URL of the next page.
        next: &'static str,
        /// The response field with the rows.
        results: &'static str,
    },
}

impl Operation {
    /// An operation without parameters: unsafe to repeat, with a JSON response, and any success
    /// status.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            id,
            operation_id: id,
            resource: "",
            method,
            path,
            parameters: &[],
            body: None,
            answer: AnswerKind::Json,
            success: &[],
            retry: RetrySafety::Unsafe,
            pagination: None,
            idempotency_key: None,
            is_published: true,
            is_deprecated: false,
        }
    }

    /// Sets the retry safety.
    pub const fn with_retry(mut self, retry: RetrySafety) -> Self {
        self.retry = retry;
        self
    }

    /// Sets how the response is read.
    pub const fn with_answer(mut self, answer: AnswerKind) -> Self {
        self.answer = answer;
        self
    }

    /// Sets the success statuses.
    pub const fn with_success(mut self, statuses: &'static [u16]) -> Self {
        self.success = statuses;
        self
    }

    /// The operation of an undocumented request with this method.
    pub(super) fn undocumented(method: &str, safety: RetrySafety) -> &'static Self {
        use RetrySafety::{Conditional, Idempotent, Never, Safe, Unsafe};
        const fn of(method: &'static str, retry: RetrySafety) -> Operation {
            Operation::new("undocumented", method, "").with_retry(retry)
        }
        const fn all(method: &'static str) -> [Operation; 5] {
            [
                of(method, Safe),
                of(method, Idempotent),
                of(method, Conditional),
                of(method, Unsafe),
                of(method, Never),
            ]
        }
        static ALL: [[Operation; 5]; 8] = [
            all("GET"),
            all("HEAD"),
            all("OPTIONS"),
            all("DELETE"),
            all("PATCH"),
            all("PUT"),
            all("POST"),
            all("OTHER"),
        ];
        let [.., other] = &ALL;
        let of_method = ALL.iter().find(|[first, ..]| first.method == method).unwrap_or(other);
        let [.., never] = of_method;
        of_method.iter().find(|operation| operation.retry == safety).unwrap_or(never)
    }

    /// Returns `true` for a documented success status.
    pub fn is_success(&self, status: u16) -> bool {
        let is_documented = self.success.is_empty() || self.success.contains(&status);
        is_documented && (200..=299).contains(&status)
    }
}

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// Its name in Rust, that of the client's method.
    pub id: &'static str,
    /// Its `operationId` in the document.
    pub operation_id: &'static str,
    /// The resource that it belongs to.
    pub resource: &'static str,
    /// Its HTTP method.
    pub method: &'static str,
    /// The template of its path.
    pub path: &'static str,
    /// Its parameters, in the order in which they are sent.
    pub parameters: &'static [Parameter],
    /// The body of its requests, if they have one.
    pub body: Option<RequestBody>,
    /// What the client makes of the body of a response of success.
    pub answer: AnswerKind,
    /// The statuses of success that are documented; none where it may be any.
    pub success: &'static [u16],
    /// Whether it may be repeated.
    pub retry: RetrySafety,
    /// How its list comes; none of what is no list.
    pub pagination: Option<Pagination>,
    /// The field of a request body that makes a repetition harmless.
    pub idempotency_key: Option<&'static str>,
    /// Whether it is published. What is not is known from the official command line alone, and may
    /// vanish without notice.
    pub is_published: bool,
    /// Whether its documentation advises against it.
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
    /// Whether a request needs it.
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

    /// The same, which a request needs.
    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ParameterPlace {
    /// In the path, in the place of its name in the template.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// The body of the requests of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RequestBody {
    /// How it is written.
    pub kind: BodyKind,
    /// The media type that it is sent under; none where a parameter says it.
    pub media_type: Option<&'static str>,
    /// Whether a request needs it. One that is not needed is left out unless it is set.
    pub is_required: bool,
}

impl RequestBody {
    /// A body that a request needs.
    pub const fn required(kind: BodyKind, media_type: Option<&'static str>) -> Self {
        Self { kind, media_type, is_required: true }
    }

    /// A body that may be left out.
    pub const fn optional(kind: BodyKind, media_type: Option<&'static str>) -> Self {
        Self { kind, media_type, is_required: false }
    }
}

/// How the body of a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// As JSON.
    Json,
    /// As the fields of a form.
    Form,
    /// As it is given: text, or bytes.
    Raw,
}

/// What the client makes of the body of a response of success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AnswerKind {
    /// It is decoded.
    Json,
    /// It is decoded, if there is one: some statuses come without.
    OptionalJson,
    /// It is handed out as it comes, a stream of bytes.
    Bytes,
    /// There is none.
    Empty,
}

/// Whether repeating an operation does what doing it once does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RetrySafety {
    /// It reads and changes nothing.
    Safe,
    /// It may be repeated: the second time changes nothing more.
    Idempotent,
    /// It depends on what is sent, or nobody promises it.
    Conditional,
    /// The second time has an effect of its own.
    Unsafe,
    /// It is documented to act again, and must not be repeated by a program.
    Never,
}

/// How a list comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Pagination {
    /// At once, as far as is documented.
    Whole,
    /// By the parameters `limit` and `offset`.
    LimitOffset,
    /// By the parameter `page`.
    Page,
    /// By a cursor, which the address of the next page has.
    #[non_exhaustive]
    Cursor {
        /// The query parameter that takes the cursor.
        parameter: &'static str,
        /// The field of a response with the address of the next page.
        next: &'static str,
        /// The field of a response with the rows.
        results: &'static str,
    },
}

impl Operation {
    /// An operation of no parameters: unsafe to repeat, and answered with JSON and any status of
    /// success.
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

    /// The same, of another safety.
    pub const fn with_retry(mut self, retry: RetrySafety) -> Self {
        self.retry = retry;
        self
    }

    /// The same, with another answer.
    pub const fn with_answer(mut self, answer: AnswerKind) -> Self {
        self.answer = answer;
        self
    }

    /// The same, with these statuses of success alone.
    pub const fn with_success(mut self, statuses: &'static [u16]) -> Self {
        self.success = statuses;
        self
    }

    /// What a request of this method to a path that is not documented is an operation of.
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

    /// Whether a status is a documented one of success.
    pub fn is_success(&self, status: u16) -> bool {
        let is_documented = self.success.is_empty() || self.success.contains(&status);
        is_documented && (200..=299).contains(&status)
    }
}

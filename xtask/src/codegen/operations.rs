use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::answer::Answer;
use crate::{
    document::{Node, Operation, method_name, operations},
    pagination::Pagination,
    published::is_published,
    retry::RetrySafety,
    variant::requested,
};

/// The table of the operations: what a policy needs to know of them beside the request itself.
pub(super) fn table(
    document: &Node,
    lowered: &Node,
    answers: &BTreeMap<String, Answer>,
) -> Result<TokenStream, String> {
    // Lowering keeps the operations in their order, whatever it calls them.
    let pairs = operations(document).zip(operations(lowered));
    let rows = pairs.filter_map(|(operation, lowered)| Row::of(operation, &lowered, answers));
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let rows = rows.iter().map(Row::tokens);
    let retry_safety = retry_safety();
    let answer_kind = answer_kind();
    let pagination = pagination();
    let operation = operation();
    Ok(quote! {
        #retry_safety
        #pagination
        #answer_kind
        #operation

        /// Every operation, in the order of the ids.
        pub static OPERATIONS: &[Operation] = &[#(#rows),*];
    })
}

fn retry_safety() -> TokenStream {
    quote! {
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
    }
}

fn pagination() -> TokenStream {
    quote! {
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
    }
}

fn answer_kind() -> TokenStream {
    quote! {
        /// What the client makes of the body of an answer of success.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum AnswerKind {
            /// It is decoded.
            Json,
            /// It is handed out as it comes, a stream of bytes.
            Bytes,
            /// There is none.
            Empty,
        }
    }
}

fn operation() -> TokenStream {
    quote! {
        /// An operation of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct Operation {
            /// Its name in Rust, that of the client's method.
            pub id: &'static str,
            /// Its `operationId` in the document.
            pub operation_id: &'static str,
            /// Its HTTP method.
            pub method: &'static str,
            /// The template of its path.
            pub path: &'static str,
            /// Whether it may be repeated.
            pub retry: RetrySafety,
            /// What comes of the body of an answer.
            pub answer: AnswerKind,
            /// The statuses of success that are documented; none where it may be any.
            pub success: &'static [u16],
            /// How its list comes; none of what is no list.
            pub pagination: Option<Pagination>,
            /// The field of a request body that makes a repetition harmless.
            pub idempotency_key: Option<&'static str>,
            /// Whether it is published. What is not is known from the official command line alone,
            /// and may vanish without notice.
            pub is_published: bool,
        }

        impl Operation {
            /// An operation that is not in the table, to test a policy with: unsafe to repeat, and
            /// answered with JSON and any status of success.
            pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
                let (retry, answer) = (RetrySafety::Unsafe, AnswerKind::Json);
                Self {
                    id,
                    operation_id: id,
                    method,
                    path,
                    retry,
                    answer,
                    success: &[],
                    pagination: None,
                    idempotency_key: None,
                    is_published: true,
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

            /// Whether a status is a documented one of success.
            pub fn is_success(&self, status: u16) -> bool {
                let is_documented = self.success.is_empty() || self.success.contains(&status);
                is_documented && (200..=299).contains(&status)
            }

            /// The operation of this name in Rust.
            pub fn by_id(id: &str) -> Option<&'static Self> {
                let index = OPERATIONS.binary_search_by(|operation| operation.id.cmp(id));
                index.ok().map(|index| &OPERATIONS[index])
            }
        }
    }
}

struct Row {
    id: String,
    operation_id: String,
    method: String,
    path: String,
    retry: RetrySafety,
    answer: Answer,
    pagination: Option<Pagination>,
    idempotency_key: Option<String>,
    is_published: bool,
}

impl Row {
    /// None of an operation without an id.
    fn of(
        operation: Operation<'_>,
        lowered: &Operation<'_>,
        answers: &BTreeMap<String, Answer>,
    ) -> Option<Result<Self, String>> {
        let operation_id = operation.id()?;
        let id = method_name(lowered.node.get_str("operationId")?);
        let Some(answer) = answers.get(&id).cloned() else {
            return Some(Err(format!("the generated client has no operation `{id}`")));
        };
        Some(Ok(Self {
            id,
            operation_id: operation_id.to_owned(),
            method: operation.method.to_uppercase(),
            path: requested(operation.path).to_owned(),
            retry: RetrySafety::of(&operation),
            answer,
            pagination: Pagination::of(&operation),
            idempotency_key: operation.node.get_str(IDEMPOTENCY_KEY).map(str::to_owned),
            is_published: is_published(&operation),
        }))
    }

    fn tokens(&self) -> TokenStream {
        let Self { id, operation_id, method, path, retry, answer, .. } = self;
        let pagination = optional(self.pagination.as_ref().map(pagination_tokens));
        let idempotency_key = optional(self.idempotency_key.as_ref().map(|key| quote!(#key)));
        let is_published = self.is_published;
        let Answer { kind, statuses } = answer;
        let (retry, answer) = (format_ident!("{retry:?}"), format_ident!("{kind:?}"));
        quote! {
            Operation {
                id: #id,
                operation_id: #operation_id,
                method: #method,
                path: #path,
                retry: RetrySafety::#retry,
                answer: AnswerKind::#answer,
                success: &[#(#statuses),*],
                pagination: #pagination,
                idempotency_key: #idempotency_key,
                is_published: #is_published,
            }
        }
    }
}

/// The field of a body by which the server tells a repetition.
const IDEMPOTENCY_KEY: &str = "x-idempotency-key";

fn optional(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(|| quote!(None), |tokens| quote!(Some(#tokens)))
}

fn pagination_tokens(pagination: &Pagination) -> TokenStream {
    match pagination {
        Pagination::Whole => quote!(Pagination::Whole),
        Pagination::LimitOffset => quote!(Pagination::LimitOffset),
        Pagination::Page => quote!(Pagination::Page),
        Pagination::Cursor { parameter, next, results } => quote! {
            Pagination::Cursor { parameter: #parameter, next: #next, results: #results }
        },
    }
}

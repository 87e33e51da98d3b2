use heck::ToSnakeCase as _;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::{
    document::{Node, Operation, operations},
    retry::RetrySafety,
};

/// The table of the operations: what a policy needs to know of them beside the request itself.
pub(super) fn table(document: &Node) -> TokenStream {
    let mut rows: Vec<Row> = operations(document).filter_map(Row::of).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let rows = rows.iter().map(Row::tokens);
    quote! {
        /// Whether repeating an operation does what doing it once does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

        /// An operation of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
        }

        impl Operation {
            /// The operation of this name in Rust.
            pub fn by_id(id: &str) -> Option<&'static Self> {
                let index = OPERATIONS.binary_search_by(|operation| operation.id.cmp(id));
                index.ok().map(|index| &OPERATIONS[index])
            }
        }

        /// Every operation, in the order of the ids.
        pub static OPERATIONS: &[Operation] = &[#(#rows),*];
    }
}

struct Row {
    id: String,
    operation_id: String,
    method: String,
    path: String,
    retry: RetrySafety,
}

impl Row {
    fn of(operation: Operation<'_>) -> Option<Self> {
        let operation_id = operation.node.get_str("operationId")?;
        Some(Self {
            id: operation_id.to_snake_case(),
            operation_id: operation_id.to_owned(),
            method: operation.method.to_uppercase(),
            path: operation.path.to_string(),
            retry: RetrySafety::of(&operation),
        })
    }

    fn tokens(&self) -> TokenStream {
        let Self { id, operation_id, method, path, retry } = self;
        let retry = format_ident!("{retry:?}");
        quote! {
            Operation {
                id: #id,
                operation_id: #operation_id,
                method: #method,
                path: #path,
                retry: RetrySafety::#retry,
            }
        }
    }
}

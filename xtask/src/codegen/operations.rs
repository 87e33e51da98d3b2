use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};

use super::{carriers::link, operation_types::OperationTypes};
use crate::{
    pagination::Pagination,
    plan::{AnswerKind, BodyForm, BodyPlan, OperationPlan, ParameterPlace, ParameterPlan},
};

/// An operation with its types and the resource that it belongs to.
pub(super) struct PlannedOperation<'a> {
    pub(super) plan: &'a OperationPlan,
    pub(super) types: &'a OperationTypes,
    pub(super) resource: &'a str,
}

/// The client's methods for the operations of a resource, the builders of their requests, and the
/// metadata of the operations.
pub(super) fn of_resource(operations: &[&PlannedOperation<'_>]) -> Option<TokenStream> {
    if operations.is_empty() {
        return None;
    }
    let methods = operations.iter().map(|operation| operation.method());
    let builders = operations.iter().map(|operation| operation.builder());
    let mut sorted = operations.to_vec();
    sorted.sort_by(|a, b| a.plan.name.cmp(&b.plan.name));
    let constants = sorted.iter().map(|operation| operation.definition());
    Some(quote! {
        impl runtime::Client { #(#methods)* }

        /// The builders of the requests, one for each operation.
        pub mod builder {
            use super::super::super::types;
            use super::runtime::{ByteStream, Call, Error, IntoOptional, IntoValue, ResponseValue};

            #(#builders)*
        }

        pub(crate) mod operations {
            use super::runtime::{
                AnswerKind, BodyKind, Operation, Pagination, Parameter, RequestBody, RetrySafety,
            };

            #(#constants)*
        }
    })
}

/// The list of all operations.
pub(super) fn list(operations: &[PlannedOperation<'_>]) -> TokenStream {
    let mut sorted: Vec<_> = operations.iter().collect();
    sorted.sort_by(|a, b| a.plan.name.cmp(&b.plan.name));
    let paths = sorted.iter().map(|operation| {
        let (resource, constant) = (format_ident!("{}", operation.resource), operation.constant());
        quote!(resources::#resource::operations::#constant)
    });
    quote! {
        /// Every operation, in the order of the ids.
        pub static OPERATIONS: &[&runtime::Operation] = &[#(&#paths),*];
    }
}

impl PlannedOperation<'_> {
    fn constant(&self) -> proc_macro2::Ident {
        format_ident!("{}", self.plan.name.to_uppercase())
    }

    /// `GET /things/{id}`
    fn request(&self) -> String {
        format!("`{} {}`", self.plan.method, self.plan.path)
    }

    /// What is sent and what comes, with links to the types.
    fn sends(&self) -> String {
        let body = self.types.body.as_ref().and_then(link);
        let body = body.map(|body| format!(" with a body of {body}")).unwrap_or_default();
        let answer = match link(&self.types.answer) {
            Some(answer) => format!(" The response is {answer}."),
            None => String::new(),
        };
        format!("Sends {}{body}.{answer}", self.request())
    }

    fn deprecated(&self) -> Option<TokenStream> {
        self.plan.is_deprecated.then(|| quote!(#[deprecated]))
    }

    fn method(&self) -> TokenStream {
        let (name, builder) = (format_ident!("{}", self.plan.name), self.builder_name());
        let (constant, deprecated) = (self.constant(), self.deprecated());
        let paragraphs =
            [self.plan.summary.clone(), self.plan.description.clone(), Some(self.sends())];
        let docs = paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        quote! {
            #[doc = #docs]
            #deprecated
            #[must_use = "a request is sent by `send`"]
            #[inline]
            pub fn #name(&self) -> builder::#builder<'_> {
                builder::#builder(runtime::Call::new(self, &operations::#constant))
            }
        }
    }

    fn builder_name(&self) -> proc_macro2::Ident {
        format_ident!("{}", self.plan.builder)
    }

    fn builder(&self) -> TokenStream {
        let (builder, types) = (self.builder_name(), self.types);
        let docs = format!("The request of [`Client::{}`](crate::Client::{0}).", self.plan.name);
        let parameters = self.plan.parameters.iter().zip(&types.parameters).enumerate();
        let setters = parameters.map(|(index, (parameter, of))| setter(index, parameter, of));
        let body = self.body_setter();
        let answer = &types.answer;
        let (returned, decode) = match self.plan.answer_kind() {
            AnswerKind::Json => (quote!(#answer), quote!(json)),
            AnswerKind::OptionalJson => (quote!(Option<#answer>), quote!(optional_json)),
            AnswerKind::Bytes => (quote!(ByteStream), quote!(bytes)),
            AnswerKind::Empty => (quote!(()), quote!(empty)),
        };
        let sends = format!("Sends {}.", self.request());
        quote! {
            #[doc = #docs]
            #[derive(Debug)]
            #[must_use = "a request is sent by `send`"]
            pub struct #builder<'a>(pub(super) Call<'a>);

            impl<'a> #builder<'a> {
                #(#setters)*
                #body

                /// Sets what the document doesn't know of: parameters, headers, fields of the body, a
                /// timeout.
                pub fn customize(self, customize: impl FnOnce(Call<'a>) -> Call<'a>) -> Self {
                    Self(customize(self.0))
                }

                #[doc = #sends]
                #[inline]
                pub fn send(
                    self,
                ) -> impl Future<Output = Result<ResponseValue<#returned>, Error>> + Send + use<'a> {
                    self.0.#decode()
                }
            }
        }
    }

    fn body_setter(&self) -> Option<TokenStream> {
        let (body, of) = (self.plan.body.as_ref()?, self.types.body.as_ref()?);
        let described = body.description.clone().into_iter();
        let is_optional = (!body.is_required).then(|| "May be left out.".to_owned());
        let sets = match link(of) {
            Some(of) => format!("Sets the body, {of}."),
            None => "Sets the body.".to_owned(),
        };
        let docs = described.chain([sets]).chain(is_optional).collect::<Vec<_>>().join("\n\n");
        let set = match body.form {
            BodyForm::Json => quote!(self.0.set_json_body(body.into_value())),
            BodyForm::Form => quote!(self.0.set_form_body(body.into_value())),
            BodyForm::Text => {
                quote!(self.0.set_raw_body(body.into_value().map(::std::convert::Into::into)))
            }
            BodyForm::Bytes => quote!(self.0.set_raw_body(body.into_value())),
        };
        Some(quote! {
            #[doc = #docs]
            pub fn body<How>(mut self, body: impl IntoValue<#of, How>) -> Self {
                #set;
                self
            }
        })
    }

    fn definition(&self) -> TokenStream {
        let OperationPlan { operation_id, name, method, path, retry, .. } = self.plan;
        let OperationPlan { is_published, is_deprecated, idempotency_key, .. } = self.plan;
        let (constant, resource) = (self.constant(), self.resource);
        let docs = format!("[`{name}`](crate::Client::{name}), {}.", self.request());
        let parameters = self.plan.parameters.iter().map(parameter);
        let parameters =
            (!self.plan.parameters.is_empty()).then(|| quote!(parameters: &[#(#parameters),*],));
        let body = self.plan.body.as_ref().map(body);
        let answer = match self.plan.answer_kind() {
            AnswerKind::Json => None,
            AnswerKind::OptionalJson => Some(quote!(answer: AnswerKind::OptionalJson,)),
            AnswerKind::Bytes => Some(quote!(answer: AnswerKind::Bytes,)),
            AnswerKind::Empty => Some(quote!(answer: AnswerKind::Empty,)),
        };
        let success = self.plan.success();
        let success = (!success.is_empty()).then(|| quote!(success: &[#(#success),*],));
        let retry = format_ident!("{retry:?}");
        let pagination = self.plan.pagination.as_ref().map(pagination);
        let idempotency_key =
            idempotency_key.as_ref().map(|key| quote!(idempotency_key: Some(#key),));
        let is_published = (!is_published).then(|| quote!(is_published: false,));
        let is_deprecated = is_deprecated.then(|| quote!(is_deprecated: true,));
        quote! {
            #[doc = #docs]
            pub static #constant: Operation = Operation {
                operation_id: #operation_id,
                resource: #resource,
                #parameters
                #body
                #answer
                #success
                retry: RetrySafety::#retry,
                #pagination
                #idempotency_key
                #is_published
                #is_deprecated
                ..Operation::new(#name, #method, #path)
            };
        }
    }
}

/// The setter of a parameter.
fn setter(index: usize, parameter: &ParameterPlan, of: &syn::Type) -> TokenStream {
    let ParameterPlan { wire_name, is_required, is_deprecated, .. } = parameter;
    let name = format_ident!("{}", parameter.setter);
    let docs = parameter.description.clone().unwrap_or_else(|| format!("Sets `{wire_name}`."));
    let deprecated = is_deprecated.then(|| quote!(#[deprecated]));
    let is_text = of.to_token_stream().to_string() == ":: std :: string :: String";
    let (bound, converted) = match is_required {
        true => (quote!(IntoValue), quote!(value.into_value())),
        false => (quote!(IntoOptional), quote!(value.into_optional())),
    };
    let set = match (is_required, is_text) {
        (true, true) => quote!(text),
        (true, false) => quote!(value),
        (false, true) => quote!(optional_text),
        (false, false) => quote!(value),
    };
    quote! {
        #[doc = #docs]
        #deprecated
        pub fn #name<How>(mut self, value: impl #bound<#of, How>) -> Self {
            self.0.#set(#index, #converted);
            self
        }
    }
}

/// `Parameter::query("limit")`
fn parameter(parameter: &ParameterPlan) -> TokenStream {
    let ParameterPlan { wire_name, place, is_required, .. } = parameter;
    match (place, is_required) {
        (ParameterPlace::Path, _) => quote!(Parameter::path(#wire_name)),
        (ParameterPlace::Query, true) => quote!(Parameter::query(#wire_name).required()),
        (ParameterPlace::Query, false) => quote!(Parameter::query(#wire_name)),
        (ParameterPlace::Header, true) => quote!(Parameter::header(#wire_name).required()),
        (ParameterPlace::Header, false) => quote!(Parameter::header(#wire_name)),
    }
}

fn body(body: &BodyPlan) -> TokenStream {
    let kind = match body.form {
        BodyForm::Json => quote!(BodyKind::Json),
        BodyForm::Form => quote!(BodyKind::Form),
        BodyForm::Text | BodyForm::Bytes => quote!(BodyKind::Raw),
    };
    let media_type = match &body.media_type {
        Some(media_type) => quote!(Some(#media_type)),
        None => quote!(None),
    };
    let need = if body.is_required { quote!(required) } else { quote!(optional) };
    quote!(body: Some(RequestBody::#need(#kind, #media_type)),)
}

fn pagination(pagination: &Pagination) -> TokenStream {
    let pagination = match pagination {
        Pagination::Whole => quote!(Whole),
        Pagination::LimitOffset => quote!(LimitOffset),
        Pagination::Page => quote!(Page),
        Pagination::Cursor { parameter, next, results } => quote! {
            Cursor { parameter: #parameter, next: #next, results: #results }
        },
    };
    quote!(pagination: Some(Pagination::#pagination),)
}

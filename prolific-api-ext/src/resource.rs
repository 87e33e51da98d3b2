//! What the resources of the API are made of.

use prolific_api::ResponseValue;

/// Makes the type of a resource: what can be done with it are its methods.
macro_rules! resource {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        pub struct $name {
            prolific: crate::Prolific,
        }

        impl $name {
            pub(crate) fn new(prolific: crate::Prolific) -> Self {
                Self { prolific }
            }
        }
    };
}

pub(crate) use resource;

/// What an answer can't do without.
///
/// Whatever an answer carries is optional in the raw client, as nothing that is only promised may
/// fail a decode. Here it is decided what a caller can't do without: an id, mostly.
pub(crate) fn present<T>(value: Option<T>, field: &str) -> crate::Result<T> {
    value.ok_or_else(|| crate::Error::unexpected(format!("the answer has no `{field}`")))
}

/// An id of an answer, where there is one that can be used as such.
pub(crate) fn usable_id<T: std::str::FromStr>(id: Option<String>) -> Option<T> {
    id?.parse().ok()
}

/// What a call gives, made of its answer. An error says which operation it is of, and which answer.
pub(crate) fn made<T, U>(
    operation: &'static str,
    sent: Result<ResponseValue<T>, prolific_api::Error<()>>,
    make: impl FnOnce(T) -> crate::Result<U>,
) -> crate::Result<U> {
    let answer = sent.map_err(|error| crate::Error::from(error).of(operation))?;
    let head = ResponseValue::new((), answer.status(), answer.headers().clone());
    make(answer.into_inner()).map_err(|error| error.answered(&head).of(operation))
}

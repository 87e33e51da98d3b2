//! What the resources of the API are made of.

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use prolific_api::{ByteStream, ResponseValue, Undecodable, read_json};
use serde::de::DeserializeOwned;

use crate::{call::Record, tables::Table};

/// Defines the type of a resource, whose operations are its methods.
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

/// Requires a field of a response.
///
/// Every field of a response is optional in the raw client, so that a missing one does not fail its
/// decoding. Here the few that a caller needs are required, usually an id.
pub(crate) fn present<T>(value: Option<T>, field: &str) -> crate::Result<T> {
    value.ok_or_else(|| crate::Error::unexpected(format!("the response has no `{field}`")))
}

/// What the raw client makes of a call.
pub(crate) type Answer<R> = Result<ResponseValue<R>, prolific_api::Error>;

/// Makes a model of an answer. An error says which operation it is of, and which answer.
pub(crate) fn read<R, T>(
    answer: Answer<R>,
    operation: &'static str,
    model: impl FnOnce(R) -> crate::Result<T>,
) -> crate::Result<T> {
    let answer = answer.map_err(|error| crate::Error::from(error).of(operation))?;
    let head = ResponseValue::new((), answer.status(), answer.headers().clone());
    model(answer.into_inner()).map_err(|error| error.answered(&head).of(operation))
}

/// Makes a model of the response of a call whose [bodies are left](crate::Prolific::with_bodies_left): an
/// error has the body, which may be all that is known of what was made.
pub(crate) fn read_left<R: DeserializeOwned, T>(
    answer: Answer<R>,
    operation: &'static str,
    model: impl FnOnce(R) -> crate::Result<T>,
) -> crate::Result<T> {
    read_left_as(answer, operation, model)
}

/// The same, of a body that may be of more forms than the raw client knows.
pub(crate) fn read_left_as<S, R: DeserializeOwned + From<S>, T>(
    answer: Answer<S>,
    operation: &'static str,
    model: impl FnOnce(R) -> crate::Result<T>,
) -> crate::Result<T> {
    let mut response = match answer {
        Err(prolific_api::Error::UnexpectedResponse(response)) if Record::is_left(&response) => {
            response
        }
        answer => return read(answer, operation, |raw| model(raw.into())),
    };
    let Some(record) = Record::take(&mut response) else {
        let answer = Err(prolific_api::Error::UnexpectedResponse(response));
        return read(answer, operation, model);
    };
    match read_json(&record.body) {
        Ok(value) => model(value).map_err(|error| error.of_response(&response, &record)),
        Err(error) => {
            response.extensions_mut().insert(record);
            response.extensions_mut().insert(Undecodable::new(error));
            Err(prolific_api::Error::UnexpectedResponse(response).into())
        }
    }
    .map_err(|error: crate::Error| error.of(operation))
}

/// An id that the server gave and nothing can be asked with is its mistake, not the caller's.
pub(crate) fn given<T>(id: crate::Result<T>) -> crate::Result<T> {
    id.map_err(|error| crate::Error::unexpected(error.to_string()))
}

/// The whole file that an operation answers with. It is bounded like any other body.
pub(crate) async fn table(
    prolific: &crate::Prolific,
    answer: Answer<ByteStream>,
    operation: &'static str,
) -> crate::Result<Table> {
    let csv = bytes(prolific, answer, operation).await?;
    Table::new(csv).map_err(|error| error.of(operation))
}

async fn bytes(
    prolific: &crate::Prolific,
    answer: Answer<ByteStream>,
    operation: &'static str,
) -> crate::Result<Bytes> {
    let failed = |error: prolific_api::Error| crate::Error::from(error).of(operation);
    let limit = prolific.policy().body_limit;
    let mut stream = answer.map_err(failed)?.into_inner().into_inner();
    let mut whole = BytesMut::new();
    loop {
        let next = stream.try_next().await;
        match next.map_err(|error| failed(prolific_api::Error::ResponseBodyError(error)))? {
            None => return Ok(whole.freeze()),
            Some(chunk) if chunk.len() > limit.saturating_sub(whole.len()) => {
                return Err(crate::Error::body_too_large(limit).of(operation));
            }
            Some(chunk) => whole.extend_from_slice(&chunk),
        }
    }
}

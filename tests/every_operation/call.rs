//! A call of an operation, for the generated table of all.

use std::pin::Pin;

use prolific_api::{ByteStream, Client, Error, ResponseValue};
use serde_json::Value;

/// What a call gave, as JSON again: null of an answer without a body, text of a file.
pub(crate) type Called<'a> = Pin<Box<dyn Future<Output = Result<Value, Error>> + 'a>>;

/// An operation, and how to call it.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) call: fn(&Client) -> Called<'_>,
}

pub(super) fn json<'a, T: serde::Serialize>(
    call: impl Future<Output = Result<ResponseValue<T>, Error>> + 'a,
) -> Called<'a> {
    Box::pin(async move { Ok(serde_json::to_value(call.await?.into_inner()).unwrap()) })
}

pub(super) fn empty<'a>(
    call: impl Future<Output = Result<ResponseValue<()>, Error>> + 'a,
) -> Called<'a> {
    Box::pin(async move {
        call.await?.into_inner();
        Ok(Value::Null)
    })
}

pub(super) fn bytes<'a>(
    call: impl Future<Output = Result<ResponseValue<ByteStream>, Error>> + 'a,
) -> Called<'a> {
    use futures_util::TryStreamExt as _;
    Box::pin(async move {
        let chunks: Vec<_> = call.await?.into_inner_stream().try_collect().await.unwrap();
        Ok(String::from_utf8(chunks.concat()).unwrap().into())
    })
}

/// `id kind (setter = value, …);`: the operation, what comes of its response, and how it is called.
macro_rules! rows {
    ($( $id:ident $kind:ident ( $( $setter:ident = $value:expr ),* ) ; )+) => {
        &[$( Row {
            id: stringify!($id),
            call: |client| $kind(client.$id()$( .$setter($value) )*.send()),
        }, )+]
    };
}

pub(super) use rows;

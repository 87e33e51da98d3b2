use std::{fmt, time::Duration};

use reqwest::{Body, Response};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    ByteStream, Client, Error, Operation, ResponseValue, RetrySafety,
    decode::{decode, decode_optional},
    header::header,
    request::{RequestParts, Sent},
    text::{Text, form},
};

/// A call under way: what the builder of every operation has inside, and what [`Client::request`]
/// begins for an operation that is not documented.
///
/// What is set here goes out beside what the builder sets. The request is made when the call is sent;
/// what could not be set is an error of the call then, [`Error::InvalidRequest`].
#[must_use = "a call is sent by `json`, `bytes`, `empty` or `response`"]
pub struct Call<'a> {
    client: &'a Client,
    parts: RequestParts,
    /// Why the request can't be made: the first thing that could not be set.
    refused: Option<String>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(client: &'a Client, operation: &'static Operation) -> Self {
        Self { client, parts: RequestParts::of(operation), refused: None }
    }

    /// The same, of a path that is no template.
    pub(super) fn at(
        client: &'a Client,
        operation: &'static Operation,
        method: String,
        path: String,
    ) -> Self {
        Self { client, parts: RequestParts::at(operation, method, path), refused: None }
    }

    /// Adds a parameter to the query: a list is sent as one for each item, null not at all.
    pub fn query(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match Text::of(&value) {
            Ok(text) => self.parts.query.extend(text.map(|text| (name, text))),
            Err(problem) => self.refuse(&name, &problem),
        }
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match header(name, value) {
            Ok((name, value)) => drop(self.parts.headers.insert(name, value)),
            Err(problem) => self.refuse(name, &problem),
        }
        self
    }

    /// Sets the timeout of each attempt, in the place of the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.timeout = Some(timeout);
        self
    }

    /// Sets whether a call that is not documented may be repeated. Of an operation that is documented
    /// it is known, and this an error of the call.
    pub fn retry(mut self, safety: RetrySafety) -> Self {
        match self.parts.repeated(safety) {
            Ok(()) => {}
            Err(problem) => self.refuse("retry", problem),
        }
        self
    }

    /// Sets a field of a JSON body, one that is not documented perhaps.
    pub fn field(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) => self.parts.fields.push((name, value)),
            Err(problem) => self.refuse(&name, &problem.to_string()),
        }
        self
    }

    /// Sets a body that is sent as JSON.
    pub fn json_body(mut self, body: &impl Serialize) -> Self {
        self.set_json_body(Ok(body));
        self
    }

    /// Sets a body that is sent as the fields of a form.
    pub fn form_body(mut self, body: &impl Serialize) -> Self {
        self.set_form_body(Ok(body));
        self
    }

    /// Sets a body that is sent as it is; a [header](Self::header) `content-type` says what it is.
    pub fn raw_body(mut self, body: impl Into<Body>) -> Self {
        self.set_raw_body(Ok(body.into()));
        self
    }

    /// Sends the request, and decodes the body of a response of success.
    ///
    /// # Errors
    ///
    /// Whatever keeps a response of success from coming, or from being decoded.
    pub async fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let transport = self.client.transport();
        decode(self.response().await?).await.map_err(|error| transport.explained(error))
    }

    /// The same, of a response that may have no body.
    ///
    /// # Errors
    ///
    /// Whatever keeps a response of success from coming, or from being decoded.
    pub async fn optional_json<T: DeserializeOwned>(
        self,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        let transport = self.client.transport();
        decode_optional(self.response().await?).await.map_err(|error| transport.explained(error))
    }

    /// Sends the request, and hands out the body of a response of success as it comes.
    ///
    /// # Errors
    ///
    /// Whatever keeps a response of success from coming.
    pub async fn bytes(self) -> Result<ResponseValue<ByteStream>, Error> {
        Ok(ResponseValue::stream(self.response().await?))
    }

    /// Sends the request; a response of success says nothing more.
    ///
    /// # Errors
    ///
    /// Whatever keeps a response of success from coming.
    pub async fn empty(self) -> Result<ResponseValue<()>, Error> {
        Ok(ResponseValue::empty(self.response().await?))
    }

    /// Sends the request, and hands out the response of success as it is.
    ///
    /// # Errors
    ///
    /// Whatever keeps a response of success from coming.
    pub async fn response(self) -> Result<Response, Error> {
        let Self { client, parts, refused } = self;
        if let Some(problem) = refused {
            return Err(Error::InvalidRequest(problem));
        }
        let operation = parts.operation;
        let request = parts.into_request(client).map_err(Error::InvalidRequest)?;
        let response = client.execute(request, operation).await?;
        match operation.is_success(response.status().as_u16()) {
            true => Ok(response),
            false => Err(client.transport().explained(Error::UnexpectedResponse(response))),
        }
    }

    fn refuse(&mut self, name: &str, problem: &str) {
        self.refused.get_or_insert_with(|| format!("`{name}` can't be sent: {problem}"));
    }
}

/// What the setters of builders call, with what they were given or why they could not take it.
impl Call<'_> {
    /// Sets a parameter that is text.
    pub(crate) fn text(&mut self, index: usize, value: Result<String, String>) {
        self.set(index, value.map(|text| Some(Text::One(text))));
    }

    /// Sets a parameter that is text, or leaves it out.
    pub(crate) fn optional_text(&mut self, index: usize, value: Result<Option<String>, String>) {
        self.set(index, value.map(|text| text.map(Text::One)));
    }

    /// Sets a parameter, or leaves it out where it is null.
    pub(crate) fn value<T: Serialize>(&mut self, index: usize, value: Result<T, String>) {
        self.set(index, value.and_then(|value| Text::of(&value)));
    }

    fn set(&mut self, index: usize, value: Result<Option<Text>, String>) {
        self.parts.parameters.retain(|(other, _)| *other != index);
        match value {
            Ok(text) => self.parts.parameters.extend(text.map(|text| (index, text))),
            Err(problem) => {
                let parameter = self.parts.operation.parameters.get(index);
                self.refuse(parameter.map_or("", |known| known.name), &problem);
            }
        }
    }

    pub(crate) fn set_json_body<T: Serialize>(&mut self, body: Result<T, String>) {
        let body = body.and_then(|body| {
            serde_json::to_vec(&body).map(Sent::Json).map_err(|error| error.to_string())
        });
        self.set_body(body);
    }

    pub(crate) fn set_form_body<T: Serialize>(&mut self, body: Result<T, String>) {
        let body = body.and_then(|body| Text::of(&body));
        self.set_body(body.map(|fields| Sent::Form(form(fields))));
    }

    pub(crate) fn set_raw_body(&mut self, body: Result<Body, String>) {
        self.set_body(body.map(Sent::Raw));
    }

    fn set_body(&mut self, body: Result<Sent, String>) {
        match body {
            Ok(body) => self.parts.body = Some(body),
            Err(problem) => self.refuse("body", &problem),
        }
    }
}

/// The operation alone: what is set may be secret.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.parts.operation.id).finish()
    }
}

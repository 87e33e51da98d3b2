use std::{fmt, time::Duration};

use reqwest::{Body, Response};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    ByteStream, Client, Error, Operation, ResponseValue, RetrySafety,
    decode::Whole,
    header::header,
    request::{RequestParts, Sent},
    text::{Text, form},
};

/// A call in preparation: inside the builder of every operation, and returned by
/// [`Client::request`] for undocumented ones.
///
/// Settings here are sent in addition to those of the builder. The request is built when the call
/// is sent; anything that could not be set then fails it with [`Error::InvalidRequest`].
#[must_use = "a call is sent by `json`, `bytes`, `empty` or `response`"]
pub struct Call<'a> {
    client: &'a Client,
    parts: RequestParts,
    /// The first thing that could not be set.
    refused: Option<String>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(client: &'a Client, operation: &'static Operation) -> Self {
        Self { client, parts: RequestParts::of(operation), refused: None }
    }

    /// Creates a call with a path that is not a template.
    pub(super) fn at(
        client: &'a Client,
        operation: &'static Operation,
        method: String,
        path: String,
    ) -> Self {
        Self { client, parts: RequestParts::at(operation, method, path), refused: None }
    }

    /// Adds a query parameter. A list is sent as one parameter per item; null is not sent.
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

    /// Sets the timeout of each attempt. Default: that of the client.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.timeout = Some(timeout);
        self
    }

    /// Sets whether an undocumented call may be repeated. For documented operations this is known,
    /// and setting it fails the call.
    pub fn retry(mut self, safety: RetrySafety) -> Self {
        match self.parts.repeated(safety) {
            Ok(()) => {}
            Err(problem) => self.refuse("retry", problem),
        }
        self
    }

    /// Sets a field of a JSON body, which may be undocumented.
    pub fn field(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) => self.parts.fields.push((name, value)),
            Err(problem) => self.refuse(&name, &problem.to_string()),
        }
        self
    }

    /// Sets a JSON body.
    pub fn json_body(mut self, body: &impl Serialize) -> Self {
        self.set_json_body(Ok(body));
        self
    }

    /// Sets a form body.
    pub fn form_body(mut self, body: &impl Serialize) -> Self {
        self.set_form_body(Ok(body));
        self
    }

    /// Sets a raw body. Set its type with the [header](Self::header) `content-type`.
    pub fn raw_body(mut self, body: impl Into<Body>) -> Self {
        self.set_raw_body(Ok(body.into()));
        self
    }

    /// Sends the request, and decodes the body of a successful response.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] if there is no successful response, or it can't be decoded.
    pub async fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let transport = self.client.transport();
        self.whole(b"").await?.decode().map_err(|error| transport.explained(error))
    }

    /// Sends the request, and decodes the body of a successful response, if it has one.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] if there is no successful response, or it can't be decoded.
    pub async fn optional_json<T: DeserializeOwned>(
        self,
    ) -> Result<ResponseValue<Option<T>>, Error> {
        let transport = self.client.transport();
        self.whole(b"null").await?.decode().map_err(|error| transport.explained(error))
    }

    async fn whole(self, nothing: &'static [u8]) -> Result<Whole, Error> {
        let transport = self.client.transport();
        let whole = Whole::of(self.response().await?, nothing).await;
        whole.map_err(|error| transport.explained(error))
    }

    /// Sends the request, and returns the body of a successful response as a stream.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] if there is no successful response.
    pub async fn bytes(self) -> Result<ResponseValue<ByteStream>, Error> {
        Ok(ResponseValue::stream(self.response().await?))
    }

    /// Sends the request, and ignores the body of a successful response.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] if there is no successful response.
    pub async fn empty(self) -> Result<ResponseValue<()>, Error> {
        Ok(ResponseValue::empty(self.response().await?))
    }

    /// Sends the request, and returns the successful response itself.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] if there is no successful response.
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

/// Called by the setters of builders, with a value or why it could not be converted.
impl Call<'_> {
    /// Sets a text parameter.
    pub(crate) fn text(&mut self, index: usize, value: Result<String, String>) {
        self.set(index, value.map(|text| Some(Text::One(text))));
    }

    /// Sets a text parameter, or leaves it out.
    pub(crate) fn optional_text(&mut self, index: usize, value: Result<Option<String>, String>) {
        self.set(index, value.map(|text| text.map(Text::One)));
    }

    /// Sets a parameter, or leaves it out if it is null.
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

/// Shows the operation only: what is set may be secret.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.parts.operation.id).finish()
    }
}

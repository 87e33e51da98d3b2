use std::time::Duration;

use reqwest::{
    Body, Method, Request, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
};
use serde_json::{Map, Value};

use super::{
    AnswerKind, Client, Operation, Parameter, ParameterPlace, RetrySafety, header::header, path,
    text::Text,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// What a request is made of.
pub(super) struct RequestParts {
    pub(super) operation: &'static Operation,
    /// Method and path, if they are not those of the operation.
    target: Option<(String, String)>,
    /// The values of the parameters, by index in the operation.
    pub(super) parameters: Vec<(usize, Text)>,
    /// Further query parameters.
    pub(super) query: Vec<(String, Text)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Sent>,
    /// Further fields of a JSON body.
    pub(super) fields: Vec<(String, Value)>,
    pub(super) timeout: Option<Duration>,
}

/// A body as it is sent.
pub(super) enum Sent {
    Json(Vec<u8>),
    Form(String),
    Raw(Body),
}

impl RequestParts {
    pub(super) fn of(operation: &'static Operation) -> Self {
        Self {
            operation,
            target: None,
            parameters: Vec::with_capacity(operation.parameters.len()),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            fields: Vec::new(),
            timeout: None,
        }
    }

    pub(super) fn at(operation: &'static Operation, method: String, path: String) -> Self {
        Self { target: Some((method, path)), ..Self::of(operation) }
    }

    /// Sets whether it may be repeated, unless that is known.
    pub(super) fn repeated(&mut self, safety: RetrySafety) -> Result<(), &'static str> {
        let Some((method, _)) = &self.target else {
            return Err("the operation is documented, and whether it may be repeated is known");
        };
        self.operation = Operation::undocumented(method, safety);
        Ok(())
    }

    /// The request, or why it can't be built, in a sentence that names the parameter.
    pub(super) fn into_request(mut self, client: &Client) -> Result<Request, String> {
        self.parameters.sort_unstable_by_key(|(index, _)| *index);
        self.require_all()?;
        let (method, mut url) = match &self.target {
            Some((method, path)) => {
                path::check(path)?;
                (&**method, client.url(path)?)
            }
            None => (self.operation.method, client.url(&self.filled_path()?)?),
        };
        self.append_to_query(&mut url);
        let method = Method::from_bytes(method.as_bytes());
        let request = client.client().request(method.map_err(|error| error.to_string())?, url);
        let mut request = request.build().map_err(|error| error.without_url().to_string())?;
        self.set_headers(request.headers_mut())?;
        *request.timeout_mut() = self.timeout;
        *request.body_mut() = self.into_body()?;
        Ok(request)
    }

    fn require_all(&self) -> Result<(), String> {
        let Operation { parameters, body, .. } = self.operation;
        let is_set = |index: &usize| self.parameters.iter().any(|(set, _)| set == index);
        let mut required = parameters.iter().enumerate().filter(|(_, it)| it.is_required);
        if let Some((_, missing)) = required.find(|(index, _)| !is_set(index)) {
            return Err(format!("`{}` is not set", missing.name));
        }
        let is_required = body.as_ref().is_some_and(|body| body.is_required);
        match self.body {
            None if is_required => Err("`body` is not set".to_owned()),
            _ => Ok(()),
        }
    }

    fn at_place(&self, place: ParameterPlace) -> impl Iterator<Item = (&'static Parameter, &Text)> {
        let operation = self.operation;
        let known = self.parameters.iter().filter_map(|(index, text)| {
            let parameter = operation.parameters.get(*index)?;
            Some((parameter, text))
        });
        known.filter(move |(parameter, _)| parameter.place == place)
    }

    fn filled_path(&self) -> Result<String, String> {
        path::fill(self.operation.path, |name| {
            let mut all = self.at_place(ParameterPlace::Path);
            let (_, text) = all.find(|(parameter, _)| parameter.name == name)?;
            match text {
                Text::One(text) => Some(text),
                _ => None,
            }
        })
    }

    fn append_to_query(&self, url: &mut Url) {
        let documented =
            self.at_place(ParameterPlace::Query).map(|(parameter, text)| (parameter.name, text));
        let others = self.query.iter().map(|(name, text)| (&**name, text));
        let mut all = documented.chain(others).peekable();
        if all.peek().is_none() {
            return;
        }
        let mut query = url.query_pairs_mut();
        for (name, text) in all {
            text.pairs(name, |name, text| {
                query.append_pair(name, text);
            });
        }
    }

    fn set_headers(&mut self, headers: &mut HeaderMap) -> Result<(), String> {
        if matches!(self.operation.answer, AnswerKind::Json | AnswerKind::OptionalJson) {
            headers.insert(ACCEPT, JSON);
        }
        let documented = self.operation.body.and_then(|body| body.media_type);
        let media_type = match (&self.body, documented) {
            (None, _) => None,
            (Some(_), Some(documented)) => {
                Some(HeaderValue::from_str(documented).map_err(|error| error.to_string())?)
            }
            (Some(Sent::Json(_)), None) => Some(JSON),
            (Some(Sent::Form(_)), None) => Some(FORM),
            (Some(Sent::Raw(_)), None) => None,
        };
        headers.extend(media_type.map(|media_type| (CONTENT_TYPE, media_type)));
        for (parameter, text) in self.at_place(ParameterPlace::Header) {
            let name = parameter.name;
            let (header, value) = header(name, &text.joined())
                .map_err(|problem| format!("`{name}` can't be sent: {problem}"))?;
            headers.insert(header, value);
        }
        headers.extend(std::mem::take(&mut self.headers));
        Ok(())
    }

    fn into_body(self) -> Result<Option<Body>, String> {
        let Self { body, fields, .. } = self;
        match body {
            None if fields.is_empty() => Ok(None),
            None => with_fields(b"{}", fields).map(Some),
            Some(Sent::Json(body)) if fields.is_empty() => Ok(Some(body.into())),
            Some(Sent::Json(body)) => with_fields(&body, fields).map(Some),
            Some(_) if !fields.is_empty() => Err("fields can't be added to the body".to_owned()),
            Some(Sent::Form(body)) => Ok(Some(body.into())),
            Some(Sent::Raw(body)) => Ok(Some(body)),
        }
    }
}

/// A JSON body with further fields.
fn with_fields(body: &[u8], fields: Vec<(String, Value)>) -> Result<Body, String> {
    let members: Result<Map<String, Value>, _> = serde_json::from_slice(body);
    let Ok(mut members) = members else {
        return Err("fields can't be added to the body".to_owned());
    };
    members.extend(fields);
    serde_json::to_vec(&members).map(Body::from).map_err(|error| error.to_string())
}

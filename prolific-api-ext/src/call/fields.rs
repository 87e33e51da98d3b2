//! Fields that are added to the body of every request.

use reqwest::{
    Method, Request,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde_json::{Map, Value};

/// Fields of JSON bodies, each replacing one of the same name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn set(&mut self, name: String, value: Value) {
        self.0.insert(name, value);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the fields to the body of a request; a write without a body gets one.
    ///
    /// # Errors
    ///
    /// Returns an error if the body can't take fields.
    pub(super) fn put_into(&self, request: &mut Request) -> Result<(), String> {
        let writes = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
        let mut members = match request.body().map(|body| body.as_bytes().unwrap_or_default()) {
            _ if self.0.is_empty() => return Ok(()),
            None if writes => Map::new(),
            None => return Ok(()),
            // A body of JSON Lines may be an object too.
            Some(body) => match serde_json::from_slice(body) {
                Ok(members) if is_json(request) => members,
                _ => {
                    let mut names: Vec<&str> = self.0.keys().map(String::as_str).collect();
                    names.sort_unstable();
                    let names = names.join(", ");
                    return Err(format!(
                        "the body is not a JSON object, so {names} can't be added"
                    ));
                }
            },
        };
        members.extend(self.0.clone());
        let body = serde_json::to_vec(&members).map_err(|error| error.to_string())?;
        *request.body_mut() = Some(body.into());
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().entry(CONTENT_TYPE).or_insert(json);
        Ok(())
    }
}

fn is_json(request: &Request) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

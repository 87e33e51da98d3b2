//! Sends a token with every request: that of `PROLIFIC_TOKEN`, to `PROLIFIC_URL` if it is set.

use std::{env, error::Error};

use prolific_api::{Client, Execute, Operation, ResponseFuture, Transport};
use reqwest::{
    Request,
    header::{AUTHORIZATION, HeaderValue},
};

struct WithToken(HeaderValue);

impl Execute for WithToken {
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        mut request: Request,
        _operation: &'static Operation,
    ) -> ResponseFuture<'a> {
        request.headers_mut().insert(AUTHORIZATION, self.0.clone());
        Box::pin(client.execute(request))
    }
}

pub(crate) fn client() -> Result<Client, Box<dyn Error>> {
    let token = env::var("PROLIFIC_TOKEN")?;
    let url = env::var("PROLIFIC_URL").unwrap_or_else(|_| "https://api.prolific.com".to_owned());
    let mut value = HeaderValue::try_from(format!("Token {token}"))?;
    value.set_sensitive(true);
    Ok(Client::new(&url, Transport::new(WithToken(value))))
}

#[allow(dead_code, reason = "other examples take the client alone")]
fn main() -> Result<(), Box<dyn Error>> {
    client().map(drop)
}

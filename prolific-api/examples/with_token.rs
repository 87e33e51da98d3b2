//! Sends a token with every request.

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

fn main() {
    let mut value = HeaderValue::from_static("Token 0123");
    value.set_sensitive(true);
    let _client = Client::new("https://api.prolific.com", Transport::new(WithToken(value)));
}

use prolific_api::{Execute, OperationInfo, ResponseFuture};
use reqwest::{
    Request,
    header::{AUTHORIZATION, HeaderValue},
};

use crate::{Result, token::Token};

/// Sends every request with the token.
pub(crate) struct Authenticated {
    authorization: HeaderValue,
}

impl Authenticated {
    pub(crate) fn new(token: &Token) -> Result<Self> {
        Ok(Self { authorization: token.to_header()? })
    }
}

impl Execute for Authenticated {
    fn execute<'a>(
        &'a self,
        client: &'a reqwest::Client,
        mut request: Request,
        _: &'a OperationInfo,
    ) -> ResponseFuture<'a> {
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        Box::pin(client.execute(request))
    }
}

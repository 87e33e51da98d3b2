use std::{pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::stream::unfold;
use prolific_api::Explained;
use reqwest::{Body, Response};

use super::{
    Clock, Environment, answer,
    record::{CallFailure, Cause, Head, Record},
};

/// The answer with a body that fails once its reader has waited for more of it for as long as an
/// attempt may take. It may be as large as it likes: it is not kept.
pub(super) fn with_idle_timeout(
    mut response: Response,
    idle: Duration,
    environment: Arc<dyn Environment>,
    record: Record,
    server: Option<String>,
) -> Response {
    let (known, head) = (Head::of(&response), answer::head(&mut response));
    let chunks = Chunks { response, idle, environment, head: known, record, server };
    let stream = unfold(Some(chunks), |chunks| async {
        let mut chunks = chunks?;
        match chunks.next().await {
            Ok(chunk) => Some((Ok(chunk?), Some(chunks))),
            Err(cause) => Some((Err(chunks.fail(cause)), None)),
        }
    });
    head.map(|()| Body::wrap_stream(stream)).into()
}

struct Chunks {
    response: Response,
    idle: Duration,
    environment: Arc<dyn Environment>,
    head: Head,
    record: Record,
    server: Option<String>,
}

impl Chunks {
    async fn next(&mut self) -> Result<Option<Bytes>, Cause> {
        let clock = Clock::new(self.environment.clone());
        let mut timer = clock.timer(self.idle);
        match clock.run(pin!(timer.cut(pin!(self.response.chunk())))).await {
            Some(chunk) => chunk.map_err(Cause::transport),
            None => {
                let text = format!("the response stalled for {:?}", self.idle);
                Err(Cause::timed_out(text))
            }
        }
    }

    fn fail(self, cause: Cause) -> Explained {
        let Self { head, record, server, .. } = self;
        CallFailure::new(record, cause, Some(head), server).explained()
    }
}

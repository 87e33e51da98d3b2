//! Futures that are dropped where they wait.

use std::{future::poll_fn, pin::pin, task::Poll};

/// Polls a future so often, and drops it unless it has ended by then.
pub(crate) async fn interrupted<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    if polls == 0 {
        drop(future);
        return None;
    }
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(move |context| {
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

use std::sync::{Mutex, PoisonError};

use reqwest::{
    Method, Request, Url,
    header::{HeaderName, HeaderValue},
};

/// The requests of a call's attempts: the one that was given first, copies of it then. `P` is a
/// request that was handed to the transport, and goes when it is polled.
pub(super) struct Requests<P> {
    first: Mutex<Option<P>>,
    copy: Option<Copy>,
}

/// What a request is made of again. Most calls need none and have no body, so that is cheap.
enum Copy {
    WithoutBody { method: Method, url: Url, headers: Vec<(HeaderName, HeaderValue)> },
    Whole(Box<Request>),
}

impl<P> Requests<P> {
    pub(super) fn new(request: Request, send: impl Fn(Request) -> P) -> Self {
        Self { copy: Copy::of(&request), first: Mutex::new(Some(send(request))) }
    }

    /// Whether the request can be sent again: a body that streams can not.
    pub(super) fn are_copies(&self) -> bool {
        self.copy.is_some()
    }

    pub(super) fn next(&self, send: impl Fn(Request) -> P) -> Option<P> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.or_else(|| self.copy.as_ref()?.to_request().map(send))
    }
}

impl Copy {
    fn of(request: &Request) -> Option<Self> {
        if request.body().is_some() {
            return request.try_clone().map(|copy| Self::Whole(Box::new(copy)));
        }
        let headers = request.headers().iter().map(|(name, value)| (name.clone(), value.clone()));
        let (method, url) = (request.method().clone(), request.url().clone());
        Some(Self::WithoutBody { method, url, headers: headers.collect() })
    }

    fn to_request(&self) -> Option<Request> {
        match self {
            Self::Whole(request) => request.try_clone(),
            Self::WithoutBody { method, url, headers } => {
                let mut request = Request::new(method.clone(), url.clone());
                for (name, value) in headers {
                    request.headers_mut().append(name, value.clone());
                }
                Some(request)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::{Body, Method, Request, header::HeaderValue};

    use super::Requests;

    fn request() -> Request {
        let mut request = Request::new(Method::PUT, "http://127.0.0.1/a?b=c".parse().unwrap());
        request.headers_mut().append("x-many", HeaderValue::from_static("1"));
        request.headers_mut().append("x-many", HeaderValue::from_static("2"));
        *request.body_mut() = Some(Body::from("whole"));
        request
    }

    #[test]
    fn every_attempt_sends_the_same() {
        let mut without_body = request();
        *without_body.body_mut() = None;
        for (request, body) in [(request(), Some(&b"whole"[..])), (without_body, None)] {
            let headers = request.headers().clone();
            let requests = Requests::new(request, |request| request);
            assert!(requests.are_copies());
            for _ in 0..3 {
                let next = requests.next(|request| request).unwrap();
                assert_eq!(
                    (next.method(), next.url().as_str()),
                    (&Method::PUT, "http://127.0.0.1/a?b=c")
                );
                assert_eq!(*next.headers(), headers);
                assert_eq!(next.body().and_then(Body::as_bytes), body);
            }
        }
    }

    #[test]
    fn a_body_that_streams_is_sent_once() {
        let mut streaming = request();
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>("part")]);
        *streaming.body_mut() = Some(Body::wrap_stream(stream));
        let requests = Requests::new(streaming, |request| request);
        assert!(!requests.are_copies());
        assert!(requests.next(|request| request).is_some());
        assert!(requests.next(|request| request).is_none());
    }
}

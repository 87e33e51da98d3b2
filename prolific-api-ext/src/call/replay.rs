use std::sync::{Mutex, PoisonError};

use reqwest::{
    Method, Request, Url, Version,
    header::{HeaderName, HeaderValue},
};

/// The requests of a call's attempts: the one that was given first, copies of it then. `P` is a
/// request that was handed to the transport, and goes when it is polled.
pub(super) struct Requests<P> {
    first: Mutex<Option<First<P>>>,
    copy: Copy,
}

/// The first request. The client's own timeout runs from the moment that it is handed over.
enum First<P> {
    HandedOver(P),
    /// It has to wait for its turn.
    Kept(Box<Request>),
}

/// What a request is made of again. Most calls need none and are plain, so that is cheap.
enum Copy {
    /// It has no body, and neither a timeout nor a version of its own.
    Plain {
        method: Method,
        url: Url,
        /// Of the headers of a call without a body mostly one is its own.
        first: Option<(HeaderName, HeaderValue)>,
        others: Vec<(HeaderName, HeaderValue)>,
    },
    Whole(Box<Request>),
    /// A body that streams can't be sent again.
    Impossible {
        url: Box<Url>,
    },
}

impl<P> Requests<P> {
    /// The requests of a call whose first attempt begins now.
    #[inline]
    pub(super) fn now(request: Request, send: impl FnOnce(Request) -> P) -> Self {
        let copy = Copy::of(&request);
        Self { copy, first: Mutex::new(Some(First::HandedOver(send(request)))) }
    }

    /// The requests of a call whose first attempt has to wait.
    pub(super) fn later(request: Request) -> Self {
        let copy = Copy::of(&request);
        Self { copy, first: Mutex::new(Some(First::Kept(Box::new(request)))) }
    }

    /// Whether the request can be sent again.
    pub(super) fn are_copies(&self) -> bool {
        !matches!(self.copy, Copy::Impossible { .. })
    }

    /// What is asked.
    pub(super) fn url(&self) -> &Url {
        match &self.copy {
            Copy::Plain { url, .. } => url,
            Copy::Whole(request) => request.url(),
            Copy::Impossible { url } => url,
        }
    }

    pub(super) fn next(&self, send: impl FnOnce(Request) -> P) -> Option<P> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(First::HandedOver(sent)) => Some(sent),
            Some(First::Kept(request)) => Some(send(*request)),
            None => self.copy.to_request().map(send),
        }
    }
}

impl Copy {
    fn of(request: &Request) -> Self {
        let is_plain = request.body().is_none()
            && request.timeout().is_none()
            && request.version() == Version::default();
        if !is_plain {
            return match request.try_clone() {
                Some(copy) => Self::Whole(Box::new(copy)),
                None => Self::Impossible { url: Box::new(request.url().clone()) },
            };
        }
        let mut headers =
            request.headers().iter().map(|(name, value)| (name.clone(), value.clone()));
        let (method, url) = (request.method().clone(), request.url().clone());
        let (first, others) = (headers.next(), headers.collect());
        Self::Plain { method, url, first, others }
    }

    fn to_request(&self) -> Option<Request> {
        match self {
            Self::Impossible { .. } => None,
            Self::Whole(request) => request.try_clone(),
            Self::Plain { method, url, first, others } => {
                let mut request = Request::new(method.clone(), url.clone());
                for (name, value) in first.iter().chain(others) {
                    request.headers_mut().append(name, value.clone());
                }
                Some(request)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::{Body, Method, Request, Version, header::HeaderValue};

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
            let copy = || request.try_clone().unwrap();
            for requests in [Requests::now(copy(), |request| request), Requests::later(copy())] {
                assert!(requests.are_copies());
                assert_eq!(requests.url(), request.url());
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
    }

    #[test]
    fn a_timeout_and_a_version_of_its_own_stay_with_a_request() {
        let mut request = Request::new(Method::GET, "http://127.0.0.1/".parse().unwrap());
        *request.timeout_mut() = Some(Duration::from_secs(7));
        *request.version_mut() = Version::HTTP_10;
        let requests = Requests::now(request, |request| request);
        for _ in 0..2 {
            let next = requests.next(|request| request).unwrap();
            assert_eq!(next.timeout(), Some(&Duration::from_secs(7)));
            assert_eq!(next.version(), Version::HTTP_10);
        }
    }

    #[test]
    fn a_body_that_streams_is_sent_once() {
        let mut streaming = request();
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>("part")]);
        *streaming.body_mut() = Some(Body::wrap_stream(stream));
        let requests = Requests::now(streaming, |request| request);
        assert!(!requests.are_copies());
        assert!(requests.next(|request| request).is_some());
        assert!(requests.next(|request| request).is_none());
    }
}

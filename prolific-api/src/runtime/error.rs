use std::{error, fmt, sync::Arc};

use reqwest::{Response, StatusCode};

use super::Undecodable;

/// Why a call has no result.
///
/// `Display` prints one line: what the [`Execute`](super::Execute) of the client says about the
/// failure, if it [explains](Explained) it. Shows neither the query of the request nor a body.
pub enum Error {
    /// The request can't be built: an invalid setting. Nothing was sent.
    InvalidRequest(String),
    /// No response came.
    CommunicationError(reqwest::Error),
    /// The body of a response broke off.
    ResponseBodyError(reqwest::Error),
    /// A response that is not a documented success, or whose body can't be decoded; the latter has
    /// an [`Undecodable`] in its extensions. Its body can be read.
    UnexpectedResponse(Response),
}

/// An explanation of a failure by an [`Execute`](super::Execute), for [`Error`] to show.
///
/// Found in the extensions of an error response, or among the causes of a transport failure.
#[derive(Clone, Debug)]
pub struct Explained(pub Arc<dyn error::Error + Send + Sync>);

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl error::Error for Explained {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source()
    }
}

impl Explained {
    /// Finds it in a chain of causes.
    pub fn within<'a>(error: &'a (dyn error::Error + 'static)) -> Option<&'a Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            cause = error.source();
        }
        None
    }
}

impl Error {
    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::UnexpectedResponse(response) => Some(response.status()),
            Self::CommunicationError(error) | Self::ResponseBodyError(error) => error.status(),
            Self::InvalidRequest(_) => None,
        }
    }

    /// The explanation of the client's [`Execute`](super::Execute), if it has one.
    pub fn explained(&self) -> Option<&(dyn error::Error + Send + Sync + 'static)> {
        let explained = match self {
            Self::UnexpectedResponse(response) => response.extensions().get(),
            Self::CommunicationError(error) | Self::ResponseBodyError(error) => {
                Explained::within(error)
            }
            Self::InvalidRequest(_) => None,
        };
        explained.map(|Explained(error)| &**error)
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::CommunicationError(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(explained) = self.explained() {
            return write!(f, "{explained}");
        }
        match self {
            Self::InvalidRequest(problem) => write!(f, "the request can't be built: {problem}"),
            Self::CommunicationError(error) => write!(f, "no response: {error}"),
            Self::ResponseBodyError(error) => write!(f, "the response was interrupted: {error}"),
            Self::UnexpectedResponse(response) => {
                write!(f, "{}", response.status())?;
                match response.extensions().get::<Undecodable>() {
                    Some(undecodable) => write!(f, ": {undecodable}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Leaves out the query of the URL, which may hold secrets.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, explained) = (self.name(), self.explained());
        match (self, explained) {
            (Self::InvalidRequest(problem), _) => f.debug_tuple(name).field(problem).finish(),
            (_, Some(explained)) => f.debug_tuple(name).field(&explained).finish(),
            (Self::CommunicationError(error) | Self::ResponseBodyError(error), None) => {
                f.debug_tuple(name).field(error).finish()
            }
            (Self::UnexpectedResponse(response), None) => f
                .debug_struct(name)
                .field("status", &response.status())
                .field("path", &response.url().path())
                .field("headers", response.headers())
                .field("undecodable", &response.extensions().get::<Undecodable>())
                .finish_non_exhaustive(),
        }
    }
}

impl Error {
    fn name(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "InvalidRequest",
            Self::CommunicationError(_) => "CommunicationError",
            Self::ResponseBodyError(_) => "ResponseBodyError",
            Self::UnexpectedResponse(_) => "UnexpectedResponse",
        }
    }
}

impl error::Error for Error {
    /// The cause of what is displayed.
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match (self.explained(), self) {
            (Some(explained), _) => explained.source(),
            (None, Self::CommunicationError(error) | Self::ResponseBodyError(error)) => {
                error.source()
            }
            (None, Self::InvalidRequest(_) | Self::UnexpectedResponse(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{error, fmt, sync::Arc};

    use super::{Error, Explained};

    #[derive(Debug)]
    struct Told;

    impl fmt::Display for Told {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Not found: no such study (3 attempts)")
        }
    }

    impl error::Error for Told {}

    /// A transport failure that has its explanation as a cause.
    #[derive(Debug)]
    struct Failed(Explained);

    impl fmt::Display for Failed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("failed")
        }
    }

    impl error::Error for Failed {
        fn source(&self) -> Option<&(dyn error::Error + 'static)> {
            Some(&self.0)
        }
    }

    fn refusal() -> http::Response<&'static str> {
        http::Response::builder().status(404).header("x-request-id", "r-1").body("{}").unwrap()
    }

    #[test]
    fn a_refusal_that_is_explained_shows_the_explanation_through_a_box() {
        let mut response = refusal();
        response.extensions_mut().insert(Explained(Arc::new(Told)));
        let boxed: Box<dyn error::Error + Send + Sync> =
            Error::UnexpectedResponse(response.into()).into();
        assert_eq!(boxed.to_string(), "Not found: no such study (3 attempts)");
        assert_eq!(format!("{boxed:?}"), "UnexpectedResponse(Told)");
        let found = boxed.downcast_ref::<Error>().and_then(Error::explained);
        assert!(found.is_some_and(|error| error.is::<Told>()));
        assert!(boxed.source().is_none());
    }

    #[test]
    fn a_refusal_that_nobody_explains_has_its_status_and_headers() {
        let error = Error::UnexpectedResponse(refusal().into());
        assert_eq!(error.to_string(), "404 Not Found");
        let shown = format!("{error:?}");
        assert!(shown.contains("404") && shown.contains("r-1"), "{shown}");
        assert!(error.explained().is_none());
    }

    #[test]
    fn an_explanation_is_found_among_causes() {
        let failed = Failed(Explained(Arc::new(Told)));
        let found = Explained::within(&failed).map(ToString::to_string);
        assert_eq!(found.as_deref(), Some("Not found: no such study (3 attempts)"));
        let plain = Error::from(reqwest::Client::new().get("http://[").build().unwrap_err());
        assert!(plain.to_string().starts_with("no response: "), "{plain}");
        assert!(plain.explained().is_none());
    }
}

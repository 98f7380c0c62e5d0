//! The types a connection and its handler exchange.

use super::payload::Payload;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use std::{io, pin::Pin};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

/// The reason why a request body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLong,
    TooSlow,
    Broken,
}

impl BodyError {
    /// Status and message of the refusal.
    pub(crate) fn refusal(self) -> (StatusCode, &'static str) {
        match self {
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is longer than 1 MiB.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "The body did not arrive within 30 s.",
            ),
            Self::Broken => (StatusCode::BAD_REQUEST, "The body cannot be read."),
        }
    }
}

/// A request with its body, or the reason why there is none.
pub(crate) type ReceivedRequest = Request<Result<Bytes, BodyError>>;

/// A connection of a client.
pub(crate) type ClientStream = Pin<Box<TimeoutStream<TcpStream>>>;

/// Writes to a connection that hyper has released.
pub(crate) type Takeover =
    Box<dyn FnOnce(ClientStream) -> Pin<Box<dyn Future<Output = io::Result<()>> + Send>> + Send>;

/// What a handler makes of a request.
pub(crate) enum HandlerOutcome {
    Response(Response<Payload>),
    Takeover(Takeover),
}

/// A response without a body.
pub(crate) fn empty_response(status: StatusCode) -> Response<Payload> {
    let mut response = Response::new(Payload::empty());
    *response.status_mut() = status;
    response
}

/// Closes the connection after the response, so that the rest of the request is not read.
pub(crate) fn closing(mut response: Response<Payload>) -> Response<Payload> {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

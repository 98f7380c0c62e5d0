//! The network as one trait, [`HttpSend`], so that tests can replace it.

mod reqwest;

use std::{fmt, future::Future, pin::Pin};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

pub(crate) use self::reqwest::{Reqwest, http_client};

/// A request as it is sent on the wire.
#[derive(Clone)]
pub struct OutgoingRequest {
    /// HTTP method.
    pub method: Method,
    /// Absolute URL. Its path and query are the bytes on the wire.
    pub url: Url,
    /// Headers, credentials included.
    pub headers: HeaderMap,
    /// Body; empty for a request without one.
    pub body: Bytes,
}

impl fmt::Debug for OutgoingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL contains ids and search terms, the headers contain keys.
        f.debug_struct("OutgoingRequest")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The chunks of a response body as they arrive.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, SendError>> + Send>>;

/// A response whose body has not been read.
pub struct IncomingResponse {
    /// HTTP status.
    pub status: StatusCode,
    /// Response headers.
    pub headers: HeaderMap,
    /// Whether the response has a `Content-Length` or `Transfer-Encoding`. Otherwise only the closing of the connection ends
    /// the body, and a truncated body looks complete.
    pub delimited: bool,
    /// Response body.
    pub body: BodyStream,
}

impl fmt::Debug for IncomingResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The reason why a response is missing or incomplete. The variants differ in whether the platform may have acted on the
/// request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendError {
    /// No byte was sent.
    NotSent,
    /// A timeout expired after bytes may have been sent.
    Timeout,
    /// The connection broke after bytes may have been sent.
    Broken,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "the connection failed",
            Self::Timeout => "the response timed out",
            Self::Broken => "the connection broke",
        })
    }
}

impl std::error::Error for SendError {}

/// Sends one request, once, without following redirects.
pub trait HttpSend: Send + Sync + 'static {
    /// Sends `request` and returns once the response headers have arrived.
    ///
    /// # Errors
    /// See [`SendError`].
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>>;
}

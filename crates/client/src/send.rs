//! The network, behind one trait.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

/// A request as it goes out.
#[derive(Clone)]
pub struct Outgoing {
    /// Method.
    pub method: Method,
    /// The whole URL; its path and query are the bytes on the wire.
    pub url: Url,
    /// Headers, credentials included.
    pub headers: HeaderMap,
    /// Body; empty where there is none.
    pub body: Bytes,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL has ids and search texts in it, the headers have keys.
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The bytes of an answer as they come.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, SendError>> + Send>>;

/// An answer whose body has not been read.
pub struct Incoming {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The length was announced or the end is marked; a close of the connection alone ends it otherwise.
    pub delimited: bool,
    /// Body.
    pub body: BodyStream,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Why there is no answer, or not the whole of it. The difference that matters: could the platform have acted?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendError {
    /// No byte left this machine.
    NotSent,
    /// A time limit ran out after bytes may have left.
    Timeout,
    /// The connection broke after bytes may have left.
    Broken,
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "no connection could be made",
            Self::Timeout => "no answer in time",
            Self::Broken => "the connection broke",
        })
    }
}

impl std::error::Error for SendError {}

/// Sends one request, once, without following redirects.
pub trait HttpSend: Send + Sync + 'static {
    /// Sends it and gives the head of the answer.
    fn send<'a>(
        &'a self,
        request: Outgoing,
    ) -> Pin<Box<dyn Future<Output = Result<Incoming, SendError>> + Send + 'a>>;
}

/// The real network.
pub(crate) struct Reqwest(pub(crate) reqwest::Client);

/// Builds the HTTP client with the defaults that keep keys and bounds: no redirects, no silent decompression, limits on
/// time, no proxy for loopback.
pub(crate) fn http_client(
    connect: Duration,
    read: Duration,
    loopback: bool,
) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect)
        .read_timeout(read)
        // Shorter than the idle time of common servers, which close without a word.
        .pool_idle_timeout(Duration::from_secs(4))
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .referer(false)
        .http1_only()
        .https_only(!loopback);
    if loopback {
        builder.no_proxy()
    } else {
        builder
    }
    .build()
}

impl HttpSend for Reqwest {
    fn send<'a>(
        &'a self,
        request: Outgoing,
    ) -> Pin<Box<dyn Future<Output = Result<Incoming, SendError>> + Send + 'a>> {
        Box::pin(async move {
            let mut outgoing = reqwest::Request::new(request.method, request.url);
            *outgoing.headers_mut() = request.headers;
            if !request.body.is_empty() {
                *outgoing.body_mut() = Some(request.body.into());
            }
            let mut response = self
                .0
                .execute(outgoing)
                .await
                .map_err(|error| sort(&error))?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let delimited = headers.contains_key(http::header::CONTENT_LENGTH)
                || headers.contains_key(http::header::TRANSFER_ENCODING);
            let body = response
                .bytes_stream()
                .map(|chunk| chunk.map_err(|error| sort(&error)));
            Ok(Incoming {
                status,
                headers,
                delimited,
                body: Box::pin(body),
            })
        })
    }
}

fn sort(error: &reqwest::Error) -> SendError {
    if error.is_connect() || error.is_builder() {
        SendError::NotSent
    } else if error.is_timeout() {
        SendError::Timeout
    } else {
        SendError::Broken
    }
}

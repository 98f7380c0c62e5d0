//! Responses whose body has been read, and their metadata.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::request_id::request_id;

/// A response whose body has been read.
#[derive(Debug)]
pub(crate) struct BufferedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

/// Facts about an exchange besides its payload: status, headers, attempts and time.
#[derive(Clone, Default)]
pub struct Metadata {
    status: Option<StatusCode>,
    headers: HeaderMap,
    attempts: u32,
    elapsed: Duration,
}

impl Metadata {
    pub(crate) fn of(response: BufferedResponse) -> Self {
        Self {
            status: Some(response.status),
            headers: response.headers,
            attempts: response.attempts,
            elapsed: response.elapsed,
        }
    }

    /// The metadata of a value that was not fetched.
    pub(crate) fn not_fetched() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// The HTTP status; `None` for a page that was not fetched.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The number of requests sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The elapsed time, including waits between attempts.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The request identifier that the platform returned.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata")
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// A response of any status, not interpreted. Its body is bounded by
/// [`Options::with_body_limit`](crate::Options::with_body_limit).
#[derive(Clone)]
pub struct RawResponse {
    status: StatusCode,
    body: Bytes,
    metadata: Metadata,
}

impl RawResponse {
    pub(crate) fn of(response: BufferedResponse) -> Self {
        Self {
            status: response.status,
            body: response.body.clone(),
            metadata: Metadata::of(response),
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        self.metadata.headers()
    }

    /// The response body. May contain personal data.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Attempts, elapsed time and request identifier.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

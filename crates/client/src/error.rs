//! The error of a call. Its message contains neither secrets nor personal data.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use serde::de::DeserializeOwned;

use crate::{
    ErrorCode, decode,
    operation::{DocumentedError, Operation},
    request_id::request_id,
    response::BufferedResponse,
};

/// The category of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is invalid; nothing was sent.
    InvalidInput,
    /// A setting of the client, such as its base URL, is missing or invalid.
    Configuration,
    /// A credential is missing or malformed; nothing was sent.
    Credentials,
    /// The platform rejected the credential (401, 403).
    Authentication,
    /// The resource does not exist (404).
    NotFound,
    /// Too many requests (429), after the retries.
    RateLimited,
    /// The platform rejected the request (any other 4xx, or a 2xx whose body reports a failure).
    Rejected,
    /// The platform failed (5xx).
    Server,
    /// The platform answered with a redirect (3xx), which is never followed.
    Redirect,
    /// The connection failed or broke.
    Connection,
    /// A timeout or the deadline expired.
    Timeout,
    /// It is unknown whether a write took effect.
    OutcomeUnknown,
    /// The response exceeds the body limit.
    TooLarge,
    /// The response does not match the spec.
    Decode,
    /// The pages of a list are inconsistent or do not end.
    Paging,
    /// All received data was delivered, but it may be truncated.
    Unverified,
    /// A list has fewer records than the platform reports, even after a second pass.
    Incomplete {
        /// Distinct records received.
        seen: u64,
        /// Records that the platform reports.
        expected: u64,
    },
}

/// The error of a call.
///
/// `Display` is one line that repeats no value of the request or response: it has the path template instead of the path, and
/// the documented meaning of an error instead of the platform's message. The platform's message is available as
/// [`message`](Error::message) and [`raw_body`](Error::raw_body).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    text: String,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    documented: Option<&'static DocumentedError>,
    message: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Creates an error. `text` must not contain secrets or personal data.
    pub fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            text: text.into(),
            operation: None,
            status: None,
            code: None,
            documented: None,
            message: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            attempts: 0,
            source: None,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_response(mut self, response: BufferedResponse) -> Self {
        self.0.status = Some(response.status);
        self.0.headers = response.headers;
        self.0.body = response.body;
        self.0.attempts = response.attempts;
        self
    }

    pub(crate) fn with_platform_error(
        mut self,
        code: Option<ErrorCode>,
        documented: Option<&'static DocumentedError>,
        message: Option<String>,
    ) -> Self {
        self.0.code = code;
        self.0.documented = documented;
        self.0.message = message;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The category of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The platform's error code, if the spec describes its location or identifies the error by name.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// The platform's name of the error, if the spec has it.
    pub fn name(&self) -> Option<&'static str> {
        self.0.documented?.name
    }

    /// The code, unless it is an undocumented string, which may contain anything.
    fn safe_code(&self) -> Option<&ErrorCode> {
        let code = self.0.code.as_ref()?;
        let known = self.0.documented.and_then(|info| info.code);
        let is_safe = code.as_i64().is_some() || known.is_some_and(|known| *code == known);
        is_safe.then_some(code)
    }

    /// The platform's error message. May contain personal data.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The request identifier that the platform returned.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.headers)
    }

    /// The number of attempts to send the request; 0 if it failed before the first.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The response body, bounded by the body limit. May contain personal data.
    pub fn raw_body(&self) -> &Bytes {
        &self.0.body
    }

    /// Decodes the response body as JSON, whatever its media type. Returns `None` without a response, or if the body has
    /// another structure. May contain personal data.
    pub fn body<T: DeserializeOwned>(&self) -> Option<T> {
        decode::take(&self.0.body, &[""], &[]).ok()?.data
    }

    /// The `operationId` of the call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The status of a response to this operation; `None` for an error of another operation.
    pub(crate) fn status_of(&self, operation: &'static Operation) -> Option<u16> {
        self.0
            .operation
            .filter(|own| std::ptr::eq(*own, operation))?;
        Some(self.0.status?.as_u16())
    }

    /// Returns whether the resource does not exist (404).
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Returns whether the credential is missing, malformed or rejected.
    pub fn is_auth(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Authentication | ErrorKind::Credentials
        )
    }

    /// Returns whether the platform's rate limit was exceeded.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Returns whether a timeout or the deadline expired.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Returns whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::RateLimited | ErrorKind::Server | ErrorKind::Connection | ErrorKind::Timeout
        )
    }
}

impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{} {}", operation.method, operation.path)?;
            match inner.status {
                Some(status) => write!(f, " answered {status}: ")?,
                None => f.write_str(": ")?,
            }
        }
        f.write_str(&inner.text)?;
        let status = inner.status.map(|status| i64::from(status.as_u16()));
        let is_status = |code: &&ErrorCode| code.as_i64().is_some() && code.as_i64() == status;
        if let Some(code) = self.safe_code().filter(|code| !is_status(code)) {
            write!(f, " (code {code})")?;
        }
        match inner.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " (after {attempts} attempts)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("attempts", &self.0.attempts)
            .field("text", &self.0.text)
            .field("body_bytes", &self.0.body.len())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<botroster_auth::CredentialError> for Error {
    fn from(source: botroster_auth::CredentialError) -> Self {
        Self::new(ErrorKind::Credentials, source.to_string())
    }
}

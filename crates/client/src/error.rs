//! One error type. It says what failed and what to do, and keeps values of people and secrets out of its text.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use serde::de::DeserializeOwned;

use crate::{
    ErrorCode, decode,
    operation::{ErrorInfo, Operation},
};

/// Why a call failed, for programs. New kinds may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument was refused before anything was sent.
    InvalidInput,
    /// A setting (base URL, option) was refused.
    Configuration,
    /// A credential is missing or malformed; nothing was sent.
    Credentials,
    /// The platform refused the credential (401, 403).
    Authentication,
    /// There is no such thing (404).
    NotFound,
    /// Too many requests (429), after the retries.
    RateLimited,
    /// The platform refused the request (any other 4xx, or a success that says it is none).
    Rejected,
    /// The platform failed (5xx).
    Server,
    /// A redirect, which is never followed.
    Redirect,
    /// No connection, or it broke.
    Connection,
    /// A time limit ran out.
    Timeout,
    /// A write may or may not have been carried out.
    OutcomeUnknown,
    /// The answer is larger than the limit.
    TooLarge,
    /// The answer is not what the spec says.
    Decode,
    /// The list contradicts itself or does not end.
    Paging,
    /// All that came was delivered, but nothing says that it is all there is.
    Unverified,
    /// Fewer records of a list came than the platform says there are, also on a second walk.
    Incomplete {
        /// Different records that came.
        seen: u64,
        /// Records there should be.
        expected: u64,
    },
}

/// A failed call.
///
/// `Display` is one line without anything that you or the platform sent: path templates instead of paths, the documented meaning instead of the
/// platform's message. What the platform said is in [`message`](Error::message) and [`raw_body`](Error::raw_body), for you
/// to show where that is safe.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    text: String,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    documented: Option<&'static ErrorInfo>,
    message: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind` with a text that holds no secret and no personal data.
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

    pub(crate) fn with_answer(
        mut self,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        self.0.status = Some(status);
        self.0.headers = headers;
        self.0.body = body;
        self
    }

    pub(crate) fn with_platform_words(
        mut self,
        code: Option<ErrorCode>,
        documented: Option<&'static ErrorInfo>,
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

    /// Why, for programs.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, where there was an answer.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The platform's own error code, where the spec knows where it stands, or knows the error by its name.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// The platform's name of the error, where the spec has it.
    pub fn name(&self) -> Option<&'static str> {
        self.0.documented?.name
    }

    /// The code, unless it is a text that no spec has: such a text may be anything.
    fn safe_code(&self) -> Option<&ErrorCode> {
        let code = self.0.code.as_ref()?;
        let known = self.0.documented.and_then(|info| info.code);
        let is_safe = code.as_i64().is_some() || known.is_some_and(|known| *code == known);
        is_safe.then_some(code)
    }

    /// What the platform said, for people. It may hold personal data.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The platform's identifier of the request, where it sent one.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.headers)
    }

    /// How many times the request was sent or tried to be sent; 0 if it was refused before.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body of the answer as it came, bounded. It may hold personal data.
    pub fn raw_body(&self) -> &Bytes {
        &self.0.body
    }

    /// The body of the answer, read as JSON whatever its media type is; `None` without an answer, and where the body is
    /// something else. It may hold personal data.
    pub fn body<T: DeserializeOwned>(&self) -> Option<T> {
        decode::take(&self.0.body, &[""], &[]).ok()?.data
    }

    /// The operation's `operationId` in the spec.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// The status that this operation was answered with; `None` for an error of another one.
    pub(crate) fn status_of(&self, operation: &'static Operation) -> Option<u16> {
        self.0
            .operation
            .filter(|own| std::ptr::eq(*own, operation))?;
        Some(self.0.status?.as_u16())
    }

    /// There is no such thing.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// The credential is missing, malformed or refused.
    pub fn is_auth(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Authentication | ErrorKind::Credentials
        )
    }

    /// The platform asked to slow down.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// A time limit ran out.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// The same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::RateLimited | ErrorKind::Server | ErrorKind::Connection | ErrorKind::Timeout
        )
    }
}

/// The names under which servers send a request identifier, the usual one first.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-correlation-id", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
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

//! The request log: what arrived, what was wrong with it, and what the sandbox did not apply.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::fmt;

/// Maximum length of a message in characters.
const MAX_LENGTH: usize = 2000;

/// A request with its verdict.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RecordedRequest {
    /// Number among the requests to the platform, from 1.
    pub number: u64,
    /// When the response was sent.
    #[serde(serialize_with = "as_text")]
    pub time: Timestamp,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as received.
    pub target: String,
    /// The `operationId`; `None` if there is no such operation.
    pub operation: Option<String>,
    /// The status of the response.
    pub status: u16,
    /// Everything that was wrong with it. The response is about the first only, in the form the platform gives it.
    pub violations: Vec<Violation>,
    /// Accepted, but possibly unexpected: a filter that was not applied, an undefined property.
    pub notes: Vec<String>,
    /// The faults that were applied.
    pub fault: Option<String>,
    /// The verdict on its signature, if the operation requires one.
    pub signature: Option<SignatureVerdict>,
}

/// A problem with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The category.
    pub kind: ViolationKind,
    /// The parameter or header, or a JSON Pointer into the body.
    pub at: Option<String>,
    /// What is wrong and what is expected. Strings that may be personal data are given by length only, foreign credentials by length
    /// and at most four characters; signed messages include path and query, but not the body.
    pub message: String,
}

/// The category of a problem with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ViolationKind {
    /// The path does not exist.
    UnknownPath,
    /// The path does not accept the method.
    Method,
    /// The operation has no such parameter.
    UnknownParameter,
    /// A parameter is missing or invalid.
    Parameter,
    /// A header does not have its constant value.
    Header,
    /// The body has another media type than expected.
    MediaType,
    /// The body is missing, not JSON, or invalid against its schema.
    Body,
    /// A rule over several values is violated.
    Rule,
    /// The credentials are missing or wrong.
    Security,
    /// The credentials are valid, but do not give access to the requested data.
    Access,
    /// The ids of an account or a bot do not exist.
    Scope,
    /// Too many requests.
    RateLimit,
    /// The record does not exist.
    NotFound,
}

impl RecordedRequest {
    /// A request without a verdict so far.
    pub(crate) fn new(time: Timestamp, method: &str, target: String) -> Self {
        Self {
            number: 0,
            time,
            method: method.to_owned(),
            target,
            operation: None,
            status: 0,
            violations: Vec::new(),
            notes: Vec::new(),
            fault: None,
            signature: None,
        }
    }
}

impl ViolationKind {
    /// Returns the serialized name, such as `unknown-path`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownPath => "unknown-path",
            Self::Method => "method",
            Self::UnknownParameter => "unknown-parameter",
            Self::Parameter => "parameter",
            Self::Header => "header",
            Self::MediaType => "media-type",
            Self::Body => "body",
            Self::Rule => "rule",
            Self::Security => "security",
            Self::Access => "access",
            Self::Scope => "scope",
            Self::RateLimit => "rate-limit",
            Self::NotFound => "not-found",
        }
    }
}

impl fmt::Display for ViolationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Violation {
    pub(crate) fn new(kind: ViolationKind, at: Option<&str>, message: impl Into<String>) -> Self {
        let cut = |text: &str| text.chars().take(MAX_LENGTH).collect();
        Self {
            kind,
            at: at.map(cut),
            message: cut(&message.into()),
        }
    }
}

/// The verdict on a signature.
///
/// `expected` is made with a key that opens nothing but the sandbox.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SignatureVerdict {
    /// The name of the security scheme.
    pub scheme: String,
    /// Whether it was accepted.
    pub ok: bool,
    /// The message to sign, as the sandbox received the request. Long ones are shortened in the middle.
    pub expected_message: String,
    /// The message the client signed, if one of the common mistakes explains the signature.
    pub signed_message: Option<String>,
    /// The mistake, such as `the path without /api`.
    pub mistake: Option<String>,
    /// The signature of `expected_message`.
    pub expected: String,
    /// The received signature.
    pub received: Option<String>,
}

fn as_text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// Omits the query, which may contain personal data.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        f.debug_struct("RecordedRequest")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &path)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("violations", &self.violations)
            .field("notes", &self.notes)
            .field("fault", &self.fault)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

/// Omits messages, which may contain personal data, and signatures.
impl fmt::Debug for SignatureVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureVerdict")
            .field("scheme", &self.scheme)
            .field("ok", &self.ok)
            .field("mistake", &self.mistake)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_serialize_as_they_are_named() {
        use ViolationKind::*;
        for kind in [
            UnknownPath,
            Method,
            UnknownParameter,
            Parameter,
            Header,
            MediaType,
            Body,
            Rule,
            Security,
            Access,
            Scope,
            RateLimit,
            NotFound,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }

    #[test]
    fn debug_hides_queries_and_messages() {
        let request = RecordedRequest {
            number: 1,
            time: Timestamp::UNIX_EPOCH,
            method: "GET".to_owned(),
            target: "/users?email=canary".to_owned(),
            operation: None,
            status: 401,
            violations: Vec::new(),
            notes: Vec::new(),
            fault: None,
            signature: Some(SignatureVerdict {
                scheme: "signed".to_owned(),
                ok: false,
                expected_message: "canary".to_owned(),
                signed_message: Some("canary".to_owned()),
                mistake: None,
                expected: "canary".to_owned(),
                received: Some("canary".to_owned()),
            }),
        };
        assert!(!format!("{request:?}").contains("canary"));
        assert!(format!("{request:?}").contains("/users"));
        let json = serde_json::to_value(&request).unwrap();
        assert_eq!(json["time"], "1970-01-01T00:00:00Z");
    }
}

//! Requests as they were judged: what came, what was wrong with it, what the sandbox left undone.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::fmt;

/// No sentence has more characters.
const LONGEST: usize = 2000;

/// A request that was answered.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RecordedRequest {
    /// Counts the requests of a platform, from 1.
    pub number: u64,
    /// When it was answered.
    #[serde(serialize_with = "as_text")]
    pub time: Timestamp,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they came in.
    pub target: String,
    /// The `operationId` of what it was routed to.
    pub operation: Option<String>,
    /// The status of the response.
    pub status: u16,
    /// Everything that was wrong with it. The response speaks of the first alone, in the platform's way.
    pub violations: Vec<Violation>,
    /// What was accepted and may still surprise: a filter that was not applied, a property no schema names.
    pub notes: Vec<String>,
    /// The fault that was done to it on purpose.
    pub fault: Option<String>,
    /// What became of its signature, where one was asked for.
    pub signature: Option<SignatureVerdict>,
}

/// One thing that was wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What sort of thing.
    pub kind: ViolationKind,
    /// The parameter or header, or a JSON Pointer into the body.
    pub at: Option<String>,
    /// What is wrong and what would be right, in a sentence. Of texts that may be personal data it tells the length, of foreign
    /// credentials the length and four characters at most; what is signed it shows with path and query, and without the body.
    pub message: String,
}

/// What sort of thing was wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ViolationKind {
    /// There is no such path.
    UnknownPath,
    /// The path does not take this method.
    Method,
    /// The operation has no such parameter.
    UnknownParameter,
    /// A parameter is missing, or its value is not allowed.
    Parameter,
    /// A header that must have a constant value has another.
    Header,
    /// The body is not of the type that is expected.
    MediaType,
    /// The body is missing, is no JSON, or does not fit its schema.
    Body,
    /// A rule over several values does not hold.
    Rule,
    /// The credentials are missing or wrong.
    Security,
    /// The credentials are right, but may not see what was asked for.
    Access,
    /// The ids of an account or a bot that is not there.
    Scope,
    /// Too many requests.
    RateLimit,
    /// There is no such record.
    NotFound,
}

impl ViolationKind {
    /// Its name as it is serialized, such as `unknown-path`.
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
        let cut = |text: &str| text.chars().take(LONGEST).collect();
        Self {
            kind,
            at: at.map(cut),
            message: cut(&message.into()),
        }
    }
}

/// A signature, and what it should have been.
///
/// The key that made `expected` is the sandbox's own and opens nothing else.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SignatureVerdict {
    /// The name of the security scheme.
    pub scheme: String,
    /// Whether it was accepted.
    pub ok: bool,
    /// The text to sign, as the sandbox sees the request. The middle of a long one is left out.
    pub expected_message: String,
    /// The text that the client signed, where trying the usual mistakes found it.
    pub signed_message: Option<String>,
    /// The mistake that explains the difference, such as `the path without /api`.
    pub mistake: Option<String>,
    /// The signature of `expected_message`.
    pub expected: String,
    /// The signature that came.
    pub received: Option<String>,
}

fn as_text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// The query is left out: it may name people.
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

/// Messages may hold bodies, and so people; signatures are left out too.
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

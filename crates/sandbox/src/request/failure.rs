//! Why a request is refused, before the refusal takes the form the platform gives it.

use crate::recorded::{Violation, ViolationKind};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestFailure {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// The parameters or properties concerned; they determine the platform's error code.
    pub(crate) about: Vec<String>,
    /// Seconds until the same request would be accepted.
    pub(crate) retry_after: Option<u64>,
    pub(crate) kind: ViolationKind,
    pub(crate) at: Option<String>,
    /// Recorded instead of the message if the platform would not reveal it.
    pub(crate) recorded: Option<String>,
}

impl RequestFailure {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        let kind = match status {
            401 => ViolationKind::Security,
            403 => ViolationKind::Access,
            404 => ViolationKind::NotFound,
            429 => ViolationKind::RateLimit,
            _ => ViolationKind::Parameter,
        };
        Self {
            status,
            message: message.into(),
            about: Vec::new(),
            retry_after: None,
            kind,
            at: None,
            recorded: None,
        }
    }

    /// A 400 that concerns one parameter or property.
    pub(crate) fn bad(about: &str, message: impl Into<String>) -> Self {
        Self {
            about: vec![about.to_owned()],
            at: Some(about.to_owned()),
            ..Self::new(400, message)
        }
    }

    pub(crate) fn about<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.about.extend(names.into_iter().map(str::to_owned));
        self
    }

    pub(crate) fn kind(self, kind: ViolationKind) -> Self {
        Self { kind, ..self }
    }

    /// The parameter, header or pointer to record.
    pub(crate) fn at(self, at: impl Into<String>) -> Self {
        Self {
            at: Some(at.into()),
            ..self
        }
    }

    /// Records another message than the response contains.
    pub(crate) fn recorded(self, message: impl Into<String>) -> Self {
        Self {
            recorded: Some(message.into()),
            ..self
        }
    }

    /// What is recorded.
    pub(crate) fn violation(&self) -> Violation {
        let message = self.recorded.as_deref().unwrap_or(&self.message);
        let at = self
            .at
            .as_deref()
            .or(self.about.first().map(String::as_str));
        Violation::new(self.kind, at, message)
    }
}

//! Why a request is refused, before it is put in the platform's words.

use crate::recorded::{Violation, ViolationKind};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// The parameters or properties it is about; they choose the platform's error code.
    pub(crate) about: Vec<String>,
    /// Seconds until the same request would be let through.
    pub(crate) retry_after: Option<u64>,
    pub(crate) kind: ViolationKind,
    pub(crate) at: Option<String>,
    /// What is recorded in the place of the message, which the platform would not say.
    pub(crate) told: Option<String>,
}

impl Failure {
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
            told: None,
        }
    }

    /// A 400 about one parameter or property.
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

    /// The parameter, header or pointer that is recorded.
    pub(crate) fn at(self, at: impl Into<String>) -> Self {
        Self {
            at: Some(at.into()),
            ..self
        }
    }

    /// Says more in the record than in the answer.
    pub(crate) fn telling(self, told: impl Into<String>) -> Self {
        Self {
            told: Some(told.into()),
            ..self
        }
    }

    /// What is recorded of it.
    pub(crate) fn violation(&self) -> Violation {
        let message = self.told.as_deref().unwrap_or(&self.message);
        let at = self
            .at
            .as_deref()
            .or(self.about.first().map(String::as_str));
        Violation::new(self.kind, at, message)
    }
}

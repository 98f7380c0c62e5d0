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
    /// All that is wrong; empty where the message says it.
    pub(crate) violations: Vec<Violation>,
}

impl Failure {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            about: Vec::new(),
            retry_after: None,
            violations: Vec::new(),
        }
    }

    /// A 400 about one parameter or property.
    pub(crate) fn bad(about: &str, message: impl Into<String>) -> Self {
        Self {
            about: vec![about.to_owned()],
            ..Self::new(400, message)
        }
    }

    /// All that is wrong; the message as a violation of its own where nothing more is known.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        if !self.violations.is_empty() {
            return self.violations.clone();
        }
        let kind = match self.status {
            401 => ViolationKind::Security,
            403 => ViolationKind::Access,
            404 => ViolationKind::NotFound,
            429 => ViolationKind::RateLimit,
            _ => ViolationKind::Parameter,
        };
        let at = self.about.first().map(String::as_str);
        vec![Violation::new(kind, at, self.message.as_str())]
    }

    pub(crate) fn about<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.about.extend(names.into_iter().map(str::to_owned));
        self
    }
}

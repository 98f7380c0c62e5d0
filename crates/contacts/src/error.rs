use std::fmt;

/// An error in an `x-maps-to`: its position and the problem.
///
/// An `x-maps-to` comes from a spec, never from a record, so the text contains no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    at: String,
    problem: String,
}

impl MappingError {
    pub(crate) fn new(at: &str, problem: impl Into<String>) -> Self {
        Self {
            at: at.to_owned(),
            problem: problem.into(),
        }
    }

    /// Returns the position in the `x-maps-to`, such as `contact.phone`; empty for the whole.
    #[must_use]
    pub fn at(&self) -> &str {
        &self.at
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.as_str() {
            "" => write!(f, "x-maps-to: {}", self.problem),
            at => write!(f, "x-maps-to: {at}: {}", self.problem),
        }
    }
}

impl std::error::Error for MappingError {}

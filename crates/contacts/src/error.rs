use std::fmt;

/// Why a description of a mapping was refused: where in it, and what is wrong there.
///
/// A mapping comes from a spec, never from a record, so the text holds nothing personal.
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

    /// The place in the description, as in `contact.phone`; empty for the description as a whole.
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

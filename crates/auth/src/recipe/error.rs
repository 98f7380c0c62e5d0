//! The error of a recipe that cannot be parsed.

use std::{error::Error, fmt};

/// An invalid signature recipe. The message names the field, the problem and the accepted values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeError {
    field: String,
    problem: String,
}

impl RecipeError {
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }

    pub(super) fn unknown(field: &str, given: &str, known: &str) -> Self {
        Self::new(field, format!("unknown value {given:?}; known are {known}"))
    }

    /// Returns the field of [`RecipeText`](crate::RecipeText); for a header, followed by its name: `message`,
    /// `headers.X-Signature`.
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recipe field {}: {}", self.field, self.problem)
    }
}

impl Error for RecipeError {}

//! The error of code generation.

use std::fmt;

use anyhow::anyhow;
use botroster_spec::{Spec, model::Operation};

/// Error of [`generate`](crate::generate).
///
/// The message names the file, line and column in the spec and how to fix it.
#[derive(Debug)]
pub struct Error(anyhow::Error);

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Error {}

/// Returns the error for a fault at a pointer into the spec. Lint reports such faults first, with more detail.
pub(crate) fn fault(spec: &Spec, pointer: &str, text: impl fmt::Display) -> anyhow::Error {
    anyhow!("{}: {text}", spec.tree.locate(pointer))
}

/// Returns the error for a fault in a keyword of an operation.
pub(crate) fn keyword_fault(
    spec: &Spec,
    operation: &Operation,
    keyword: &str,
    text: impl fmt::Display,
) -> anyhow::Error {
    fault(spec, &format!("{}/{keyword}", operation.pointer()), text)
}

//! The error of code generation.

use std::fmt;

use anyhow::anyhow;
use botroster_spec::Spec;

/// Error of [`generate`](crate::generate).
///
/// The message names the file, line and column in the spec. Lint reports how to fix it.
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

/// Returns the error for a part of a spec that lint rejects. Lint says what is wrong with it.
pub(crate) fn rejected(spec: &Spec, pointer: &str) -> anyhow::Error {
    anyhow!("{}: lint rejects this", spec.tree.locate(pointer))
}

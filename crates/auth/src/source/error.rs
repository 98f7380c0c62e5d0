use super::SecretProviderError;
use std::{
    error::Error,
    fmt,
    path::{Path, PathBuf},
};

/// A secret that could not be read. The message names the location and the problem, never the content.
#[derive(Debug)]
pub struct SecretSourceError {
    location: SecretLocation,
    problem: SecretSourceProblem,
    cause: Option<SecretProviderError>,
}

#[derive(Debug)]
enum SecretLocation {
    Variable(String),
    File(PathBuf),
    Provider,
}

/// The reason why a secret could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSourceProblem {
    /// The environment variable is not set, or the file does not exist.
    NotThere,
    /// It is empty.
    Empty,
    /// It is not UTF-8.
    NotText,
    /// It is a directory, a pipe or a device.
    NotAFile,
    /// The file cannot be opened or read.
    Unreadable,
    /// The file is longer than 64 KiB.
    TooLong,
    /// The group of the file or all users can write it.
    WritableByOthers,
    /// The group of the file or all users can read it, and it must be private.
    ReadableByOthers,
    /// The provider failed. Its error is the [source](Error::source) of this one.
    ProviderFailed,
}

/// A problem with the source of a secret that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSourceWarning {
    /// The group of this file or all users can read it.
    ReadableByOthers(PathBuf),
}

impl SecretSourceError {
    pub(super) fn of_variable(name: &str, problem: SecretSourceProblem) -> Self {
        Self {
            location: SecretLocation::Variable(name.to_owned()),
            problem,
            cause: None,
        }
    }

    pub(super) fn of_file(path: &Path, problem: SecretSourceProblem) -> Self {
        Self {
            location: SecretLocation::File(path.to_owned()),
            problem,
            cause: None,
        }
    }

    pub(super) fn of_provider(cause: SecretProviderError) -> Self {
        Self {
            location: SecretLocation::Provider,
            problem: SecretSourceProblem::ProviderFailed,
            cause: Some(cause),
        }
    }

    /// The problem.
    pub fn problem(&self) -> SecretSourceProblem {
        self.problem
    }
}

impl fmt::Display for SecretSourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Quoted, because a name can contain terminal control sequences.
        match &self.location {
            SecretLocation::Variable(name) => write!(f, "environment variable {name:?}: ")?,
            SecretLocation::File(path) => write!(f, "secret file {path:?}: ")?,
            SecretLocation::Provider => {}
        }
        f.write_str(match (self.problem, &self.location) {
            (SecretSourceProblem::NotThere, SecretLocation::Variable(_)) => "it is not set",
            (SecretSourceProblem::NotThere, _) => "it does not exist",
            (SecretSourceProblem::Empty, _) => "it is empty",
            (SecretSourceProblem::NotText, _) => "it is not UTF-8 text",
            (SecretSourceProblem::NotAFile, _) => "it is not a regular file",
            (SecretSourceProblem::Unreadable, _) => "it cannot be read",
            (SecretSourceProblem::TooLong, _) => "it is longer than 64 KiB",
            (SecretSourceProblem::WritableByOthers, _) => {
                "other users can write to it: run chmod 600 on it"
            }
            (SecretSourceProblem::ReadableByOthers, _) => {
                "other users can read it: run chmod 600 on it"
            }
            (SecretSourceProblem::ProviderFailed, _) => "the secret provider failed",
        })
    }
}

impl Error for SecretSourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let cause: &(dyn Error + 'static) = self.cause.as_deref()?;
        Some(cause)
    }
}

impl fmt::Display for SecretSourceWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadableByOthers(path) => {
                write!(
                    f,
                    "secret file {path:?}: other users can read it: run chmod 600 on it"
                )
            }
        }
    }
}

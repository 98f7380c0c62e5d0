use super::ProviderError;
use std::{
    error::Error,
    fmt,
    path::{Path, PathBuf},
};

/// A secret that could not be read. Names the place and the problem, never the content.
#[derive(Debug)]
pub struct SourceError {
    place: Place,
    problem: SourceProblem,
    cause: Option<ProviderError>,
}

#[derive(Debug)]
enum Place {
    Variable(String),
    File(PathBuf),
    Provider,
}

/// Why a secret could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceProblem {
    /// The environment variable is not set, or there is no such file.
    NotThere,
    /// There are no characters in it.
    Empty,
    /// It is not UTF-8.
    NotText,
    /// It is a directory, a pipe or a device.
    NotAFile,
    /// The file cannot be opened or read.
    Unreadable,
    /// The file is longer than 64 KiB.
    TooLong,
    /// The group of the file or all users can write it, so the secret may be another's.
    WritableByOthers,
    /// The group of the file or all users can read it, and it was to be private.
    ReadableByOthers,
    /// The provider gave an error, which is the [source](Error::source) of this one.
    ProviderFailed,
}

/// What should be changed about a place that a secret could be read from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceWarning {
    /// The group of this file or all users can read it.
    ReadableByOthers(PathBuf),
}

impl SourceError {
    pub(super) fn of_variable(name: &str, problem: SourceProblem) -> Self {
        Self {
            place: Place::Variable(name.to_owned()),
            problem,
            cause: None,
        }
    }

    pub(super) fn of_file(path: &Path, problem: SourceProblem) -> Self {
        Self {
            place: Place::File(path.to_owned()),
            problem,
            cause: None,
        }
    }

    pub(super) fn of_provider(cause: ProviderError) -> Self {
        Self {
            place: Place::Provider,
            problem: SourceProblem::ProviderFailed,
            cause: Some(cause),
        }
    }

    /// What the problem is.
    pub fn problem(&self) -> SourceProblem {
        self.problem
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Quoted, because a name can hold what moves the cursor of a terminal.
        match &self.place {
            Place::Variable(name) => write!(f, "environment variable {name:?}: ")?,
            Place::File(path) => write!(f, "secret file {path:?}: ")?,
            Place::Provider => {}
        }
        f.write_str(match (self.problem, &self.place) {
            (SourceProblem::NotThere, Place::Variable(_)) => "it is not set",
            (SourceProblem::NotThere, _) => "there is no such file",
            (SourceProblem::Empty, _) => "it is empty",
            (SourceProblem::NotText, _) => "it is not UTF-8 text",
            (SourceProblem::NotAFile, _) => "it is no regular file",
            (SourceProblem::Unreadable, _) => "it cannot be read",
            (SourceProblem::TooLong, _) => "it is too long for a secret",
            (SourceProblem::WritableByOthers, _) => "others can change it: run chmod 600 on it",
            (SourceProblem::ReadableByOthers, _) => "others can read it: run chmod 600 on it",
            (SourceProblem::ProviderFailed, _) => "the provider of the secret failed",
        })
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let cause: &(dyn Error + 'static) = self.cause.as_deref()?;
        Some(cause)
    }
}

impl fmt::Display for SourceWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadableByOthers(path) => {
                write!(
                    f,
                    "secret file {path:?}: others can read it: run chmod 600 on it"
                )
            }
        }
    }
}

//! Where secrets come from.

mod error;
mod file;

pub use error::{SourceError, SourceProblem, SourceWarning};

use crate::Secret;
use std::{
    env::{self, VarError},
    fmt,
    path::PathBuf,
    sync::Arc,
};

/// Where a secret comes from: a value, an environment variable, a file or code of the caller's.
///
/// A [`Secret`] or a text is a source that always gives itself.
#[derive(Clone)]
pub struct Source(Kind);

#[derive(Clone)]
enum Kind {
    Value(Secret),
    Variable(String),
    File { path: PathBuf, private: bool },
    Provider(Arc<dyn Provide>),
}

/// Code that gives a secret, such as one that asks a vault. A closure is one.
pub trait Provide: Send + Sync {
    /// The secret as it is now. Called once when a client is made, and again each time a server refuses what was given before.
    ///
    /// The caller waits for it, in an asynchronous program on a thread of the runtime: answer from memory, or within milliseconds.
    ///
    /// # Errors
    ///
    /// Any error. Its text is shown, so it must not hold the secret.
    fn provide(&self) -> Result<Secret, ProviderError>;
}

/// What kept a [`Provide`] from giving a secret.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

impl<F> Provide for F
where
    F: Fn() -> Result<Secret, ProviderError> + Send + Sync,
{
    fn provide(&self) -> Result<Secret, ProviderError> {
        self()
    }
}

/// A secret that was read, and what should be said about where it was.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The secret.
    pub secret: Secret,
    /// For the caller to log or to print.
    pub warning: Option<SourceWarning>,
}

impl Source {
    /// This secret.
    pub fn value(secret: impl Into<Secret>) -> Self {
        Self(Kind::Value(secret.into()))
    }

    /// The environment variable of this name.
    pub fn env(name: impl Into<String>) -> Self {
        Self(Kind::Variable(name.into()))
    }

    /// The text of this file, without the line end after it; see [`read`](Self::read) for what the file must be like.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File {
            path: path.into(),
            private: false,
        })
    }

    /// As [`file`](Self::file), but a file that others can read is refused.
    pub fn private_file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File {
            path: path.into(),
            private: true,
        })
    }

    /// Whatever this gives, each time it is asked.
    pub fn provider(provider: impl Provide + 'static) -> Self {
        Self(Kind::Provider(Arc::new(provider)))
    }

    /// Whether reading again may give another secret: a file can be replaced and a provider can change its mind.
    pub fn may_change(&self) -> bool {
        matches!(self.0, Kind::File { .. } | Kind::Provider(_))
    }

    /// Reads the secret as it is now.
    ///
    /// A file must be a regular one, after links were followed, of at most 64 KiB of UTF-8. One `\n` or `\r\n` at its end is no
    /// part of the secret; anything else is. On Unix nobody but its owner may be able to write it, and if others can read it
    /// there is a warning.
    ///
    /// # Errors
    ///
    /// See [`SourceProblem`]. What the secret must look like is checked where it is used.
    pub fn read(&self) -> Result<Resolved, SourceError> {
        let (secret, warning) = match &self.0 {
            Kind::Value(secret) => (secret.clone(), None),
            Kind::Variable(name) => (variable(name)?, None),
            Kind::File { path, private } => file::read(path, *private)?,
            Kind::Provider(provider) => {
                (provider.provide().map_err(SourceError::of_provider)?, None)
            }
        };
        Ok(Resolved { secret, warning })
    }
}

fn variable(name: &str) -> Result<Secret, SourceError> {
    let problem = match env::var(name) {
        Ok(text) if text.is_empty() => SourceProblem::Empty,
        Ok(text) => return Ok(Secret::new(text)),
        Err(VarError::NotPresent) => SourceProblem::NotThere,
        Err(VarError::NotUnicode(_)) => SourceProblem::NotText,
    };
    Err(SourceError::of_variable(name, problem))
}

/// Says where, never what.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Value(_) => f.write_str("Value(..)"),
            Kind::Variable(name) => f.debug_tuple("Variable").field(name).finish(),
            Kind::File { path, .. } => f.debug_tuple("File").field(path).finish(),
            Kind::Provider(_) => f.write_str("Provider(..)"),
        }
    }
}

impl From<Secret> for Source {
    fn from(secret: Secret) -> Self {
        Self::value(secret)
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Self::value(text)
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Self::value(text)
    }
}

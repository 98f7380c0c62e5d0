//! Sources of secrets.

mod error;
mod file;

pub use error::{SecretSourceError, SecretSourceProblem, SecretSourceWarning};

use crate::Secret;
use std::{
    env::{self, VarError},
    fmt,
    path::PathBuf,
    sync::Arc,
};

/// The source of a secret: a value, an environment variable, a file or a provider.
///
/// A [`Secret`] or a string converts into a source of that value.
#[derive(Clone)]
pub struct SecretSource(SourceKind);

#[derive(Clone)]
enum SourceKind {
    Value(Secret),
    Variable(String),
    File { path: PathBuf, private: bool },
    Provider(Arc<dyn ProvideSecret>),
}

/// Provides a secret, for example from a vault. Implemented for closures.
pub trait ProvideSecret: Send + Sync {
    /// Returns the current secret. Called once when a client is built, and again each time a server rejects the previous one.
    ///
    /// The call blocks its caller, which may be a thread of an asynchronous runtime: return within milliseconds.
    ///
    /// # Errors
    ///
    /// Any error. Its message is shown and must not contain the secret.
    fn provide(&self) -> Result<Secret, SecretProviderError>;
}

/// The error of a [`ProvideSecret`].
pub type SecretProviderError = Box<dyn std::error::Error + Send + Sync>;

impl<F> ProvideSecret for F
where
    F: Fn() -> Result<Secret, SecretProviderError> + Send + Sync,
{
    fn provide(&self) -> Result<Secret, SecretProviderError> {
        self()
    }
}

/// A secret that was read, with a warning about its source.
#[derive(Clone, Debug)]
pub struct ResolvedSecret {
    /// The secret.
    pub secret: Secret,
    /// A problem for the caller to log or print.
    pub warning: Option<SecretSourceWarning>,
}

impl SecretSource {
    /// A constant secret.
    pub fn value(secret: impl Into<Secret>) -> Self {
        Self(SourceKind::Value(secret.into()))
    }

    /// An environment variable.
    pub fn env(name: impl Into<String>) -> Self {
        Self(SourceKind::Variable(name.into()))
    }

    /// The contents of a file without the final line break. See [`read`](Self::read) for the requirements on the file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(SourceKind::File {
            path: path.into(),
            private: false,
        })
    }

    /// Like [`file`](Self::file), but fails if other users can read the file.
    pub fn private_file(path: impl Into<PathBuf>) -> Self {
        Self(SourceKind::File {
            path: path.into(),
            private: true,
        })
    }

    /// A provider, called for each read.
    pub fn provider(provider: impl ProvideSecret + 'static) -> Self {
        Self(SourceKind::Provider(Arc::new(provider)))
    }

    /// Returns whether a later read may return another secret: true for files and providers.
    pub fn may_change(&self) -> bool {
        matches!(self.0, SourceKind::File { .. } | SourceKind::Provider(_))
    }

    /// Reads the current secret.
    ///
    /// A file must be a regular file, after following links, with at most 64 KiB of UTF-8. One `\n` or `\r\n` at its end is
    /// removed. On Unix, only the owner may have write access; a warning is returned if other users can read it.
    ///
    /// # Errors
    ///
    /// See [`SecretSourceProblem`]. The secret itself is validated where it is used.
    pub fn read(&self) -> Result<ResolvedSecret, SecretSourceError> {
        let (secret, warning) = match &self.0 {
            SourceKind::Value(secret) => (secret.clone(), None),
            SourceKind::Variable(name) => (variable(name)?, None),
            SourceKind::File { path, private } => file::read(path, *private)?,
            SourceKind::Provider(provider) => (
                provider.provide().map_err(SecretSourceError::of_provider)?,
                None,
            ),
        };
        Ok(ResolvedSecret { secret, warning })
    }
}

fn variable(name: &str) -> Result<Secret, SecretSourceError> {
    let problem = match env::var(name) {
        Ok(text) if text.is_empty() => SecretSourceProblem::Empty,
        Ok(text) => return Ok(Secret::new(text)),
        Err(VarError::NotPresent) => SecretSourceProblem::NotThere,
        Err(VarError::NotUnicode(_)) => SecretSourceProblem::NotText,
    };
    Err(SecretSourceError::of_variable(name, problem))
}

/// Shows the location, never the value.
impl fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            SourceKind::Value(_) => f.write_str("Value(..)"),
            SourceKind::Variable(name) => f.debug_tuple("Variable").field(name).finish(),
            SourceKind::File { path, .. } => f.debug_tuple("File").field(path).finish(),
            SourceKind::Provider(_) => f.write_str("Provider(..)"),
        }
    }
}

impl From<Secret> for SecretSource {
    fn from(secret: Secret) -> Self {
        Self::value(secret)
    }
}

impl From<String> for SecretSource {
    fn from(text: String) -> Self {
        Self::value(text)
    }
}

impl From<&str> for SecretSource {
    fn from(text: &str) -> Self {
        Self::value(text)
    }
}

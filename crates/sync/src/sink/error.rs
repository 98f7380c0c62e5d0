use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// The category of a [`SinkError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SinkErrorKind {
    /// The file is not a SQLite database or belongs to another program.
    NotOurs,
    /// The file was written by a newer version.
    Newer,
    /// The file cannot be opened or created.
    CannotOpen,
    /// The file is not writable.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Another program holds a lock.
    Locked,
    /// The file is damaged.
    Damaged,
    /// Any other error.
    Other,
}

/// An error of the database. Its text is one line with the path and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkError {
    kind: SinkErrorKind,
    path: PathBuf,
    problem: String,
}

impl SinkError {
    pub(crate) fn new(kind: SinkErrorKind, path: &Path, problem: impl Into<String>) -> Self {
        Self {
            kind,
            path: path.to_owned(),
            problem: problem.into(),
        }
    }

    pub(crate) fn other(path: &Path, problem: &str) -> Self {
        Self::new(SinkErrorKind::Other, path, problem)
    }

    /// Converts an error of SQLite, whose text names tables and columns but never values.
    pub(crate) fn from_sql(path: &Path, error: &rusqlite::Error) -> Self {
        let (kind, problem) = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => (
                SinkErrorKind::Full,
                "the disk is full; free some space and run again (stored records remain)"
                    .to_owned(),
            ),
            Some(ErrorCode::ReadOnly) => (
                SinkErrorKind::ReadOnly,
                "it is not writable; grant write permission or choose another path".to_owned(),
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
                SinkErrorKind::CannotOpen,
                "it cannot be opened; check that its folder exists and is writable".to_owned(),
            ),
            Some(ErrorCode::NotADatabase) => (
                SinkErrorKind::NotOurs,
                "it is not a SQLite database; choose another path".to_owned(),
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                SinkErrorKind::Locked,
                "another program has locked it; run again when that program has finished"
                    .to_owned(),
            ),
            Some(ErrorCode::DatabaseCorrupt) => (
                SinkErrorKind::Damaged,
                "it is damaged; move it away and sync into a new database".to_owned(),
            ),
            Some(ErrorCode::SystemIoFailure) => (
                SinkErrorKind::Other,
                "reading or writing failed; check the disk and run again".to_owned(),
            ),
            _ => (SinkErrorKind::Other, format!("SQLite error: {error}")),
        };
        Self::new(kind, path, problem)
    }

    /// Returns the category.
    #[must_use]
    pub fn kind(&self) -> SinkErrorKind {
        self.kind
    }

    /// Returns the path of the database.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "database {}: {}", self.path.display(), self.problem)
    }
}

impl std::error::Error for SinkError {}

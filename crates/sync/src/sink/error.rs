use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// What is wrong with a database. New kinds may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SinkErrorKind {
    /// The file is no SQLite database, or another program's.
    NotOurs,
    /// A newer version wrote it.
    Newer,
    /// It cannot be opened or made there.
    CannotOpen,
    /// It cannot be written.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Another program keeps it locked.
    Locked,
    /// It is damaged.
    Damaged,
    /// Anything else.
    Other,
}

/// Why the database does not take records: one line with its path and what to do.
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

    /// Words for what SQLite says. Its own text names tables and columns, never values.
    pub(crate) fn from_sql(path: &Path, error: &rusqlite::Error) -> Self {
        let (kind, problem) = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => (
                SinkErrorKind::Full,
                "the disk is full; make room and run again, what was stored stays".to_owned(),
            ),
            Some(ErrorCode::ReadOnly) => (
                SinkErrorKind::ReadOnly,
                "it cannot be written; give write permission or another path".to_owned(),
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
                SinkErrorKind::CannotOpen,
                "it cannot be opened; check that its folder exists and can be written".to_owned(),
            ),
            Some(ErrorCode::NotADatabase) => (
                SinkErrorKind::NotOurs,
                "it is no SQLite database; give another path".to_owned(),
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                SinkErrorKind::Locked,
                "another program keeps it locked; run again when that is done".to_owned(),
            ),
            Some(ErrorCode::DatabaseCorrupt) => (
                SinkErrorKind::Damaged,
                "it is damaged; move it away and sync into a new one".to_owned(),
            ),
            Some(ErrorCode::SystemIoFailure) => (
                SinkErrorKind::Other,
                "reading or writing it failed; check the disk and run again".to_owned(),
            ),
            _ => (SinkErrorKind::Other, format!("SQLite says: {error}")),
        };
        Self::new(kind, path, problem)
    }

    /// What is wrong, for programs.
    #[must_use]
    pub fn kind(&self) -> SinkErrorKind {
        self.kind
    }

    /// The database's path.
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

//! The SQLite database that records are stored in.

mod error;
mod open;
mod schema;
mod store;

pub use error::{SinkError, SinkErrorKind};
pub(crate) use schema::Table;
pub(crate) use store::{Counts, StoredRecord, TableRow, columns};

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Error as SqlError};

/// A SQLite database of contacts, conversations and messages.
pub struct Sink {
    connection: Connection,
    path: PathBuf,
    statements: schema::Statements,
}

impl Sink {
    /// Opens the database, or creates it with access for its owner only.
    ///
    /// # Errors
    /// Returns an error if the file is not a database, belongs to another program or to a newer version of this one, or if
    /// the file or its folder cannot be written. See [`SinkErrorKind`].
    pub fn open(path: &Path) -> Result<Self, SinkError> {
        let connection = open::open(path)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            statements: schema::Statements::default(),
        })
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn error(&self, error: &SqlError) -> SinkError {
        SinkError::from_sql(&self.path, error)
    }
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sink")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

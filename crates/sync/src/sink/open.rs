use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::{SinkError, SinkErrorKind};
use super::schema;

/// Identifies our databases, so that a wrong path does not add our tables to another program's database.
const APPLICATION_ID: i32 = 0x626f_7473;
/// The version of the tables in [`schema`].
const SCHEMA_VERSION: i32 = 1;

/// How long to wait while another program writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn open(path: &Path) -> Result<Connection, SinkError> {
    create_privately(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sql = |error: rusqlite::Error| SinkError::from_sql(path, &error);
    let mut connection = Connection::open_with_flags(path, flags).map_err(sql)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(sql)?;
    let foreign = check(&connection, path)?;
    // Return before `journal_mode` changes another program's file.
    if let Some(error) = foreign {
        return Err(error);
    }
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(sql)?;
    connection
        .pragma_update(None, "synchronous", "NORMAL")
        .map_err(sql)?;
    connection.set_prepared_statement_cache_capacity(16);
    prepare_tables(&mut connection).map_err(sql)?;
    Ok(connection)
}

/// Creates the file with access for its owner only. SQLite gives its side files the same mode.
fn create_privately(path: &Path) -> Result<(), SinkError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let problem = match options.open(path) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {
            "it is a folder; choose a file"
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => "its folder does not exist; create it first",
            ErrorKind::PermissionDenied => {
                "its folder is not writable; grant write permission or choose another path"
            }
            ErrorKind::StorageFull => "the disk is full; free some space and run again",
            ErrorKind::ReadOnlyFilesystem => {
                "it is on a read-only file system; choose another path"
            }
            _ => "it cannot be created; choose another path",
        },
    };
    Err(SinkError::new(SinkErrorKind::CannotOpen, path, problem))
}

/// Returns an error if the file belongs to another program or to a newer version.
fn check(connection: &Connection, path: &Path) -> Result<Option<SinkError>, SinkError> {
    let number = |sql: &str| -> Result<i32, SinkError> {
        connection
            .query_row(sql, [], |row| row.get(0))
            .map_err(|error| SinkError::from_sql(path, &error))
    };
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    if tables > 0 && application != APPLICATION_ID {
        let problem = "it is another program's database; choose another path";
        return Ok(Some(SinkError::new(SinkErrorKind::NotOurs, path, problem)));
    }
    if version > SCHEMA_VERSION {
        let problem = format!(
            "a newer botroster created it (schema {version}, this version supports {SCHEMA_VERSION}); update botroster or choose another path"
        );
        return Ok(Some(SinkError::new(SinkErrorKind::Newer, path, problem)));
    }
    Ok(None)
}

/// Creates missing tables. Always writes, so that a read-only file is detected before the first request.
fn prepare_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(&schema::create_tables())?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::super::{Sink, SinkErrorKind};
    use rusqlite::Connection;
    use std::fs;

    fn refused(path: &std::path::Path) -> (SinkErrorKind, String) {
        let error = Sink::open(path).unwrap_err();
        (error.kind(), error.to_string())
    }

    #[test]
    fn opens_twice_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let sink = Sink::open(&path).unwrap();
        #[cfg(unix)]
        for file in fs::read_dir(folder.path()).unwrap() {
            use std::os::unix::fs::PermissionsExt as _;
            let file = file.unwrap();
            assert_eq!(
                file.metadata().unwrap().permissions().mode() & 0o777,
                0o600,
                "{:?}",
                file.file_name()
            );
        }
        drop(sink);
        Sink::open(&path).unwrap();
    }

    #[test]
    fn rejects_files_of_other_programs_and_versions() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("text.db");
        fs::write(&text, "x".repeat(2000)).unwrap();
        assert_eq!(refused(&text).0, SinkErrorKind::NotOurs);
        let other = folder.path().join("other.db");
        Connection::open(&other)
            .unwrap()
            .execute_batch("CREATE TABLE t (a); PRAGMA user_version = 7")
            .unwrap();
        let before = fs::read(&other).unwrap();
        let (kind, message) = refused(&other);
        assert_eq!(kind, SinkErrorKind::NotOurs);
        assert!(
            message.contains("other.db") && message.contains("another program"),
            "{message}"
        );
        assert_eq!(fs::read(&other).unwrap(), before);
        let newer = folder.path().join("newer.db");
        drop(Sink::open(&newer).unwrap());
        Connection::open(&newer)
            .unwrap()
            .pragma_update(None, "user_version", 99)
            .unwrap();
        let (kind, message) = refused(&newer);
        assert!(
            kind == SinkErrorKind::Newer && message.contains("schema 99"),
            "{message}"
        );
    }

    #[test]
    fn errors_name_the_problem_with_a_path() {
        let folder = tempfile::tempdir().unwrap();
        let (kind, message) = refused(&folder.path().join("no/x.db"));
        assert!(
            kind == SinkErrorKind::CannotOpen && message.contains("does not exist"),
            "{message}"
        );
        let (kind, message) = refused(folder.path());
        assert!(
            kind == SinkErrorKind::CannotOpen && message.contains("is a folder"),
            "{message}"
        );
    }

    #[test]
    fn an_empty_file_becomes_a_database() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        fs::write(&path, "").unwrap();
        Sink::open(&path).unwrap();
        assert!(fs::metadata(&path).unwrap().len() > 0);
    }
}

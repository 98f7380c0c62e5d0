use botroster_contacts::FieldValue;
use rusqlite::types::Value as SqlValue;
use rusqlite::{
    Connection, OptionalExtension as _, ToSql, TransactionBehavior, named_params, params_from_iter,
};
use serde_json::{Map, Value};

use super::schema::{NOW, Statements, Table};
use super::{Sink, SinkError};
use crate::stream_report::{StreamId, StreamReport};

/// One row of a table: the values of the fields in the order of the model, `id` first.
pub(crate) struct TableRow {
    pub(crate) table: Table,
    pub(crate) values: Vec<SqlValue>,
    /// Compared with the stored row to detect changes.
    pub(crate) fingerprint: String,
}

/// The rows of a record and the record as received.
pub(crate) struct StoredRecord {
    pub(crate) rows: Vec<TableRow>,
    pub(crate) raw: String,
}

/// Numbers of records inserted, updated and left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
}

/// The change to one row. The change to a record is the greatest of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowChange {
    Unchanged,
    Changed,
    New,
}

impl Counts {
    pub(crate) fn add(&mut self, change: RowChange) {
        match change {
            RowChange::New => self.new += 1,
            RowChange::Changed => self.changed += 1,
            RowChange::Unchanged => self.unchanged += 1,
        }
    }
}

/// Converts the values of fields to SQLite values.
pub(crate) fn columns(values: &[FieldValue<'_>]) -> Vec<SqlValue> {
    let column = |value: &FieldValue<'_>| match *value {
        FieldValue::Text(Some(text)) => SqlValue::Text(text.to_owned()),
        FieldValue::Flag(Some(flag)) => SqlValue::Integer(i64::from(flag)),
        FieldValue::Tags(tags) if value.is_present() => {
            SqlValue::Text(Value::from(tags).to_string())
        }
        FieldValue::Attributes(attributes) if value.is_present() => SqlValue::Text(
            Value::Object(attributes.iter().cloned().collect::<Map<_, _>>()).to_string(),
        ),
        _ => SqlValue::Null,
    };
    values.iter().map(column).collect()
}

impl Sink {
    /// Stores batches in one transaction: all of their records or, on an error, none. Returns the counts of each batch.
    pub(crate) fn store<'a>(
        &mut self,
        batches: impl Iterator<Item = (&'a StreamId, &'a [StoredRecord])>,
    ) -> Result<Vec<Counts>, SinkError> {
        let statements = &self.statements;
        let stored = (|| {
            let transaction = self
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let stored =
                batches.map(|(id, entries)| store_batch(&transaction, statements, id, entries));
            let counts = stored.collect::<rusqlite::Result<Vec<_>>>()?;
            transaction.commit()?;
            Ok(counts)
        })();
        stored.map_err(|error: rusqlite::Error| self.error(&error))
    }

    /// Inserts a row for the run and returns its id.
    pub(crate) fn begin_run(&mut self) -> Result<i64, SinkError> {
        let sql = format!("INSERT INTO runs (started_at, tool_version) VALUES ({NOW}, ?1)");
        let inserted = self.connection.execute(&sql, [env!("CARGO_PKG_VERSION")]);
        inserted.map_err(|error| self.error(&error))?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Sets the end of the run.
    pub(crate) fn finish_run(&mut self, run: i64) -> Result<(), SinkError> {
        let sql = format!("UPDATE runs SET finished_at = {NOW} WHERE id = ?1");
        self.connection
            .execute(&sql, [run])
            .map_err(|error| self.error(&error))?;
        Ok(())
    }

    /// Stores the report of a stream.
    pub(crate) fn record_walk(&mut self, run: i64, report: &StreamReport) -> Result<(), SinkError> {
        let sql = format!(
            "INSERT OR REPLACE INTO walks VALUES (:run, :platform, :account, :stream, {NOW}, :fetched, :new, :changed,
             :unchanged, :rejected, :walks, :gone, :requests, :retries, :elapsed_ms, :skipped, :error)"
        );
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let inserted = self.connection.execute(
            &sql,
            named_params! {
                ":run": run, ":platform": report.id.platform, ":account": report.id.account, ":stream": report.id.stream,
                ":fetched": count(report.fetched), ":new": count(report.new), ":changed": count(report.changed),
                ":unchanged": count(report.unchanged), ":rejected": count(report.rejected),
                ":walks": count(report.walks), ":gone": count(report.gone),
                ":requests": count(report.requests), ":retries": count(report.retries),
                ":elapsed_ms": i64::try_from(report.elapsed.as_millis()).unwrap_or(i64::MAX),
                ":skipped": report.skipped, ":error": report.error,
            },
        );
        inserted.map_err(|error| self.error(&error))?;
        Ok(())
    }
}

fn store_batch(
    transaction: &Connection,
    statements: &Statements,
    id: &StreamId,
    entries: &[StoredRecord],
) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    for entry in entries {
        let mut change = RowChange::Unchanged;
        for row in &entry.rows {
            change = change.max(store_row(transaction, statements, id, row, &entry.raw)?);
        }
        counts.add(change);
    }
    Ok(counts)
}

fn store_row(
    transaction: &Connection,
    statements: &Statements,
    id: &StreamId,
    row: &TableRow,
    raw: &str,
) -> rusqlite::Result<RowChange> {
    let statements = statements.of(row.table);
    let origin: [&dyn ToSql; 3] = [&id.platform, &id.account, &id.stream];
    let key = origin
        .into_iter()
        .chain(row.values.first().map(|id| id as &dyn ToSql));
    let mut find = transaction.prepare_cached(&statements.find)?;
    let known: Option<String> = find
        .query_row(params_from_iter(key), |found| found.get(0))
        .optional()?;
    let (statement, change) = match known {
        Some(fingerprint) if fingerprint == row.fingerprint => return Ok(RowChange::Unchanged),
        Some(_) => (&statements.update, RowChange::Changed),
        None => (&statements.insert, RowChange::New),
    };
    let values = row.values.iter().map(|value| value as &dyn ToSql);
    let all = origin
        .into_iter()
        .chain(values)
        .chain([&raw as &dyn ToSql, &row.fingerprint]);
    transaction
        .prepare_cached(statement)?
        .execute(params_from_iter(all))?;
    Ok(change)
}

#[cfg(test)]
mod tests {
    use super::super::SinkErrorKind;
    use super::*;
    use botroster_contacts::{CommonModel as _, Contact};

    fn entry(id: &str) -> StoredRecord {
        let contact = Contact {
            id: Some(id.to_owned()),
            ..Contact::default()
        };
        let row = TableRow {
            table: Table::Contacts,
            values: columns(&contact.values()),
            fingerprint: String::new(),
        };
        StoredRecord {
            rows: vec![row],
            raw: "x".repeat(3000),
        }
    }

    fn stored(sink: &Sink) -> i64 {
        sink.connection
            .query_row("SELECT count(*) FROM contacts", [], |row| row.get(0))
            .unwrap()
    }

    fn stream() -> StreamId {
        StreamId {
            platform: "fake",
            account: "a".to_owned(),
            stream: "users",
        }
    }

    fn page(first: usize) -> Vec<StoredRecord> {
        (first..first + 50)
            .map(|number| entry(&number.to_string()))
            .collect()
    }

    #[test]
    fn a_full_disk_loses_only_the_current_page() {
        let folder = tempfile::tempdir().unwrap();
        let mut sink = Sink::open(&folder.path().join("x.db")).unwrap();
        sink.connection
            .pragma_update(None, "max_page_count", 100)
            .unwrap();
        let mut pages = 0;
        let error = loop {
            match sink.store([(&stream(), page(pages * 50).as_slice())].into_iter()) {
                Ok(counts) => assert_eq!(
                    counts,
                    [Counts {
                        new: 50,
                        ..Counts::default()
                    }]
                ),
                Err(error) => break error,
            }
            pages += 1;
        };
        assert!(pages > 0);
        assert_eq!(error.kind(), SinkErrorKind::Full);
        assert!(error.to_string().contains("the disk is full"), "{error}");
        assert_eq!(stored(&sink), i64::try_from(pages * 50).unwrap());
        sink.connection
            .pragma_update(None, "max_page_count", 100_000)
            .unwrap();
        sink.store([(&stream(), page(pages * 50).as_slice())].into_iter())
            .unwrap();
        assert_eq!(stored(&sink), i64::try_from(pages * 50 + 50).unwrap());
    }

    #[test]
    fn a_read_only_database_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut sink = Sink::open(&folder.path().join("x.db")).unwrap();
        sink.connection
            .pragma_update(None, "query_only", true)
            .unwrap();
        let error = sink
            .store([(&stream(), page(0).as_slice())].into_iter())
            .unwrap_err();
        assert_eq!(error.kind(), SinkErrorKind::ReadOnly);
    }

    #[test]
    fn a_record_with_several_rows_counts_once_by_its_greatest_change() {
        assert!(RowChange::New > RowChange::Changed && RowChange::Changed > RowChange::Unchanged);
        let folder = tempfile::tempdir().unwrap();
        let mut sink = Sink::open(&folder.path().join("x.db")).unwrap();
        let mut both = entry("1");
        sink.store([(&stream(), [entry("1")].as_slice())].into_iter())
            .unwrap();
        both.rows.extend(entry("2").rows);
        let counts = sink
            .store([(&stream(), [both].as_slice())].into_iter())
            .unwrap();
        assert_eq!(
            counts,
            [Counts {
                new: 1,
                ..Counts::default()
            }]
        );
    }
}

//! The tables, derived from the fields of the common model.

use botroster_contacts::{CommonModel, Contact, Conversation, FieldInfo, FieldKind, Message};

/// A table of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    Contacts,
    Conversations,
    Messages,
}

impl Table {
    pub(super) const ALL: [Self; 3] = [Self::Contacts, Self::Conversations, Self::Messages];

    fn name(self) -> &'static str {
        match self {
            Self::Contacts => "contacts",
            Self::Conversations => "conversations",
            Self::Messages => "messages",
        }
    }

    fn fields(self) -> &'static [FieldInfo] {
        match self {
            Self::Contacts => Contact::FIELDS,
            Self::Conversations => Conversation::FIELDS,
            Self::Messages => Message::FIELDS,
        }
    }
}

/// SQL for the current time, in the format of the model's times.
pub(super) const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/// The columns that identify the stream of a row. Together with `id` they are the primary key.
const ORIGIN: [&str; 3] = ["platform", "account", "stream"];

const BOOKKEEPING: &str = "
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  tool_version TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS walks (
  run INTEGER NOT NULL REFERENCES runs (id),
  platform TEXT NOT NULL, account TEXT NOT NULL, stream TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  fetched INTEGER NOT NULL, new INTEGER NOT NULL, changed INTEGER NOT NULL, unchanged INTEGER NOT NULL,
  rejected INTEGER NOT NULL, walks INTEGER NOT NULL, gone INTEGER NOT NULL,
  requests INTEGER NOT NULL, retries INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL,
  skipped TEXT, error TEXT,
  PRIMARY KEY (run, platform, account, stream)
) STRICT;
CREATE INDEX IF NOT EXISTS conversations_by_contact ON conversations (platform, account, contact_id);
CREATE INDEX IF NOT EXISTS messages_by_contact ON messages (platform, account, contact_id);
";

pub(super) fn create_tables() -> String {
    let tables = Table::ALL.map(|table| {
        let fields = table.fields().iter().map(|field| match (field.name, field.kind) {
            ("id", _) => "id TEXT NOT NULL".to_owned(),
            (name, FieldKind::Flag) => format!("{name} INTEGER"),
            (name, _) => format!("{name} TEXT"),
        });
        let columns: Vec<_> = ORIGIN
            .iter()
            .map(|name| format!("{name} TEXT NOT NULL"))
            .chain(fields)
            .chain(["raw TEXT NOT NULL", "fingerprint TEXT NOT NULL"].map(str::to_owned))
            .chain(["first_stored_at TEXT NOT NULL", "last_changed_at TEXT NOT NULL"].map(str::to_owned))
            .collect();
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n  {},\n  PRIMARY KEY (platform, account, stream, id)\n) STRICT;\n",
            table.name(),
            columns.join(",\n  ")
        )
    });
    tables.concat() + BOOKKEEPING
}

/// The SQL statements of one table.
///
/// Parameters: platform, account, stream, the fields (`id` first), raw, fingerprint. `find` takes only the first four.
pub(super) struct TableStatements {
    pub(super) find: String,
    pub(super) insert: String,
    pub(super) update: String,
}

pub(super) struct Statements([TableStatements; 3]);

impl Statements {
    pub(super) fn of(&self, table: Table) -> &TableStatements {
        let [contacts, conversations, messages] = &self.0;
        match table {
            Table::Contacts => contacts,
            Table::Conversations => conversations,
            Table::Messages => messages,
        }
    }
}

impl Default for Statements {
    fn default() -> Self {
        Self(Table::ALL.map(statements))
    }
}

fn statements(table: Table) -> TableStatements {
    const KEY: &str = "platform = ?1 AND account = ?2 AND stream = ?3 AND id = ?4";
    let name = table.name();
    let fields = table.fields().iter().map(|field| field.name);
    let columns: Vec<_> = ORIGIN
        .into_iter()
        .chain(fields)
        .chain(["raw", "fingerprint"])
        .collect();
    let parameters: Vec<_> = (1..=columns.len())
        .map(|number| format!("?{number}"))
        .collect();
    let set: Vec<_> = columns
        .iter()
        .zip(&parameters)
        .skip(ORIGIN.len() + 1)
        .map(|(column, parameter)| format!("{column} = {parameter}"))
        .collect();
    TableStatements {
        find: format!("SELECT fingerprint FROM {name} WHERE {KEY}"),
        insert: format!(
            "INSERT INTO {name} ({}, first_stored_at, last_changed_at) VALUES ({}, {NOW}, {NOW})",
            columns.join(", "),
            parameters.join(", ")
        ),
        update: format!(
            "UPDATE {name} SET {}, last_changed_at = {NOW} WHERE {KEY}",
            set.join(", ")
        ),
    }
}

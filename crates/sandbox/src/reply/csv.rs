//! CSV responses (RFC 4180), written row by row.
//!
//! Not the crate `csv-core`: it does not quote leading and trailing spaces.

use super::list::is_ascending;
use crate::{
    data::{View, context::RecordContext, make},
    platform::{
        Platform,
        target::{ColumnSource, CsvColumn},
    },
    request::parsed::OperationCall,
    values::text::plain_text,
};
use bytes::Bytes;
use serde_json::Value;
use std::sync::Arc;

/// Size of a chunk in bytes, approximately.
const CHUNK: usize = 64 * 1024;
/// Rows of an export without a list.
const STANDALONE_ROWS: u64 = 3;
/// Rows made while the state of the platform is locked.
const BATCH: u64 = 100;

/// An export, as far as it is still to be written: an iterator over its chunks.
#[derive(Debug)]
pub(crate) struct CsvExport {
    platform: Arc<Platform>,
    collection: usize,
    columns: Vec<CsvColumn>,
    view: View,
    ascending: bool,
    position: u64,
    has_head: bool,
    now: i64,
}

impl CsvExport {
    pub(super) fn new(
        platform: Arc<Platform>,
        call: OperationCall<'_>,
        collection: usize,
        columns: &[CsvColumn],
        now: i64,
    ) -> Self {
        let lists = string_lists(call);
        let column = |name: &str| columns.iter().find(|column| column.property == name);
        let mut all = lists.iter();
        let selected = all.find(|list| list.iter().all(|name| column(name).is_some()));
        let view = match platform.collections.get(collection) {
            None => View::All,
            Some(own) => {
                let listed = (collection, own);
                let ids = lists.iter().filter(|list| Some(*list) != selected);
                let ids: Vec<&Vec<&str>> = ids.collect();
                let view = platform.exported(collection, &ids);
                platform.sorted(call, listed, view)
            }
        };
        Self {
            columns: match selected {
                None => columns.to_vec(),
                Some(names) => names
                    .iter()
                    .filter_map(|name| column(name))
                    .cloned()
                    .collect(),
            },
            platform,
            collection,
            view,
            ascending: is_ascending(call),
            position: 0,
            has_head: false,
            now,
        }
    }

    /// Writes some rows; false at the end.
    fn write_rows(&mut self, text: &mut String) -> bool {
        let platform = Arc::clone(&self.platform);
        let Some(collection) = platform.collections.get(self.collection) else {
            return self.write_standalone_row(text);
        };
        let listed = (self.collection, collection);
        let state = platform.state();
        let total = state.store.len(listed, &self.view);
        let end = self.position.saturating_add(BATCH).min(total);
        for position in self.position..end {
            let position = match self.ascending {
                true => total - 1 - position,
                false => position,
            };
            let Some(index) = state.store.index(listed, &self.view, position) else {
                continue;
            };
            let record = state.store.record(listed, index, &collection.shape);
            let context = collection.context(index);
            self.write_record(text, &record, &context);
        }
        let more = end > self.position;
        self.position = end;
        more
    }

    /// Writes a row of which only the schema is known; false at the end.
    fn write_standalone_row(&mut self, text: &mut String) -> bool {
        let context = RecordContext::standalone(0, self.position, self.now);
        self.position += 1;
        if self.position <= STANDALONE_ROWS {
            self.write_record(text, &Value::Null, &context);
        }
        self.position <= STANDALONE_ROWS
    }

    fn write_record(&self, text: &mut String, record: &Value, context: &RecordContext) {
        let cells = self.columns.iter().map(|column| match &column.source {
            ColumnSource::Record(place) => cell(record.pointer(place)),
            ColumnSource::Export(shape) => cell(make::member(shape, context, 0).as_ref()),
        });
        write_row(text, cells);
    }
}

impl Iterator for CsvExport {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let mut text = String::new();
        if !self.has_head {
            self.has_head = true;
            let headlines = self.columns.iter().map(|column| column.headline.clone());
            write_row(&mut text, headlines);
        }
        while text.len() < CHUNK && self.write_rows(&mut text) {}
        (!text.is_empty()).then(|| Bytes::from(text))
    }
}

impl Platform {
    /// The records whose ids a request lists; all if it lists none.
    fn exported(&self, at: usize, lists: &[&Vec<&str>]) -> View {
        let collection = self.collections.get(at);
        let keyed = collection.and_then(|own| Some((own, &own.key.as_ref()?.code)));
        let Some((collection, code)) = keyed.filter(|_| !lists.is_empty()) else {
            return View::All;
        };
        // A list without a single id of ours selects none of our records.
        let indexes = lists.iter().find_map(|list| {
            let indexes = list.iter().map(|text| code.index(text));
            indexes.collect::<Option<Vec<u64>>>()
        });
        let state = self.state();
        let existing = indexes.unwrap_or_default().into_iter();
        let existing = existing.filter(|index| state.store.has((at, collection), *index));
        View::Some(existing.collect())
    }
}

/// The lists of strings in a body.
fn string_lists(call: OperationCall<'_>) -> Vec<Vec<&str>> {
    let lists = call.body_members().filter_map(|(_, value)| {
        let items = value.as_array()?.iter();
        items.map(Value::as_str).collect::<Option<Vec<&str>>>()
    });
    lists.filter(|list| !list.is_empty()).collect()
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(value) => plain_text(value),
    }
}

fn write_row(text: &mut String, fields: impl Iterator<Item = String>) {
    for (number, field) in fields.enumerate() {
        if number > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\r', '\n']) || field.starts_with(' ') || field.ends_with(' ')
        {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn necessary_quotes() {
        let mut text = String::new();
        write_row(
            &mut text,
            ["a", "b,c", "say \"hi\"", "two\nlines", "", " x"]
                .map(str::to_owned)
                .into_iter(),
        );
        assert_eq!(
            text,
            "a,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\",,\" x\"\r\n"
        );
    }
}

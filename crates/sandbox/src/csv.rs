//! CSV answers (RFC 4180), written row by row.

use crate::{
    data::{
        View,
        make::{self, Context},
        shape::Shape,
    },
    list::ascending,
    params::Params,
    platform::{Column, Platform, Source},
    spec::Operation,
};
use bytes::Bytes;
use serde_json::Value;
use std::sync::Arc;

/// About how many bytes are written at a time.
const CHUNK: usize = 64 * 1024;
/// Rows of what no list has.
const ALONE: u64 = 3;
/// Rows that are made while the platform's state is held.
const BATCH: u64 = 100;

/// Rows that are still to be written.
#[derive(Debug)]
pub(crate) struct Export {
    platform: Arc<Platform>,
    collection: usize,
    columns: Vec<Column>,
    view: View,
    turned: bool,
    position: u64,
    headed: bool,
    now: i64,
}

impl Export {
    pub(crate) fn new(
        platform: Arc<Platform>,
        operation: &Operation,
        collection: usize,
        columns: &[Column],
        params: &Params,
        body: Option<&Value>,
        now: i64,
    ) -> Self {
        let lists: Vec<Vec<&str>> = texts(body);
        let asked = lists.iter().find(|list| {
            list.iter()
                .all(|name| columns.iter().any(|column| column.property == *name))
        });
        let columns = match asked {
            None => columns.to_vec(),
            Some(asked) => {
                let named = asked
                    .iter()
                    .filter_map(|name| columns.iter().find(|column| column.property == *name));
                named.cloned().collect()
            }
        };
        let key = platform
            .collections
            .get(collection)
            .and_then(|collection| collection.key.as_ref());
        let chosen = key.and_then(|key| {
            let indexes = |list: &Vec<&str>| {
                list.iter()
                    .map(|text| key.code.index(text))
                    .collect::<Option<Vec<u64>>>()
            };
            // A list in which not one text is an id of ours names none of our records.
            let others = lists.iter().filter(|list| Some(*list) != asked);
            others
                .clone()
                .find_map(indexes)
                .or_else(|| others.clone().next().map(|_| Vec::new()))
        });
        let view = chosen.map_or(View::All, |indexes| {
            View::Some(known(&platform, collection, indexes))
        });
        let view = match platform.collections.get(collection) {
            Some(own) => platform.arranged(operation, (collection, own), view, (params, body)),
            None => view,
        };
        let turned = ascending(operation, params, body);
        Self {
            platform,
            collection,
            columns,
            view,
            turned,
            position: 0,
            headed: false,
            now,
        }
    }

    /// The next piece of text; none at the end.
    pub(crate) fn chunk(&mut self) -> Option<Bytes> {
        let mut text = String::new();
        if !self.headed {
            self.headed = true;
            row(
                &mut text,
                self.columns.iter().map(|column| column.headline.clone()),
            );
        }
        while text.len() < CHUNK && self.rows(&mut text) {}
        (!text.is_empty()).then(|| Bytes::from(text))
    }

    /// Writes some rows; false when there are no more.
    fn rows(&mut self, text: &mut String) -> bool {
        let platform = Arc::clone(&self.platform);
        let Some(collection) = platform.collections.get(self.collection) else {
            return self.row_alone(text);
        };
        let listed = (self.collection, collection);
        let state = platform.state();
        let total = state.store.len(listed, &self.view);
        let end = self.position.saturating_add(BATCH).min(total);
        for position in self.position..end {
            let position = if self.turned {
                total - 1 - position
            } else {
                position
            };
            let Some(index) = state.store.index(listed, &self.view, position) else {
                continue;
            };
            let record = state.store.record(listed, index, &collection.shape);
            let context = collection.context(index);
            let own = |shape: &Shape| make::member(shape, &context, 0);
            row(
                text,
                self.columns.iter().map(|column| match &column.source {
                    Source::Record(place) => plain(record.pointer(place)),
                    Source::Own(shape) => plain(own(shape).as_ref()),
                }),
            );
        }
        let more = end > self.position;
        self.position = end;
        more
    }

    /// Writes a row of which only the schema is known; false when there are enough.
    fn row_alone(&mut self, text: &mut String) -> bool {
        let context = Context::alone(0, self.position, self.now);
        self.position += 1;
        if self.position <= ALONE {
            let made = self.columns.iter().map(|column| match &column.source {
                Source::Own(shape) => plain(make::member(shape, &context, 0).as_ref()),
                Source::Record(_) => String::new(),
            });
            row(text, made);
        }
        self.position <= ALONE
    }
}

/// The lists of texts in a body.
fn texts(body: Option<&Value>) -> Vec<Vec<&str>> {
    let members = body.and_then(Value::as_object).into_iter().flatten();
    let lists = members.filter_map(|(_, value)| value.as_array());
    lists
        .filter_map(|list| {
            list.iter()
                .map(Value::as_str)
                .collect::<Option<Vec<&str>>>()
        })
        .filter(|list| !list.is_empty())
        .collect()
}

/// The indexes of which there are records.
fn known(platform: &Platform, at: usize, indexes: Vec<u64>) -> Vec<u64> {
    let Some(collection) = platform.collections.get(at) else {
        return Vec::new();
    };
    let state = platform.state();
    indexes
        .into_iter()
        .filter(|index| state.store.has((at, collection), *index))
        .collect()
}

fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn row(text: &mut String, fields: impl Iterator<Item = String>) {
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
    fn quotes_what_must_be() {
        let mut text = String::new();
        row(
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

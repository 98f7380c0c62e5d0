//! All records of all streams, as the lists return them.

use super::Platform;
use crate::data::{ParentList, View};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Records made while the state of the platform is locked.
const BATCH: u64 = 1000;

/// Writes a line for every record of a platform's streams.
pub(crate) fn platform(platform: &Platform, out: &mut dyn Write) -> io::Result<()> {
    for (at, collection) in platform.collections.iter().enumerate() {
        let Some(stream) = &collection.name else {
            continue;
        };
        if let Some(parent) = &collection.parent {
            parents(platform, parent.collection, &View::All, &mut |index| {
                let bound = bound(platform, parent, index);
                list(platform, (at, stream), &View::Children(index), &bound, out)
            })?;
        } else if let Some(seeds) = &collection.seeds {
            for (row, arguments) in (0..).zip(seeds.rows()) {
                list(platform, (at, stream), &View::Row(row), &arguments, out)?;
            }
        } else {
            list(platform, (at, stream), &View::All, &BTreeMap::new(), out)?;
        }
    }
    Ok(())
}

/// Visits the index of every record of a collection, parent by parent, until a visit fails.
pub(crate) fn parents<E>(
    platform: &Platform,
    at: usize,
    view: &View,
    visit: &mut dyn FnMut(u64) -> Result<(), E>,
) -> Result<(), E> {
    let Some(collection) = platform.collections.get(at) else {
        return Ok(());
    };
    if let (Some(above), View::All) = (&collection.parent, view) {
        return parents(platform, above.collection, view, &mut |index| {
            parents(platform, at, &View::Children(index), visit)
        });
    }
    let index = |position| {
        platform
            .state()
            .store
            .index((at, collection), view, position)
    };
    (0..).map_while(index).try_for_each(visit)
}

/// The arguments of the list of a parent.
pub(crate) fn bound(
    platform: &Platform,
    parent: &ParentList,
    index: u64,
) -> BTreeMap<String, String> {
    let Some(above) = platform.collections.get(parent.collection) else {
        return BTreeMap::new();
    };
    let state = platform.state();
    let record = state
        .store
        .record((parent.collection, above), index, &above.shape);
    parent.bound(&record, index)
}

/// Records from a position on, each with the request after which churn inserted it; and the position after them.
fn batch(
    platform: &Platform,
    at: usize,
    view: &View,
    from: u64,
) -> (Vec<(Value, Option<u64>)>, u64) {
    let Some(collection) = platform.collections.get(at) else {
        return (Vec::new(), from);
    };
    let listed = (at, collection);
    let state = platform.state();
    let end = state.store.len(listed, view).min(from + BATCH);
    let indexes = (from..end).filter_map(|position| state.store.index(listed, view, position));
    let records = indexes.map(|index| {
        let record = state.store.record(listed, index, &collection.shape);
        (record, state.store.inserted(at, index))
    });
    (records.collect(), end)
}

fn list(
    platform: &Platform,
    (at, stream): (usize, &str),
    view: &View,
    arguments: &BTreeMap<String, String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut from = 0;
    loop {
        let (records, end) = batch(platform, at, view, from);
        if records.is_empty() {
            return Ok(());
        }
        for (record, inserted) in records {
            let mut line = json!({
                "platform": platform.spec.platform,
                "stream": stream,
                "arguments": arguments,
                "record": record,
            });
            if let (Some(inserted), Some(members)) = (inserted, line.as_object_mut()) {
                members.insert("inserted".to_owned(), inserted.into());
            }
            writeln!(out, "{line}")?;
        }
        from = end;
    }
}

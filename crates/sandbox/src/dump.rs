//! All records of all streams, as they are served.

use crate::{data::View, params, platform::Platform};
use serde_json::json;
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Records that are made at a time.
const BATCH: u64 = 1000;

/// Writes a line for every record of a platform's streams.
pub(crate) fn platform(platform: &Platform, out: &mut dyn Write) -> io::Result<()> {
    for (at, collection) in platform.collections.iter().enumerate() {
        let Some(stream) = &collection.name else {
            continue;
        };
        if let Some(parent) = &collection.parent {
            let Some(above) = platform.collections.get(parent.collection) else {
                continue;
            };
            let mut position = 0;
            loop {
                let state = platform.state();
                let index = state
                    .store
                    .index((parent.collection, above), &View::All, position);
                let Some(index) = index else { break };
                let record = state
                    .store
                    .record((parent.collection, above), index, &above.shape);
                drop(state);
                let bound = parent.bind.iter().filter_map(|(name, place)| {
                    Some((name.clone(), params::text(record.pointer(place)?)))
                });
                list(
                    platform,
                    (at, stream),
                    &View::Children(index),
                    &bound.collect(),
                    out,
                )?;
                position += 1;
            }
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

fn list(
    platform: &Platform,
    (at, stream): (usize, &str),
    view: &View,
    arguments: &BTreeMap<String, String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut from = 0;
    loop {
        let (records, end, _) = platform.records(at, view, from, BATCH, false);
        if records.is_empty() {
            return Ok(());
        }
        for record in records {
            let line = json!({
                "platform": platform.spec.platform,
                "stream": stream,
                "arguments": arguments,
                "record": record,
            });
            writeln!(out, "{line}")?;
        }
        from = end;
    }
}

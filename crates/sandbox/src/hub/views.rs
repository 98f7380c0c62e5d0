//! What the hub tells, as JSON.

use super::{Hub, Listed};
use crate::platform::{Platform, RecordedRequest};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(super) fn platforms(hub: &Hub) -> Value {
    hub.platforms.iter().map(platform).collect()
}

fn platform(listed: &Listed) -> Value {
    let Listed { platform, base_url } = listed;
    let seeds: Map<String, Value> = platform
        .collections
        .iter()
        .filter_map(|collection| {
            let rows = collection.seeds.as_ref()?.rows();
            Some((collection.name.clone()?, json!(rows)))
        })
        .collect();
    let operations = platform.spec.operations.iter().map(|operation| {
        let streams = operation.streams.iter().map(|stream| stream.name.as_str());
        json!({
            "id": operation.id,
            "method": operation.method.as_str(),
            "path": operation.path,
            "grade": operation.grade,
            "summary": operation.summary,
            "streams": streams.collect::<Vec<_>>(),
        })
    });
    let scope: Map<String, Value> = platform
        .scope
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "name": platform.spec.platform,
        "base_url": base_url,
        "credentials": platform.gate.credentials,
        "keys": [{"name": "main", "credentials": platform.gate.credentials, "access": "all"}],
        "scope": scope,
        "seeds": seeds,
        "operations": operations.collect::<Vec<_>>(),
        "requests": platform.state().requests,
    })
}

/// A recorded request with its place among those of all platforms.
#[derive(Serialize)]
struct Numbered<'a> {
    seq: u64,
    platform: &'a str,
    #[serde(flatten)]
    request: RecordedRequest,
}

/// The first requests behind `after`, the oldest first.
pub(super) fn requests(hub: &Hub, platform: Option<&str>, after: u64, limit: usize) -> Value {
    let asked: Vec<&Platform> = hub
        .platforms
        .iter()
        .map(|listed| &*listed.platform)
        .filter(|listed| platform.is_none_or(|name| listed.spec.platform == name))
        .collect();
    // All at once: a number that one platform has given out is in its log before another gives out the next.
    let states: Vec<_> = asked.iter().map(|platform| platform.state()).collect();
    let mut found: Vec<Numbered<'_>> = Vec::new();
    for (platform, state) in asked.iter().zip(&states) {
        let behind = state.logged().filter(|(seq, _)| *seq > after).take(limit);
        found.extend(behind.map(|(seq, request)| Numbered {
            seq: *seq,
            platform: &platform.spec.platform,
            request: request.clone(),
        }));
    }
    drop(states);
    found.sort_by_key(|numbered| numbered.seq);
    found.truncate(limit);
    let next = found.last().map_or(after, |numbered| numbered.seq);
    json!({"requests": found, "next": next})
}

pub(super) fn state(hub: &Hub) -> Value {
    let platforms = hub.platforms.iter().map(|listed| {
        let platform = &listed.platform;
        let state = platform.state();
        let collections = platform.collections.iter().enumerate();
        let told = collections.map(|(at, collection)| {
            let operation = platform.spec.operations.get(collection.operation);
            let own = operation.map(|operation| operation.id.clone());
            let name = collection.name.clone().or(own).unwrap_or_default();
            let (created, changed) = state.store.counts(at);
            let records = collection.count + created;
            let counts =
                json!({"records": records, "created": created, "changed": changed, "removed": 0});
            (name, counts)
        });
        let told: Map<String, Value> = told.collect();
        (platform.spec.platform.clone(), Value::Object(told))
    });
    Value::Object(platforms.collect())
}

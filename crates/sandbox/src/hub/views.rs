//! The responses of the control API.

use super::{Hub, ListedPlatform};
use crate::{
    faults::{fault::SELECTORS, kinds::KINDS},
    platform::Platform,
    recorded::RecordedRequest,
    running::Running,
};
use serde::Serialize;
use serde_json::{Value, json};

pub(super) fn platforms(hub: &Hub) -> Value {
    hub.platforms.iter().map(platform).collect()
}

fn platform(listed: &ListedPlatform) -> Value {
    let mut description = listed.description.clone();
    description["requests"] = Value::from(listed.platform.state().requests);
    description
}

/// The constant part of the description of a platform.
pub(crate) fn describe(running: &Running) -> Value {
    json!({
        "name": running.name,
        "base_url": running.base_url,
        "credentials": running.credentials,
        "keys": running.keys,
        "scope": running.scope,
        "seeds": running.seeds,
        "operations": running.operations(),
    })
}

/// A recorded request with its number among those of all platforms.
#[derive(Serialize)]
struct Numbered<'a> {
    seq: u64,
    platform: &'a str,
    #[serde(flatten)]
    request: RecordedRequest,
}

/// The first requests after `after`, oldest first.
pub(super) fn requests(hub: &Hub, platform: Option<&str>, after: u64, limit: usize) -> Value {
    let platforms: Vec<&Platform> = hub
        .platforms
        .iter()
        .map(|listed| &*listed.platform)
        .filter(|listed| platform.is_none_or(|name| listed.spec.platform == name))
        .collect();
    // Locks all platforms at once, so that no request with a lower number is recorded later.
    let states: Vec<_> = platforms.iter().map(|platform| platform.state()).collect();
    let mut found: Vec<Numbered<'_>> = Vec::new();
    for (platform, state) in platforms.iter().zip(&states) {
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
        let states = json!(platform.collection_states());
        (platform.spec.platform.clone(), states)
    });
    Value::Object(platforms.collect())
}

/// The kinds of faults, the selectors, and the active faults.
pub(super) fn faults(hub: &Hub) -> Value {
    let kinds = KINDS.iter().map(|kind| {
        let takes = kind.takes.iter();
        let needed = takes.filter(|argument| argument.default.is_none());
        json!({
            "kind": kind.name,
            "group": kind.group,
            "summary": kind.summary,
            "needs": needed.map(|argument| argument.name).collect::<Vec<_>>(),
            "takes": kind.takes,
        })
    });
    json!({
        "kinds": kinds.collect::<Vec<_>>(),
        "selection": SELECTORS,
        "active": hub.faults.listed(),
    })
}

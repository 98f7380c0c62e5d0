//! A sandbox of one platform, a database, and what is in both.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use botroster_client::{Platform, Secret, Settings, StreamInfo};
use botroster_contract_tests::specs::Spec;
use botroster_sandbox::{Running, Sandbox, SandboxOptions};
use botroster_sync::{Job, Sink, SyncReport};
use serde_json::Value;

/// Records by stream, each as JSON in one spelling, sorted.
pub(crate) type Records = BTreeMap<String, Vec<String>>;

/// Every platform, the invented ones first.
pub(crate) fn everyone() -> impl Iterator<Item = &'static dyn Platform> {
    let invented = botroster_test_platforms::all().iter();
    invented.chain(botroster_platforms::all()).copied()
}

/// The spec of a platform.
pub(crate) fn spec(platform: &dyn Platform) -> Spec {
    Spec::of(platform.info().name)
}

/// A sandbox of one platform with few people, some of them edited.
pub(crate) async fn sandbox(platform: &dyn Platform, edits: u64) -> Sandbox {
    let options = SandboxOptions {
        users: 23,
        chats: Some(17),
        surprises: true,
        edits,
        platforms: Some(vec![platform.info().name.to_owned()]),
        ..SandboxOptions::default()
    };
    let name = platform.info().name;
    let started = if botroster_test_platforms::by_name(name).is_some() {
        Sandbox::start_models(options, botroster_test_platforms::models()).await
    } else {
        Sandbox::start_with(options).await
    };
    started.unwrap()
}

/// All streams of the platform, from a sandbox of it, with all of its credentials.
pub(crate) fn job(platform: &'static dyn Platform, running: &Running) -> Job {
    job_with(platform, running, |_| true)
}

/// The same with some of its credentials.
pub(crate) fn job_with(
    platform: &'static dyn Platform,
    running: &Running,
    has: impl Fn(&str) -> bool,
) -> Job {
    let settings = Settings::new()
        .with_base_url(&running.base_url)
        .with_loopback_http();
    let mut job = Job::new(platform, settings);
    for (slot, value) in running.credentials.iter().filter(|(slot, _)| has(slot)) {
        job = job.with_credential(slot, Secret::new(value.clone()));
    }
    for (name, value) in &running.scope {
        job = job.with_scope(name, value);
    }
    for (stream, rows) in &running.seeds {
        job = job.with_seeds(stream, rows.clone());
    }
    job
}

pub(crate) async fn run(job: Job, database: &Path) -> SyncReport {
    botroster_sync::sync(vec![job], Sink::open(database).unwrap(), Arc::new(())).await
}

/// What the sandbox says it has.
pub(crate) fn dumped(sandbox: &Sandbox) -> Records {
    let mut lines = Vec::new();
    sandbox.dump(&mut lines).unwrap();
    let mut records = Records::new();
    for line in String::from_utf8(lines).unwrap().lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let stream = entry["stream"].as_str().unwrap().to_owned();
        records
            .entry(stream)
            .or_default()
            .push(spelt(&entry["record"]));
    }
    records.values_mut().for_each(|list| list.sort());
    records
}

/// What a table of the database has of each stream.
fn stored(database: &Path, table: &str) -> Records {
    let connection = rusqlite::Connection::open(database).unwrap();
    let mut statement = connection
        .prepare(&format!("SELECT stream, raw FROM {table}"))
        .unwrap();
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    });
    let mut records = Records::new();
    for row in rows.unwrap() {
        let (stream, raw) = row.unwrap();
        let record = serde_json::from_str(&raw).unwrap();
        records.entry(stream).or_default().push(spelt(&record));
    }
    records.values_mut().for_each(|list| list.sort());
    records
}

/// The database has every record of the sandbox in each table that the stream's mapping names, and no other.
pub(crate) fn assert_equal(platform: &dyn Platform, sandbox: &Sandbox, database: &Path) {
    let expected = dumped(sandbox);
    for (entity, table) in [
        ("contact", "contacts"),
        ("conversation", "conversations"),
        ("message", "messages"),
    ] {
        let wanted: Records = expected
            .iter()
            .filter(|(stream, _)| entities(stream_of(platform, stream)).contains(entity))
            .map(|(stream, records)| (stream.clone(), records.clone()))
            .collect();
        let found = stored(database, table);
        let names = |records: &Records| -> BTreeSet<String> { records.keys().cloned().collect() };
        assert_eq!(
            names(&found),
            names(&wanted),
            "{}: {table}",
            platform.info().name
        );
        for (stream, records) in wanted {
            assert_eq!(
                found[&stream],
                records,
                "{}: {stream} in {table}",
                platform.info().name
            );
        }
    }
}

pub(crate) fn stream_of(platform: &dyn Platform, name: &str) -> &'static StreamInfo {
    let streams = platform.info().streams.iter();
    streams.into_iter().find(|one| one.name == name).unwrap()
}

fn entities(stream: &StreamInfo) -> BTreeSet<String> {
    let mapping: Value = serde_json::from_str(stream.maps_to).unwrap();
    mapping.as_object().unwrap().keys().cloned().collect()
}

/// JSON with sorted keys.
fn spelt(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let sorted: BTreeMap<_, _> = map.iter().map(|(k, v)| (k, sorted(v))).collect();
                sorted.into_iter().map(|(k, v)| (k.clone(), v)).collect()
            }
            Value::Array(list) => list.iter().map(sorted).collect(),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}

//! A platform that returns scripted pages, and queries of the database.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use botroster_client::{
    Connection, CredentialInfo, Error, Page, ParentInfo, Platform, PlatformInfo, RawPages,
    Settings, StreamInfo,
};
use botroster_sync::{Job, Sink, StreamReport, SyncReport};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use serde_json::value::RawValue;

pub(crate) type WalkArguments = BTreeMap<String, String>;
pub(crate) type PageResult = Result<Page<Box<RawValue>>, Error>;
/// The pages of a list, each awaited when it is requested.
pub(crate) type ScriptedPages = Vec<BoxFuture<'static, PageResult>>;
type PageScript = dyn Fn(&str, &WalkArguments) -> ScriptedPages + Send + Sync;

pub(crate) struct ScriptedPlatform {
    info: &'static PlatformInfo,
    script: Arc<PageScript>,
}

struct ScriptedConnection(Arc<PageScript>);

impl Platform for ScriptedPlatform {
    fn info(&self) -> &'static PlatformInfo {
        self.info
    }

    fn connect(&self, _settings: Settings) -> Result<Arc<dyn Connection>, Error> {
        Ok(Arc::new(ScriptedConnection(Arc::clone(&self.script))))
    }
}

impl Connection for ScriptedConnection {
    fn walk(
        &self,
        stream: &'static StreamInfo,
        arguments: &WalkArguments,
    ) -> Result<RawPages, Error> {
        let pages = (self.0)(stream.name, arguments);
        Ok(RawPages::from_stream(stream::iter(pages).then(|page| page)))
    }
}

pub(crate) fn platform(
    name: &'static str,
    streams: Vec<StreamInfo>,
    script: impl Fn(&str, &WalkArguments) -> ScriptedPages + Send + Sync + 'static,
) -> &'static ScriptedPlatform {
    let info = PlatformInfo {
        name,
        title: name,
        base_url: None,
        scope: &["botId"],
        credentials: &[CredentialInfo {
            name: "token",
            env: "FAKE_TOKEN",
            scheme: "token",
        }],
        streams: Vec::leak(streams),
    };
    Box::leak(Box::new(ScriptedPlatform {
        info: Box::leak(Box::new(info)),
        script: Arc::new(script),
    }))
}

pub(crate) fn job(platform: &'static ScriptedPlatform) -> Job {
    Job::new(platform, Settings::new())
}

pub(crate) fn stream(
    name: &'static str,
    key: Option<&'static str>,
    maps_to: &'static str,
) -> StreamInfo {
    StreamInfo {
        name,
        operation: name,
        key,
        updated: None,
        credentials: &[],
        scope: &[],
        maps_to,
        seeds: &[],
        parent: None,
        rate_limit: None,
        page_size: None,
    }
}

pub(crate) fn users() -> StreamInfo {
    let maps_to = r#"{ "contact": { "email": "/email", "banned": "/banned", "tags": "/tags", "attributes": { "map": "/data" } } }"#;
    stream("users", Some("/id"), maps_to)
}

pub(crate) fn messages_of_users() -> StreamInfo {
    StreamInfo {
        parent: Some(ParentInfo {
            stream: "users",
            bind: &[("userId", "/id")],
        }),
        ..stream(
            "messages",
            None,
            r#"{ "message": { "text": "/text", "author": "/by" } }"#,
        )
    }
}

pub(crate) fn page(records: &[&str]) -> PageResult {
    let records = records
        .iter()
        .map(|record| RawValue::from_string((*record).to_owned()).unwrap());
    Ok(Page::new(records.collect()))
}

pub(crate) fn ready(pages: Vec<PageResult>) -> ScriptedPages {
    pages
        .into_iter()
        .map(|page| Box::pin(async move { page }) as BoxFuture<'static, PageResult>)
        .collect()
}

pub(crate) fn user(id: u64) -> String {
    format!(r#"{{"id":"u{id}","email":"u{id}@example.com"}}"#)
}

pub(crate) async fn run(jobs: Vec<Job>, path: &Path) -> SyncReport {
    botroster_sync::sync(jobs, Sink::open(path).unwrap(), Arc::new(())).await
}

/// The counts of records in a [`StreamReport`].
#[derive(Debug, Default, PartialEq)]
pub(crate) struct StreamCounts {
    pub(crate) fetched: u64,
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) rejected: u64,
}

pub(crate) fn counts(report: &StreamReport) -> StreamCounts {
    StreamCounts {
        fetched: report.fetched,
        new: report.new,
        changed: report.changed,
        unchanged: report.unchanged,
        rejected: report.rejected,
    }
}

/// Returns the rows of a query, one line each.
pub(crate) fn query(path: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells = (0..columns).map(|column| match row.get_ref(column).unwrap() {
            rusqlite::types::ValueRef::Null => "-".to_owned(),
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            other => format!("{other:?}"),
        });
        Ok(cells.collect::<Vec<_>>().join("|"))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Awaits a future with a timeout that only a hang exceeds.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let limit = std::time::Duration::from_secs(60);
    tokio::time::timeout(limit, future)
        .await
        .expect("timed out")
}

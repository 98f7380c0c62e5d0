use std::collections::BTreeMap;

use botroster_client::{Platform, PlatformInfo, Settings};
use botroster_sync::Job;

use super::document::ConfigTable;
use super::secret::{self, SecretOrigin};
use crate::failure::CommandFailure;
use crate::names;

type SeedRows = Vec<BTreeMap<String, String>>;

/// An account in a configuration file.
pub(crate) struct Account {
    pub(crate) platform: &'static dyn Platform,
    pub(crate) name: String,
    base_url: Option<String>,
    loopback_http: bool,
    scope: BTreeMap<String, String>,
    /// By credential slot.
    pub(super) credentials: BTreeMap<&'static str, SecretOrigin>,
    /// By stream.
    pub(super) seeds: BTreeMap<&'static str, SeedRows>,
    streams: Option<Vec<String>>,
}

const KEYS: [&str; 8] = [
    "platform",
    "name",
    "base_url",
    "allow_loopback_http",
    "scope",
    "credentials",
    "seeds",
    "streams",
];

pub(super) fn read(
    table: &ConfigTable<'_>,
    platforms: &[&'static dyn Platform],
) -> Result<Account, CommandFailure> {
    let document = table.document;
    let Some(name) = table.string("platform")? else {
        table.only(&KEYS)?;
        return Err(document.failure(
            table.span.clone(),
            "[[account]] needs `platform = \"…\"`; see `botroster platforms`",
        ));
    };
    let platform = names::platform(name, platforms).map_err(|problem| {
        document.failure(table.span_of("platform").unwrap_or_default(), &problem)
    })?;
    let info = platform.info();
    secret::refuse_literals(table, info)?;
    table.only(&KEYS)?;
    let account = Account {
        platform,
        name: table.string("name")?.unwrap_or(info.name).to_owned(),
        base_url: table.string("base_url")?.map(str::to_owned),
        loopback_http: table.flag("allow_loopback_http")?,
        scope: scope(table, info)?,
        credentials: secret::sources(table, info)?,
        seeds: seeds(table, info)?,
        streams: streams(table, info)?,
    };
    if account.name.trim().is_empty() {
        return Err(document.failure(table.span_of("name").unwrap_or_default(), "`name` is empty"));
    }
    if account.base_url.is_none() && info.base_url.is_none() {
        let problem = format!(
            "{} has no default address; add `base_url = \"https://…\"`",
            info.name
        );
        return Err(document.failure(table.span.clone(), &problem));
    }
    Ok(account)
}

fn scope(
    table: &ConfigTable<'_>,
    info: &PlatformInfo,
) -> Result<BTreeMap<String, String>, CommandFailure> {
    let Some(scope) = table.table("scope", "[account.scope]")? else {
        return Ok(BTreeMap::new());
    };
    scope.only(info.scope)?;
    scope.all_strings()
}

fn streams(
    table: &ConfigTable<'_>,
    info: &'static PlatformInfo,
) -> Result<Option<Vec<String>>, CommandFailure> {
    let Some(texts) = table.strings("streams")? else {
        return Ok(None);
    };
    if texts.is_empty() {
        let span = table.span_of("streams").unwrap_or_default();
        return Err(table
            .document
            .failure(span, "`streams` is empty; remove it to sync all streams"));
    }
    let known = |(name, span)| match names::stream(name, info.streams) {
        Ok(stream) => Ok(stream.name.to_owned()),
        Err(problem) => Err(table.document.failure(span, &problem)),
    };
    texts
        .into_iter()
        .map(known)
        .collect::<Result<_, _>>()
        .map(Some)
}

/// Assigns each row of `seeds` to the streams that take its parameters.
fn seeds(
    table: &ConfigTable<'_>,
    info: &'static PlatformInfo,
) -> Result<BTreeMap<&'static str, SeedRows>, CommandFailure> {
    let mut seeds: BTreeMap<&'static str, SeedRows> = BTreeMap::new();
    for row in table.tables("seeds", "seeds = [{ … }]")? {
        let values = row.all_strings()?;
        let takes = |stream: &&botroster_client::StreamInfo| {
            !stream.seeds.is_empty()
                && stream.seeds.len() == values.len()
                && stream.seeds.iter().all(|name| values.contains_key(*name))
        };
        let takers: Vec<_> = info.streams.iter().filter(takes).collect();
        if takers.is_empty() {
            return Err(no_taker(&row, info));
        }
        for stream in takers {
            seeds.entry(stream.name).or_default().push(values.clone());
        }
    }
    Ok(seeds)
}

fn no_taker(row: &ConfigTable<'_>, info: &'static PlatformInfo) -> CommandFailure {
    let known: Vec<_> = info
        .streams
        .iter()
        .flat_map(|stream| stream.seeds)
        .copied()
        .collect();
    if known.is_empty() {
        return row.document.failure(
            row.span.clone(),
            &format!("{} takes no seeds; remove them", info.name),
        );
    }
    match row.keys().find(|(key, _)| !known.contains(key)) {
        Some((key, span)) => row.unknown(key, span, &known),
        None => row.document.failure(
            row.span.clone(),
            &format!("a row of seeds must have all of {}", known.join(", ")),
        ),
    }
}

impl Account {
    /// Converts the account to a job. Reads its secrets and passes warnings to `warn`.
    pub(crate) fn into_job(self, warn: &mut dyn FnMut(String)) -> Result<Job, CommandFailure> {
        let mut settings = Settings::new();
        if let Some(url) = self.base_url {
            settings = settings.with_base_url(url);
        }
        if self.loopback_http {
            settings = settings.with_loopback_http();
        }
        let mut job = Job::new(self.platform, settings).with_account(self.name);
        for (name, value) in &self.scope {
            job = job.with_scope(name, value);
        }
        for (slot, source) in &self.credentials {
            if let Some(source) = source.open(warn)? {
                job = job.with_credential(slot, source);
            }
        }
        for (stream, rows) in self.seeds {
            job = job.with_seeds(stream, rows);
        }
        if let Some(streams) = self.streams {
            job = job.with_streams(streams);
        }
        Ok(job)
    }
}

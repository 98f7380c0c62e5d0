use std::collections::{BTreeMap, BTreeSet};

use botroster_client::{Error, Platform, PlatformInfo, SecretSource, Settings, StreamInfo};

/// The parameters of one list, by wire name.
pub(crate) type WalkArguments = BTreeMap<String, String>;

/// An account on a platform and the streams of it to sync.
#[derive(Clone)]
pub struct Job {
    pub(crate) platform: &'static dyn Platform,
    pub(crate) account: String,
    pub(crate) settings: Settings,
    credentials: BTreeSet<String>,
    scope: BTreeSet<String>,
    streams: Option<BTreeSet<String>>,
    seeds: BTreeMap<String, Vec<WalkArguments>>,
}

/// A stream of a job and whether it can run.
#[derive(Clone)]
pub struct PlannedStream {
    /// The stream.
    pub stream: &'static StreamInfo,
    /// The reason why the stream cannot run, naming what is missing; `None` if it can.
    pub skipped: Option<String>,
}

impl Job {
    /// Creates a job for all streams of an account. The account is named after the platform unless
    /// [`Self::with_account`] sets another name.
    ///
    /// Set credentials and scope values here rather than in `settings`: the job skips streams whose credentials or scope
    /// values it does not know, and reports the reason.
    #[must_use]
    pub fn new(platform: &'static dyn Platform, settings: Settings) -> Self {
        Self {
            platform,
            account: platform.info().name.to_owned(),
            settings,
            credentials: BTreeSet::new(),
            scope: BTreeSet::new(),
            streams: None,
            seeds: BTreeMap::new(),
        }
    }

    /// Sets the name of the account, which is part of the key of every row.
    #[must_use]
    pub fn with_account(mut self, name: impl Into<String>) -> Self {
        self.account = name.into();
        self
    }

    /// Sets a credential. A file or provider is read again when the platform rejects the secret.
    #[must_use]
    pub fn with_credential(mut self, slot: &str, source: impl Into<SecretSource>) -> Self {
        self.settings = self.settings.with_credential(slot, source);
        self.credentials.insert(slot.to_owned());
        self
    }

    /// Sets a scope parameter by its wire name.
    #[must_use]
    pub fn with_scope(mut self, name: &str, value: &str) -> Self {
        self.settings = self.settings.with_scope(name, value);
        self.scope.insert(name.to_owned());
        self
    }

    /// Restricts the job to these streams and their parents.
    #[must_use]
    pub fn with_streams(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.streams = Some(names.into_iter().collect());
        self
    }

    /// Sets the seeds of a stream that cannot list all records: one list is read for each row of parameters.
    #[must_use]
    pub fn with_seeds(mut self, stream: &str, rows: Vec<BTreeMap<String, String>>) -> Self {
        self.seeds.insert(stream.to_owned(), rows);
        self
    }

    /// Checks the settings without sending a request.
    ///
    /// # Errors
    /// Returns an error if a setting, such as the base URL or a credential, is missing or malformed.
    pub fn check(&self) -> Result<(), Error> {
        self.platform.connect(self.settings.clone()).map(|_| ())
    }

    /// Returns the description of the platform.
    #[must_use]
    pub fn platform(&self) -> &'static PlatformInfo {
        self.platform.info()
    }

    /// Returns the name of the account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the seeds of a stream.
    #[must_use]
    pub fn seeds(&self, stream: &str) -> &[BTreeMap<String, String>] {
        self.seeds.get(stream).map_or(&[], Vec::as_slice)
    }

    /// Returns the streams of the job, parents before their children, each with the reason if it cannot run.
    #[must_use]
    pub fn plan(&self) -> Vec<PlannedStream> {
        let mut planned: Vec<PlannedStream> = Vec::new();
        let mut waiting: Vec<_> = self
            .platform()
            .streams
            .iter()
            .filter(|stream| self.wants(stream))
            .collect();
        while !waiting.is_empty() {
            let (ready, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|stream| {
                let parent = stream.parent.as_ref().map(|parent| parent.stream);
                parent.is_none_or(|parent| planned.iter().any(|done| done.stream.name == parent))
            });
            if ready.is_empty() {
                let reason = |stream: &StreamInfo| {
                    format!(
                        "the parents of `{}` form a cycle or are missing",
                        stream.name
                    )
                };
                planned.extend(later.into_iter().map(|stream| PlannedStream {
                    stream,
                    skipped: Some(reason(stream)),
                }));
                break;
            }
            for stream in ready {
                let skipped = self.obstacle(stream, &planned);
                planned.push(PlannedStream { stream, skipped });
            }
            waiting = later;
        }
        planned
    }

    /// Returns whether the stream is selected, itself or as an ancestor of a selected one.
    fn wants(&self, stream: &StreamInfo) -> bool {
        let Some(selected) = &self.streams else {
            return true;
        };
        let streams = self.platform().streams;
        streams
            .iter()
            .filter(|one| selected.contains(one.name))
            .any(|one| {
                // Bounded, because a faulty description may contain a cycle.
                let mut ancestor = Some(one);
                for _ in 0..streams.len() {
                    let Some(current) = ancestor else {
                        return false;
                    };
                    if current.name == stream.name {
                        return true;
                    }
                    let parent = current.parent.as_ref().map(|parent| parent.stream);
                    ancestor =
                        parent.and_then(|parent| streams.iter().find(|one| one.name == parent));
                }
                false
            })
    }

    fn slot_with_variable(&self, slot: &str) -> String {
        let mut known = self.platform().credentials.iter();
        match known.find(|credential| credential.name == slot) {
            Some(credential) => format!("{slot} ({})", credential.env),
            None => slot.to_owned(),
        }
    }

    fn obstacle(&self, stream: &StreamInfo, planned: &[PlannedStream]) -> Option<String> {
        let missing: Vec<String> = stream
            .credentials
            .iter()
            .map_while(|slots| {
                let missing = slots.iter().find(|slot| !self.credentials.contains(**slot));
                missing.map(|slot| self.slot_with_variable(slot))
            })
            .collect();
        // `map_while` stops at the first complete set, and one complete set is enough.
        if !missing.is_empty() && missing.len() == stream.credentials.len() {
            return Some(format!(
                "the credential {} is not set",
                missing.join(" or ")
            ));
        }
        if let Some(name) = stream
            .scope
            .iter()
            .find(|name| !self.scope.contains(**name))
        {
            return Some(format!("the scope value {name} is not set"));
        }
        if !stream.seeds.is_empty() && self.seeds(stream.name).is_empty() {
            return Some(format!(
                "it cannot list all records and needs `seeds` with {}",
                stream.seeds.join(", ")
            ));
        }
        let parent = stream.parent.as_ref()?.stream;
        let skipped = planned
            .iter()
            .any(|done| done.stream.name == parent && done.skipped.is_some());
        skipped.then(|| format!("its parent stream {parent} is skipped"))
    }
}

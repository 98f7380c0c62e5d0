use std::collections::{BTreeMap, BTreeSet};

use botroster_client::{Error, Platform, PlatformInfo, SecretSource, Settings, StreamInfo};

/// One row of parameters by their wire names.
pub(crate) type Arguments = BTreeMap<String, String>;

/// One account on a platform, and which of its streams to sync.
#[derive(Clone)]
pub struct Job {
    pub(crate) platform: &'static dyn Platform,
    pub(crate) account: String,
    pub(crate) settings: Settings,
    credentials: BTreeSet<String>,
    scope: BTreeSet<String>,
    streams: Option<BTreeSet<String>>,
    seeds: BTreeMap<String, Vec<Arguments>>,
}

/// Whether a stream of a job can run.
#[derive(Clone)]
pub struct PlannedStream {
    /// The stream.
    pub stream: &'static StreamInfo,
    /// Why it cannot run, in words that name the missing thing; `None` if it can.
    pub skipped: Option<String>,
}

impl Job {
    /// All streams of an account. The account is named like the platform until [`Self::with_account`] says otherwise.
    ///
    /// Give credentials and scope values here and not to `settings`, so that a stream without them can be skipped with a word.
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

    /// Names the account; rows of two accounts never meet.
    #[must_use]
    pub fn with_account(mut self, name: impl Into<String>) -> Self {
        self.account = name.into();
        self
    }

    /// Fills a credential slot. A file or a provider is asked again when the platform refuses what it gave.
    #[must_use]
    pub fn with_credential(mut self, slot: &str, source: impl Into<SecretSource>) -> Self {
        self.settings = self.settings.with_credential(slot, source);
        self.credentials.insert(slot.to_owned());
        self
    }

    /// Gives a scope parameter, by its wire name, its value.
    #[must_use]
    pub fn with_scope(mut self, name: &str, value: &str) -> Self {
        self.settings = self.settings.with_scope(name, value);
        self.scope.insert(name.to_owned());
        self
    }

    /// Restricts the job to these streams; the parents they need are synced too.
    #[must_use]
    pub fn with_streams(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.streams = Some(names.into_iter().collect());
        self
    }

    /// Gives the rows of parameters from which a stream without a list of everything starts, one walk a row.
    #[must_use]
    pub fn with_seeds(mut self, stream: &str, rows: Vec<BTreeMap<String, String>>) -> Self {
        self.seeds.insert(stream.to_owned(), rows);
        self
    }

    /// Checks the settings without making a request.
    ///
    /// # Errors
    /// A missing or malformed setting, such as the base URL or a credential.
    pub fn check(&self) -> Result<(), Error> {
        self.platform.connect(self.settings.clone()).map(|_| ())
    }

    /// What the platform is.
    #[must_use]
    pub fn platform(&self) -> &'static PlatformInfo {
        self.platform.info()
    }

    /// The account's name.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The rows a seeded stream starts from.
    #[must_use]
    pub fn seeds(&self, stream: &str) -> &[BTreeMap<String, String>] {
        self.seeds.get(stream).map_or(&[], Vec::as_slice)
    }

    /// The streams of the job, parents before their children, each with the reason if it cannot run.
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
                    format!("`{}` waits for a stream that never comes", stream.name)
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

    /// Whether the stream is selected itself or as the parent of a selected one.
    fn wants(&self, stream: &StreamInfo) -> bool {
        let Some(selected) = &self.streams else {
            return true;
        };
        let streams = self.platform().streams;
        streams
            .iter()
            .filter(|one| selected.contains(one.name))
            .any(|one| {
                // The chain of ancestors is no longer than the list of streams, whatever a faulty description says.
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
        // One set that is whole is enough, and ends the list above.
        if !missing.is_empty() && missing.len() == stream.credentials.len() {
            return Some(format!(
                "the credential {} is not set",
                missing.join(", or else ")
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
                "it has no list of everything and needs seeds: rows of {}",
                stream.seeds.join(", ")
            ));
        }
        let parent = stream.parent.as_ref()?.stream;
        let skipped = planned
            .iter()
            .any(|done| done.stream.name == parent && done.skipped.is_some());
        skipped.then(|| format!("it needs {parent}, which is skipped"))
    }
}

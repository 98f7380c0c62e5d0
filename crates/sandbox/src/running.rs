//! A running platform, as its users see it.

use crate::{
    keys::{AccessKey, Scope},
    platform::{
        Platform,
        summary::{CollectionState, OperationInfo},
    },
    recorded::RecordedRequest,
};
use std::{collections::BTreeMap, fmt, sync::Arc};
use tokio::task::AbortHandle;

/// A running platform.
pub struct Running {
    /// The platform's name.
    pub name: String,
    /// Scheme, address, port, and the path of the platform's own base URL.
    pub base_url: String,
    /// Credentials by name.
    pub credentials: BTreeMap<String, String>,
    /// The ids that requests must contain, by parameter.
    pub scope: BTreeMap<String, String>,
    /// For streams that cannot be listed whole: the arguments of the requests that together list all of it.
    pub seeds: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// All valid credentials; those of `main` are also in `credentials`.
    pub keys: Vec<AccessKey>,
    /// All scopes, `scope` first. Each contains other people.
    pub scopes: Vec<Scope>,
    platform: Arc<Platform>,
    accepting: AbortHandle,
}

impl Running {
    /// `authority` is host and port of the listener, `accepting` its task.
    pub(crate) fn new(platform: Arc<Platform>, authority: &str, accepting: AbortHandle) -> Self {
        let seeds = platform.collections.iter().filter_map(|collection| {
            Some((collection.name.clone()?, collection.seeds.as_ref()?.rows()))
        });
        let keys = platform.access.keys();
        let main = keys.first();
        Self {
            name: platform.spec.platform.clone(),
            base_url: format!("http://{authority}{}", platform.spec.base_path),
            credentials: main.map(|key| key.credentials.clone()).unwrap_or_default(),
            scope: platform.scope.iter().cloned().collect(),
            seeds: seeds.collect(),
            keys,
            scopes: platform.scopes.clone(),
            platform,
            accepting,
        }
    }

    pub(crate) fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// Returns arguments with which an operation succeeds, by their wire names: its required parameters, and the properties of
    /// its body that refer to records. Ids refer to existing records, and lists are not empty. `None` if the spec has no
    /// operation with this `operationId`.
    pub fn arguments(&self, operation: &str) -> Option<BTreeMap<String, String>> {
        self.platform.arguments(operation)
    }

    /// Returns all operations.
    pub fn operations(&self) -> Vec<OperationInfo> {
        self.platform.operations()
    }

    /// Returns the record counts of each collection.
    pub fn state(&self) -> Vec<CollectionState> {
        self.platform.collection_states()
    }

    /// Discards writes, recorded requests and the counts of rate limits.
    pub fn reset(&self) {
        self.platform.reset();
    }

    /// Returns how many requests arrived, refused ones included.
    pub fn request_count(&self) -> u64 {
        self.platform.state().requests
    }

    /// Returns the last thousand requests, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        let state = self.platform.state();
        state.logged().map(|(_, request)| request.clone()).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Omits credentials, although they open nothing but this sandbox.
impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("name", &self.name)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

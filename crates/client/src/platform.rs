//! A platform as data, for programs that treat all platforms alike.

use std::{collections::BTreeMap, fmt, sync::Arc};

use botroster_auth::{PathRewrite, Source};
use serde_json::value::RawValue;

use crate::{Error, HttpSend, Options, Pages, RateLimit, Runtime};

/// Pages of records as they came.
pub type RawPages = Pages<Box<RawValue>>;

/// A platform that has a client.
pub trait Platform: Send + Sync + 'static {
    /// What there is to know before connecting.
    fn info(&self) -> &'static PlatformInfo;

    /// A client of this platform. No request is made.
    ///
    /// # Errors
    /// A missing or malformed setting.
    fn connect(&self, settings: Settings) -> Result<Arc<dyn Connection>, Error>;
}

/// A client of a platform, by stream.
pub trait Connection: Send + Sync {
    /// The records of a stream. `arguments` are the parameters named in
    /// [`StreamInfo::seeds`] or [`ParentInfo::bind`], by their wire names.
    ///
    /// # Errors
    /// A stream of another platform, a missing argument or scope value. Requests are made when pages are asked for.
    fn walk(
        &self,
        stream: &'static StreamInfo,
        arguments: &BTreeMap<String, String>,
    ) -> Result<RawPages, Error>;
}

/// A platform, as its spec describes it.
#[derive(Debug)]
pub struct PlatformInfo {
    /// Short name, as in configuration files.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// The documented base URL; `None` where each customer has another.
    pub base_url: Option<&'static str>,
    /// Parameters given once for all calls, by wire name.
    pub scope: &'static [&'static str],
    /// The credentials it takes.
    pub credentials: &'static [CredentialInfo],
    /// The lists that can be read as a whole.
    pub streams: &'static [StreamInfo],
}

/// One credential slot.
#[derive(Debug)]
pub struct CredentialInfo {
    /// Name, as in configuration files.
    pub name: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// Security scheme in the spec.
    pub scheme: &'static str,
}

/// A list of records that can be read as a whole.
#[derive(Debug)]
pub struct StreamInfo {
    /// Name.
    pub name: &'static str,
    /// `operationId` of the call.
    pub operation: &'static str,
    /// JSON Pointer of a record's key.
    pub key: Option<&'static str>,
    /// JSON Pointer of the time of a record's last change.
    pub updated: Option<&'static str>,
    /// Credential slots it needs: all of one of these sets. No set at all: none.
    pub credentials: &'static [&'static [&'static str]],
    /// Scope parameters it needs, by wire name.
    pub scope: &'static [&'static str],
    /// The mapping to the common model, as JSON.
    pub maps_to: &'static str,
    /// Parameters that must be given, one walk for each row of them.
    pub seeds: &'static [&'static str],
    /// The stream whose records give the parameters, one walk each.
    pub parent: Option<ParentInfo>,
    /// Documented request limit.
    pub rate_limit: Option<RateLimit>,
    /// Records on a page when the list is read as a whole.
    pub page_size: Option<u32>,
}

/// The parent of a stream.
#[derive(Debug, Clone, Copy)]
pub struct ParentInfo {
    /// Name of the parent stream.
    pub stream: &'static str,
    /// Parameter by wire name, and the pointer of its value in the parent's record.
    pub bind: &'static [(&'static str, &'static str)],
}

/// What a connection needs.
#[derive(Clone, Default)]
pub struct Settings {
    pub(crate) base_url: Option<String>,
    pub(crate) credentials: BTreeMap<String, Source>,
    pub(crate) scope: BTreeMap<String, String>,
    pub(crate) loopback_http: bool,
    pub(crate) page_size: Option<u32>,
    pub(crate) options: Options,
    pub(crate) omitted: Vec<String>,
    pub(crate) signed_path: Option<PathRewrite>,
    pub(crate) send: Option<Arc<dyn HttpSend>>,
    pub(crate) runtime: Option<Arc<dyn Runtime>>,
}

impl Settings {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another base URL than the documented one: https, without query, fragment and credentials.
    #[must_use]
    pub fn with_base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows plain http to a loopback address.
    #[must_use]
    pub fn with_loopback_http(mut self) -> Self {
        self.loopback_http = true;
        self
    }

    /// A credential by slot name: a [`Secret`](crate::Secret), a text, or where it is to be read.
    ///
    /// One that may change is read again when a server answers 401, and the call tried once more if it did.
    #[must_use]
    pub fn with_credential(mut self, slot: impl Into<String>, source: impl Into<Source>) -> Self {
        self.credentials.insert(slot.into(), source.into());
        self
    }

    /// A scope parameter by wire name.
    #[must_use]
    pub fn with_scope(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.scope.insert(name.into(), value.into());
        self
    }

    /// Records on a page, where the platform lets the caller say.
    #[must_use]
    pub fn with_page_size(mut self, records: u32) -> Self {
        self.page_size = Some(records);
        self
    }

    /// Time limits, attempts, body limit.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Leaves out a constant header of the spec.
    #[must_use]
    pub fn with_omitted_header(mut self, name: impl Into<String>) -> Self {
        self.omitted.push(name.into());
        self
    }

    /// Signs paths as they are behind a proxy that rewrites the prefix `from` to `to`.
    #[must_use]
    pub fn with_signed_path(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.signed_path = Some(PathRewrite {
            from: from.into(),
            to: to.into(),
        });
        self
    }

    /// Another network.
    #[must_use]
    pub fn with_http(mut self, send: Arc<dyn HttpSend>) -> Self {
        self.send = Some(send);
        self
    }

    /// Another clock, timer and source of chance.
    #[must_use]
    pub fn with_runtime(mut self, runtime: Arc<dyn Runtime>) -> Self {
        self.runtime = Some(runtime);
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("credentials", &self.credentials.keys().collect::<Vec<_>>())
            .field("scope", &self.scope.keys().collect::<Vec<_>>())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

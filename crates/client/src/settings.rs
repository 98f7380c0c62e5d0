//! Settings of an untyped connection.

use std::{collections::BTreeMap, fmt, sync::Arc};

use botroster_auth::{PathRewrite, SecretSource};

use crate::{HttpSend, Options, Runtime};

/// Settings of a [`Connection`](crate::Connection) or client.
#[derive(Clone, Default)]
pub struct Settings {
    pub(crate) base_url: Option<String>,
    pub(crate) credentials: BTreeMap<String, SecretSource>,
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
    /// Creates empty settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the base URL, in place of the documented one. It must use https and have no query, fragment or credentials.
    #[must_use]
    pub fn with_base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows http for loopback addresses.
    #[must_use]
    pub fn with_loopback_http(mut self) -> Self {
        self.loopback_http = true;
        self
    }

    /// Sets a credential by name: a [`Secret`](crate::Secret), a string or a source.
    ///
    /// After a 401, a file or provider is read again; if the secret has changed, the call is retried once.
    #[must_use]
    pub fn with_credential(
        mut self,
        slot: impl Into<String>,
        source: impl Into<SecretSource>,
    ) -> Self {
        self.credentials.insert(slot.into(), source.into());
        self
    }

    /// Sets a scope parameter by wire name.
    #[must_use]
    pub fn with_scope(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.scope.insert(name.into(), value.into());
        self
    }

    /// Sets the page size, for lists with a page size parameter.
    #[must_use]
    pub fn with_page_size(mut self, records: u32) -> Self {
        self.page_size = Some(records);
        self
    }

    /// Sets timeouts, retries and limits.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Omits a constant header of the spec.
    #[must_use]
    pub fn with_omitted_header(mut self, name: impl Into<String>) -> Self {
        self.omitted.push(name.into());
        self
    }

    /// Signs paths with the prefix `from` replaced by `to`, for a proxy that rewrites paths that way.
    #[must_use]
    pub fn with_signed_path(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.signed_path = Some(PathRewrite {
            from: from.into(),
            to: to.into(),
        });
        self
    }

    /// Replaces the network, for tests.
    #[must_use]
    pub fn with_http(mut self, send: Arc<dyn HttpSend>) -> Self {
        self.send = Some(send);
        self
    }

    /// Replaces clock, timer and random numbers, for tests.
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

//! Settings of a typed client to be.

use std::{collections::BTreeMap, fmt, sync::Arc};

use botroster_auth::Source;

use crate::{Error, HttpSend, Options, Runtime, Settings};

/// Credentials by slot.
#[derive(Clone, Default)]
pub struct CredentialSet(BTreeMap<&'static str, Source>);

impl CredentialSet {
    /// Sets a slot.
    pub fn set(&mut self, slot: &'static str, source: Source) {
        self.0.insert(slot, source);
    }

    /// No slot is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for CredentialSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Settings of a typed client; [`build`](Self::build) makes the client.
pub struct Builder<C> {
    settings: Settings,
    make: fn(Settings) -> Result<C, Error>,
}

impl<C> Builder<C> {
    #[doc(hidden)]
    pub fn new(make: fn(Settings) -> Result<C, Error>) -> Self {
        Self {
            settings: Settings::new(),
            make,
        }
    }

    fn map(mut self, change: impl FnOnce(Settings) -> Settings) -> Self {
        self.settings = change(self.settings);
        self
    }

    /// The credentials; see the platform's `Credentials`.
    #[must_use]
    pub fn with_credentials(self, credentials: impl Into<CredentialSet>) -> Self {
        let set = credentials.into();
        self.map(|settings| {
            set.0
                .into_iter()
                .fold(settings, |settings, (slot, source)| {
                    settings.with_credential(slot, source)
                })
        })
    }

    /// Another base URL than the documented one: https, without query, fragment and credentials.
    #[must_use]
    pub fn with_base_url(self, url: impl Into<String>) -> Self {
        self.map(|settings| settings.with_base_url(url))
    }

    /// Allows plain http to a loopback address, for a server of your own.
    #[must_use]
    pub fn with_loopback_http(self) -> Self {
        self.map(Settings::with_loopback_http)
    }

    /// Time limits, attempts, body limit.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        self.map(|settings| settings.with_options(options))
    }

    /// Leaves out a constant header that the spec asks for.
    #[must_use]
    pub fn with_omitted_header(self, name: impl Into<String>) -> Self {
        self.map(|settings| settings.with_omitted_header(name))
    }

    /// Signs paths as they are behind a proxy that rewrites the prefix `from` to `to`. The request itself
    /// goes to the base URL as it is.
    #[must_use]
    pub fn with_signed_path(self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.map(|settings| settings.with_signed_path(from, to))
    }

    /// Another network, for tests.
    #[must_use]
    pub fn with_http(self, send: Arc<dyn HttpSend>) -> Self {
        self.map(|settings| settings.with_http(send))
    }

    /// Another clock, timer and source of chance, for tests.
    #[must_use]
    pub fn with_runtime(self, runtime: Arc<dyn Runtime>) -> Self {
        self.map(|settings| settings.with_runtime(runtime))
    }

    /// Makes the client. Credentials are read from where they are; no request is made.
    ///
    /// # Errors
    /// A malformed base URL, a credential that is malformed or cannot be read.
    pub fn build(self) -> Result<C, Error> {
        (self.make)(self.settings)
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.settings).finish()
    }
}

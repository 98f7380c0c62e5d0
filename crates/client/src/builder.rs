//! Builder of typed clients.

use std::{fmt, sync::Arc};

use crate::{Error, HttpSend, Options, Runtime, Settings, credential_set::CredentialSet};

/// Builder of a typed client.
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

    /// Sets the credentials. See the `Credentials` of the platform.
    #[must_use]
    pub fn with_credentials(self, credentials: impl Into<CredentialSet>) -> Self {
        let set = credentials.into();
        self.map(|settings| {
            set.into_slots().fold(settings, |settings, (slot, source)| {
                settings.with_credential(slot, source)
            })
        })
    }

    /// Sets the base URL, in place of the documented one. It must use https and have no query, fragment or credentials.
    #[must_use]
    pub fn with_base_url(self, url: impl Into<String>) -> Self {
        self.map(|settings| settings.with_base_url(url))
    }

    /// Allows http for loopback addresses, for a local server.
    #[must_use]
    pub fn with_loopback_http(self) -> Self {
        self.map(Settings::with_loopback_http)
    }

    /// Sets timeouts, retries and limits.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        self.map(|settings| settings.with_options(options))
    }

    /// Omits a constant header of the spec.
    #[must_use]
    pub fn with_omitted_header(self, name: impl Into<String>) -> Self {
        self.map(|settings| settings.with_omitted_header(name))
    }

    /// Signs paths with the prefix `from` replaced by `to`, for a proxy that rewrites paths that way. The request itself is
    /// sent to the base URL unchanged.
    #[must_use]
    pub fn with_signed_path(self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.map(|settings| settings.with_signed_path(from, to))
    }

    /// Replaces the network, for tests.
    #[must_use]
    pub fn with_http(self, send: Arc<dyn HttpSend>) -> Self {
        self.map(|settings| settings.with_http(send))
    }

    /// Replaces clock, timer and random numbers, for tests.
    #[must_use]
    pub fn with_runtime(self, runtime: Arc<dyn Runtime>) -> Self {
        self.map(|settings| settings.with_runtime(runtime))
    }

    /// Builds the client. Reads the credentials from their sources; no request is made.
    ///
    /// # Errors
    /// The base URL is malformed, or a credential is malformed or cannot be read.
    pub fn build(self) -> Result<C, Error> {
        (self.make)(self.settings)
    }
}

impl<C> fmt::Debug for Builder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.settings).finish()
    }
}

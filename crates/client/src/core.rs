//! The shared state of a client.

use std::{fmt, sync::Arc};

use http::HeaderValue;
use url::Url;

use crate::{
    Error, ErrorKind, HttpSend,
    base_url::BaseUrl,
    clock::Tokio,
    credentials::{Keyring, NamedScheme},
    limiter::Limiter,
    network::{Reqwest, http_client},
    platform_info::PlatformInfo,
    retry::Budget,
    settings::Settings,
    skew::Skew,
    transport::Transport,
};

/// The constants of a platform that a generated crate passes to [`Core::connect`].
#[derive(Debug)]
pub struct PlatformSpec {
    /// Public description.
    pub info: &'static PlatformInfo,
    /// Security schemes.
    pub schemes: &'static [NamedScheme],
    /// `botroster-<name>/<version>`.
    pub user_agent: &'static str,
}

/// The shared state of a client. Cheap to clone.
#[derive(Clone)]
pub struct Core {
    transport: Arc<Transport>,
    settings: Arc<Settings>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").finish_non_exhaustive()
    }
}

impl Core {
    /// Creates the state of a client.
    ///
    /// # Errors
    /// The base URL or a credential is missing or malformed.
    pub fn connect(spec: &'static PlatformSpec, settings: Settings) -> Result<Self, Error> {
        let name = spec.info.name;
        let base = base_url(spec.info, &settings)?;
        let credentials = Keyring::new(
            name,
            spec.schemes,
            settings.credentials.clone(),
            settings.signed_path.clone(),
        )?;
        let options = settings.options;
        let send = match &settings.send {
            Some(send) => send.clone(),
            None => network(&base, &settings)?,
        };
        let transport = Transport {
            base,
            send,
            runtime: settings.runtime.clone().unwrap_or_else(|| Arc::new(Tokio)),
            credentials,
            omitted: settings.omitted.clone(),
            limiter: Limiter::default(),
            budget: Budget::default(),
            skew: Skew::default(),
            options,
            user_agent: HeaderValue::from_static(spec.user_agent),
        };
        Ok(Self {
            transport: Arc::new(transport),
            settings: Arc::new(settings),
        })
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The base URL without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.transport.base.as_str()
    }

    /// The path of the base URL without a trailing slash.
    pub fn base_path(&self) -> &str {
        self.transport.base.path()
    }

    /// The URL of an encoded path at the origin of the base URL.
    pub fn at(&self, path: &str) -> Url {
        self.transport.base.at(path)
    }

    /// The page size of the settings.
    pub fn page_size(&self) -> Option<u32> {
        self.settings.page_size
    }

    /// A scope parameter of the settings.
    ///
    /// # Errors
    /// It is not set.
    pub fn scope(&self, name: &str) -> Result<&str, Error> {
        self.settings
            .scope
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| {
                Error::new(
                    ErrorKind::Configuration,
                    format!("the scope parameter `{name}` is missing"),
                )
            })
    }
}

fn network(base: &BaseUrl, settings: &Settings) -> Result<Arc<dyn HttpSend>, Error> {
    let http = http_client(
        settings.options.connect_timeout,
        settings.options.read_timeout,
        base.is_loopback() && settings.loopback_http,
    )
    .map_err(|error| {
        let text = "the HTTP client could not be set up";
        Error::new(ErrorKind::Configuration, text).with_source(error)
    })?;
    Ok(Arc::new(Reqwest(http)))
}

fn base_url(info: &PlatformInfo, settings: &Settings) -> Result<BaseUrl, Error> {
    let name = info.name;
    let text = settings
        .base_url
        .as_deref()
        .or(info.base_url)
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Configuration,
                format!("{name} has no default base URL: set the one of your installation"),
            )
        })?;
    BaseUrl::parse(text, settings.loopback_http)
        .map_err(|error| Error::new(error.kind(), format!("{name}: {error}")))
}

//! The credentials of a client: read from their sources and made into the authenticators of the spec's security schemes.

mod scheme;

use std::{
    collections::BTreeMap,
    error::Error as _,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use botroster_auth::{Authenticator, PathRewrite, Secret, SecretSource};
use http::HeaderName;

pub use scheme::{AuthScheme, NamedScheme};

use crate::{Error, ErrorKind, operation::Operation};

/// The environment variable of a slot.
pub(crate) fn variable(platform: &str, slot: &str) -> String {
    format!("{platform}_{slot}").to_uppercase()
}

/// The credentials of a client: their sources, and the authenticators in use.
pub(crate) struct Keyring {
    platform: &'static str,
    schemes: &'static [NamedScheme],
    sources: BTreeMap<String, SecretSource>,
    rewrite: Option<PathRewrite>,
    ready: RwLock<Arc<Ready>>,
    /// Held while sources are read again, so that calls that fail at the same time read them once.
    renewing: Mutex<()>,
}

/// The authenticators built from one reading of the sources.
#[derive(Default)]
pub(crate) struct Ready {
    secrets: BTreeMap<String, Secret>,
    pub(crate) authenticators: BTreeMap<&'static str, Authenticator>,
    /// The schemes that sign the time.
    pub(crate) signing: Vec<&'static str>,
    /// The advice for each scheme without credentials.
    missing: BTreeMap<&'static str, String>,
}

impl Keyring {
    /// Reads every source.
    ///
    /// # Errors
    /// A source cannot be read, a slot is unknown, a scheme lacks one of its credentials, or a credential is malformed. The
    /// message does not contain a value.
    pub(crate) fn new(
        platform: &'static str,
        schemes: &'static [NamedScheme],
        sources: BTreeMap<String, SecretSource>,
        rewrite: Option<PathRewrite>,
    ) -> Result<Self, Error> {
        let secrets = sources
            .iter()
            .map(|(slot, source)| Ok((slot.clone(), read(platform, slot, source)?)))
            .collect::<Result<_, Error>>()?;
        let ready = prepare(platform, schemes, secrets, rewrite.as_ref())?;
        Ok(Self {
            platform,
            schemes,
            sources,
            rewrite,
            ready: RwLock::new(Arc::new(ready)),
            renewing: Mutex::new(()),
        })
    }

    /// Returns whether a security scheme of the platform sets a header.
    pub(crate) fn sets_header(&self, name: &HeaderName) -> bool {
        let mut schemes = self.schemes.iter();
        schemes.any(|info| info.scheme.sets_header(name))
    }

    /// The authenticators in use.
    pub(crate) fn ready(&self) -> Arc<Ready> {
        Arc::clone(&self.ready.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the sources of these schemes again after the server rejected `used`, unless another call has done so already.
    /// Returns whether the credentials have changed.
    pub(crate) fn renew(&self, used: &Arc<Ready>, schemes: &[&'static str]) -> bool {
        let slots = self
            .schemes
            .iter()
            .filter(|info| schemes.contains(&info.name))
            .flat_map(|info| info.scheme.slots());
        let changeable: Vec<(&str, &SecretSource)> = slots
            .filter_map(|slot| Some((slot, self.sources.get(slot)?)))
            .filter(|(_, source)| source.may_change())
            .collect();
        if changeable.is_empty() {
            return false;
        }
        let _alone = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(used, &self.ready()) {
            return true;
        }
        match self.reread(used, &changeable) {
            Ok(Some(ready)) => {
                tracing::info!(platform = self.platform, "credentials were renewed");
                *self.ready.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ready);
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(platform = self.platform, %error, "credentials were not renewed");
                false
            }
        }
    }

    /// Returns `None` if no secret has changed.
    fn reread(
        &self,
        used: &Ready,
        changeable: &[(&str, &SecretSource)],
    ) -> Result<Option<Ready>, Error> {
        let mut secrets = used.secrets.clone();
        let mut changed = false;
        for (slot, source) in changeable {
            let secret = read(self.platform, slot, source)?;
            let old = secrets.insert((*slot).to_owned(), secret.clone());
            changed |= old.is_none_or(|old| old.expose() != secret.expose());
        }
        if !changed {
            return Ok(None);
        }
        prepare(self.platform, self.schemes, secrets, self.rewrite.as_ref()).map(Some)
    }
}

impl Ready {
    /// The first alternative of the operation's security whose credentials are available.
    pub(crate) fn schemes(&self, operation: &Operation) -> Option<&'static [&'static str]> {
        let ready = |schemes: &&&[&'static str]| {
            schemes
                .iter()
                .all(|scheme| self.authenticators.contains_key(scheme))
        };
        operation.security.iter().find(ready).copied()
    }

    pub(crate) fn missing_credential(&self, schemes: &[&'static str]) -> Error {
        let what = schemes.iter().find_map(|scheme| self.missing.get(scheme));
        let what = what.map_or("a credential is missing", String::as_str);
        Error::new(ErrorKind::Credentials, format!("{what}; nothing was sent"))
    }
}

fn read(platform: &str, slot: &str, source: &SecretSource) -> Result<Secret, Error> {
    let resolved = source.read().map_err(|error| {
        let cause = error.source().map(|cause| format!(": {cause}"));
        let text = format!("{platform}: {slot}: {error}{}", cause.unwrap_or_default());
        Error::new(ErrorKind::Credentials, text)
    })?;
    if let Some(warning) = resolved.warning {
        tracing::warn!(platform, credential = slot, "{warning}");
    }
    Ok(resolved.secret)
}

/// Builds the authenticator of every scheme whose slots are filled.
///
/// # Errors
/// A slot is unknown, a scheme lacks one of its credentials, or a credential is malformed. The message does not contain a
/// value.
fn prepare(
    platform: &str,
    schemes: &'static [NamedScheme],
    secrets: BTreeMap<String, Secret>,
    rewrite: Option<&PathRewrite>,
) -> Result<Ready, Error> {
    let given = &secrets;
    let known: Vec<&str> = schemes
        .iter()
        .flat_map(|info| info.scheme.slots())
        .collect();
    if let Some(unknown) = given.keys().find(|slot| !known.contains(&slot.as_str())) {
        let text = format!(
            "{platform} has no credential named `{unknown}`: it accepts {}",
            known.join(", ")
        );
        return Err(Error::new(ErrorKind::Credentials, text));
    }
    let mut ready = Ready::default();
    for info in schemes {
        let slots = info.scheme.slots();
        let lacking: Vec<&str> = slots
            .iter()
            .copied()
            .filter(|slot| !given.contains_key(*slot))
            .collect();
        if !lacking.is_empty() {
            let text = how_to_fill(platform, &lacking);
            if lacking.len() < slots.len() {
                return Err(Error::new(ErrorKind::Credentials, text));
            }
            ready.missing.insert(info.name, text);
            continue;
        }
        let authenticator = info.scheme.authenticator(given, rewrite).map_err(|error| {
            let text = format!("{platform}: {} ({})", error, slots.join(", "));
            Error::new(ErrorKind::Credentials, text)
        })?;
        if matches!(info.scheme, AuthScheme::Signature { .. }) {
            ready.signing.push(info.name);
        }
        ready.authenticators.insert(info.name, authenticator);
    }
    ready.secrets = secrets;
    Ok(ready)
}

fn how_to_fill(platform: &str, slots: &[&str]) -> String {
    let variables: Vec<String> = slots.iter().map(|slot| variable(platform, slot)).collect();
    format!(
        "{platform} needs the credential {}: set {} or pass it to the client",
        slots.join(" and "),
        variables.join(" and ")
    )
}

//! From named credential slots to authenticators, by the spec's security schemes.

use std::{
    collections::BTreeMap,
    error::Error as _,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use botroster_auth::{Authenticator, PathRewrite, Recipe, RecipeText, Secret, Signer, Source};

use crate::{Error, ErrorKind, operation::Operation};

/// A security scheme of a spec.
#[derive(Debug)]
pub struct SchemeInfo {
    /// Its name in the spec.
    pub name: &'static str,
    /// What it does.
    pub scheme: Scheme,
}

/// The kinds of schemes.
#[derive(Debug)]
pub enum Scheme {
    /// An HMAC over the request, from the slots `api_key` and `api_secret`.
    Signature {
        /// `algorithm` of the recipe.
        algorithm: &'static str,
        /// `encoding` of the recipe.
        encoding: &'static str,
        /// `timestamp` of the recipe.
        timestamp: &'static str,
        /// `message` of the recipe.
        message: &'static str,
        /// `headers` of the recipe.
        headers: &'static [(&'static str, &'static str)],
        /// `tolerance` of the recipe, in seconds.
        tolerance: u64,
    },
    /// `Authorization: Bearer`.
    Bearer {
        /// Slot of the token.
        slot: &'static str,
    },
    /// RFC 7617, from the slots `username` and `password`.
    Basic,
    /// A key in a header, by a template such as `Basic {key}`.
    Header {
        /// Header name.
        header: &'static str,
        /// Template with `{key}`.
        template: &'static str,
        /// Slot of the key.
        slot: &'static str,
    },
    /// A header that is the same for everybody.
    Constant {
        /// Header name.
        header: &'static str,
        /// Its value.
        value: &'static str,
    },
}

impl Scheme {
    fn slots(&self) -> Vec<&'static str> {
        match self {
            Self::Signature { .. } => vec!["api_key", "api_secret"],
            Self::Basic => vec!["username", "password"],
            Self::Bearer { slot } | Self::Header { slot, .. } => vec![slot],
            Self::Constant { .. } => Vec::new(),
        }
    }
}

/// The name of the environment variable of a slot.
pub(crate) fn variable(platform: &str, slot: &str) -> String {
    format!("{platform}_{slot}").to_uppercase()
}

/// The credentials of a client: where they come from, and what was made of them.
pub(crate) struct Keyring {
    platform: &'static str,
    schemes: &'static [SchemeInfo],
    sources: BTreeMap<String, Source>,
    rewrite: Option<PathRewrite>,
    ready: RwLock<Arc<Ready>>,
    /// Held while sources are read again, so that calls that fail together ask once.
    renewing: Mutex<()>,
}

/// The authenticators made of one reading of the sources.
#[derive(Default)]
pub(crate) struct Ready {
    secrets: BTreeMap<String, Secret>,
    pub(crate) authenticators: BTreeMap<&'static str, Authenticator>,
    /// The schemes among them that sign a time.
    pub(crate) signing: Vec<&'static str>,
    /// What to do about a scheme without credentials.
    missing: BTreeMap<&'static str, String>,
}

impl Keyring {
    /// Reads every source.
    ///
    /// # Errors
    /// A source that cannot be read, a slot that no scheme has, a half-filled scheme, or a malformed credential; never its value.
    pub(crate) fn new(
        platform: &'static str,
        schemes: &'static [SchemeInfo],
        sources: BTreeMap<String, Source>,
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

    /// What requests are authenticated with now.
    pub(crate) fn ready(&self) -> Arc<Ready> {
        Arc::clone(&self.ready.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// After the server refused `used`: whether there are other credentials for these schemes by now. Reads again those sources
    /// that may give another secret, unless another call has done so already.
    pub(crate) fn renew(&self, used: &Arc<Ready>, schemes: &[&'static str]) -> bool {
        let slots = self
            .schemes
            .iter()
            .filter(|info| schemes.contains(&info.name))
            .flat_map(|info| info.scheme.slots());
        let changeable: Vec<(&str, &Source)> = slots
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

    /// `None` if every secret is what it was.
    fn reread(&self, used: &Ready, changeable: &[(&str, &Source)]) -> Result<Option<Ready>, Error> {
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
    /// The first alternative of the operation's security whose credentials are there.
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

fn read(platform: &str, slot: &str, source: &Source) -> Result<Secret, Error> {
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

/// Prepares every scheme whose slots are filled.
///
/// # Errors
/// A slot that no scheme has, a half-filled scheme, or a malformed credential; never its value.
fn prepare(
    platform: &str,
    schemes: &'static [SchemeInfo],
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
            "{platform} has no credential named `{unknown}`: it takes {}",
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
        let authenticator = authenticator(&info.scheme, given, rewrite).map_err(|error| {
            let text = format!("{platform}: {} ({})", error, slots.join(", "));
            Error::new(ErrorKind::Credentials, text)
        })?;
        if matches!(info.scheme, Scheme::Signature { .. }) {
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
        "{platform} needs the credential {}: set {} or give it to the client",
        slots.join(" and "),
        variables.join(" and ")
    )
}

fn authenticator(
    scheme: &Scheme,
    given: &BTreeMap<String, Secret>,
    rewrite: Option<&PathRewrite>,
) -> Result<Authenticator, Box<dyn std::error::Error>> {
    let slot = |name: &str| given.get(name).cloned().unwrap_or_else(|| Secret::new(""));
    Ok(match scheme {
        Scheme::Signature {
            algorithm,
            encoding,
            timestamp,
            message,
            headers,
            tolerance,
        } => {
            let recipe = Recipe::parse(&RecipeText {
                algorithm,
                encoding,
                timestamp,
                message,
                headers,
                tolerance: Duration::from_secs(*tolerance),
            })?;
            let signer = Signer::new(Arc::new(recipe), slot("api_key"), slot("api_secret"))?;
            Authenticator::signature(match rewrite {
                Some(rewrite) => signer.with_signed_path(rewrite.clone()),
                None => signer,
            })
        }
        Scheme::Bearer { slot: name } => Authenticator::bearer(slot(name))?,
        Scheme::Basic => Authenticator::basic(slot("username"), slot("password"))?,
        Scheme::Header {
            header,
            template,
            slot: name,
        } => Authenticator::header(header, template, slot(name))?,
        Scheme::Constant { header, value } => Authenticator::constant(header, value)?,
    })
}

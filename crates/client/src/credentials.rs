//! From named credential slots to authenticators, by the spec's security schemes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use botroster_auth::{Authenticator, PathRewrite, Recipe, RecipeText, Secret, Signer};

use crate::{Error, ErrorKind};

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

pub(crate) struct Ready {
    pub(crate) authenticators: BTreeMap<&'static str, Authenticator>,
    /// The schemes among them that sign a time.
    pub(crate) signing: Vec<&'static str>,
    /// What to do about a scheme without credentials.
    pub(crate) missing: BTreeMap<&'static str, String>,
}

/// Prepares every scheme whose slots are filled.
///
/// # Errors
/// A slot that no scheme has, a half-filled scheme, or a malformed credential; never its value.
pub(crate) fn prepare(
    platform: &str,
    schemes: &'static [SchemeInfo],
    given: &BTreeMap<String, Secret>,
    rewrite: Option<&PathRewrite>,
) -> Result<Ready, Error> {
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
    let mut ready = Ready {
        authenticators: BTreeMap::new(),
        signing: Vec::new(),
        missing: BTreeMap::new(),
    };
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

//! The keys of a platform.

use crate::{
    error::SandboxError,
    hash::{self, mix},
    keys::{AccessKey, Scope},
    spec::Spec,
};
use botroster_auth::{Authenticator, Recipe, RecipeText, Secret, Signer};
use botroster_spec::model::{Scheme, Signature};
use std::{collections::BTreeMap, sync::Arc};

/// A key with an authenticator for each security scheme.
#[derive(Debug)]
pub(super) struct IssuedKey {
    pub(super) public: AccessKey,
    pub(super) by_scheme: BTreeMap<String, Authenticator>,
}

/// Issues a key with credentials of its own.
pub(super) fn issue(
    spec: &Spec,
    seed: u64,
    name: &str,
    access: Vec<Scope>,
) -> Result<IssuedKey, SandboxError> {
    let mut credentials = BTreeMap::new();
    let mut by_scheme = BTreeMap::new();
    // The credentials of the main key do not contain its name.
    let (salt, tag) = match name {
        "main" => (seed, String::new()),
        other => (mix(seed, hash::text(other)), format!("{other}-")),
    };
    for scheme in &spec.schemes {
        let mut make = |slot: &str| {
            let from = mix(mix(salt, hash::text(&spec.platform)), hash::text(slot));
            let words = slot.replace('_', "-");
            let text = format!("sandbox-{tag}{words}-{from:016x}");
            credentials.insert(slot.to_owned(), text.clone());
            Secret::new(text)
        };
        let slots: Vec<Secret> = scheme.slots.iter().map(|slot| make(slot)).collect();
        let authenticator = authenticator(&scheme.scheme, slots);
        let at = format!("securitySchemes.{}", scheme.name);
        let authenticator =
            authenticator.map_err(|why| SandboxError::spec(&spec.platform, &at, &why))?;
        by_scheme.insert(scheme.name.clone(), authenticator);
    }
    Ok(IssuedKey {
        public: AccessKey {
            name: name.to_owned(),
            credentials,
            access,
        },
        by_scheme,
    })
}

/// The authenticator of a scheme, from the secrets of its slots.
fn authenticator(scheme: &Scheme, slots: Vec<Secret>) -> Result<Authenticator, String> {
    let mut slots = slots.into_iter();
    let mut next = || slots.next().ok_or("a scheme without its slots");
    match scheme {
        Scheme::Signature(word) => signature(word, next()?, next()?),
        Scheme::Bearer => Authenticator::bearer(next()?).map_err(text),
        Scheme::Basic => Authenticator::basic(next()?, next()?).map_err(text),
        Scheme::Header { header, template } => {
            Authenticator::header(header, template, next()?).map_err(text)
        }
        Scheme::Constant { header, value } => Authenticator::constant(header, value).map_err(text),
    }
}

fn signature(word: &Signature, key: Secret, secret: Secret) -> Result<Authenticator, String> {
    let headers: Vec<(&str, &str)> = word
        .headers
        .iter()
        .map(|(name, template)| (name.as_str(), template.as_str().unwrap_or_default()))
        .collect();
    let recipe = Recipe::parse(&RecipeText {
        algorithm: &word.algorithm,
        encoding: &word.encoding,
        timestamp: &word.timestamp,
        message: &word.message,
        headers: &headers,
        tolerance: word.tolerance,
    })
    .map_err(text)?;
    let signer = Signer::new(Arc::new(recipe), key, secret).map_err(text)?;
    Ok(Authenticator::signature(signer))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

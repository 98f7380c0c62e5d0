//! The keys of a platform.

use crate::{
    error::SandboxError,
    hash::{self, mix},
    keys::{AccessKey, Scope},
    spec::{
        Scheme, Spec,
        words::{SignatureWord, duration},
    },
};
use botroster_auth::{Authenticator, Recipe, RecipeText, Secret, Signer};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// Tolerance of signatures whose spec states none.
const TOLERANCE: &str = "300s";

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
    for (scheme_name, scheme) in &spec.schemes {
        let mut make = |slot: &str| {
            let from = mix(mix(salt, hash::text(&spec.platform)), hash::text(slot));
            let words = slot.replace('_', "-");
            let text = format!("sandbox-{tag}{words}-{from:016x}");
            credentials.insert(slot.to_owned(), text.clone());
            Secret::new(text)
        };
        let authenticator = match scheme {
            Scheme::Signature(word) => signature(word, make("api_key"), make("api_secret")),
            Scheme::Bearer { slot } => Authenticator::bearer(make(slot)).map_err(text),
            Scheme::Basic => Authenticator::basic(make("username"), make("password")).map_err(text),
            Scheme::Header {
                name,
                template,
                slot,
            } => Authenticator::header(name, template, make(slot)).map_err(text),
            Scheme::Constant { name, value } => Authenticator::constant(name, value).map_err(text),
        };
        let at = format!("securitySchemes.{scheme_name}");
        let authenticator =
            authenticator.map_err(|why| SandboxError::spec(&spec.platform, &at, &why))?;
        by_scheme.insert(scheme_name.clone(), authenticator);
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

/// How far the time of a signature may be off.
pub(super) fn tolerance(word: &SignatureWord) -> Result<Duration, String> {
    let text = word.tolerance.as_deref().unwrap_or(TOLERANCE);
    duration(text).ok_or_else(|| format!("tolerance '{text}' is not a duration such as 300s"))
}

fn signature(word: &SignatureWord, key: Secret, secret: Secret) -> Result<Authenticator, String> {
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
        tolerance: tolerance(word)?,
    })
    .map_err(text)?;
    let signer = Signer::new(Arc::new(recipe), key, secret).map_err(text)?;
    Ok(Authenticator::signature(signer))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

//! Credentials of the sandbox, and whether a request carries them.

use crate::{
    SandboxError,
    hash::{self, mix},
    spec::{
        Operation, Scheme, Spec,
        words::{SignatureWord, duration},
    },
};
use botroster_auth::{Authenticator, Recipe, RecipeText, Secret, Signer, SigningInput};
use http::HeaderMap;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

/// A signature without a stated tolerance is good for this long.
const TOLERANCE: &str = "300s";

/// Everything that can let a request in.
#[derive(Debug)]
pub(crate) struct Gate {
    by_scheme: BTreeMap<String, Authenticator>,
    /// By slot.
    pub(crate) credentials: BTreeMap<String, String>,
}

impl Gate {
    /// Makes credentials that follow from the seed and look like no real ones.
    pub(crate) fn new(spec: &Spec, seed: u64) -> Result<Self, SandboxError> {
        let mut credentials = BTreeMap::new();
        let mut by_scheme = BTreeMap::new();
        for (name, scheme) in &spec.schemes {
            let mut make = |slot: &str| {
                let from = mix(mix(seed, hash::text(&spec.platform)), hash::text(slot));
                let words = slot.replace('_', "-");
                let text = format!("sandbox-{words}-{from:016x}");
                credentials.insert(slot.to_owned(), text.clone());
                Secret::new(text)
            };
            let authenticator = match scheme {
                Scheme::Signature(word) => signature(word, make("api_key"), make("api_secret")),
                Scheme::Bearer { slot } => {
                    Authenticator::bearer(make(slot)).map_err(|error| error.to_string())
                }
                Scheme::Basic => Authenticator::basic(make("username"), make("password"))
                    .map_err(|error| error.to_string()),
                Scheme::Header {
                    name,
                    template,
                    slot,
                } => Authenticator::header(name, template, make(slot))
                    .map_err(|error| error.to_string()),
                Scheme::Constant { name, value } => {
                    Authenticator::constant(name, value).map_err(|error| error.to_string())
                }
            };
            let at = format!("securitySchemes.{name}");
            let authenticator =
                authenticator.map_err(|why| SandboxError::spec(&spec.platform, &at, &why))?;
            by_scheme.insert(name.clone(), authenticator);
        }
        Ok(Self {
            by_scheme,
            credentials,
        })
    }

    /// The requirement that a request meets, by the names of its schemes; `None` when it meets none.
    pub(crate) fn admit(
        &self,
        operation: &Operation,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Option<String> {
        if operation.security.is_empty() {
            return Some(String::new());
        }
        let holds = |scheme: &String| {
            let authenticator = self.by_scheme.get(scheme);
            authenticator
                .is_some_and(|authenticator| authenticator.verify(input, headers, now).is_ok())
        };
        let met = operation
            .security
            .iter()
            .find(|schemes| schemes.iter().all(holds));
        met.map(|schemes| schemes.join("+"))
    }
}

fn signature(word: &SignatureWord, key: Secret, secret: Secret) -> Result<Authenticator, String> {
    let headers: Vec<(&str, &str)> = word
        .headers
        .iter()
        .map(|(name, template)| (name.as_str(), template.as_str().unwrap_or_default()))
        .collect();
    let tolerance = word.tolerance.as_deref().unwrap_or(TOLERANCE);
    let recipe = Recipe::parse(&RecipeText {
        algorithm: &word.algorithm,
        encoding: &word.encoding,
        timestamp: &word.timestamp,
        message: &word.message,
        headers: &headers,
        tolerance: duration(tolerance)
            .ok_or_else(|| format!("tolerance '{tolerance}' is no duration such as 300s"))?,
    })
    .map_err(|error| error.to_string())?;
    let signer = Signer::new(Arc::new(recipe), key, secret).map_err(|error| error.to_string())?;
    Ok(Authenticator::signature(signer))
}

/// The scope parameters of a request that name something else than the sandbox's.
pub(crate) fn foreign_scope<'a>(
    scope: &'a [(String, String)],
    params: &BTreeMap<String, Value>,
    body: Option<&Value>,
) -> Vec<&'a str> {
    let given = |name: &str| params.get(name).or_else(|| body?.get(name));
    scope
        .iter()
        .filter(|(name, own)| given(name).is_some_and(|value| crate::params::text(value) != *own))
        .map(|(name, _)| name.as_str())
        .collect()
}

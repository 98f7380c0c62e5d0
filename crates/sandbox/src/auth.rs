//! Credentials of the sandbox, and whether a request carries them.

use crate::{
    SandboxError,
    hash::{self, mix},
    keys::{AccessKey, Scope},
    reasons::Carrier,
    recorded::SignatureVerdict,
    signature::{Pair, Question, Recipe, judge},
    spec::{
        Operation, Scheme, Spec,
        words::{SignatureWord, duration},
    },
};
use botroster_auth::{Authenticator, Recipe as Signing, RecipeText, Secret, Signer, SigningInput};
use http::HeaderMap;
use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

/// A signature without a stated tolerance is good for this long.
const TOLERANCE: &str = "300s";

/// Everything that can let a request in.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// That of the first scope first.
    keys: Vec<Key>,
    schemes: BTreeMap<String, Kind>,
    base_path: String,
}

#[derive(Debug)]
struct Key {
    public: AccessKey,
    by_scheme: BTreeMap<String, Authenticator>,
}

#[derive(Debug)]
enum Kind {
    Signature(Recipe),
    Header(Scheme),
}

/// A request that was let in.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// The number of the key; none where no credentials are asked for.
    pub(crate) key: Option<usize>,
    /// What rate limits count by.
    pub(crate) credential: String,
}

/// Header and sentence, for each thing that is wrong.
pub(crate) type Reasons = Vec<(Option<String>, String)>;

impl Gate {
    /// Makes credentials that follow from the seed and look like no real ones.
    pub(crate) fn new(spec: &Spec, seed: u64, scopes: &[Scope]) -> Result<Self, SandboxError> {
        let main = scopes.iter().take(1).cloned().collect();
        let access = [
            ("main", main),
            ("all", scopes.to_vec()),
            ("none", Vec::new()),
        ];
        let keys = access
            .into_iter()
            .map(|(name, access)| key(spec, seed, name, access));
        let schemes = spec.schemes.iter().map(|(name, scheme)| {
            let kind = match scheme {
                Scheme::Signature(word) => {
                    Kind::Signature(Recipe::read(word, tolerance(word).unwrap_or_default()))
                }
                other => Kind::Header(other.clone()),
            };
            (name.clone(), kind)
        });
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
            schemes: schemes.collect(),
            base_path: spec.base_path.clone(),
        })
    }

    /// The keys, as others may see them.
    pub(crate) fn keys(&self) -> Vec<AccessKey> {
        self.keys.iter().map(|key| key.public.clone()).collect()
    }

    /// The name of the key that a request came with.
    pub(crate) fn name(&self, admitted: &Admitted) -> &str {
        let key = admitted.key.and_then(|key| self.keys.get(key));
        key.map_or("", |key| key.public.name.as_str())
    }

    /// Whether a key may see a scope.
    pub(crate) fn may_see(&self, admitted: &Admitted, scope: &Scope) -> bool {
        let key = admitted.key.and_then(|key| self.keys.get(key));
        key.is_none_or(|key| key.public.access.contains(scope))
    }

    /// The requirement that a request meets, or everything that keeps it from the one that it seems to mean; and the verdict on its
    /// signature, where it has one.
    pub(crate) fn admit(
        &self,
        operation: &Operation,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> (Result<Admitted, Reasons>, Option<SignatureVerdict>) {
        let anonymous = Admitted {
            key: None,
            credential: String::new(),
        };
        if operation.security.is_empty() {
            return (Ok(anonymous), None);
        }
        let requirements = operation.security.iter();
        let filled = requirements.filter(|schemes| !schemes.is_empty());
        for schemes in filled {
            for (number, key) in self.keys.iter().enumerate() {
                let holds = |scheme: &String| {
                    let authenticator = key.by_scheme.get(scheme);
                    authenticator.is_some_and(|one| one.verify(input, headers, now).is_ok())
                };
                if schemes.iter().all(holds) {
                    let admitted = Admitted {
                        key: Some(number),
                        credential: format!("{}:{}", key.public.name, schemes.join("+")),
                    };
                    let mut verdicts = schemes.iter().filter_map(|scheme| {
                        Some(self.signature(scheme, input, headers, now, true)?.0)
                    });
                    return (Ok(admitted), verdicts.next());
                }
            }
        }
        if operation.security.iter().any(Vec::is_empty) {
            return (Ok(anonymous), None);
        }
        self.refuse(operation, input, headers, now)
    }

    fn refuse(
        &self,
        operation: &Operation,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> (Result<Admitted, Reasons>, Option<SignatureVerdict>) {
        let likeness = |schemes: &&Vec<String>| -> u32 {
            let each = schemes.iter().map(|scheme| self.likeness(scheme, headers));
            each.map(u32::from).sum()
        };
        let mut meant: Option<&Vec<String>> = None;
        for schemes in &operation.security {
            if meant.is_none_or(|other| likeness(&schemes) > likeness(&other)) {
                meant = Some(schemes);
            }
        }
        let mut reasons = Reasons::new();
        let mut verdict = None;
        for scheme in meant.into_iter().flatten() {
            if self.holds(scheme, input, headers, now) {
                continue;
            }
            if let Some((own, wrong)) = self.signature(scheme, input, headers, now, false) {
                verdict = Some(own);
                reasons.extend(wrong);
            } else if let Some(Kind::Header(scheme)) = self.schemes.get(scheme)
                && let Some(carrier) = Carrier::of(scheme)
            {
                let keys: Vec<_> = self
                    .keys
                    .iter()
                    .map(|key| &key.public.credentials)
                    .collect();
                let reason = carrier.reason(headers, &keys);
                reasons.push((Some(carrier.name.to_owned()), reason));
            }
        }
        if reasons.is_empty() {
            // Each holds for some key, but no key for all.
            reasons.push((None, "the credentials are of different keys".to_owned()));
        }
        (Err(reasons), verdict)
    }

    fn holds(
        &self,
        scheme: &str,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> bool {
        let mut own = self.keys.iter().filter_map(|key| key.by_scheme.get(scheme));
        own.any(|authenticator| authenticator.verify(input, headers, now).is_ok())
    }

    fn signature(
        &self,
        scheme: &str,
        input: &SigningInput<'_>,
        headers: &HeaderMap,
        now: SystemTime,
        accepted: bool,
    ) -> Option<(SignatureVerdict, Reasons)> {
        let Some(Kind::Signature(recipe)) = self.schemes.get(scheme) else {
            return None;
        };
        let pairs = self.keys.iter().filter_map(|key| {
            Some(Pair {
                name: &key.public.name,
                key: key.public.credentials.get("api_key")?,
                secret: key.public.credentials.get("api_secret")?,
            })
        });
        let question = Question {
            scheme,
            recipe,
            input,
            headers,
            now,
            base_path: &self.base_path,
            pairs: pairs.collect(),
        };
        Some(judge(&question, accepted))
    }

    /// How much a request looks as if it meant a scheme.
    fn likeness(&self, scheme: &str, headers: &HeaderMap) -> u8 {
        match self.schemes.get(scheme) {
            Some(Kind::Signature(recipe)) => recipe.likeness(headers),
            Some(Kind::Header(scheme)) => {
                Carrier::of(scheme).map_or(0, |carrier| carrier.likeness(headers))
            }
            None => 0,
        }
    }
}

/// A key by this name, with credentials of its own.
fn key(spec: &Spec, seed: u64, name: &str, access: Vec<Scope>) -> Result<Key, SandboxError> {
    let mut credentials = BTreeMap::new();
    let mut by_scheme = BTreeMap::new();
    // Those of the main key have no name in them.
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
            Scheme::Bearer { slot } => {
                Authenticator::bearer(make(slot)).map_err(|error| error.to_string())
            }
            Scheme::Basic => Authenticator::basic(make("username"), make("password"))
                .map_err(|error| error.to_string()),
            Scheme::Header {
                name,
                template,
                slot,
            } => {
                Authenticator::header(name, template, make(slot)).map_err(|error| error.to_string())
            }
            Scheme::Constant { name, value } => {
                Authenticator::constant(name, value).map_err(|error| error.to_string())
            }
        };
        let at = format!("securitySchemes.{scheme_name}");
        let authenticator =
            authenticator.map_err(|why| SandboxError::spec(&spec.platform, &at, &why))?;
        by_scheme.insert(scheme_name.clone(), authenticator);
    }
    Ok(Key {
        public: AccessKey {
            name: name.to_owned(),
            credentials,
            access,
        },
        by_scheme,
    })
}

fn tolerance(word: &SignatureWord) -> Result<std::time::Duration, String> {
    let text = word.tolerance.as_deref().unwrap_or(TOLERANCE);
    duration(text).ok_or_else(|| format!("tolerance '{text}' is no duration such as 300s"))
}

fn signature(word: &SignatureWord, key: Secret, secret: Secret) -> Result<Authenticator, String> {
    let headers: Vec<(&str, &str)> = word
        .headers
        .iter()
        .map(|(name, template)| (name.as_str(), template.as_str().unwrap_or_default()))
        .collect();
    let recipe = Signing::parse(&RecipeText {
        algorithm: &word.algorithm,
        encoding: &word.encoding,
        timestamp: &word.timestamp,
        message: &word.message,
        headers: &headers,
        tolerance: tolerance(word)?,
    })
    .map_err(|error| error.to_string())?;
    let signer = Signer::new(Arc::new(recipe), key, secret).map_err(|error| error.to_string())?;
    Ok(Authenticator::signature(signer))
}

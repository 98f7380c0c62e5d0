//! Whether a request carries credentials of the sandbox, and what they give access to.

use super::{
    credentials::{self, IssuedKey},
    header::CredentialHeader,
    signature::{
        explain::{KeyPair, SignatureCase, judge},
        recipe::SignatureRecipe,
    },
};
use crate::{
    error::SandboxError,
    keys::{AccessKey, Scope},
    recorded::SignatureVerdict,
    spec::{Operation, Spec},
};
use botroster_auth::{Authenticator, SigningInput};
use botroster_spec::model::{Scheme, SecurityScheme};
use http::HeaderMap;
use std::{collections::BTreeMap, time::SystemTime};

/// The issued keys and the security schemes of a platform.
#[derive(Debug, Default)]
pub(crate) struct AccessControl {
    /// That for the first scope first.
    keys: Vec<IssuedKey>,
    schemes: BTreeMap<String, KnownScheme>,
    base_path: String,
}

#[derive(Debug)]
enum KnownScheme {
    Signature(SignatureRecipe),
    Header(SecurityScheme),
}

/// An authenticated request.
#[derive(Debug)]
pub(crate) struct Admission {
    /// The position of the key; `None` if the operation requires no credentials.
    pub(crate) key: Option<usize>,
    /// Rate limits count per credential.
    pub(crate) credential: String,
}

/// Header and description of each problem.
pub(crate) type CredentialProblems = Vec<(Option<String>, String)>;

/// The result of an authentication, and the verdict on the signature, if there is one.
type Judgement = (
    Result<Admission, CredentialProblems>,
    Option<SignatureVerdict>,
);

/// What a request is authenticated by.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) input: &'a SigningInput<'a>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) now: SystemTime,
}

impl Attempt<'_> {
    fn passes(&self, authenticator: Option<&Authenticator>) -> bool {
        authenticator.is_some_and(|one| one.verify(self.input, self.headers, self.now).is_ok())
    }
}

impl AccessControl {
    /// Issues credentials derived from the seed that resemble no real ones.
    pub(crate) fn new(spec: &Spec, seed: u64, scopes: &[Scope]) -> Result<Self, SandboxError> {
        let main = scopes.iter().take(1).cloned().collect();
        let access = [
            ("main", main),
            ("all", scopes.to_vec()),
            ("none", Vec::new()),
        ];
        let keys = access
            .into_iter()
            .map(|(name, access)| credentials::issue(spec, seed, name, access));
        let schemes = spec.schemes.iter().map(|scheme| {
            let known = match &scheme.scheme {
                Scheme::Signature(word) => KnownScheme::Signature(SignatureRecipe::read(word)),
                _ => KnownScheme::Header(scheme.clone()),
            };
            (scheme.name.clone(), known)
        });
        Ok(Self {
            keys: keys.collect::<Result<_, _>>()?,
            schemes: schemes.collect(),
            base_path: spec.base_path.clone(),
        })
    }

    /// The keys for public use.
    pub(crate) fn keys(&self) -> Vec<AccessKey> {
        self.keys.iter().map(|key| key.public.clone()).collect()
    }

    /// The name of the key that a request used.
    pub(crate) fn name(&self, admitted: &Admission) -> &str {
        let key = admitted.key.and_then(|key| self.keys.get(key));
        key.map_or("", |key| key.public.name.as_str())
    }

    /// Returns whether a key may access a scope.
    pub(crate) fn may_access(&self, admitted: &Admission, scope: &Scope) -> bool {
        let key = admitted.key.and_then(|key| self.keys.get(key));
        key.is_none_or(|key| key.public.access.contains(scope))
    }

    /// Authenticates a request. On failure, returns the problems with the security requirement that it seems to attempt.
    pub(crate) fn admit(&self, operation: &Operation, attempt: Attempt<'_>) -> Judgement {
        let anonymous = Admission {
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
                let holds = |scheme: &String| attempt.passes(key.by_scheme.get(scheme));
                if schemes.iter().all(holds) {
                    let admitted = Admission {
                        key: Some(number),
                        credential: format!("{}:{}", key.public.name, schemes.join("+")),
                    };
                    let mut verdicts = schemes
                        .iter()
                        .filter_map(|scheme| Some(self.signature(scheme, attempt, true)?.0));
                    return (Ok(admitted), verdicts.next());
                }
            }
        }
        if operation.security.iter().any(Vec::is_empty) {
            return (Ok(anonymous), None);
        }
        self.refuse(operation, attempt)
    }

    fn refuse(&self, operation: &Operation, attempt: Attempt<'_>) -> Judgement {
        let headers = attempt.headers;
        let likelihood = |schemes: &&Vec<String>| -> u32 {
            let each = schemes
                .iter()
                .map(|scheme| self.likelihood(scheme, headers));
            each.map(u32::from).sum()
        };
        let mut attempted: Option<&Vec<String>> = None;
        for schemes in &operation.security {
            if attempted.is_none_or(|other| likelihood(&schemes) > likelihood(&other)) {
                attempted = Some(schemes);
            }
        }
        let mut problems = CredentialProblems::new();
        let mut verdict = None;
        for scheme in attempted.into_iter().flatten() {
            let mut keys = self.keys.iter();
            if keys.any(|key| attempt.passes(key.by_scheme.get(scheme))) {
                continue;
            }
            if let Some((own, wrong)) = self.signature(scheme, attempt, false) {
                verdict = Some(own);
                problems.extend(wrong);
            } else if let Some(KnownScheme::Header(scheme)) = self.schemes.get(scheme)
                && let Some(header) = CredentialHeader::of(scheme)
            {
                let keys: Vec<_> = self
                    .keys
                    .iter()
                    .map(|key| &key.public.credentials)
                    .collect();
                let problem = header.problem(headers, &keys);
                problems.push((Some(header.name.to_owned()), problem));
            }
        }
        if problems.is_empty() {
            // Each credential is valid for some key, but they belong to different ones.
            problems.push((None, "the credentials belong to different keys".to_owned()));
        }
        (Err(problems), verdict)
    }

    fn signature(
        &self,
        scheme: &str,
        attempt: Attempt<'_>,
        accepted: bool,
    ) -> Option<(SignatureVerdict, CredentialProblems)> {
        let Some(KnownScheme::Signature(recipe)) = self.schemes.get(scheme) else {
            return None;
        };
        let pairs = self.keys.iter().filter_map(|key| {
            Some(KeyPair {
                name: &key.public.name,
                key: key.public.credentials.get("api_key")?,
                secret: key.public.credentials.get("api_secret")?,
            })
        });
        let case = SignatureCase {
            scheme,
            recipe,
            input: attempt.input,
            headers: attempt.headers,
            now: attempt.now,
            base_path: &self.base_path,
            pairs: pairs.collect(),
        };
        Some(judge(&case, accepted))
    }

    /// How likely a request attempts a scheme.
    fn likelihood(&self, scheme: &str, headers: &HeaderMap) -> u8 {
        match self.schemes.get(scheme) {
            Some(KnownScheme::Signature(recipe)) => recipe.likelihood(headers),
            Some(KnownScheme::Header(scheme)) => {
                CredentialHeader::of(scheme).map_or(0, |header| header.likelihood(headers))
            }
            None => 0,
        }
    }
}

//! A platform: its spec, its data, and what was written to it.

pub(crate) mod arguments;
pub(crate) mod dump;
mod limit;
mod resolve_targets;
mod state;
pub(crate) mod summary;
pub(crate) mod target;

use crate::{
    access::control::AccessControl,
    data::{Collection, build, ids::IdCode},
    error::SandboxError,
    hash::{self, mix},
    keys::Scope,
    options::{Churn, SandboxOptions},
    spec::Spec,
};
use serde_json::Value;
use state::PlatformState;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use target::OperationTarget;

/// Number of scopes besides the first, on platforms that have scopes.
const OTHER_SCOPES: u64 = 1;

#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) spec: Arc<Spec>,
    pub(crate) scope: Vec<(String, String)>,
    /// All scopes, this one first; empty in the platforms of the other scopes.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) access: AccessControl,
    pub(crate) collections: Vec<Collection>,
    /// In the order of the operations.
    pub(crate) targets: Vec<OperationTarget>,
    /// The encoding of page tokens.
    pub(crate) page_tokens: IdCode,
    state: Mutex<PlatformState>,
    pub(crate) churn: Churn,
    /// The same platform in its other scopes, with other people.
    others: Vec<Arc<Platform>>,
}

impl Platform {
    pub(crate) fn new(spec: Spec, options: &SandboxOptions) -> Result<Self, SandboxError> {
        let spec = Arc::new(spec);
        let mut main = Self::in_one_scope(&spec, options);
        let others = if spec.scope.is_empty() {
            0
        } else {
            OTHER_SCOPES
        };
        main.others = (0..others)
            .map(|number| {
                let options = SandboxOptions {
                    seed: mix(mix(options.seed, 0xb07), number),
                    ..options.clone()
                };
                Arc::new(Self::in_one_scope(&spec, &options))
            })
            .collect();
        let scopes = std::iter::once(&main.scope).chain(main.others.iter().map(|one| &one.scope));
        let scopes: Vec<Scope> = scopes
            .map(|scope| scope.iter().cloned().collect())
            .collect();
        main.access = AccessControl::new(&spec, options.seed, &scopes)?;
        main.scopes = scopes;
        Ok(main)
    }

    fn in_one_scope(spec: &Arc<Spec>, options: &SandboxOptions) -> Self {
        let scope = build::scope(spec, options.seed);
        let collections = build::collections(spec, &scope, options);
        let key = mix(mix(options.seed, hash::text(&spec.platform)), 0x70c3);
        Self {
            page_tokens: IdCode::new(&Value::Null, key),
            targets: resolve_targets::resolve(spec, &scope, &collections),
            scope,
            scopes: Vec::new(),
            access: AccessControl::default(),
            collections,
            spec: Arc::clone(spec),
            state: Mutex::default(),
            churn: options.churn,
            others: Vec::new(),
        }
    }

    /// The platform in each of its scopes, this one first.
    pub(crate) fn all_scopes(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        std::iter::once(self).chain(&self.others)
    }

    /// Discards writes, recorded requests and the counts of rate limits.
    pub(crate) fn reset(&self) {
        self.state().reset();
        self.others.iter().for_each(|other| other.reset());
    }

    /// What changes while the sandbox runs.
    pub(crate) fn state(&self) -> MutexGuard<'_, PlatformState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! One platform: its spec, its data, and what was written to it.

use crate::{
    Churn, SandboxError, SandboxOptions,
    auth::Gate,
    data::{Collection, View, build, ids::IdCode, shape::Shape},
    hash::{self, mix},
    keys::Scope,
    limit::Limiter,
    params::{self, Params},
    recorded::RecordedRequest,
    spec::{Spec, words::Change},
    store::Store,
    targets,
};
use serde_json::Value;
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many requests the log keeps.
const LOGGED: usize = 1000;
/// How many scopes there are besides the first, where a platform has any.
const OTHERS: u64 = 1;

#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) spec: Arc<Spec>,
    pub(crate) scope: Vec<(String, String)>,
    /// That of this one first; empty in those besides the first.
    pub(crate) scopes: Vec<Scope>,
    pub(crate) gate: Gate,
    pub(crate) collections: Vec<Collection>,
    /// What each operation does, in their order.
    pub(crate) targets: Vec<Target>,
    /// The code of page tokens.
    pub(crate) tokens: IdCode,
    state: Mutex<State>,
    /// How lists change while they are read.
    pub(crate) churn: Churn,
    /// The same platform with other ids in its scope and other people.
    others: Vec<Arc<Platform>>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) limiter: Limiter,
    pub(crate) requests: u64,
    /// The records that pages ended with, by collection and by what the next page is asked for with.
    pub(crate) ends: HashMap<(usize, String), u64>,
    /// With the number of each among the requests to all platforms.
    log: VecDeque<(u64, RecordedRequest)>,
    /// The last of these numbers that was given out.
    counter: Arc<AtomicU64>,
    /// How many requests were recorded.
    pub(crate) recorded: u64,
}

/// What an operation does.
#[derive(Debug)]
pub(crate) enum Target {
    /// Lists the collections that name the operation.
    List,
    /// Shows one record.
    Read {
        collection: usize,
        parameter: String,
        shape: Shape,
    },
    Write {
        collection: usize,
        /// The parameter with the record's id; none for a new record.
        parameter: Option<String>,
        change: Change,
        place: String,
        /// Set when the answer is the record itself.
        shape: Option<Shape>,
    },
    Csv {
        collection: usize,
        columns: Vec<Column>,
    },
    /// Anything else: an answer made from its schema alone.
    Other(Option<Shape>),
}

/// A column of a CSV answer.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) headline: String,
    pub(crate) property: String,
    pub(crate) source: Source,
}

#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A pointer into the record as it is listed.
    Record(String),
    /// Only the export has it.
    Own(Box<Shape>),
}

impl Platform {
    pub(crate) fn new(spec: Spec, options: &SandboxOptions) -> Result<Self, SandboxError> {
        let spec = Arc::new(spec);
        let mut main = Self::bot(&spec, options)?;
        // What has no scope has one bot.
        let others = if spec.scope.is_empty() { 0 } else { OTHERS };
        for number in 0..others {
            let seed = mix(mix(options.seed, 0xb07), number);
            let options = SandboxOptions {
                seed,
                ..options.clone()
            };
            main.others.push(Arc::new(Self::bot(&spec, &options)?));
        }
        let others = main.others.iter().map(|bot| &bot.scope);
        let scopes = std::iter::once(&main.scope).chain(others);
        let scopes: Vec<Scope> = scopes
            .map(|scope| scope.iter().cloned().collect())
            .collect();
        main.gate = Gate::new(&spec, options.seed, &scopes)?;
        main.scopes = scopes;
        Ok(main)
    }

    fn bot(spec: &Arc<Spec>, options: &SandboxOptions) -> Result<Self, SandboxError> {
        let scope = build::scope(spec, options.seed);
        let collections = build::collections(spec, &scope, options);
        let targets = targets::of(spec, &scope, &collections);
        let key = mix(mix(options.seed, hash::text(&spec.platform)), 0x70c3);
        Ok(Self {
            tokens: IdCode::new(&Value::Null, key),
            scopes: Vec::new(),
            scope,
            gate: Gate::default(),
            targets,
            collections,
            spec: Arc::clone(spec),
            state: Mutex::default(),
            churn: options.churn,
            others: Vec::new(),
        })
    }

    /// The platform in each of its scopes, this one first.
    pub(crate) fn bots(self: &Arc<Self>) -> Vec<Arc<Self>> {
        let main = std::iter::once(Arc::clone(self));
        main.chain(self.others.iter().map(Arc::clone)).collect()
    }

    /// The platform in the scope that a request names; in the first where it names no other.
    pub(crate) fn meant(self: &Arc<Self>, (params, body): (&Params, Option<&Value>)) -> Arc<Self> {
        let has = |(name, own): &(String, String)| {
            let given = params.get(name).or_else(|| body?.get(name));
            given.is_none_or(|given| params::text(given) == *own)
        };
        let others = self.others.iter();
        let meant = others.filter(|bot| bot.scope.iter().all(has));
        let first = self.scope.iter().all(has).then_some(self);
        Arc::clone(first.or(meant.last()).unwrap_or(self))
    }

    /// Forgets writes, recorded requests, and what rate limits counted.
    pub(crate) fn reset(&self) {
        self.state().reset();
        self.others.iter().for_each(|bot| bot.reset());
    }

    /// What changes while the sandbox runs.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers requests with those of other platforms.
    pub(crate) fn number_by(&self, counter: &Arc<AtomicU64>) {
        self.state().counter = Arc::clone(counter);
    }

    /// The records of a page of a view, and where it ends.
    pub(crate) fn records(
        &self,
        at: usize,
        view: &View,
        from: u64,
        size: u64,
        turned: bool,
    ) -> (Vec<Value>, u64, u64) {
        let Some(collection) = self.collections.get(at) else {
            return (Vec::new(), 0, 0);
        };
        let state = self.state();
        let total = state.store.len((at, collection), view);
        let end = from.saturating_add(size).min(total);
        let records = (from..end)
            .filter_map(|position| {
                let position = if turned {
                    total - 1 - position
                } else {
                    position
                };
                let index = state.store.index((at, collection), view, position)?;
                Some(
                    state
                        .store
                        .record((at, collection), index, &collection.shape),
                )
            })
            .collect();
        (records, end, total)
    }
}

impl State {
    /// As it was at the start; numbers go on.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            counter: Arc::clone(&self.counter),
            ..Self::default()
        };
    }

    /// Records a request under the next number.
    pub(crate) fn note(&mut self, entry: RecordedRequest) {
        self.recorded += 1;
        let entry = RecordedRequest {
            number: self.recorded,
            ..entry
        };
        if self.log.len() == LOGGED {
            self.log.pop_front();
        }
        let seq = self.counter.fetch_add(1, Ordering::Relaxed) + 1;
        self.log.push_back((seq, entry));
    }

    /// The last requests, oldest first.
    pub(crate) fn logged(&self) -> impl Iterator<Item = &(u64, RecordedRequest)> {
        self.log.iter()
    }
}

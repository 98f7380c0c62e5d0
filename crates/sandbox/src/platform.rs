//! One platform: its spec, its data, and what was written to it.

use crate::{
    SandboxError, SandboxOptions,
    auth::Gate,
    data::{Collection, View, build, ids::IdCode, shape::Shape},
    hash::{self, mix},
    limit::Limiter,
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

#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) spec: Spec,
    pub(crate) scope: Vec<(String, String)>,
    pub(crate) gate: Gate,
    pub(crate) collections: Vec<Collection>,
    /// What each operation does, in their order.
    pub(crate) targets: Vec<Target>,
    /// The code of page tokens.
    pub(crate) tokens: IdCode,
    state: Mutex<State>,
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
    recorded: u64,
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
        let scope = build::scope(&spec, options.seed);
        let collections = build::collections(&spec, &scope, options);
        let gate = Gate::new(&spec, options.seed)?;
        let targets = targets::of(&spec, &scope, &collections);
        let key = mix(mix(options.seed, hash::text(&spec.platform)), 0x70c3);
        Ok(Self {
            tokens: IdCode::new(&Value::Null, key),
            scope,
            gate,
            targets,
            collections,
            spec,
            state: Mutex::default(),
        })
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

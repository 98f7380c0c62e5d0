//! One platform: its spec, its data, and what was written to it.

use crate::{
    SandboxError, SandboxOptions,
    auth::Gate,
    data::{
        Collection, View, build,
        ids::IdCode,
        shape::{Compiler, Shape},
    },
    hash::{self, mix},
    limit::Limiter,
    pointer,
    schema::properties,
    spec::{Operation, Segment, Spec, words::Change},
    store::Store,
};
use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
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
    log: VecDeque<LogEntry>,
}

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they came in.
    pub target: String,
    /// The status of the response.
    pub status: u16,
}

/// What an operation does.
#[derive(Debug)]
pub(crate) enum Target {
    /// Lists the collections that name the operation.
    List,
    /// Shows one record.
    Read { collection: usize, parameter: String, shape: Shape },
    Write {
        collection: usize,
        /// The parameter with the record's id; none for a new record.
        parameter: Option<String>,
        change: Change,
        place: String,
        /// Set when the answer is the record itself.
        shape: Option<Shape>,
    },
    Csv { collection: usize, columns: Vec<Column> },
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
    Own(Shape),
}

impl Platform {
    pub(crate) fn new(spec: Spec, options: &SandboxOptions) -> Result<Self, SandboxError> {
        let scope = build::scope(&spec, options.seed);
        let collections = build::collections(&spec, &scope, options);
        let gate = Gate::new(&spec, options.seed)?;
        let builder = Builder { spec: &spec, scope: &scope, collections: &collections };
        let targets = spec.operations.iter().enumerate().map(|(at, operation)| builder.target(at, operation)).collect();
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

    /// The records of a page of a view, and where it ends.
    pub(crate) fn records(&self, at: usize, view: &View, from: u64, size: u64, turned: bool) -> (Vec<Value>, u64, u64) {
        let Some(collection) = self.collections.get(at) else { return (Vec::new(), 0, 0) };
        let state = self.state();
        let total = state.store.len((at, collection), view);
        let end = from.saturating_add(size).min(total);
        let records = (from..end)
            .filter_map(|position| {
                let position = if turned { total - 1 - position } else { position };
                let index = state.store.index((at, collection), view, position)?;
                Some(state.store.record((at, collection), index, &collection.shape))
            })
            .collect();
        (records, end, total)
    }
}

impl State {
    pub(crate) fn note(&mut self, entry: LogEntry) {
        if self.log.len() == LOGGED {
            self.log.pop_front();
        }
        self.log.push_back(entry);
    }

    pub(crate) fn log(&self) -> Vec<LogEntry> {
        self.log.iter().cloned().collect()
    }
}

struct Builder<'a> {
    spec: &'a Spec,
    scope: &'a [(String, String)],
    collections: &'a [Collection],
}

impl Builder<'_> {
    fn target(&self, at: usize, operation: &Operation) -> Target {
        if let Some(csv) = &operation.csv {
            if let Some(collection) = self.list_above(operation, false) {
                return Target::Csv { collection, columns: self.columns(collection, csv) };
            }
        }
        if let Some(effect) = &operation.effect {
            let collections = build::by_name(self.collections);
            if let Some(collection) = collections.get(&effect.stream).copied() {
                return self.write(operation, collection, effect.change, &effect.at);
            }
        }
        if self.collections.iter().any(|collection| collection.operation == at) {
            return Target::List;
        }
        let read = self.list_above(operation, true).zip(self.record_parameter(operation));
        if let Some((collection, parameter)) = read {
            if let Some(schema) = self.payload(operation) {
                return Target::Read { collection, parameter, shape: self.shape(&schema, Some(collection)) };
            }
        }
        Target::Other(operation.success.json().map(|schema| self.shape(schema, None)))
    }

    fn write(&self, operation: &Operation, collection: usize, change: Change, place: &str) -> Target {
        let payload = self.payload(operation).filter(|schema| self.is_record(schema, collection));
        Target::Write {
            collection,
            parameter: self.record_parameter(operation).filter(|_| change != Change::Create),
            change,
            place: place.to_owned(),
            shape: payload.map(|schema| self.shape(&schema, Some(collection))),
        }
    }

    /// The flat schema of what an answer is about, without its envelope.
    fn payload(&self, operation: &Operation) -> Option<Value> {
        let data = operation.envelope.data.as_deref().unwrap_or_default();
        let inside = if operation.envelope.unwrap.is_some() { "/*" } else { "" };
        self.spec.schemas.walk(operation.success.json()?, &format!("{data}{inside}"))
    }

    /// Whether a schema shows more of a record than its id.
    fn is_record(&self, schema: &Value, collection: usize) -> bool {
        let shape = self.collections.get(collection).map(|collection| &collection.shape);
        let shared = properties(schema).filter(|(name, _)| {
            shape.is_some_and(|shape| shape.find(&pointer::child("", name)).is_some())
        });
        schema.get("x-maps-to").is_some() || shared.count() > 2
    }

    /// The list whose path this operation's path goes on from: by one parameter, or by anything.
    fn list_above(&self, operation: &Operation, by_parameter: bool) -> Option<usize> {
        let lists = self.collections.iter().enumerate();
        let above = lists.filter_map(|(at, collection)| {
            let template = &self.spec.operations.get(collection.operation)?.template;
            let rest = operation.template.strip_prefix(template.as_slice())?;
            let fits = match rest {
                [Segment::Parameter { .. }] => by_parameter,
                [_, ..] => !by_parameter,
                [] => false,
            };
            fits.then_some((template.len(), at))
        });
        // The longest path, and of several streams of one list the first.
        above.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, at)| at)
    }

    /// The last parameter of the path that is no scope.
    fn record_parameter(&self, operation: &Operation) -> Option<String> {
        let own = operation.path_parameters().filter(|name| !self.spec.scope.iter().any(|scope| scope == name));
        own.last().map(str::to_owned)
    }

    /// A schema compiled so that it shares the values of a collection's records.
    fn shape(&self, schema: &Value, collection: Option<usize>) -> Shape {
        let collection = collection.and_then(|at| self.collections.get(at));
        let none = crate::data::roles::Roles::default();
        let ids = |at: &str, _, _: &Value| collection?.shape.find(at)?.id.clone();
        let compiler = Compiler {
            schemas: &self.spec.schemas,
            roles: collection.map_or(&none, |collection| &collection.roles),
            scope: self.scope,
            ids: &ids,
        };
        compiler.compile(schema)
    }

    fn columns(&self, collection: usize, csv: &crate::spec::words::Csv) -> Vec<Column> {
        let reference = serde_json::json!({"$ref": format!("#/components/schemas/{}", csv.row)});
        let row = self.shape(&reference, None);
        let listed = self.collections.get(collection).map(|collection| &collection.shape);
        let column = |headline: &str, property: &str| {
            let mut found: Vec<&str> = Vec::new();
            if let Some(shape) = listed {
                shape.visit(&mut |shape| {
                    if !shape.at.contains('*') && pointer::leaf(&shape.at) == property {
                        found.push(&shape.at);
                    }
                });
            }
            let nearest = found.into_iter().min_by_key(|at| at.matches('/').count());
            let own = row.find(&pointer::child("", property)).unwrap_or(&row);
            Column {
                headline: headline.to_owned(),
                property: property.to_owned(),
                source: nearest.map_or_else(|| Source::Own(own.clone()), |at| Source::Record(at.to_owned())),
            }
        };
        let headlines = csv.columns.iter().map(|(headline, property)| (headline.as_str(), property.as_str().unwrap_or(headline)));
        headlines.map(|(headline, property)| column(headline, property)).collect()
    }
}

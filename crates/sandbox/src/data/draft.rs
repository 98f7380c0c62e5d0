//! Collections before their shapes are compiled.

use super::{
    CHILDREN, RecordKey, Seeds,
    ids::{CREATED_FROM, IdCode},
    roles::RecordRoles,
};
use crate::{
    hash::{self, mix},
    options::SandboxOptions,
    spec::{Operation, Spec},
};
use botroster_spec::{
    model::{Next, Stream, Style},
    schema::kind,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Records of a list without a stream whose records all fit into one response.
const SINGLE: u64 = 12;

/// Bound on the records of a list with children; the indexes of children are multiples of those of their parents.
const MOST: u64 = CREATED_FROM / 10;

/// A list before its shape is compiled.
pub(super) struct Draft<'a> {
    pub(super) operation: usize,
    pub(super) word: Option<&'a Stream>,
    /// The flat schema of a record.
    pub(super) schema: Value,
    pub(super) roles: RecordRoles,
    pub(super) key: Option<RecordKey>,
    /// Identifiers besides the key, by which children or pages are requested.
    pub(super) others: BTreeMap<String, IdCode>,
    /// Properties present in every record, because pages or children are requested by them.
    pub(super) bound: Vec<String>,
    pub(super) seed: u64,
    pub(super) count: u64,
    pub(super) seeds: Option<Seeds>,
}

impl Draft<'_> {
    /// The identifiers at a pointer.
    pub(super) fn code(&self, at: &str) -> Option<&IdCode> {
        let key = self.key.as_ref().filter(|key| key.pointer == at);
        key.map(|key| &key.code).or_else(|| self.others.get(at))
    }

    /// Makes a property by which children or pages are requested an identifier, if its schema allows; an undocumented record has
    /// its key there.
    fn bind(&mut self, spec: &Spec, at: &str) {
        let Some(key) = self.key.as_ref().filter(|key| key.pointer != at) else {
            return;
        };
        let code = match spec.schemas.walk(&self.schema, at) {
            None if self.schema.get("properties").is_none() => key.code.clone(),
            Some(schema) if is_free(&schema) => {
                IdCode::new(&schema, mix(self.seed, hash::text(at)))
            }
            _ => return,
        };
        self.others.insert(at.to_owned(), code);
    }

    pub(super) fn is(&self, stream: &str) -> bool {
        self.word.is_some_and(|word| word.name == stream)
    }

    pub(super) fn has_parent(&self) -> bool {
        self.word.is_some_and(|word| word.parent.is_some())
    }
}

/// The seeds of a draft and of its ancestors that have a parent, and the number of records at the top.
pub(super) fn line(drafts: &[Draft<'_>], mut at: usize) -> (Vec<u64>, u64) {
    let mut seeds = Vec::new();
    // Ends for a spec whose parents form a circle, too.
    for _ in 0..drafts.len() {
        let Some(draft) = drafts.get(at) else { break };
        let parent = draft.word.and_then(|word| word.parent.as_ref());
        let above =
            parent.and_then(|parent| drafts.iter().position(|other| other.is(&parent.stream)));
        let Some(above) = above else {
            return (seeds, draft.count);
        };
        seeds.push(draft.seed);
        at = above;
    }
    (seeds, 0)
}

/// The drafts of all lists.
pub(super) fn all<'a>(spec: &'a Spec, options: &SandboxOptions) -> Vec<Draft<'a>> {
    let mut drafts = Vec::new();
    for (number, operation) in spec.operations.iter().enumerate() {
        let listed = operation.pagination.is_some() || !operation.streams.is_empty();
        if !listed || operation.effect.is_some() || operation.csv.is_some() {
            continue;
        }
        let words: Vec<Option<&Stream>> = match operation.streams.as_slice() {
            [] => vec![None],
            streams => streams.iter().map(Some).collect(),
        };
        for word in words {
            drafts.push(draft(spec, options, number, operation, word));
        }
    }
    // The properties that bind children are identifiers too.
    let bound: Vec<(String, String)> = drafts
        .iter()
        .filter_map(|draft| draft.word?.parent.as_ref())
        .flat_map(|parent| {
            parent
                .bind
                .values()
                .map(|at| (parent.stream.clone(), at.clone()))
        })
        .collect();
    for draft in &mut drafts {
        for at in draft.bound.clone() {
            draft.bind(spec, &at);
        }
        for (stream, at) in &bound {
            if draft.is(stream) {
                draft.bind(spec, at);
                draft.bound.push(at.clone());
            }
        }
        let key = draft.key.iter().map(|key| key.pointer.clone());
        let ids = key.chain(draft.others.keys().cloned()).collect();
        draft.roles.keep_ids(ids);
    }
    let depth = |at| line(&drafts, at).0.len();
    let deepest = (0..drafts.len()).map(depth).max().unwrap_or_default();
    // All indexes, those of descendants included, stay below those of created records.
    let most = (1..deepest).fold(MOST, |most, _| most / CHILDREN);
    for draft in &mut drafts {
        draft.count = draft.count.min(most);
    }
    drafts
}

fn draft<'a>(
    spec: &'a Spec,
    options: &SandboxOptions,
    number: usize,
    operation: &'a Operation,
    word: Option<&'a Stream>,
) -> Draft<'a> {
    let schema = record_schema(spec, operation);
    let mut roles = RecordRoles::read(schema.get("x-maps-to"));
    let name = word.map_or(operation.id.as_str(), |word| word.name.as_str());
    let seed = mix(
        mix(options.seed, hash::text(&spec.platform)),
        hash::text(name),
    );
    let paged = operation.pagination.as_ref();
    let pointer = word
        .and_then(|word| word.key.clone())
        .or_else(|| paged.and_then(|paged| paged.key.clone()))
        .or_else(|| roles.ids.first().cloned());
    let key = pointer.map(|pointer| {
        let schema = spec.schemas.walk(&schema, &pointer).unwrap_or_default();
        RecordKey {
            code: IdCode::new(&schema, seed),
            pointer,
        }
    });
    let seeds = word.and_then(|word| {
        let documented = (operation, &spec.schemas);
        Seeds::new(&word.seeds, documented, &schema, &mut roles)
    });
    let single = paged.is_none_or(|paged| paged.style == Style::Single);
    let count = match (&operation.rate_limit, word) {
        (None, Some(_)) if roles.contact => options.users,
        (_, None) if single => options.chats().min(SINGLE),
        _ => options.chats(),
    };
    Draft {
        operation: number,
        word,
        schema,
        roles,
        key,
        others: BTreeMap::new(),
        bound: match paged.and_then(|paged| paged.next.as_ref()) {
            Some(Next::LastItem(at)) => vec![at.clone()],
            _ => Vec::new(),
        },
        seed,
        count,
        seeds,
    }
}

/// Returns whether the schema allows any string or integer.
fn is_free(schema: &Value) -> bool {
    let is_free = matches!(kind(schema), Some("string" | "integer"));
    is_free && schema.get("enum").is_none() && schema.get("x-timestamp").is_none()
}

/// The schema of one record of a list.
fn record_schema(spec: &Spec, operation: &Operation) -> Value {
    let Some(page) = operation.success.json() else {
        return Value::Null;
    };
    let places = operation
        .pagination
        .as_ref()
        .map(|paged| paged.items.as_slice())
        .unwrap_or_default();
    let found = places
        .iter()
        .find_map(|at| spec.schemas.walk(page, &format!("{at}/*")));
    // An undocumented body carries the extensions of its records itself.
    found.unwrap_or_else(|| spec.schemas.flat(page).into_owned())
}

//! From a spec to its collections.

use super::{
    CHILDREN, Collection, Key, Parent, Seeds, edits,
    ids::{CREATED_FROM, IdCode},
    roles::{Field, Roles},
    shape::{Compiler, Kind, Shape},
};
use crate::{
    SandboxOptions,
    hash::{self, mix},
    pointer,
    schema::kind,
    spec::{
        Operation, Spec,
        words::{Next, StreamWord, Style},
    },
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A list that no stream names has this many records when one answer holds them all.
const SINGLE: u64 = 12;

/// A list with children has no more records; the indexes of children are multiples of those of their parents.
const MOST: u64 = CREATED_FROM / 10;

/// A list before its shape is compiled.
struct Draft<'a> {
    operation: usize,
    word: Option<&'a StreamWord>,
    /// The flat schema of a record.
    schema: Value,
    roles: Roles,
    key: Option<Key>,
    /// What identifies a record besides its key, because children or pages are asked for by it.
    others: BTreeMap<String, IdCode>,
    /// What every record has, because pages or children are asked for by it.
    asked: Vec<String>,
    seed: u64,
    count: u64,
    seeds: Option<Seeds>,
}

impl Draft<'_> {
    /// The identifiers at a pointer.
    fn code(&self, at: &str) -> Option<&IdCode> {
        let key = self.key.as_ref().filter(|key| key.pointer == at);
        key.map(|key| &key.code).or_else(|| self.others.get(at))
    }

    /// Makes what children or pages are asked for by an identifier, where it can be one; an undocumented record has its key there.
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

    fn is(&self, stream: &str) -> bool {
        self.word.is_some_and(|word| word.name == stream)
    }

    fn has_parent(&self) -> bool {
        self.word.is_some_and(|word| word.parent.is_some())
    }
}

/// All collections of a platform.
pub(crate) fn collections(
    spec: &Spec,
    scope: &[(String, String)],
    options: &SandboxOptions,
) -> Vec<Collection> {
    let drafts = drafts(spec, options);
    let contacts = drafts
        .iter()
        .position(|draft| draft.roles.contact && !draft.has_parent());
    let conversations = drafts
        .iter()
        .position(|draft| draft.roles.conversation && !draft.roles.contact && !draft.has_parent());
    let refer =
        |at: Option<usize>, own: usize| at.filter(|at| *at != own).and_then(|at| drafts.get(at));
    drafts
        .iter()
        .enumerate()
        .map(|(number, draft)| {
            // What belongs to a contact refers to that one, everything else to some of the first list.
            let above = draft.word.and_then(|word| word.parent.as_ref());
            let above = above.and_then(|parent| {
                drafts
                    .iter()
                    .position(|other| other.is(&parent.stream) && other.roles.contact)
            });
            let to_contact = refer(above.or(contacts), number).filter(|_| !draft.roles.contact);
            let to_conversation = refer(conversations, number).filter(|_| !draft.roles.contact);
            let ids = |at: &str, field: Field, _: &Value| match field {
                Field::Id => draft.code(at).cloned(),
                Field::ContactId => Some(to_contact?.key.as_ref()?.code.clone()),
                Field::ConversationId => Some(to_conversation?.key.as_ref()?.code.clone()),
                _ => None,
            };
            let with = draft.word.map(|word| word.with.clone()).unwrap_or_default();
            let compiler = Compiler {
                schemas: &spec.schemas,
                roles: &draft.roles,
                scope,
                with: &with,
                ids: &ids,
            };
            let mut shape = compiler.compile(&draft.schema);
            let seeded = draft
                .seeds
                .as_ref()
                .and_then(|seeds| seeds.pointer.as_deref());
            let key = draft.key.iter().map(|key| key.pointer.as_str());
            let others = draft.others.keys().map(String::as_str);
            let asked = draft.asked.iter().map(String::as_str);
            for place in key.chain(others).chain(seeded).chain(asked) {
                force(&mut shape, place);
            }
            let parent = draft
                .word
                .and_then(|word| word.parent.as_ref())
                .and_then(|parent| {
                    let collection = drafts.iter().position(|other| other.is(&parent.stream))?;
                    let above = drafts.get(collection)?;
                    let known = |at: &str| spec.schemas.walk(&above.schema, at).is_some();
                    let code = |at: &String| match (above.code(at), &above.key) {
                        (None, Some(key)) if !known(at) => Some(key.code.clone()),
                        (code, _) => code.cloned(),
                    };
                    let bound = parent.bind.iter();
                    Some(Parent {
                        collection,
                        codes: bound
                            .filter_map(|(name, at)| Some((name.clone(), code(at)?)))
                            .collect(),
                        bind: parent.bind.clone(),
                        key: above.key.as_ref()?.code.clone(),
                        line: line(&drafts, collection).0,
                    })
                });
            Collection {
                name: draft.word.map(|word| word.name.clone()),
                operation: draft.operation,
                with,
                key: draft.key.clone(),
                count: parent
                    .as_ref()
                    .map_or(draft.count, |parent| line(&drafts, parent.collection).1),
                shape,
                mapping: draft.schema.get("x-maps-to").cloned().unwrap_or_default(),
                roles: draft.roles.clone(),
                updated: draft.word.and_then(|word| word.updated.clone()),
                seeds: draft.seeds.clone(),
                parent,
                edits: BTreeSet::new(),
                seed: draft.seed,
                surprises: options.surprises,
                contacts: to_contact.map(|other| (other.seed, other.count)),
                conversations: to_conversation.map(|other| other.count),
            }
        })
        .collect()
}

/// The seeds of a draft and of those above it that have a parent, and how many records there are at the top.
fn line(drafts: &[Draft<'_>], mut at: usize) -> (Vec<u64>, u64) {
    let mut seeds = Vec::new();
    // No line is longer than there are drafts, whatever a faulty spec says.
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

fn drafts<'a>(spec: &'a Spec, options: &SandboxOptions) -> Vec<Draft<'a>> {
    let mut drafts = Vec::new();
    for (number, operation) in spec.operations.iter().enumerate() {
        let listed = operation.pagination.is_some() || !operation.streams.is_empty();
        if !listed || operation.effect.is_some() || operation.csv.is_some() {
            continue;
        }
        let words: Vec<Option<&StreamWord>> = match operation.streams.as_slice() {
            [] => vec![None],
            streams => streams.iter().map(Some).collect(),
        };
        for word in words {
            drafts.push(draft(spec, options, number, operation, word));
        }
    }
    // What children are bound by are identifiers too.
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
        for at in draft.asked.clone() {
            draft.bind(spec, &at);
        }
        for (stream, at) in &bound {
            if draft.is(stream) {
                draft.bind(spec, at);
                draft.asked.push(at.clone());
            }
        }
        let key = draft.key.iter().map(|key| key.pointer.clone());
        let ids = key.chain(draft.others.keys().cloned()).collect();
        draft.roles.keep_ids(ids);
    }
    let depth = |at| line(&drafts, at).0.len();
    let deepest = (0..drafts.len()).map(depth).max().unwrap_or_default();
    // All indexes, those of children and of theirs included, stay below those of created records.
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
    word: Option<&'a StreamWord>,
) -> Draft<'a> {
    let schema = record_schema(spec, operation);
    let mut roles = Roles::read(schema.get("x-maps-to"));
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
        Key {
            code: IdCode::new(&schema, seed),
            pointer,
        }
    });
    let seeds = word.and_then(|word| {
        let asked = (operation, &spec.schemas);
        Seeds::new(&word.seeds, asked, &schema, &mut roles)
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
        asked: match paged.and_then(|paged| paged.next.as_ref()) {
            Some(Next::LastItem(at)) => vec![at.clone()],
            _ => Vec::new(),
        },
        seed,
        count,
        seeds,
    }
}

/// Whether any text or number can stand there.
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
    // A body of which nothing is documented carries the words of its records itself.
    found.unwrap_or_else(|| spec.schemas.flat(page).into_owned())
}

/// Makes sure that a place is there in every record, with a value that can be asked for.
fn force(shape: &mut Shape, place: &str) {
    let mut at = shape;
    for token in pointer::tokens(place) {
        let Kind::Object { fields, .. } = &mut at.kind else {
            return;
        };
        let Some((_, next)) = fields.iter_mut().find(|(name, _)| *name == token) else {
            return;
        };
        next.required = true;
        next.nullable = false;
        next.alternative = None;
        if let Kind::Choice { open, .. } = &mut next.kind {
            *open = false;
        }
        at = next;
    }
}

/// Spreads edits over the streams of all platforms, one to each in turn.
pub(crate) fn edit(platforms: &mut [Vec<Collection>], mut edits: u64) {
    type Turn<'a> = (&'a mut Collection, Box<dyn Iterator<Item = u64>>);
    let mut turns: Vec<Turn<'_>> = platforms
        .iter_mut()
        .flatten()
        .filter(|collection| edits::possible(collection))
        .map(|collection| {
            let indexes: Box<dyn Iterator<Item = u64>> = Box::new(edits::indexes(collection.count));
            (collection, indexes)
        })
        .collect();
    while edits > 0 {
        let before = edits;
        for (collection, indexes) in &mut turns {
            if edits == 0 {
                break;
            }
            if let Some(index) = indexes.next() {
                collection.edits.insert(index);
                edits -= 1;
            }
        }
        if before == edits {
            break;
        }
    }
}

/// The name and the text of every scope parameter of a platform.
pub(crate) fn scope(spec: &Spec, seed: u64) -> Vec<(String, String)> {
    let is_number = |name: &String| {
        let mut parameters = spec.operations.iter().flat_map(|one| &one.parameters);
        let declared = parameters.find(|parameter| parameter.name == *name);
        declared.is_some_and(|parameter| kind(&parameter.schema) == Some("integer"))
    };
    let value = |name: &String| {
        let from = mix(mix(seed, hash::text(&spec.platform)), hash::text(name));
        let text = match is_number(name) {
            true => format!("{}", (from >> 16) % 900_000 + 100_000),
            false => format!("sandbox-{:012x}", from >> 16),
        };
        (name.clone(), text)
    };
    spec.scope.iter().map(value).collect()
}

/// Positions of collections by the name of their stream.
pub(crate) fn by_name(collections: &[Collection]) -> BTreeMap<String, usize> {
    let named = collections.iter().enumerate();
    named
        .filter_map(|(at, collection)| Some((collection.name.clone()?, at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{data::View, generated::SPECS};

    fn all() -> Vec<(String, Collection)> {
        let options = SandboxOptions {
            users: 57,
            ..SandboxOptions::default()
        };
        let platforms = SPECS.iter().flat_map(|(name, json)| {
            let spec = Spec::read(name, json).unwrap();
            let scope = scope(&spec, options.seed);
            let own = collections(&spec, &scope, &options);
            own.into_iter()
                .map(|collection| ((*name).to_owned(), collection))
        });
        platforms.collect()
    }

    fn views(collection: &Collection) -> Vec<View> {
        match (&collection.parent, &collection.seeds) {
            (Some(_), _) => (0..collection.count).map(View::Children).collect(),
            (_, Some(seeds)) => (0..seeds.parts()).map(View::Row).collect(),
            _ => vec![View::All],
        }
    }

    #[test]
    fn positions_lead_to_indexes_and_back() {
        for (name, collection) in all() {
            let mut seen = BTreeSet::new();
            for view in views(&collection) {
                for position in 0..collection.len(&view) {
                    let index = collection.index(&view, position).unwrap();
                    assert!(collection.has(index), "{name}");
                    assert_eq!(collection.position(&view, index), Some(position));
                    assert!(seen.insert(index));
                }
                assert_eq!(collection.index(&view, collection.len(&view)), None);
            }
            if collection.parent.is_none() {
                assert_eq!(seen.len() as u64, collection.count);
            }
        }
    }

    #[test]
    fn every_key_tells_its_record() {
        for (name, collection) in all() {
            let Some(key) = &collection.key else { continue };
            let view = views(&collection).swap_remove(0);
            for index in
                (0..collection.len(&view)).filter_map(|position| collection.index(&view, position))
            {
                let record = collection.record_as(&collection.shape, index);
                let own = record.pointer(&key.pointer).map(crate::params::text);
                assert_eq!(
                    own.and_then(|own| key.code.index(&own)),
                    Some(index),
                    "{name}: {record}"
                );
                assert_eq!(record, collection.record_as(&collection.shape, index));
            }
        }
    }

    #[test]
    fn edits_go_round() {
        let mut platforms: Vec<Vec<Collection>> = vec![
            all()
                .into_iter()
                .map(|(_, collection)| collection)
                .collect(),
        ];
        edit(&mut platforms, 9);
        let edited: Vec<usize> = platforms[0]
            .iter()
            .map(|collection| collection.edits.len())
            .filter(|edits| *edits > 0)
            .collect();
        assert_eq!(edited.iter().sum::<usize>(), 9);
        assert!(
            edited.iter().all(|edits| (1..=2).contains(edits)),
            "{edited:?}"
        );
    }
}

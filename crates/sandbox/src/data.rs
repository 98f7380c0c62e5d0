//! Records by index. Nothing is stored: each record is made when it is read.

pub(crate) mod build;
mod changes;
pub(crate) mod compile;
pub(crate) mod context;
mod created;
mod cultures;
mod draft;
pub(crate) mod edits;
pub(crate) mod ids;
pub(crate) mod make;
pub(crate) mod patch;
mod people;
pub(crate) mod roles;
mod seeds;
pub(crate) mod shape;
pub(crate) mod store;
mod texts;
pub(crate) mod time;

use crate::hash::mix;
use botroster_spec::pointer;
use context::RecordContext;
use ids::{CHURNED_FROM, CREATED_FROM, IdCode};
use people::Person;
use roles::{ModelField, RecordRoles};
pub(crate) use seeds::Seeds;
use serde_json::Value;
use shape::ValueShape;
use std::collections::{BTreeMap, BTreeSet};
use time::NEWEST;

/// Exclusive bound on the records of a parent.
const CHILDREN: u64 = 8;
/// Time between the records of a parent, in milliseconds.
const MESSAGE_GAP: i64 = 97_003;
/// Time between rows inserted by churn, in milliseconds.
const ARRIVAL_GAP: i64 = 1009;

/// The records of a list, usually of a stream.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) name: Option<String>,
    /// The position of the operation that lists it.
    pub(crate) operation: usize,
    pub(crate) with: BTreeMap<String, Value>,
    pub(crate) key: Option<RecordKey>,
    /// The number of records at the start; for a collection with a parent, the number of parents.
    pub(crate) count: u64,
    pub(crate) shape: ValueShape,
    pub(crate) roles: RecordRoles,
    /// The extension `x-maps-to` of its records.
    pub(crate) mapping: Value,
    pub(crate) updated: Option<String>,
    pub(crate) seeds: Option<Seeds>,
    pub(crate) parent: Option<ParentList>,
    /// The indexes of edited records.
    pub(crate) edits: BTreeSet<u64>,
    seed: u64,
    /// Whether its records contain undocumented properties and values.
    surprises: bool,
    /// Seed and number of the contacts that records refer to.
    contacts: Option<(u64, u64)>,
    conversations: Conversations,
}

/// The conversations that records refer to.
#[derive(Debug, Clone, Copy)]
enum Conversations {
    None,
    /// The record's parent.
    Parent,
    /// One of this many.
    Some(u64),
}

#[derive(Debug, Clone)]
pub(crate) struct RecordKey {
    pub(crate) pointer: String,
    pub(crate) code: IdCode,
}

#[derive(Debug, Clone)]
pub(crate) struct ParentList {
    pub(crate) collection: usize,
    /// Parameter to pointer into the record of the parent.
    pub(crate) bind: BTreeMap<String, String>,
    /// Parameter to the identifiers of parents.
    pub(crate) codes: BTreeMap<String, IdCode>,
    /// The keys of parents.
    key: IdCode,
    /// The seeds of the ancestors that have a parent themselves, the nearest first.
    pub(crate) line: Vec<u64>,
}

impl ParentList {
    /// The arguments of the list of a parent; its key where the bound property is empty.
    pub(crate) fn bound(&self, record: &Value, index: u64) -> BTreeMap<String, String> {
        let text = |place: &String| match record.pointer(place) {
            Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            _ => self.key.text(index),
        };
        self.bind
            .iter()
            .map(|(name, place)| (name.clone(), text(place)))
            .collect()
    }

    /// The index of the topmost ancestor, of which there are `count`; `None` if an ancestor does not exist.
    fn root(&self, index: u64, count: u64) -> Option<u64> {
        let mut above = index / CHILDREN;
        for seed in &self.line {
            if above % CHILDREN >= children(*seed, above / CHILDREN) {
                return None;
            }
            above /= CHILDREN;
        }
        (above < count).then_some(above)
    }

    /// The number of indexes per topmost ancestor.
    fn span(&self) -> u64 {
        self.line.iter().fold(CHILDREN, |span, _| span * CHILDREN)
    }
}

/// The number of records of a parent in the stream with this seed.
fn children(seed: u64, parent: u64) -> u64 {
    mix(mix(seed, 0xc41d), parent) % (CHILDREN - 1)
}

/// A selection of the records of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum View {
    All,
    /// Those whose index modulo the number of seeds is this.
    Row(u64),
    /// Those of a parent, by its index.
    Children(u64),
    /// These, by index.
    Some(Vec<u64>),
}

impl Collection {
    /// The number of records in a view, created ones excluded.
    pub(crate) fn len(&self, view: &View) -> u64 {
        match view {
            View::All if self.parent.is_some() => 0,
            View::All => self.count,
            View::Row(row) => (self.count + self.parts() - 1).saturating_sub(*row) / self.parts(),
            View::Children(parent) if *parent >= CREATED_FROM => 0,
            View::Children(parent) => children(self.seed, *parent),
            View::Some(indexes) => indexes.len() as u64,
        }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// The number of parts that seeds divide it into.
    pub(crate) fn parts(&self) -> u64 {
        self.seeds.as_ref().map_or(1, Seeds::parts)
    }

    /// The index of the record at a position in a view, newest first.
    pub(crate) fn index(&self, view: &View, position: u64) -> Option<u64> {
        match view {
            _ if position >= self.len(view) => None,
            View::All => Some(position),
            View::Row(row) => Some(position * self.parts() + row),
            View::Children(parent) => Some(parent * CHILDREN + position),
            View::Some(indexes) => indexes.get(usize::try_from(position).ok()?).copied(),
        }
    }

    /// The position of an index in a view.
    pub(crate) fn position(&self, view: &View, index: u64) -> Option<u64> {
        let position = match view {
            View::All => index,
            View::Row(row) if index % self.parts() == *row => index / self.parts(),
            View::Children(parent) if index / CHILDREN == *parent => index % CHILDREN,
            View::Some(indexes) => indexes.iter().position(|own| *own == index)? as u64,
            View::Row(_) | View::Children(_) => return None,
        };
        (position < self.len(view)).then_some(position)
    }

    /// Returns whether a record with this index existed at the start.
    pub(crate) fn has(&self, index: u64) -> bool {
        match &self.parent {
            None => index < self.count,
            Some(parent) => {
                let is_there = index % CHILDREN < children(self.seed, index / CHILDREN);
                is_there && parent.root(index, self.count).is_some()
            }
        }
    }

    /// The record in a shape; a property has the same value in all shapes.
    pub(crate) fn record_as(&self, shape: &ValueShape, index: u64) -> Value {
        let context = self.context(index);
        let mut record = make::record(shape, &context);
        if self.edits.contains(&index) {
            let listed = make::record(&self.shape, &context);
            for (pointer, value) in edits::of(self, &listed, index) {
                if shape.find(&pointer).is_some() {
                    pointer::set(&mut record, &pointer, value);
                }
            }
        }
        record
    }

    pub(crate) fn context(&self, index: u64) -> RecordContext {
        let number = self.top(index);
        let contact = self.reference(index, ModelField::ContactId);
        let person = match (self.contacts, contact) {
            (Some((seed, _)), Some(contact)) => Person::new(seed, contact),
            _ => Person::new(self.seed, number),
        };
        let given = self.seeds.as_ref().and_then(|seeds| {
            let value = seeds
                .values
                .get(usize::try_from(index % seeds.parts()).ok()?)?;
            let pointer = seeds.pointer.as_ref()?;
            Some((crate::hash::text(pointer), value.clone()))
        });
        RecordContext {
            seed: self.seed,
            index,
            person,
            created: self.created(index),
            contact,
            conversation: self.reference(index, ModelField::ConversationId),
            given,
            surprises: self.surprises,
        }
    }

    /// The properties that refer to contacts and conversations.
    pub(crate) fn references(&self) -> Vec<(&str, ModelField, &IdCode)> {
        let mut found = Vec::new();
        self.shape.visit(&mut |shape| {
            if let (
                Some(field @ (ModelField::ContactId | ModelField::ConversationId)),
                Some(code),
            ) = (shape.role, &shape.id)
            {
                found.push((shape.at.as_str(), field, code));
            }
        });
        found
    }

    /// The contact or the conversation that a record belongs to.
    pub(crate) fn reference(&self, index: u64, field: ModelField) -> Option<u64> {
        let number = self.top(index);
        let conversation = match self.conversations {
            Conversations::Some(count) if count > 0 => Some(number % count),
            _ => None,
        };
        match (field, self.conversations) {
            (ModelField::ConversationId, Conversations::Parent) => Some(index / CHILDREN),
            (ModelField::ConversationId, _) => conversation,
            _ => {
                let (_, count) = self.contacts.filter(|(_, count)| *count > 0)?;
                Some(conversation.unwrap_or(number) % count)
            }
        }
    }

    /// When a record was created, in milliseconds.
    pub(crate) fn created(&self, index: u64) -> i64 {
        match &self.parent {
            None => match index.checked_sub(CHURNED_FROM) {
                None => time::created(index),
                Some(number) => NEWEST + (i64::try_from(number).unwrap_or(0) + 1) * ARRIVAL_GAP,
            },
            Some(parent) => {
                time::created(self.top(index))
                    + i64::try_from(index % parent.span()).unwrap_or(0) * MESSAGE_GAP
            }
        }
    }

    /// The index of the topmost ancestor; its own without a parent.
    fn top(&self, index: u64) -> u64 {
        self.parent
            .as_ref()
            .map_or(index, |parent| index / parent.span())
    }
}

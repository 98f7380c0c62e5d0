//! What was written: new records and changes to made ones, kept in memory beside the data.

use crate::{
    data::{
        Collection, View,
        ids::CREATED_FROM,
        roles::Field,
        shape::{Kind, Shape},
        time::{self, Spelling},
    },
    effects::{self, Patch},
    hash::Dice,
    pointer,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// All writes to one platform.
#[derive(Debug, Default)]
pub(crate) struct Store {
    created: BTreeMap<usize, Vec<Created>>,
    patches: BTreeMap<(usize, u64), Vec<Patch>>,
}

#[derive(Debug)]
struct Created {
    given: Value,
    /// In milliseconds.
    at: i64,
}

impl Store {
    fn created(&self, collection: usize) -> &[Created] {
        self.created
            .get(&collection)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Adds a record and tells its index.
    pub(crate) fn create(&mut self, collection: usize, given: Value, at: i64) -> u64 {
        let all = self.created.entry(collection).or_default();
        all.push(Created { given, at });
        CREATED_FROM + all.len() as u64 - 1
    }

    pub(crate) fn patch(&mut self, collection: usize, index: u64, patch: Patch) {
        self.patches
            .entry((collection, index))
            .or_default()
            .push(patch);
    }

    /// How many created records a view begins with.
    fn ahead(&self, at: usize, view: &View) -> u64 {
        if *view == View::All {
            self.created(at).len() as u64
        } else {
            0
        }
    }

    pub(crate) fn len(&self, (at, collection): (usize, &Collection), view: &View) -> u64 {
        self.ahead(at, view) + collection.len(view)
    }

    /// The index of the record at a position of a view; created ones come first, the latest at the front.
    pub(crate) fn index(
        &self,
        (at, collection): (usize, &Collection),
        view: &View,
        position: u64,
    ) -> Option<u64> {
        let ahead = self.ahead(at, view);
        match position.checked_sub(ahead) {
            None => Some(CREATED_FROM + ahead - 1 - position),
            Some(rest) => collection.index(view, rest),
        }
    }

    pub(crate) fn position(
        &self,
        (at, collection): (usize, &Collection),
        view: &View,
        index: u64,
    ) -> Option<u64> {
        let ahead = self.ahead(at, view);
        match index.checked_sub(CREATED_FROM) {
            Some(number) => (number < ahead).then(|| ahead - 1 - number),
            None => Some(ahead + collection.position(view, index)?),
        }
    }

    /// Whether there is a record of this index.
    pub(crate) fn has(&self, (at, collection): (usize, &Collection), index: u64) -> bool {
        match index.checked_sub(CREATED_FROM) {
            Some(number) => number < self.created(at).len() as u64,
            None => collection.has(index),
        }
    }

    /// A record in a shape, with all that was written to it.
    pub(crate) fn record(
        &self,
        (at, collection): (usize, &Collection),
        index: u64,
        shape: &Shape,
    ) -> Value {
        let number = index
            .checked_sub(CREATED_FROM)
            .and_then(|number| usize::try_from(number).ok());
        let created = number.and_then(|number| self.created(at).get(number));
        let mut record = match created {
            Some(created) => born(created, collection, index, shape),
            None => collection.record_as(shape, index),
        };
        for patch in self.patches.get(&(at, index)).into_iter().flatten() {
            effects::apply(&mut record, shape, patch);
            if let Some(updated) = collection
                .updated
                .as_deref()
                .filter(|at| shape.find(at).is_some())
            {
                pointer::set(&mut record, updated, stamp(shape.find(updated), patch.at));
            }
        }
        record
    }
}

/// A created record: what was given, identifiers, times, and null for the rest.
fn born(created: &Created, collection: &Collection, index: u64, shape: &Shape) -> Value {
    match &shape.kind {
        Kind::Object { fields, .. } => {
            let mut members = Map::new();
            for (name, field) in fields {
                if let Some(value) = born_member(created, collection, index, field) {
                    members.insert(name.clone(), value);
                }
            }
            let given = created.given.pointer(&shape.at).and_then(Value::as_object);
            for (name, value) in given.into_iter().flatten() {
                let known = fields.iter().any(|(known, _)| known == name);
                // At the top only documented fields come back, below all that was sent.
                if !known && !shape.at.is_empty() {
                    members.insert(name.clone(), value.clone());
                }
            }
            Value::Object(members)
        }
        _ => created.given.clone(),
    }
}

fn born_member(
    created: &Created,
    collection: &Collection,
    index: u64,
    field: &Shape,
) -> Option<Value> {
    if field.role == Some(Field::Id) {
        return field.id.as_ref().map(|code| code.value(index));
    }
    if let Some(fixed) = &field.fixed {
        return Some(fixed.clone());
    }
    match (created.given.pointer(&field.at), &field.kind) {
        (Some(Value::Object(_)), Kind::Object { .. }) => {
            Some(born(created, collection, index, field))
        }
        (Some(value), _) => Some(effects::coerce(value, field)),
        (None, Kind::Time(_)) => Some(stamp(Some(field), created.at)),
        (None, _) if field.role == Some(Field::ExternalId) || field.required => {
            crate::data::make::member(field, &collection.context(index), 0)
        }
        (None, Kind::Array { .. }) => Some(Value::Array(Vec::new())),
        (None, Kind::Integer { .. }) => Some(Value::from(0)),
        (None, Kind::Bool) => Some(Value::from(false)),
        (None, _) => field.nullable.then_some(Value::Null),
    }
}

/// An instant as a field writes it.
fn stamp(field: Option<&Shape>, millis: i64) -> Value {
    match field.map(|field| &field.kind) {
        Some(Kind::Time(spellings)) => {
            let first = spellings
                .iter()
                .copied()
                .find(|one| *one != Spelling::Empty);
            time::write(
                &[first.unwrap_or(Spelling::Rfc3339)],
                millis,
                &mut Dice::new(1),
            )
        }
        Some(Kind::Integer { .. }) => Value::from(millis),
        _ => Value::from(time::text(millis, 'T', false)),
    }
}

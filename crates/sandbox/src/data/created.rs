//! Records that requests created.

use super::{
    Collection, make, patch,
    roles::ModelField,
    shape::{ShapeKind, ValueShape},
    time::{self, Spelling},
};
use crate::hash::Dice;
use serde_json::{Map, Value};

/// A record as a request created it.
#[derive(Debug)]
pub(super) struct CreatedRecord {
    /// The body of the request.
    pub(super) given: Value,
    /// When, in milliseconds.
    pub(super) at: i64,
}

impl CreatedRecord {
    /// The record in a shape: the given values, identifiers, times, and null for the rest.
    pub(super) fn record(&self, collection: &Collection, index: u64, shape: &ValueShape) -> Value {
        let ShapeKind::Object { fields, .. } = &shape.kind else {
            return self.given.clone();
        };
        let mut members = Map::new();
        for (name, field) in fields {
            if let Some(value) = self.member(collection, index, field) {
                members.insert(name.clone(), value);
            }
        }
        // At the top only documented properties are returned; below, everything that was sent.
        let given = self.given.pointer(&shape.at).and_then(Value::as_object);
        let given = given.filter(|_| !shape.at.is_empty()).into_iter().flatten();
        for (name, value) in given {
            if !fields.iter().any(|(known, _)| known == name) {
                members.insert(name.clone(), value.clone());
            }
        }
        Value::Object(members)
    }

    fn member(&self, collection: &Collection, index: u64, field: &ValueShape) -> Option<Value> {
        if field.role == Some(ModelField::Id) {
            return field.id.as_ref().map(|code| code.value(index));
        }
        if let Some(fixed) = &field.fixed {
            return Some(fixed.clone());
        }
        match (self.given.pointer(&field.at), &field.kind) {
            (Some(Value::Object(_)), ShapeKind::Object { .. }) => {
                Some(self.record(collection, index, field))
            }
            (Some(value), _) => Some(patch::coerce(value, field)),
            (None, ShapeKind::Time(_)) => Some(timestamp(Some(field), self.at)),
            (None, _) if field.role == Some(ModelField::ExternalId) || field.required => {
                make::member(field, &collection.context(index), 0)
            }
            (None, ShapeKind::Array { .. }) => Some(Value::Array(Vec::new())),
            (None, ShapeKind::Integer { .. }) => Some(Value::from(0)),
            (None, ShapeKind::Bool) => Some(Value::from(false)),
            (None, _) => field.nullable.then_some(Value::Null),
        }
    }
}

/// An instant in the form a property has.
pub(super) fn timestamp(field: Option<&ValueShape>, millis: i64) -> Value {
    match field.map(|field| &field.kind) {
        Some(ShapeKind::Time(spellings)) => {
            let mut filled = spellings.iter().filter(|one| **one != Spelling::Empty);
            let spelling = filled.next().copied().unwrap_or(Spelling::Rfc3339);
            time::write(&[spelling], millis, &mut Dice::new(1))
        }
        Some(ShapeKind::Integer { .. }) => Value::from(millis),
        _ => Value::from(time::text(millis, 'T', false)),
    }
}

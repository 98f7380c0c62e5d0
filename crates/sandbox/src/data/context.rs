//! The context in which values of a record are made.

use super::{people::Person, shape::ValueShape};
use crate::hash::{Dice, mix};
use serde_json::Value;

/// The record that is being made.
#[derive(Debug, Clone)]
pub(crate) struct RecordContext {
    /// The seed of the stream.
    pub(crate) seed: u64,
    pub(crate) index: u64,
    pub(crate) person: Person,
    /// When the record was created, in milliseconds.
    pub(crate) created: i64,
    pub(crate) contact: Option<u64>,
    pub(crate) conversation: Option<u64>,
    /// The salt of a place, and the value required there.
    pub(crate) given: Option<(u64, Value)>,
    /// Whether undocumented properties and values may appear.
    pub(crate) surprises: bool,
}

impl RecordContext {
    /// For a value outside of any list: only its schema is known.
    pub(crate) fn standalone(seed: u64, index: u64, created: i64) -> Self {
        Self {
            seed,
            index,
            person: Person::new(seed, index),
            created,
            contact: None,
            conversation: None,
            given: None,
            surprises: false,
        }
    }

    /// The value required at a place.
    pub(super) fn given(&self, shape: &ValueShape) -> Option<&Value> {
        let given = self.given.as_ref().filter(|(salt, _)| *salt == shape.salt);
        given.map(|(_, value)| value)
    }

    /// The choices for a place in the record.
    pub(super) fn dice(&self, shape: &ValueShape, twist: u64) -> Dice {
        Dice::new(mix(mix(mix(self.seed, self.index), shape.salt), twist))
    }
}

//! Orders besides that of creation: by another time, where a list can be asked for it.

use crate::{
    data::{Collection, View, roles::Field, shape::Kind},
    params::{self, Params},
    platform::Platform,
    pointer,
    spec::{Location, Operation},
};
use jiff::Timestamp;
use serde_json::Value;
use std::cmp::Reverse;

/// Longer lists keep their order: each record has to be made to know its time.
const MOST: u64 = 5000;

impl Platform {
    /// The view in the order that a request asks for, the latest first.
    pub(crate) fn arranged(
        &self,
        operation: &Operation,
        (at, collection): (usize, &Collection),
        view: View,
        (params, body): (&Params, Option<&Value>),
    ) -> View {
        let query = params.iter().filter_map(|(name, value)| {
            let parameter = operation.parameter(Location::Query, name)?;
            sorted_by(collection, value, &parameter.schema)
        });
        let schema = operation.body.as_ref().map(|body| &body.schema);
        let members = body.and_then(Value::as_object).into_iter().flatten();
        let members = members.filter_map(|(name, value)| {
            let property = self.property(schema?, name)?;
            self.sorted_below(collection, value, &property)
        });
        let Some(place) = query.chain(members).next() else {
            return view;
        };
        let listed = (at, collection);
        let state = self.state();
        let total = state.store.len(listed, &view);
        if total > MOST {
            return view;
        }
        let indexes = (0..total).filter_map(|position| state.store.index(listed, &view, position));
        let mut timed: Vec<(Option<i64>, u64)> = indexes
            .map(|index| {
                let record = state.store.record(listed, index, &collection.shape);
                (record.pointer(&place).and_then(millis), index)
            })
            .collect();
        // Those without a time come last, and of equal ones the newest first.
        timed.sort_by_key(|(time, _)| Reverse(*time));
        View::Some(timed.into_iter().map(|(_, index)| index).collect())
    }

    /// What an object in a body asks to be sorted by.
    fn sorted_below(
        &self,
        collection: &Collection,
        value: &Value,
        schema: &Value,
    ) -> Option<String> {
        let Value::Object(members) = value else {
            return sorted_by(collection, value, schema);
        };
        members.iter().find_map(|(name, value)| {
            let property = self.property(schema, name)?;
            sorted_by(collection, value, &property)
        })
    }
}

/// Whether a word asks for an order that is had: by creation, or by another time of a list that is not too long.
pub(crate) fn is_had(collection: &Collection, value: &Value, schema: &Value) -> bool {
    let leaf = params::text(value);
    let is_created = collection
        .roles
        .iter()
        .any(|(place, role)| role.field == Field::Created && pointer::leaf(place) == leaf);
    is_created || (sorted_by(collection, value, schema).is_some() && collection.count <= MOST)
}

/// The place of the time that a word of an enumeration names, other than that of creation.
fn sorted_by(collection: &Collection, value: &Value, schema: &Value) -> Option<String> {
    let words = schema.get("enum")?.as_array()?;
    let word = value.as_str().filter(|_| words.contains(value))?;
    let place = pointer::child("", word);
    let shape = collection.shape.find(&place)?;
    let is_time = matches!(shape.kind, Kind::Time(_)) || shape.role.is_some_and(Field::is_time);
    (is_time && shape.role != Some(Field::Created)).then_some(place)
}

/// A time in any of its spellings.
fn millis(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => Some(text.parse::<Timestamp>().ok()?.as_millisecond()),
        other => other.as_i64(),
    }
}

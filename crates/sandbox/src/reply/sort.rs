//! Sorting by a time other than that of creation.

use crate::{
    data::{Collection, View, roles::ModelField, shape::ShapeKind},
    platform::Platform,
    request::parsed::OperationCall,
    values::text::plain_text,
};
use botroster_spec::{model::Location, pointer};
use jiff::Timestamp;
use serde_json::Value;
use std::cmp::Reverse;

/// Longer lists keep their order, since sorting makes each of their records.
const MAX_SORTED: u64 = 5000;

impl Platform {
    /// The view in the order that a request asks for, the latest first.
    pub(super) fn sorted(
        &self,
        call: OperationCall<'_>,
        listed: (usize, &Collection),
        view: View,
    ) -> View {
        let collection = listed.1;
        let mut query = call.params.iter().filter_map(|(name, value)| {
            let parameter = call.operation.parameter_in(Location::Query, name)?;
            sorted_by(collection, value, &parameter.schema)
        });
        let schema = call.operation.body.as_ref().map(|body| &body.schema);
        let mut members = call.body_members().filter_map(|(name, value)| {
            let property = self.property(schema?, name)?;
            self.sorted_below(collection, value, &property)
        });
        let Some(place) = query.next().or_else(|| members.next()) else {
            return view;
        };
        let state = self.state();
        let total = state.store.len(listed, &view);
        if total > MAX_SORTED {
            return view;
        }
        let indexes = (0..total).filter_map(|position| state.store.index(listed, &view, position));
        let mut timed: Vec<(Option<i64>, u64)> = indexes
            .map(|index| {
                let record = state.store.record(listed, index, &collection.shape);
                (record.pointer(&place).and_then(millis), index)
            })
            .collect();
        // Records without a time come last; of equal ones, the newest comes first.
        timed.sort_by_key(|(time, _)| Reverse(*time));
        View::Some(timed.into_iter().map(|(_, index)| index).collect())
    }

    /// What a value in a body, or a member of it, asks to be sorted by.
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

/// Returns whether a value asks for an order that lists can have: by creation, or by another time if the list is not too long.
pub(super) fn is_supported(collection: &Collection, value: &Value, schema: &Value) -> bool {
    let leaf = plain_text(value);
    let is_created = collection
        .roles
        .iter()
        .any(|(place, role)| role.field == ModelField::Created && pointer::leaf(place) == leaf);
    is_created || (sorted_by(collection, value, schema).is_some() && collection.count <= MAX_SORTED)
}

/// The pointer to the time that an enum value names, other than that of creation.
fn sorted_by(collection: &Collection, value: &Value, schema: &Value) -> Option<String> {
    let words = schema.get("enum")?.as_array()?;
    let word = value.as_str().filter(|_| words.contains(value))?;
    let place = pointer::child("", word);
    let shape = collection.shape.find(&place)?;
    let is_time =
        matches!(shape.kind, ShapeKind::Time(_)) || shape.role.is_some_and(ModelField::is_time);
    (is_time && shape.role != Some(ModelField::Created)).then_some(place)
}

/// A time in any of its formats.
fn millis(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => Some(text.parse::<Timestamp>().ok()?.as_millisecond()),
        other => other.as_i64(),
    }
}

//! What a request asked for and did not get: filters and orders whose meaning is not documented.

use super::sort;
use crate::{
    data::Collection,
    platform::{Platform, target::OperationTarget},
    request::parsed::OperationCall,
    spec::Operation,
};
use botroster_spec::{
    model::{Carrier, Location, Rule},
    pointer,
    schema::{kind, properties},
};
use serde_json::Value;
use std::borrow::Cow;

impl Platform {
    /// Notes on what was accepted but not applied.
    pub(super) fn omitted(&self, call: OperationCall<'_>) -> Vec<String> {
        let collection = match self.targets.get(call.number) {
            Some(OperationTarget::List) => {
                let mut own = self.collections.iter();
                own.find(|collection| collection.operation == call.number)
            }
            Some(OperationTarget::Csv { collection, .. }) => self.collections.get(*collection),
            Some(OperationTarget::Other(_)) => {
                return vec![
                    "the response follows from its schema alone: the document does not say which records it is about"
                        .to_owned(),
                ];
            }
            _ => return Vec::new(),
        };
        let Some(collection) = collection else {
            return Vec::new();
        };
        let query = call.params.iter().filter_map(|(name, value)| {
            let parameter = call.operation.parameter_in(Location::Query, name)?;
            Some((name, value, Cow::Borrowed(&parameter.schema)))
        });
        let body = call.operation.body.as_ref();
        let members = call.body_members().map(|(name, value)| {
            let property = body.and_then(|body| self.property(&body.schema, name));
            (name, value, Cow::Owned(property.unwrap_or_default()))
        });
        let notes = query.chain(members).filter_map(|(name, value, schema)| {
            let is_applied = self.is_applied(call.operation, collection, name, value, &schema)
                || is_blank(value)
                || schema.get("default") == Some(value);
            (!is_applied).then(|| format!("{name} was not applied: {}", self.why(&schema)))
        });
        notes.collect()
    }

    /// The flat schema of a property, possibly of one of several alternatives.
    pub(super) fn property(&self, schema: &Value, name: &str) -> Option<Value> {
        let schema = self.spec.schemas.flat(schema);
        if let Some((_, found)) = properties(&schema).find(|(own, _)| *own == name) {
            return Some(self.spec.schemas.flat(found).into_owned());
        }
        let mut alternatives = schema.get("oneOf")?.as_array()?.iter();
        alternatives.find_map(|one| self.property(one, name))
    }

    /// Returns whether a parameter or property affects a list.
    fn is_applied(
        &self,
        operation: &Operation,
        collection: &Collection,
        name: &str,
        value: &Value,
        schema: &Value,
    ) -> bool {
        let is_page = || {
            let paged = operation.pagination.as_ref();
            let at = paged.and_then(|paged| paged.at.as_ref());
            let is_size = paged.is_some_and(|paged| paged.size.as_deref() == Some(name));
            let in_query = operation.parameter_in(Location::Query, name).is_some();
            at.is_some_and(|at| {
                (at.name == name || is_size) && (in_query || at.carrier == Carrier::Body)
            })
        };
        let is_seed = || {
            let seeds = collection.seeds.as_ref();
            seeds.is_some_and(|seeds| seeds.last == name || seeds.others.contains_key(name))
        };
        let is_bound = || {
            let parent = collection.parent.as_ref();
            parent.is_some_and(|parent| parent.bind.contains_key(name))
        };
        let is_scope = || self.spec.scope.iter().any(|scope| scope == name);
        let is_range = || {
            let mut rules = operation.rules.iter();
            let is_named = |names: &[String]| names.iter().any(|own| own == name);
            schema.get("x-timestamp").is_some()
                && rules.any(|rule| matches!(rule, Rule::Less(names) if is_named(names)))
        };
        let refers = || {
            let lower = name.to_ascii_lowercase();
            let places = collection.references();
            let mut leaves = places.iter().map(|(place, ..)| pointer::leaf(place));
            leaves.any(|leaf| leaf.to_ascii_lowercase().ends_with(&lower))
        };
        is_page()
            || is_seed()
            || is_bound()
            || is_scope()
            || is_range()
            || collection.with.contains_key(name)
            || self.is_order(collection, value, schema)
            || is_selection(operation, value)
            || refers()
    }

    /// Returns whether a value asks for an order that lists can have.
    fn is_order(&self, collection: &Collection, value: &Value, schema: &Value) -> bool {
        if let Value::Object(members) = value {
            return members.iter().all(|(name, value)| {
                let property = self.property(schema, name).unwrap_or_default();
                self.is_order(collection, value, &property)
            });
        }
        let Some(words) = schema.get("enum").and_then(Value::as_array) else {
            return false;
        };
        if words.iter().any(|word| word == "desc") {
            return true;
        }
        sort::is_supported(collection, value, schema)
    }

    /// Returns why a parameter or property has no effect.
    fn why(&self, schema: &Value) -> &'static str {
        let items = schema.get("items");
        let inner = items.map(|items| self.spec.schemas.flat(items));
        let schema = inner.as_deref().unwrap_or(schema);
        let is_free = match kind(schema) {
            Some("object") => properties(schema).next().is_none(),
            None => true,
            _ => false,
        };
        match is_free {
            true => "its meaning is not documented",
            false => "the sandbox has no such filter or order",
        }
    }
}

/// A list of strings in the body of an export selects its columns or its rows.
fn is_selection(operation: &Operation, value: &Value) -> bool {
    let list = value.as_array().filter(|_| operation.csv.is_some());
    list.is_some_and(|list| list.iter().all(Value::is_string))
}

/// Returns whether a value asks for nothing.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

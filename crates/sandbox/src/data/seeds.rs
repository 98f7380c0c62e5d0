//! Streams that can only be listed in parts, and the arguments that select each part.

use super::{
    people,
    roles::{ModelField, RecordRoles},
};
use crate::{spec::Operation, values::text::plain_text};
use botroster_spec::{
    pointer,
    schema::{Schemas, kind},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Maximum number of parts of a stream.
const ROWS: usize = 5;

#[derive(Debug, Clone)]
pub(crate) struct Seeds {
    /// The parameters before the last, with their required values.
    pub(crate) others: BTreeMap<String, Value>,
    /// The parameter that divides the stream.
    pub(crate) last: String,
    /// The property that the last parameter selects by, if any.
    pub(crate) pointer: Option<String>,
    /// One per part.
    pub(crate) values: Vec<Value>,
}

impl Seeds {
    /// The seeds of an operation whose records have this flat schema.
    pub(super) fn new(
        names: &[String],
        (operation, schemas): (&Operation, &Schemas),
        record: &Value,
        roles: &mut RecordRoles,
    ) -> Option<Self> {
        let (last, others) = names.split_last()?;
        let schema = |name: &str| parameter(operation, schemas, name);
        let own = pointer::child("", last);
        let named = schemas.walk(record, &own).map(|_| own);
        let (pointer, values) = match (values(&schema(last)), named) {
            (values, Some(own)) => (Some(own), values.unwrap_or_else(cities)),
            (Some(values), None) => (None, values),
            (None, None) => (Some(city(roles)), cities()),
        };
        let attribute = Value::from(pointer.as_deref().map(pointer::leaf).unwrap_or_default());
        let others = others.iter().map(|name| {
            let first = values_of(&schema(name)).into_iter().flatten().next();
            (name.clone(), first.unwrap_or_else(|| attribute.clone()))
        });
        Some(Self {
            others: others.collect(),
            last: last.clone(),
            pointer,
            values,
        })
    }

    /// The number of parts of the stream.
    pub(crate) fn parts(&self) -> u64 {
        self.values.len().max(1) as u64
    }

    /// The arguments of the lists that together contain the stream.
    pub(crate) fn rows(&self) -> Vec<BTreeMap<String, String>> {
        let row = |value: &Value| {
            let others = self.others.iter();
            let others = others.map(|(name, value)| (name.clone(), plain_text(value)));
            others
                .chain([(self.last.clone(), plain_text(value))])
                .collect()
        };
        self.values.iter().map(row).collect()
    }
}

/// The flat schema of a parameter, or of a property at the top of the body.
fn parameter(operation: &Operation, schemas: &Schemas, name: &str) -> Value {
    let mut parameters = operation.parameters.iter();
    if let Some(parameter) = parameters.find(|parameter| parameter.name == name) {
        return parameter.schema.clone();
    }
    let body = operation.body.as_ref();
    body.and_then(|body| schemas.walk(&body.schema, &pointer::child("", name)))
        .unwrap_or_default()
}

/// Values that a schema allows; `None` if it allows any string.
fn values(schema: &Value) -> Option<Vec<Value>> {
    values_of(schema).map(|mut values| {
        values.truncate(ROWS);
        values
    })
}

fn values_of(schema: &Value) -> Option<Vec<Value>> {
    if let Some(list) = schema.get("enum").and_then(Value::as_array) {
        return Some(list.clone());
    }
    match kind(schema)? {
        "boolean" => Some(vec![true.into(), false.into()]),
        "integer" | "number" => {
            let bound = |word: &str| schema.get(word).and_then(Value::as_i64);
            let least = bound("minimum").unwrap_or(1);
            let most = bound("maximum").unwrap_or(i64::MAX);
            Some((least..=most).take(ROWS).map(Value::from).collect())
        }
        _ => None,
    }
}

fn cities() -> Vec<Value> {
    people::cities(ROWS).into_iter().map(Value::from).collect()
}

/// The property with the city; if the mapping has none, among the attributes.
fn city(roles: &mut RecordRoles) -> String {
    let find = |field: ModelField| {
        roles
            .iter()
            .find(|(_, role)| role.field == field)
            .map(|(at, _)| at.to_owned())
    };
    let pointer = find(ModelField::City)
        .or_else(|| find(ModelField::Attributes).map(|map| pointer::child(&map, "city")))
        .unwrap_or_else(|| "/city".to_owned());
    roles.insert(&pointer, ModelField::City);
    pointer
}

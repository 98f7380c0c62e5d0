//! Minimal request bodies.

use crate::{data::time, values::text::typed};
use botroster_spec::schema::{Schemas, kind, properties, requires};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A body with the required properties of a schema, and those in `arguments`.
pub(super) fn body(
    schemas: &Schemas,
    schema: &Value,
    arguments: &BTreeMap<String, String>,
) -> Value {
    let mut value = least(schemas, schema);
    let flat = schemas.flat(schema);
    if let Value::Object(members) = &mut value {
        for (name, property) in properties(&flat) {
            if let Some(text) = arguments.get(name) {
                members.insert(name.clone(), argument(&schemas.flat(property), text));
            }
        }
    }
    value
}

/// An argument as the value of a property.
fn argument(schema: &Value, text: &str) -> Value {
    match kind(schema) {
        Some("array") => Value::from(vec![text]),
        _ => typed(schema, text),
    }
}

fn least(schemas: &Schemas, schema: &Value) -> Value {
    let schema = schemas.flat(schema);
    let given = ["/example", "/default", "/enum/0"]
        .iter()
        .find_map(|at| schema.pointer(at));
    if let Some(given) = given {
        return given.clone();
    }
    if let Some(form) = schema.pointer("/oneOf/0") {
        return least(schemas, form);
    }
    let bound = |word: &str| schema.get(word).and_then(Value::as_u64);
    match kind(&schema) {
        Some("integer" | "number") if schema.get("x-timestamp").is_some() => {
            Value::from(time::created(0))
        }
        Some("integer" | "number") => {
            let least = schema.get("minimum").and_then(Value::as_i64);
            Value::from(least.unwrap_or(1).max(1))
        }
        Some("boolean") => Value::from(true),
        Some("array") => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            let wanted = bound("minItems").unwrap_or(0);
            (0..wanted).map(|_| least(schemas, items)).collect()
        }
        Some("string") if schema.get("x-timestamp").is_some() => {
            Value::from(time::text(time::created(0), 'T', false))
        }
        Some("string") => Value::from(text(bound("minLength"), bound("maxLength"))),
        _ => {
            let needed = properties(&schema).filter(|(name, property)| {
                let property = schemas.flat(property);
                let is_sent = property.get("x-send").and_then(Value::as_str) == Some("always");
                requires(&schema, name) || is_sent
            });
            let mut members: Map<String, Value> = needed
                .map(|(name, property)| (name.clone(), least(schemas, property)))
                .collect();
            let fewest = bound("minProperties").and_then(|fewest| usize::try_from(fewest).ok());
            let more = properties(&schema).map(|(name, property)| (name.clone(), Some(property)));
            let free = schema
                .get("additionalProperties")
                .filter(|free| free.is_object());
            let own = (1..).map(|number| (format!("example_{number}"), free));
            for (name, property) in more.chain(own) {
                if members.len() >= fewest.unwrap_or(0) {
                    break;
                }
                let value = || property.map_or_else(|| "example".into(), |one| least(schemas, one));
                members.entry(name).or_insert_with(value);
            }
            Value::Object(members)
        }
    }
}

fn text(least: Option<u64>, most: Option<u64>) -> String {
    let length = |bound: Option<u64>| bound.and_then(|bound| usize::try_from(bound).ok());
    let text = format!("{:-<width$}", "example", width = length(least).unwrap_or(0));
    text.chars()
        .take(length(most).unwrap_or(usize::MAX))
        .collect()
}

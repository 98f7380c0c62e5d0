//! Bodies made from their schemas.

use crate::data::time::{self, Spelling};
use botroster_spec::{
    pointer,
    schema::{Schemas, kind, nullable, number_or_text, properties, timestamp_spellings},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A body with the given values, and empty ones everywhere else.
pub(crate) struct BodyTemplate<'a> {
    pub(crate) schemas: &'a Schemas,
    /// By pointer; used if the schema has such a property.
    pub(crate) given: BTreeMap<String, Value>,
    /// The value of timestamps, in milliseconds.
    pub(crate) now: i64,
}

impl BodyTemplate<'_> {
    pub(crate) fn body(&self, schema: &Value) -> Value {
        self.value(schema, "")
    }

    fn value(&self, schema: &Value, at: &str) -> Value {
        if let Some(value) = self.given.get(at) {
            return value.clone();
        }
        let schema = self.schemas.flat(schema);
        if let [spelling, ..] = timestamp_spellings(&schema).as_slice() {
            return match Spelling::read(spelling) {
                Some(Spelling::Millis) => Value::from(self.now),
                Some(Spelling::Spaced) => Value::from(time::text(self.now, ' ', false)),
                _ => Value::from(time::text(self.now, 'T', false)),
            };
        }
        match kind(&schema) {
            Some("array") => self.array(&schema, at),
            _ if nullable(&schema) && !self.fills(at) => Value::Null,
            Some("object") => {
                let members = properties(&schema);
                let member = |(name, property): (&String, &Value)| {
                    (
                        name.clone(),
                        self.value(property, &pointer::child(at, name)),
                    )
                };
                Value::Object(members.map(member).collect())
            }
            Some("string") => schema
                .pointer("/enum/0")
                .cloned()
                .unwrap_or_else(|| Value::from("")),
            Some("integer" | "number") => Value::from(0),
            None if number_or_text(&schema).is_some() => Value::from(0),
            Some("boolean") => Value::from(false),
            _ => Value::Null,
        }
    }

    /// An empty array, or one with a single element if a value is given for that.
    fn array(&self, schema: &Value, at: &str) -> Value {
        let first = pointer::child(at, "0");
        let filled = self.given.contains_key(&first) || self.fills(&first);
        let items = schema.get("items").filter(|_| filled);
        items
            .map(|items| self.value(items, &first))
            .into_iter()
            .collect()
    }

    /// Returns whether a value is given for a place below a pointer.
    fn fills(&self, at: &str) -> bool {
        let below = format!("{at}/");
        self.given.keys().any(|place| place.starts_with(&below))
    }
}

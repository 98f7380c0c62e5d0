//! The envelope around a payload.

use super::{success, template::BodyTemplate};
use crate::{platform::Platform, spec::Operation};
use botroster_spec::{
    pointer,
    schema::{kind, nullable, properties},
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl Platform {
    /// The body of a success with this payload.
    pub(super) fn envelope(
        &self,
        operation: &Operation,
        place: &str,
        payload: Value,
        now: i64,
    ) -> Value {
        self.enclose(operation, (place, payload), &BTreeMap::new(), now)
    }

    /// The body of a page, including what it says about itself.
    pub(super) fn page_envelope(
        &self,
        operation: &Operation,
        place: &str,
        records: Vec<Value>,
        about_page: BTreeMap<String, Value>,
        now: i64,
    ) -> Value {
        let shown = records.len();
        let about_page = self.conforming(operation, about_page);
        let payload = (place, Value::Array(records));
        let mut body = self.enclose(operation, payload, &about_page, now);
        self.set_count(operation, &mut body, &about_page, shown);
        body
    }

    /// Values in the form their schemas require: numbers as strings, no null where none is allowed.
    fn conforming(
        &self,
        operation: &Operation,
        values: BTreeMap<String, Value>,
    ) -> BTreeMap<String, Value> {
        let schema = operation.success.json();
        let conforming = values.into_iter().filter_map(|(place, value)| {
            let documented = schema.and_then(|schema| self.spec.schemas.walk(schema, &place));
            let value = match documented {
                Some(schema) if value.is_null() && !nullable(&schema) => return None,
                Some(schema) if value.is_number() && kind(&schema) == Some("string") => {
                    Value::from(value.to_string())
                }
                _ => value,
            };
            Some((place, value))
        });
        conforming.collect()
    }

    fn enclose(
        &self,
        operation: &Operation,
        (place, payload): (&str, Value),
        values: &BTreeMap<String, Value>,
        now: i64,
    ) -> Value {
        let Some(schema) = operation.success.json() else {
            return payload;
        };
        let mut given = success::envelope(operation, &self.spec.schemas);
        given.extend(values.clone());
        // Records are many: they are moved to their place, not copied.
        let empty = match payload {
            Value::Array(_) => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        };
        given.insert(place.to_owned(), empty);
        let template = BodyTemplate {
            schemas: &self.spec.schemas,
            given,
            now,
        };
        let mut body = template.body(schema);
        pointer::set(&mut body, place, payload);
        for (place, value) in values {
            if body.pointer(place) != Some(value) {
                pointer::set(&mut body, place, value.clone());
            }
        }
        body
    }

    /// Sets top-level integers with no other meaning to the number of records on the page.
    fn set_count(
        &self,
        operation: &Operation,
        body: &mut Value,
        values: &BTreeMap<String, Value>,
        shown: usize,
    ) {
        let Some(schema) = operation.success.json() else {
            return;
        };
        let schema = self.spec.schemas.flat(schema);
        let envelope = &operation.envelope;
        for (name, property) in properties(&schema) {
            let place = pointer::child("", name);
            let is_free = !values.contains_key(&place) && !envelope.code.contains(&place);
            let fails = envelope.fail_when.iter().any(|rule| rule.at == place);
            let is_integer = kind(&self.spec.schemas.flat(property)) == Some("integer");
            if is_free && !fails && is_integer {
                pointer::set(body, &place, Value::from(shown));
            }
        }
    }
}

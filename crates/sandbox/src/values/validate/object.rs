//! Objects: defined, required and additional properties.

use super::{Findings, Invalid, MAX_FINDINGS, Validator, scalar};
use botroster_spec::{
    nearest::{hint, nearest},
    pointer,
    schema::{properties, requires},
};
use serde_json::{Map, Value};

impl Validator<'_> {
    pub(super) fn object(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        at: &str,
        closed: bool,
        found: &mut Findings,
    ) {
        for (name, property) in properties(schema) {
            let place = pointer::child(at, name);
            match members.get(name) {
                Some(value) => self.value(property, value, &place, false, found),
                None if requires(schema, name) => {
                    found.add(&place, missing(schema, members, name));
                }
                None if self.all_sent && self.is_always_sent(property) => {
                    found.add(&place, "must always be sent, even if empty");
                }
                None => {}
            }
        }
        self.additional(schema, members, at, closed, found);
        let bounds = ("minProperties", "maxProperties", "properties");
        scalar::size(schema, members.len(), at, bounds, found);
    }

    fn is_always_sent(&self, property: &Value) -> bool {
        let schema = self.schemas.flat(property);
        schema.get("x-send").and_then(Value::as_str) == Some("always")
    }

    fn additional(
        &self,
        schema: &Value,
        members: &Map<String, Value>,
        at: &str,
        closed: bool,
        found: &mut Findings,
    ) {
        let additional = schema.get("additionalProperties");
        let defined = schema.get("properties").and_then(Value::as_object);
        let has_alternatives = schema.get("oneOf").is_some();
        let names = defined.into_iter().flat_map(Map::keys).map(String::as_str);
        for (name, value) in undefined(schema, members) {
            let place = pointer::child(at, name);
            let hint = || hint(name, names.clone());
            match additional {
                Some(more @ Value::Object(_)) => self.value(more, value, &place, false, found),
                None if closed && !has_alternatives => {
                    found.add(&place, format!("is unknown here{}", hint()));
                }
                None if defined.is_some()
                    && !has_alternatives
                    && found.undefined.len() < MAX_FINDINGS =>
                {
                    let reason = format!("was accepted, although no schema defines it{}", hint());
                    found.undefined.push(Invalid::new(&place, reason));
                }
                _ => {}
            }
        }
    }
}

/// The members that no property of the schema defines.
fn undefined<'a>(
    schema: &'a Value,
    members: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let defined = schema.get("properties").and_then(Value::as_object);
    let members = members.iter();
    members.filter(move |(name, _)| !defined.is_some_and(|all| all.contains_key(*name)))
}

fn missing(schema: &Value, members: &Map<String, Value>, name: &str) -> String {
    let others = undefined(schema, members).map(|(own, _)| own.as_str());
    let other = nearest(name, others);
    let other = other.map_or_else(String::new, |own| format!("; found {own} instead"));
    format!("is required{other}")
}

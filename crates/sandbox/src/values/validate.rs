//! Validation against the subset of OpenAPI 3.0 schemas that specs use.
//!
//! Not the crate `jsonschema`: it knows neither `nullable` nor the `x-` extensions, and its errors have no suggestions and
//! quote personal data. The tests compare the verdicts of both. This validator deliberately differs from JSON Schema in three
//! ways: a schema with `properties` or `items` requires an object or an array even without `type`; an alternative of
//! `oneOf` rejects properties that it does not define, which is what tells alternatives apart; and `x-timestamp` is checked.

mod alternatives;
#[cfg(test)]
mod differential;
mod object;
mod scalar;
#[cfg(test)]
mod tests;

use super::describe::{received, with_article};
use botroster_spec::{
    nearest::nearest,
    pointer,
    schema::{Schemas, kind, nullable, number_or_text},
};
pub(crate) use scalar::compare;
use serde_json::Value;
use std::collections::HashSet;

/// Maximum number of problems reported for one value.
const MAX_FINDINGS: usize = 20;

/// A problem with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invalid {
    pub(crate) pointer: String,
    pub(crate) reason: String,
}

impl Invalid {
    fn new(pointer: &str, reason: impl Into<String>) -> Self {
        Self {
            pointer: pointer.to_owned(),
            reason: reason.into(),
        }
    }

    /// `/a/b must be …`; `root` names the whole value.
    pub(crate) fn sentence(&self, root: &str) -> String {
        let place = match self.pointer.as_str() {
            "" => root,
            place => place,
        };
        format!("{place} {}", self.reason)
    }
}

/// Problems with a value, and its undefined properties.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) invalid: Vec<Invalid>,
    /// Properties that no schema defines and none forbids.
    pub(crate) undefined: Vec<Invalid>,
}

impl Findings {
    fn add(&mut self, at: &str, reason: impl Into<String>) {
        if self.invalid.len() < MAX_FINDINGS {
            self.invalid.push(Invalid::new(at, reason));
        }
    }
}

/// Validates values against schemas.
pub(crate) struct Validator<'a> {
    pub(crate) schemas: &'a Schemas,
    /// Whether properties marked `x-send: always` are required.
    pub(crate) all_sent: bool,
}

impl Validator<'_> {
    pub(crate) fn is_valid(&self, schema: &Value, value: &Value) -> bool {
        self.findings(schema, value).invalid.is_empty()
    }

    /// All problems, up to a bound.
    pub(crate) fn findings(&self, schema: &Value, value: &Value) -> Findings {
        let mut found = Findings::default();
        self.value(schema, value, "", false, &mut found);
        found
    }

    /// `closed`: undefined properties of an object are invalid unless its schema allows them.
    fn value(&self, schema: &Value, value: &Value, at: &str, closed: bool, found: &mut Findings) {
        let schema = self.schemas.flat(schema);
        let schema = schema.as_ref();
        if value.is_null() && nullable(schema) {
            return;
        }
        if !self.is_choice(schema, value, at, found) {
            return;
        }
        match (kind(schema), value) {
            (None | Some("object"), Value::Object(members)) => {
                self.object(schema, members, at, closed, found);
            }
            (None, _) => {}
            (Some("array"), Value::Array(list)) => self.array(schema, list, at, found),
            (Some("string"), Value::String(text)) => scalar::string(schema, text, at, found),
            (Some("integer"), Value::Number(number)) if number.is_i64() || number.is_u64() => {
                scalar::number(schema, number, at, found);
            }
            (Some("number"), Value::Number(number)) => scalar::number(schema, number, at, found),
            (Some("boolean"), Value::Bool(_)) => {}
            (Some(kind), _) => {
                let (kind, got) = (with_article(kind), received(schema, value));
                found.add(at, format!("must be {kind}, got {got}"));
            }
        }
    }

    /// Returns whether the value is among those of an `enum` and matches `oneOf`.
    fn is_choice(&self, schema: &Value, value: &Value, at: &str, found: &mut Findings) -> bool {
        if let Some(list) = schema.get("enum").and_then(Value::as_array)
            && !list
                .iter()
                .any(|own| own == value || canonical(own) == canonical(value))
        {
            let names: Vec<String> = list.iter().map(Value::to_string).collect();
            let known = list.iter().filter_map(Value::as_str);
            let meant = value.as_str().and_then(|text| nearest(text, known));
            let meant = meant.map_or_else(String::new, |name| format!("; did you mean {name:?}?"));
            let (names, got) = (names.join(", "), received(schema, value));
            found.add(at, format!("must be one of {names}, got {got}{meant}"));
            return false;
        }
        if let Some(number) = number_or_text(schema)
            && matches!(value, Value::Bool(_) | Value::Array(_) | Value::Object(_))
        {
            let kind = with_article(kind(number).unwrap_or("number"));
            let got = received(schema, value);
            found.add(at, format!("must be {kind} or a string, got {got}"));
            return false;
        }
        let list = schema.get("oneOf").and_then(Value::as_array);
        list.is_none_or(|list| self.matches_alternatives(list, value, at, found))
    }

    fn array(&self, schema: &Value, list: &[Value], at: &str, found: &mut Findings) {
        let bounds = ("minItems", "maxItems", "items");
        scalar::size(schema, list.len(), at, bounds, found);
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = HashSet::new();
            let mut items = list.iter().enumerate();
            let repeated = items.find(|(_, item)| !seen.insert(canonical(item)));
            if let Some((number, _)) = repeated {
                found.add(&pointer::child(at, &number.to_string()), "is a duplicate");
            }
        }
        let Some(items) = schema.get("items") else {
            return;
        };
        for (number, item) in list.iter().enumerate() {
            if found.invalid.len() >= MAX_FINDINGS {
                return;
            }
            let at = pointer::child(at, &number.to_string());
            self.value(items, item, &at, false, found);
        }
    }
}

/// A text that equal values share: the order of properties and the spelling of a number do not matter.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            let members = members.into_iter();
            let members: Vec<String> = members
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}

//! Bodies and fields that no document describes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Timestamp;

/// A value whose shape the platform does not document.
///
/// It is the JSON as it came, with accessors that ask instead of assuming. `Debug` shows its kind only, since nobody knows
/// what is in it.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Value);

impl Json {
    /// The JSON itself.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The JSON itself.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// The value at an RFC 6901 JSON Pointer; `""` is the whole.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    /// The first text that is there and not empty. Numbers and booleans count as their JSON text.
    pub fn text(&self, pointers: &[&str]) -> Option<String> {
        pointers
            .iter()
            .find_map(|pointer| match self.0.pointer(pointer)? {
                Value::String(text) if text.trim().is_empty() => None,
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(value) => Some(value.to_string()),
                _ => None,
            })
    }

    /// The timestamp at `pointer`, if a text or an integer is there.
    pub fn timestamp(&self, pointer: &str) -> Option<Timestamp> {
        match self.0.pointer(pointer)? {
            Value::String(text) => Some(text.as_str().into()),
            Value::Number(number) => number.as_i64().map(Timestamp::from),
            _ => None,
        }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(_) => f.write_str("(boolean)"),
            Value::Number(_) => f.write_str("(number)"),
            Value::String(_) => f.write_str("(text)"),
            Value::Array(list) => write!(f, "(list of {})", list.len()),
            Value::Object(map) => write!(f, "(object of {})", map.len()),
        }
    }
}

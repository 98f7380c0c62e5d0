//! JSON whose structure no document describes.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Timestamp;

/// A JSON object with any fields.
pub type Map = serde_json::Map<String, Value>;

/// A JSON value whose structure the platform does not document.
///
/// `Debug` shows only the type of the value, because it may contain anything.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Value);

impl Json {
    /// Returns the JSON value.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// Converts into the JSON value.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// Returns the value at a JSON Pointer (RFC 6901); `""` is the whole value.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    /// Returns the first non-blank string at one of the pointers. Numbers and booleans are converted to their JSON text.
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

    /// Returns the timestamp at a pointer, from a string or an integer.
    pub fn timestamp(&self, pointer: &str) -> Option<Timestamp> {
        match self.0.pointer(pointer)? {
            Value::String(text) => Some(text.as_str().into()),
            Value::Number(number) => number.as_i64().map(Timestamp::from),
            _ => None,
        }
    }
}

macro_rules! from_values {
    ($($ty:ty),* $(,)?) => {$(
        impl From<$ty> for Json {
            fn from(value: $ty) -> Self {
                Self(value.into())
            }
        }
    )*};
}
from_values!(
    Value,
    &str,
    String,
    bool,
    i32,
    i64,
    u32,
    u64,
    serde_json::Number,
    Map
);

impl From<f64> for Json {
    /// Infinite numbers and NaN, which JSON cannot represent, become null.
    fn from(number: f64) -> Self {
        Self(number.into())
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(list: Vec<T>) -> Self {
        Self(list.into_iter().map(|item| item.into().0).collect())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    /// `None` becomes null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self(Value::Null), Into::into)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(_) => f.write_str("(boolean)"),
            Value::Number(_) => f.write_str("(number)"),
            Value::String(_) => f.write_str("(string)"),
            Value::Array(list) => write!(f, "(list of {})", list.len()),
            Value::Object(map) => write!(f, "(object of {})", map.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_convert_into_json() {
        for (given, expected) in [
            (Json::from("a"), json!("a")),
            (String::from("a").into(), json!("a")),
            (true.into(), json!(true)),
            ((-7_i64).into(), json!(-7)),
            (u64::MAX.into(), json!(u64::MAX)),
            (7_i32.into(), json!(7)),
            (7_u32.into(), json!(7)),
            (2.5.into(), json!(2.5)),
            (f64::NAN.into(), json!(null)),
            (vec!["a", "b"].into(), json!(["a", "b"])),
            (Some(1_i64).into(), json!(1)),
            (None::<i64>.into(), json!(null)),
            (Map::new().into(), json!({})),
        ] {
            assert_eq!(given.into_value(), expected);
        }
    }
}

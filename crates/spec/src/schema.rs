//! Component schemas: following references, classifying values, walking by pointer.
//!
//! A schema remains JSON, as in the document. Lint guarantees its structure: no inline objects, `allOf` only with a single
//! reference, and no cycles of references.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pointer;

/// Longest chain of references that is followed.
const DEPTH: u8 = 16;

/// Keywords that limit a value on their own.
pub const LIMITS: [&str; 9] = [
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];
/// Keywords that make another limit exclusive.
pub const EXCLUSIVE: [&str; 2] = ["exclusiveMinimum", "exclusiveMaximum"];

/// The component schemas of a document, by name, in its order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schemas {
    components: Map<String, Value>,
}

impl Schemas {
    /// Wraps the object under `components.schemas`.
    pub fn new(components: Map<String, Value>) -> Self {
        Self { components }
    }

    /// Returns a component.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.components.get(name)
    }

    /// Iterates over the components in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.components.iter()
    }

    /// Follows references, including `allOf` with a single one; `None` if they do not resolve or form a cycle.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let mut schema = schema;
        for _ in 0..DEPTH {
            match reference(schema) {
                Some(name) => schema = self.get(name)?,
                None => return Some(schema),
            }
        }
        None
    }

    /// Returns the schema with references followed and `allOf` merged into one object; keys beside them are kept.
    pub fn flat<'a>(&'a self, schema: &'a Value) -> Cow<'a, Value> {
        self.flat_within(schema, DEPTH)
    }

    fn flat_within<'a>(&'a self, schema: &'a Value, depth: u8) -> Cow<'a, Value> {
        if depth == 0 {
            return Cow::Owned(Value::Object(Map::new()));
        }
        let direct = schema.get("$ref").and_then(|_| reference(schema));
        if let Some(target) = direct.and_then(|name| self.get(name)) {
            return self.flat_within(target, depth - 1);
        }
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
            return Cow::Borrowed(schema);
        };
        let mut merged = Map::new();
        for part in parts {
            if let Value::Object(part) = self.flat_within(part, depth - 1).as_ref() {
                merged.extend(
                    part.iter()
                        .map(|(word, value)| (word.clone(), value.clone())),
                );
            }
        }
        let own = schema.as_object().into_iter().flatten();
        let own = own.filter(|(word, _)| *word != "allOf");
        merged.extend(own.map(|(word, value)| (word.clone(), value.clone())));
        Cow::Owned(Value::Object(merged))
    }

    /// Returns the flat schema at a pointer; a number or `*` selects the items of an array.
    pub fn walk(&self, schema: &Value, pointer: &str) -> Option<Value> {
        let mut at = self.flat(schema).into_owned();
        for token in pointer::tokens(pointer) {
            let next = match at.get("items") {
                Some(items) if token == "*" || token.parse::<u64>().is_ok() => items.clone(),
                _ => match at.get("properties").and_then(|all| all.get(&*token)) {
                    Some(property) => property.clone(),
                    None => at
                        .get("additionalProperties")
                        .filter(|schema| schema.is_object())?
                        .clone(),
                },
            };
            at = self.flat(&next).into_owned();
        }
        Some(at)
    }
}

/// Returns the name of the component that a schema refers to, including through `allOf` with a single reference.
pub fn reference(schema: &Value) -> Option<&str> {
    let direct =
        schema
            .get("$ref")
            .or_else(|| match schema.get("allOf")?.as_array()?.as_slice() {
                [one] => one.get("$ref"),
                _ => None,
            })?;
    direct.as_str()?.strip_prefix("#/components/schemas/")
}

/// Returns the number of a schema that is `oneOf` a number and a string.
pub fn number_or_text(schema: &Value) -> Option<&Value> {
    let [one, other] = schema.get("oneOf")?.as_array()?.as_slice() else {
        return None;
    };
    let is_number = |schema: &Value| schema["type"] == "integer" || schema["type"] == "number";
    let is_text = |schema: &Value| schema["type"] == "string";
    if is_number(one) && is_text(other) {
        Some(one)
    } else if is_text(one) && is_number(other) {
        Some(other)
    } else {
        None
    }
}

/// Returns whether a schema is `oneOf` a number and a string.
pub fn is_number_or_text(schema: &Value) -> bool {
    number_or_text(schema).is_some()
}

/// Returns whether a keyword limits the values of a schema.
pub fn is_limit(word: &str) -> bool {
    LIMITS.contains(&word) || EXCLUSIVE.contains(&word)
}

/// Returns the format of an integer: unsigned where `minimum` is not negative, 32 bits only where the document says so.
pub fn integer_format(schema: &Map<String, Value>) -> &'static str {
    let unsigned = schema
        .get("minimum")
        .and_then(Value::as_f64)
        .is_some_and(|least| least >= 0.0);
    let narrow = schema.get("format").and_then(Value::as_str) == Some("int32");
    match (unsigned, narrow) {
        (true, true) => "uint32",
        (true, false) => "uint64",
        (false, true) => "int32",
        (false, false) => "int64",
    }
}

/// Iterates over the `properties` of a flat schema.
pub fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

/// Returns whether a flat schema requires a property.
pub fn requires(schema: &Value, name: &str) -> bool {
    let names = schema.get("required").and_then(Value::as_array);
    names.is_some_and(|names| names.iter().any(|required| required == name))
}

/// Returns whether a flat schema allows null.
pub fn nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// Returns the `type` of a flat schema; `object` and `array` are also inferred from `properties` and `items`.
pub fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => Some(kind),
        None if schema.get("properties").is_some() => Some("object"),
        None if schema.get("items").is_some() => Some("array"),
        None => None,
    }
}

/// Returns the formats of a timestamp, `x-timestamp`, starting with the one that is sent; empty if it is not a timestamp.
pub fn timestamp_spellings(schema: &Value) -> Vec<&str> {
    match schema.get("x-timestamp") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schemas() -> Schemas {
        let components = json!({
            "Id": {"type": "string", "maxLength": 24},
            "User": {"type": "object", "required": ["id"], "properties": {"id": {"$ref": "#/components/schemas/Id"}}},
            "Page": {"type": "object", "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}}},
            "Loop": {"$ref": "#/components/schemas/Loop"},
        });
        match components {
            Value::Object(components) => Schemas::new(components),
            _ => Schemas::default(),
        }
    }

    #[test]
    fn references_are_followed_and_walked() {
        let schemas = schemas();
        let page = json!({"$ref": "#/components/schemas/Page"});
        let user = schemas.walk(&page, "/data/*").unwrap();
        assert!(requires(&user, "id"));
        assert_eq!(schemas.walk(&page, "/data/0/id").unwrap()["maxLength"], 24);
        assert!(schemas.walk(&page, "/data/*/nothing").is_none());
        let described = json!({"description": "x", "allOf": [{"$ref": "#/components/schemas/Id"}]});
        assert_eq!(
            *schemas.flat(&described),
            json!({"type": "string", "maxLength": 24, "description": "x"})
        );
        assert_eq!(schemas.resolve(&described), schemas.get("Id"));
    }

    #[test]
    fn an_endless_reference_ends() {
        let schemas = schemas();
        let endless = json!({"$ref": "#/components/schemas/Loop"});
        assert_eq!(*schemas.flat(&endless), json!({}));
        assert_eq!(schemas.resolve(&endless), None);
    }
}

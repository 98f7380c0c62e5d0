//! Component schemas: following `$ref`, merging `allOf`, walking by pointer.

use crate::pointer;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How many `$ref` and `allOf` are followed before a schema counts as endless.
const DEPTH: u8 = 16;

/// The schemas of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schemas {
    components: Map<String, Value>,
}

impl Schemas {
    pub(crate) fn new(components: Map<String, Value>) -> Self {
        Self { components }
    }

    /// The schema itself: `$ref` followed, `allOf` merged into one object, words beside them kept.
    pub(crate) fn flat<'a>(&'a self, schema: &'a Value) -> Cow<'a, Value> {
        self.flat_within(schema, DEPTH)
    }

    fn flat_within<'a>(&'a self, schema: &'a Value, depth: u8) -> Cow<'a, Value> {
        if depth == 0 {
            return Cow::Owned(Value::Object(Map::new()));
        }
        if let Some(target) = self.target(schema) {
            return self.flat_within(target, depth - 1);
        }
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
            return Cow::Borrowed(schema);
        };
        let mut merged = Map::new();
        for part in parts {
            if let Value::Object(part) = self.flat_within(part, depth - 1).as_ref() {
                merge(&mut merged, part);
            }
        }
        if let Value::Object(own) = schema {
            let own: Map<String, Value> = own
                .iter()
                .filter(|(word, _)| *word != "allOf")
                .map(|(word, value)| (word.clone(), value.clone()))
                .collect();
            merge(&mut merged, &own);
        }
        Cow::Owned(Value::Object(merged))
    }

    /// The component a `$ref` means.
    fn target(&self, schema: &Value) -> Option<&Value> {
        let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
        self.components.get(name)
    }

    /// The flat schema of what a pointer addresses; a number or `*` stands for the items of an array.
    pub(crate) fn walk(&self, schema: &Value, pointer: &str) -> Option<Value> {
        let mut at = self.flat(schema).into_owned();
        for token in pointer::tokens(pointer) {
            let next = match at.get("items") {
                Some(items) if token == "*" || token.parse::<u64>().is_ok() => items.clone(),
                _ => match at.get("properties").and_then(|all| all.get(&token)) {
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

/// `properties` are united, `required` appended, everything else overwritten.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (word, value) in from {
        match (word.as_str(), into.get_mut(word), value) {
            ("properties", Some(Value::Object(have)), Value::Object(more)) => {
                have.extend(
                    more.iter()
                        .map(|(name, schema)| (name.clone(), schema.clone())),
                );
            }
            ("required", Some(Value::Array(have)), Value::Array(more)) => {
                have.extend(more.iter().cloned())
            }
            _ => {
                into.insert(word.clone(), value.clone());
            }
        }
    }
}

/// The `properties` of a flat schema.
pub(crate) fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// Whether a flat schema requires a property.
pub(crate) fn requires(schema: &Value, name: &str) -> bool {
    schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|required| required == name))
}

/// Whether a flat schema allows null.
pub(crate) fn nullable(schema: &Value) -> bool {
    schema
        .get("nullable")
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

/// The number of a schema that is a number or a text, as `oneOf` of the two.
pub(crate) fn number_or_text(schema: &Value) -> Option<&Value> {
    let [one, other] = schema.get("oneOf")?.as_array()?.as_slice() else {
        return None;
    };
    let is_number = |schema: &Value| matches!(kind(schema), Some("integer" | "number"));
    match (is_number(one), is_number(other)) {
        (true, false) if kind(other) == Some("string") => Some(one),
        (false, true) if kind(one) == Some("string") => Some(other),
        _ => None,
    }
}

/// The `type` of a flat schema; "object" and "array" are also seen in what follows from them.
pub(crate) fn kind(schema: &Value) -> Option<&str> {
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => Some(kind),
        None if schema.get("properties").is_some() => Some("object"),
        None if schema.get("items").is_some() => Some("array"),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schemas() -> Schemas {
        let components = json!({
            "Id": {"type": "string", "maxLength": 24},
            "Base": {"type": "object", "required": ["id"], "properties": {"id": {"$ref": "#/components/schemas/Id"}}},
            "User": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["name"], "properties": {"name": {"type": "string"}}}]},
            "Page": {"type": "object", "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}}},
            "Loop": {"$ref": "#/components/schemas/Loop"},
        });
        match components {
            Value::Object(components) => Schemas::new(components),
            _ => Schemas::default(),
        }
    }

    #[test]
    fn all_of_is_merged_and_walked() {
        let schemas = schemas();
        let page = json!({"$ref": "#/components/schemas/Page"});
        let user = schemas.walk(&page, "/data/*").unwrap();
        assert!(requires(&user, "id") && requires(&user, "name"));
        assert_eq!(schemas.walk(&page, "/data/0/id").unwrap()["maxLength"], 24);
        assert!(schemas.walk(&page, "/data/*/nothing").is_none());
    }

    #[test]
    fn an_endless_reference_ends() {
        let schemas = schemas();
        assert_eq!(
            *schemas.flat(&json!({"$ref": "#/components/schemas/Loop"})),
            json!({})
        );
    }
}

//! The copy of a spec that progenitor can take: what it would refuse, get wrong or do in our place is taken out.

use anyhow::{Context as _, Result};
use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

/// Drops what progenitor must not see and gives the rest as its input.
///
/// Every success becomes an octet stream: progenitor then never decodes, so that bounded reading, repair and the error are ours.
pub(crate) fn lower(document: &Value) -> Result<OpenAPI> {
    let mut document = document.clone();
    let paths = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .context("no paths")?;
    for operation in paths
        .values_mut()
        .filter_map(Value::as_object_mut)
        .flat_map(|item| item.values_mut())
    {
        if let Some(operation) = operation.as_object_mut() {
            let content = json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } });
            operation.insert(
                "responses".into(),
                json!({ "2XX": { "description": "The answer.", "content": content } }),
            );
            operation.remove("security");
            // The types of bodies are ours, and whole numbers are `i64` there.
            if let Some(items) = operation
                .get_mut("requestBody")
                .and_then(|body| body.pointer_mut("/content/application~1json/schema/items"))
                .and_then(Value::as_object_mut)
            {
                items.remove("minimum");
                items.remove("format");
            }
            // A description is copied into doc comments nobody sees.
            operation.remove("description");
            operation.remove("summary");
        }
    }
    if let Some(root) = document.as_object_mut() {
        root.remove("security");
        root.remove("tags");
        root.insert("info".into(), json!({ "title": "raw", "version": "1" }));
    }
    strip(&mut document);
    serde_json::from_value(document).context("openapiv3 cannot read the lowered spec")
}

/// Value constraints make newtypes and `NonZero`, defaults are sent unasked, and extensions defeat conversions.
fn strip(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(strip),
        Value::Object(object) => {
            if object.get("type").and_then(Value::as_str) == Some("integer") {
                let format = integer_format(object);
                object.insert("format".into(), format.into());
            }
            object.retain(|key, _| !key.starts_with("x-"));
            if is_schema(object) {
                for key in [
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "minItems",
                    "maxItems",
                    "minProperties",
                    "maxProperties",
                    "default",
                    "example",
                    "nullable",
                ] {
                    object.remove(key);
                }
            }
            object.values_mut().for_each(strip);
        }
        _ => {}
    }
}

fn is_schema(object: &Map<String, Value>) -> bool {
    object.get("type").is_some_and(Value::is_string)
        || object.contains_key("oneOf")
        || object.contains_key("allOf")
}

/// The width of an integer: unsigned where the spec says it is not negative, 32 bits only where it says so.
pub(crate) fn integer_format(schema: &Map<String, Value>) -> &'static str {
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

//! Lowers a spec to OpenAPI that progenitor accepts, without the parts that it would refuse, get wrong or duplicate.

use anyhow::{Context as _, Result};
use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use crate::parameters::{Sending, is_raw_body, sending};
use botroster_spec::{Spec, model::Operation, schema::integer_format, schema::is_limit};

/// Schema keywords, besides limits, that progenitor must not see.
const UNSEEN: [&str; 3] = ["default", "example", "nullable"];

/// Returns the input of progenitor.
///
/// Every success becomes an octet stream, so that progenitor generates no decoding: the transport bounds, repairs and decodes.
pub(crate) fn lower(spec: &Spec) -> Result<OpenAPI> {
    let mut document = spec.tree.value.clone();
    for operation in &spec.model.operations {
        let value = document
            .pointer_mut(&operation.pointer())
            .and_then(Value::as_object_mut)
            .context("an operation is not an object")?;
        lower_operation(spec, operation, value)?;
    }
    if let Some(root) = document.as_object_mut() {
        root.remove("security");
        root.remove("tags");
        root.insert("info".into(), json!({ "title": "raw", "version": "1" }));
    }
    // progenitor needs the names of types only.
    let schemas = document.pointer_mut("/components/schemas");
    let schemas = schemas.and_then(Value::as_object_mut);
    for schema in schemas.into_iter().flat_map(Map::values_mut) {
        *schema = json!({ "type": "object" });
    }
    strip(&mut document);
    serde_json::from_value(document).context("openapiv3 cannot read the lowered spec")
}

fn lower_operation(
    spec: &Spec,
    operation: &Operation,
    value: &mut Map<String, Value>,
) -> Result<()> {
    let content = json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } });
    value.insert(
        "responses".into(),
        json!({ "2XX": { "description": "Response.", "content": content } }),
    );
    value.remove("security");
    // Descriptions would become doc comments that are dropped.
    value.remove("description");
    value.remove("summary");
    if !is_raw_body(operation) {
        value.remove("requestBody");
    }
    let mut parameters = Vec::new();
    let written = value.remove("parameters").unwrap_or_default();
    let written = written.as_array().into_iter().flatten();
    for (parameter, written) in operation.parameters.iter().zip(written) {
        let mut written = written.clone();
        match sending(spec, operation, parameter)? {
            Sending::Raw => {}
            Sending::RawText => written["schema"] = json!({ "type": "string" }),
            Sending::Query(_) => continue,
        }
        // The remaining styles of a scalar are the default.
        if let Some(written) = written.as_object_mut() {
            written.remove("style");
            written.remove("explode");
        }
        parameters.push(written);
    }
    if !parameters.is_empty() {
        value.insert("parameters".into(), parameters.into());
    }
    Ok(())
}

/// Removes constraints, which become newtypes and `NonZero`, defaults, which are sent, and extensions, which prevent conversions.
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
                object.retain(|key, _| !is_limit(key) && !UNSEEN.contains(&key.as_str()));
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

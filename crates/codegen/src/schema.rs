//! Rust types of schemas.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Value, json};

use crate::failures;
pub(crate) use botroster_spec::schema::{
    is_number_or_text, nullable, properties, reference, requires,
};
use botroster_spec::{
    Spec,
    idents::camel,
    model::{Operation, Response},
    pointer::{child, unescape},
};

/// Follows references to a schema without one.
pub(crate) fn resolve<'s>(spec: &'s Spec, schema: &'s Value) -> Result<&'s Value> {
    let resolved = spec.model.schemas.resolve(schema);
    resolved.with_context(|| format!("{}: a reference leads nowhere", spec.tree.file))
}

/// The kind of type that a component becomes.
pub(crate) enum ComponentKind {
    Record,
    Enum(Vec<String>),
    OneOf(Vec<String>),
    /// An undocumented value, list, map or scalar.
    Alias,
}

pub(crate) fn kind(schema: &Value) -> ComponentKind {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values = values.iter().filter_map(Value::as_str);
        return ComponentKind::Enum(values.map(str::to_owned).collect());
    }
    if let Some(variants) = schema.get("oneOf").and_then(Value::as_array)
        && !is_number_or_text(schema)
    {
        let names = variants.iter().filter_map(reference);
        return ComponentKind::OneOf(names.map(str::to_owned).collect());
    }
    if schema.get("properties").is_some() {
        ComponentKind::Record
    } else {
        ComponentKind::Alias
    }
}

/// Returns the Rust type of a schema, with the path `prefix` before components.
pub(crate) fn rust_type(schema: &Value, prefix: &TokenStream) -> Result<TokenStream> {
    if let Some(name) = reference(schema) {
        let name = camel(name);
        return Ok(quote!(#prefix #name));
    }
    if schema.get("x-timestamp").is_some() {
        return Ok(quote!(botroster_client::Timestamp));
    }
    if is_number_or_text(schema) {
        return Ok(quote!(botroster_client::NumberOrText));
    }
    Ok(match schema.get("type").and_then(Value::as_str) {
        None => quote!(botroster_client::Json),
        Some("string") => quote!(String),
        Some("boolean") => quote!(bool),
        Some("integer") => quote!(i64),
        Some("number") => quote!(botroster_client::Number),
        Some("array") => {
            let items = schema.get("items").context("a list without `items`")?;
            let item = or_null(items, rust_type(items, prefix)?);
            quote!(Vec<#item>)
        }
        Some("object") => match schema.get("additionalProperties") {
            Some(values) if values.is_object() => {
                let value = or_null(values, rust_type(values, prefix)?);
                quote!(std::collections::BTreeMap<String, #value>)
            }
            _ => quote!(botroster_client::Map),
        },
        Some(other) => bail!("the type `{other}` is not one of OpenAPI's"),
    })
}

/// Null is a value in lists and maps.
pub(crate) fn or_null(schema: &Value, ty: TokenStream) -> TokenStream {
    if nullable(schema) {
        quote!(Option<#ty>)
    } else {
        ty
    }
}

/// Returns whether the constructor of an object has parameters.
pub(crate) fn needs_arguments(schema: &Value) -> bool {
    required(schema).any(|name| schema["properties"][name].get("x-send").is_none())
}

/// Returns the names of the required properties.
pub(crate) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let names = schema["required"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str)
}

/// Returns the Rust type of items or data; `None` is any JSON.
pub(crate) fn value_type(schema: Option<&Value>) -> Result<TokenStream> {
    schema.map_or_else(
        || Ok(quote!(botroster_client::Json)),
        |schema| rust_type(schema, &quote!(types::)),
    )
}

/// Returns the schemas that an operation sends.
pub(crate) fn sent(operation: &Operation) -> impl Iterator<Item = &Value> {
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|parameter| &parameter.schema);
    parameters.chain(operation.body_schema())
}

/// Returns the record of a stream's operation: the items of its pages, or the response if no items are documented.
pub(crate) fn record(spec: &Spec, operation: &Operation) -> Result<Option<Value>> {
    Ok(match output(spec, operation)? {
        OperationOutput::Page(Some(schema)) => Some(schema),
        _ => operation.success_schema().cloned(),
    })
}

/// Returns the schema at a pointer into a response, or `None` if it is not documented.
pub(crate) fn at_pointer<'s>(
    spec: &'s Spec,
    schema: &'s Value,
    pointer: &str,
) -> Result<Option<&'s Value>> {
    let mut schema = schema;
    for step in pointer.split('/').skip(1) {
        let resolved = resolve(spec, schema)?;
        let next = match resolved.get("items") {
            Some(items) => Some(items),
            None => resolved["properties"].get(&*unescape(step)),
        };
        match next {
            Some(next) => schema = next,
            None => return Ok(None),
        }
    }
    Ok(Some(schema))
}

/// The result of a call.
pub(crate) enum OperationOutput {
    /// Pages of items of this schema; `None` is any JSON.
    Page(Option<Value>),
    /// One value of this schema; `None` is any JSON.
    Value(Option<Value>),
    /// CSV rows of this component.
    Rows(String),
    /// No data.
    Nothing,
}

pub(crate) fn output(spec: &Spec, operation: &Operation) -> Result<OperationOutput> {
    if let Some(csv) = &operation.csv {
        return Ok(OperationOutput::Rows(csv.row.clone()));
    }
    let Some(answer) = operation.success_schema() else {
        return Ok(OperationOutput::Nothing);
    };
    if let Some(pagination) = &operation.pagination {
        for pointer in &pagination.items {
            if let Some(list) = at_pointer(spec, answer, pointer)?
                && let Some(items) = resolve(spec, list)?.get("items")
            {
                return Ok(OperationOutput::Page(Some(items.clone())));
            }
        }
        return Ok(OperationOutput::Page(None));
    }
    let data = operation.envelope.data.as_deref().unwrap_or_default();
    let payload = at_pointer(spec, answer, data)?;
    let payload = match (payload, &operation.envelope.unwrap) {
        (Some(list), Some(_)) => resolve(spec, list)?.get("items"),
        (payload, _) => payload,
    };
    Ok(OperationOutput::Value(payload.cloned()))
}

/// Components used in requests and in responses. Others, mostly wrappers, get no type.
pub(crate) struct ComponentUses {
    pub(crate) sent: BTreeSet<String>,
    pub(crate) received: BTreeSet<String>,
}

pub(crate) fn uses(spec: &Spec) -> Result<ComponentUses> {
    let mut uses = ComponentUses {
        sent: BTreeSet::new(),
        received: BTreeSet::new(),
    };
    for operation in &spec.model.operations {
        for schema in sent(operation) {
            collect(spec, schema, &mut uses.sent)?;
        }
        let received = match output(spec, operation)? {
            OperationOutput::Page(schema) | OperationOutput::Value(schema) => schema,
            OperationOutput::Rows(name) => Some(refer(&name)),
            OperationOutput::Nothing => None,
        };
        if let Some(schema) = received {
            collect(spec, &schema, &mut uses.received)?;
        }
        for body in failures::with_bodies(operation).filter_map(Response::json) {
            collect(spec, body, &mut uses.received)?;
        }
    }
    Ok(uses)
}

/// Returns a reference to a component.
pub(crate) fn refer(name: &str) -> Value {
    json!({ "$ref": child("#/components/schemas", name) })
}

/// Collects the components that a schema refers to, directly or indirectly.
pub(crate) fn collect(spec: &Spec, schema: &Value, into: &mut BTreeSet<String>) -> Result<()> {
    match schema {
        Value::Object(object) => {
            if let Some(name) = schema.get("$ref").and_then(|_| reference(schema)) {
                if into.insert(name.to_owned()) {
                    collect(spec, spec.schema(name)?, into)?;
                }
                return Ok(());
            }
            // Mappings and examples are data, not schemas.
            object
                .iter()
                .filter(|(key, _)| !key.starts_with("x-") && *key != "example")
                .try_for_each(|(_, value)| collect(spec, value, into))
        }
        Value::Array(list) => list.iter().try_for_each(|value| collect(spec, value, into)),
        _ => Ok(()),
    }
}

/// Returns whether a schema is or contains a choice between forms.
pub(crate) fn holds_choice(spec: &Spec, schema: &Value, seen: &mut Vec<String>) -> Result<bool> {
    if let Some(name) = reference(schema) {
        if seen.iter().any(|known| known == name) {
            return Ok(false);
        }
        seen.push(name.to_owned());
        return holds_choice(spec, spec.schema(name)?, seen);
    }
    if let ComponentKind::OneOf(_) = kind(schema) {
        return Ok(true);
    }
    let inner = ["items", "additionalProperties"];
    let inner = inner.iter().filter_map(|word| schema.get(word));
    let properties = properties(schema).map(|(_, property)| property);
    for part in properties.chain(inner) {
        if holds_choice(spec, part, seen)? {
            return Ok(true);
        }
    }
    Ok(false)
}

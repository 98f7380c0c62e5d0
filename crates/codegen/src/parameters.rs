//! The split of a request between progenitor and the request builder.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::{error::rejected, paging, schema};
use botroster_spec::{
    Spec,
    model::{Carrier, Location, Operation, Parameter, QueryStyle, Style},
};

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    /// progenitor writes the value.
    Raw,
    /// progenitor writes the value as a string.
    RawText,
    /// The request builder adds it to the query.
    Query(QueryStyle),
}

/// Returns whether a parameter is a numeric cursor. Platforms return these as strings or numbers, and they are sent back unchanged.
pub(crate) fn is_numeric_cursor(
    spec: &Spec,
    operation: &Operation,
    parameter: &Parameter,
) -> Result<bool> {
    let pagination = operation.pagination.as_ref();
    let is_cursor = pagination.is_some_and(|pagination| pagination.style == Style::Cursor)
        && paging::position(operation, Carrier::Query) == Some(&parameter.name);
    let target = schema::resolve(spec, &parameter.schema)?;
    Ok(is_cursor && (target["type"] == "integer" || target["type"] == "number"))
}

pub(crate) fn sending(
    spec: &Spec,
    operation: &Operation,
    parameter: &Parameter,
) -> Result<Sending> {
    if is_numeric_cursor(spec, operation, parameter)? {
        return Ok(Sending::Query(QueryStyle::Form));
    }
    let target = schema::resolve(spec, &parameter.schema)?;
    let is_compound = target["type"] == "array" || target["type"] == "object";
    let is_number_or_text = schema::is_number_or_text(target);
    Ok(match parameter.location {
        _ if !is_compound && !is_number_or_text => Sending::Raw,
        Location::Query if is_compound => Sending::Query(parameter.style),
        Location::Query => Sending::Query(QueryStyle::Form),
        _ if is_compound => bail!(rejected(spec, &operation.pointer())),
        _ => Sending::RawText,
    })
}

/// Returns whether progenitor writes the body. It requires every body, and chooses its own types for some.
pub(crate) fn is_raw_body(operation: &Operation) -> bool {
    let Some(body) = operation.body_schema().filter(|_| operation.needs_body()) else {
        return false;
    };
    let is_plain = |schema: &Value| {
        schema.get("$ref").is_some()
            || (matches!(schema["type"].as_str(), Some("string" | "boolean"))
                && schema.get("x-timestamp").is_none()
                && schema["nullable"] != true)
    };
    body.get("$ref").is_some() || (body["type"] == "array" && is_plain(&body["items"]))
}

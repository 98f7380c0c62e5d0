//! Which parts of a request progenitor writes, and which we add to what it wrote.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::schema::{self, Kind};
use botroster_spec::{
    Spec,
    model::{Carrier, Location, Operation, Parameter, QueryStyle, Style},
};

/// How a parameter gets into the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    /// progenitor writes it.
    Raw,
    /// progenitor writes its text.
    RawText,
    /// We put it into the query.
    Query(QueryStyle),
}

/// What a parameter's value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Scalar,
    NumberOrText,
    List,
    Object,
}

pub(crate) fn content(spec: &Spec, schema: &Value) -> Result<Content> {
    let target = schema::resolve(spec, schema)?;
    Ok(match schema::kind(target) {
        Kind::Record => Content::Object,
        Kind::Alias if schema::is_number_or_text(target) => Content::NumberOrText,
        Kind::Alias if target["type"] == "array" => Content::List,
        Kind::Alias if target["type"] == "object" => Content::Object,
        Kind::Alias | Kind::Enum(_) | Kind::OneOf(_) => Content::Scalar,
    })
}

/// A cursor that is a number: the platform says where it stands in a text or a number, and it goes back as it came.
pub(crate) fn is_numeric_cursor(
    spec: &Spec,
    operation: &Operation,
    parameter: &Parameter,
) -> Result<bool> {
    let is_cursor = operation.pagination.as_ref().is_some_and(|pagination| {
        let at = pagination.at.as_ref();
        pagination.style == Style::Cursor
            && at.is_some_and(|at| at.carrier == Carrier::Query && at.name == parameter.name)
    });
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
    let content = content(spec, &parameter.schema)?;
    match (parameter.location, content) {
        (_, Content::Scalar) => Ok(Sending::Raw),
        (Location::Path | Location::Header, Content::NumberOrText) => Ok(Sending::RawText),
        (Location::Query, Content::NumberOrText) => Ok(Sending::Query(QueryStyle::Form)),
        (Location::Query, Content::List | Content::Object) => Ok(Sending::Query(parameter.style)),
        (Location::Path | Location::Header, Content::List | Content::Object) => bail!(
            "{}: the parameter `{}` is no single value: write it into the query",
            spec.tree.file,
            parameter.name
        ),
    }
}

/// Whether progenitor writes the body: it sends every one it knows, and types some in its own way.
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

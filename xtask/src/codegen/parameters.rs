//! Which parts of a request progenitor writes, and which we add to what it wrote.

use anyhow::{Result, bail};
use serde_json::Value;

use super::{
    model::{AtPlace, OperationModel, ParameterModel, ParameterPlace, Spec, Style},
    schema::{self, Kind},
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

/// The forms of a query that progenitor does not know, named as in the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueryStyle {
    Form,
    Comma,
    Space,
    Pipe,
    Deep,
    Dotted,
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
    operation: &OperationModel,
    parameter: &ParameterModel,
) -> Result<bool> {
    let is_cursor = operation.pagination.as_ref().is_some_and(|pagination| {
        let at = pagination.at.as_ref();
        pagination.style == Style::Cursor
            && at.is_some_and(|at| at.place == AtPlace::Query && at.name == parameter.wire)
    });
    let target = schema::resolve(spec, &parameter.schema)?;
    Ok(is_cursor && (target["type"] == "integer" || target["type"] == "number"))
}

pub(crate) fn sending(
    spec: &Spec,
    operation: &OperationModel,
    parameter: &ParameterModel,
) -> Result<Sending> {
    if is_numeric_cursor(spec, operation, parameter)? {
        return Ok(Sending::Query(QueryStyle::Form));
    }
    let content = content(spec, &parameter.schema)?;
    match (parameter.place, content) {
        (_, Content::Scalar) => Ok(Sending::Raw),
        (ParameterPlace::Path | ParameterPlace::Header, Content::NumberOrText) => {
            Ok(Sending::RawText)
        }
        (ParameterPlace::Query, Content::NumberOrText) => Ok(Sending::Query(QueryStyle::Form)),
        (ParameterPlace::Query, Content::List | Content::Object) => match style(parameter, content)
        {
            Some(style) => Ok(Sending::Query(style)),
            None => bail!(
                "{}: the parameter `{}` has a `style` that its schema does not go with: leave it out",
                spec.tree.file,
                parameter.wire
            ),
        },
        (ParameterPlace::Path | ParameterPlace::Header, Content::List | Content::Object) => bail!(
            "{}: the parameter `{}` is no single value: write it into the query",
            spec.tree.file,
            parameter.wire
        ),
    }
}

/// OpenAPI's styles, and `x-style: dotted`. `explode` is true by default with `form` alone.
fn style(parameter: &ParameterModel, content: Content) -> Option<QueryStyle> {
    if parameter.dotted {
        return (content == Content::Object).then_some(QueryStyle::Dotted);
    }
    let style = parameter.style.as_deref().unwrap_or("form");
    match (style, content, parameter.explode) {
        ("form", _, None | Some(true)) => Some(QueryStyle::Form),
        ("form", _, Some(false)) => Some(QueryStyle::Comma),
        ("spaceDelimited", Content::List, None | Some(false)) => Some(QueryStyle::Space),
        ("pipeDelimited", Content::List, None | Some(false)) => Some(QueryStyle::Pipe),
        ("deepObject", Content::Object, None | Some(true)) => Some(QueryStyle::Deep),
        _ => None,
    }
}

/// Whether progenitor writes the body: it sends every one it knows, and types some in its own way.
pub(crate) fn is_raw_body(operation: &OperationModel) -> bool {
    let Some(body) = operation.body.as_ref().filter(|_| operation.body_required) else {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(style: Option<&str>, explode: Option<bool>, content: Content) -> Option<QueryStyle> {
        let parameter = ParameterModel {
            wire: "x".to_owned(),
            place: ParameterPlace::Query,
            required: false,
            description: String::new(),
            schema: Value::Null,
            style: style.map(str::to_owned),
            explode,
            dotted: false,
        };
        super::style(&parameter, content)
    }

    #[test]
    fn openapis_styles_and_their_defaults() {
        use Content::{List, Object};
        for (style, explode, content, expected) in [
            (None, None, List, Some(QueryStyle::Form)),
            (None, Some(true), Object, Some(QueryStyle::Form)),
            (Some("form"), Some(false), List, Some(QueryStyle::Comma)),
            (None, Some(false), Object, Some(QueryStyle::Comma)),
            (Some("spaceDelimited"), None, List, Some(QueryStyle::Space)),
            (Some("spaceDelimited"), None, Object, None),
            (
                Some("pipeDelimited"),
                Some(false),
                List,
                Some(QueryStyle::Pipe),
            ),
            (Some("pipeDelimited"), Some(true), List, None),
            (Some("deepObject"), None, Object, Some(QueryStyle::Deep)),
            (
                Some("deepObject"),
                Some(true),
                Object,
                Some(QueryStyle::Deep),
            ),
            (Some("deepObject"), Some(true), List, None),
            (Some("matrix"), None, List, None),
        ] {
            assert_eq!(
                of(style, explode, content),
                expected,
                "{style:?} {explode:?}"
            );
        }
    }
}

//! Reads an operation.

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize as _;
use serde_json::Value;

use super::{
    OperationModel, ParameterModel, ParameterPlace, Retry, Stream,
    read::{seconds, text, trimmed, word},
    words::RateLimit,
};
use crate::codegen::{failures, tree::Tree};

pub(super) fn read(
    tree: &Tree,
    path: &str,
    method: &str,
    value: &Value,
    at: String,
) -> Result<OperationModel> {
    let here = |error: anyhow::Error| anyhow!("{}: {error}", tree.locate(&at));
    let responses = tree.entries(&format!("{at}/responses"));
    let (media_type, answer) = answer(tree, &at, &responses)?;
    let words = word(tree, value, &at, "x-errors")?.unwrap_or_default();
    let (errors, error_bodies) = failures::read(words, &responses);
    let rate_limit = word::<RateLimit>(tree, value, &at, "x-rate-limit")?;
    let rate_limit = rate_limit.map(|limit| {
        let per = seconds(&limit.per).context("`per` is a number of seconds: write it like 60s")?;
        Ok((limit.requests, per))
    });
    let retry = word::<Retry>(tree, value, &at, "x-retry")?
        .context("`x-retry` is missing: write read, idempotent or never")
        .map_err(here)?;
    let tag = value["tags"][0].as_str();
    let tag = tag.context("`tags` is missing: write one").map_err(here)?;
    Ok(OperationModel {
        id: text(value, "operationId").map_err(here)?,
        method: method.to_uppercase(),
        path: path.to_owned(),
        tag: tag.to_owned(),
        name: text(value, "x-name").map_err(here)?,
        summary: text(value, "summary").map_err(here)?,
        description: trimmed(value, "description"),
        deprecated: value["deprecated"].as_bool().unwrap_or_default(),
        security: security(tree, value),
        headers: headers(value),
        retry,
        rate_limit: rate_limit.transpose().map_err(here)?,
        pagination: word(tree, value, &at, "x-pagination")?,
        envelope: word(tree, value, &at, "x-envelope")?.unwrap_or_default(),
        errors,
        error_bodies,
        parameters: parameters(tree, &at)?,
        body: body(tree, value, &at)?,
        body_required: value["requestBody"]["required"] == true,
        media_type,
        answer,
        streams: streams(tree, value, &at)?,
        csv: word(tree, value, &at, "x-csv")?,
        rules: word(tree, value, &at, "x-rules")?.unwrap_or_default(),
        pointer: at,
    })
}

/// The media type of the success, and its schema.
fn answer(
    tree: &Tree,
    at: &str,
    responses: &[(&String, &Value, String)],
) -> Result<(String, Option<Value>)> {
    let success: Vec<_> = responses
        .iter()
        .filter(|(status, _, _)| status.starts_with('2'))
        .collect();
    let [(_, _, success)] = success.as_slice() else {
        bail!(
            "{}: exactly one 2xx response is supported, there are {}: write one",
            tree.locate(&format!("{at}/responses")),
            success.len()
        );
    };
    let content = tree.entries(&format!("{success}/content"));
    match content.as_slice() {
        // An error may have a body all the same.
        [] => Ok(("application/json".to_owned(), None)),
        [(media_type, body, _)] => Ok(((*media_type).clone(), body.get("schema").cloned())),
        _ => bail!(
            "{}: one media type a response is supported: write one",
            tree.locate(success)
        ),
    }
}

/// The names of the schemes, all of one of the sets.
fn security(tree: &Tree, value: &Value) -> Vec<Vec<String>> {
    let own = value.get("security").or_else(|| tree.value.get("security"));
    let sets = own.and_then(Value::as_array).into_iter().flatten();
    let names = |set: &Value| {
        let set = set.as_object().into_iter().flatten();
        set.map(|(name, _)| name.clone()).collect()
    };
    sets.map(names).collect()
}

fn headers(value: &Value) -> Vec<(String, String)> {
    let headers = value["x-headers"].as_object().into_iter().flatten();
    headers
        .map(|(name, value)| {
            let value = value.as_str().unwrap_or_default();
            (name.to_lowercase(), value.to_owned())
        })
        .collect()
}

fn streams(tree: &Tree, value: &Value, at: &str) -> Result<Vec<Stream>> {
    let Some(Value::Array(list)) = value.get("x-stream") else {
        let one = word::<Stream>(tree, value, at, "x-stream")?;
        return Ok(one.into_iter().collect());
    };
    let read = |(index, item)| {
        Stream::deserialize(item).map_err(|error| {
            let place = tree.locate(&format!("{at}/x-stream/{index}"));
            anyhow!("{place}: `x-stream`: {error}")
        })
    };
    list.iter().enumerate().map(read).collect()
}

/// The schema of the request body.
fn body(tree: &Tree, value: &Value, at: &str) -> Result<Option<Value>> {
    let Some(body) = value.get("requestBody") else {
        return Ok(None);
    };
    let schema = body.pointer("/content/application~1json/schema");
    schema.cloned().map(Some).with_context(|| {
        format!(
            "{}: only application/json request bodies with a schema are supported",
            tree.locate(&format!("{at}/requestBody"))
        )
    })
}

fn parameters(tree: &Tree, at: &str) -> Result<Vec<ParameterModel>> {
    let list = tree
        .value(&format!("{at}/parameters"))
        .and_then(Value::as_array);
    let mut parameters = Vec::new();
    for (index, value) in list.into_iter().flatten().enumerate() {
        let at = format!("{at}/parameters/{index}");
        let place = match value["in"].as_str() {
            Some("path") => ParameterPlace::Path,
            Some("query") => ParameterPlace::Query,
            Some("header") => ParameterPlace::Header,
            _ => bail!(
                "{}: a parameter is `in: path`, `query` or `header`: write one of these instead",
                tree.locate(&at)
            ),
        };
        parameters.push(ParameterModel {
            wire: text(value, "name").map_err(|error| anyhow!("{}: {error}", tree.locate(&at)))?,
            place,
            required: value["required"].as_bool().unwrap_or_default(),
            description: trimmed(value, "description"),
            schema: value["schema"].clone(),
            style: value["style"].as_str().map(str::to_owned),
            explode: value["explode"].as_bool(),
            dotted: value["x-style"] == "dotted",
        });
    }
    Ok(parameters)
}

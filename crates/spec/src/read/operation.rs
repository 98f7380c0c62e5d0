//! Reads operations.

use serde::{Deserialize as _, de::DeserializeOwned};
use serde_json::Value;

use super::{text, trimmed, word, wrong};
use crate::{
    error::Error,
    model::{
        Body, Change, Content, Effect, Evidence, Location, Operation, Parameter, QueryStyle,
        Response, Retry, Stream, is_json,
    },
    pointer::child,
    schema::{self, Schemas},
    tree::Tree,
};

/// An operation in its document.
pub(super) struct OperationSource<'t> {
    pub(super) tree: &'t Tree,
    pub(super) schemas: &'t Schemas,
    pub(super) value: &'t Value,
    /// Its pointer.
    pub(super) at: &'t str,
}

pub(super) fn read(
    source: &OperationSource<'_>,
    path: &str,
    method: &str,
) -> Result<Operation, Error> {
    let OperationSource {
        tree, value, at, ..
    } = *source;
    let retry: Option<Retry> = source.word("x-retry")?;
    let retry = retry.ok_or_else(|| {
        wrong(
            tree,
            at,
            "`x-retry` is missing: write read, idempotent or never",
        )
    })?;
    let tag = value["tags"][0].as_str();
    let tag = tag.ok_or_else(|| wrong(tree, at, "`tags` is missing: write one"))?;
    let (success, failures) = responses(source)?;
    let evidence: Option<Evidence> = match source.word("x-evidence")? {
        Some(own) => Some(own),
        None => word(tree, &tree.value, "", "x-evidence")?,
    };
    Ok(Operation {
        id: text(tree, at, "operationId")?,
        tag: tag.to_owned(),
        name: text(tree, at, "x-name")?,
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(tree, at, "summary")?,
        description: trimmed(value, "description"),
        deprecated: value["deprecated"] == true,
        evidence,
        retry,
        security: security(tree, value),
        headers: headers(value),
        rate_limit: source.word("x-rate-limit")?,
        parameters: parameters(source)?,
        body: body(source)?,
        success,
        failures,
        errors: source.word("x-errors")?.unwrap_or_default(),
        pagination: source.word("x-pagination")?,
        envelope: source.word("x-envelope")?.unwrap_or_default(),
        csv: source.word("x-csv")?,
        rules: source.word("x-rules")?.unwrap_or_default(),
        streams: streams(source)?,
        effect: value.get("x-effect").and_then(effect),
    })
}

impl OperationSource<'_> {
    fn word<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Error> {
        word(self.tree, self.value, self.at, key)
    }
}

/// Returns the success response and the other responses.
fn responses(source: &OperationSource<'_>) -> Result<(Response, Vec<Response>), Error> {
    let OperationSource { tree, at, .. } = *source;
    let (mut successes, mut failures) = (Vec::new(), Vec::new());
    for (key, value, at) in tree.entries(&child(at, "responses")) {
        let status = key.strip_suffix("XX").unwrap_or(key);
        let status: u16 = status
            .parse()
            .map_err(|_| wrong(tree, &at, "a response is listed by its status: write it"))?;
        let response = Response {
            status: if status == 2 { 200 } else { status },
            description: trimmed(value, "description"),
            content: content(value),
        };
        match status {
            2 | 200..300 => successes.push(response),
            _ => failures.push(response),
        }
    }
    let count = successes.len();
    match (successes.pop(), count) {
        (Some(success), 1) => Ok((success, failures)),
        _ => Err(wrong(
            tree,
            &child(at, "responses"),
            &format!("exactly one 2xx response is supported, there are {count}: write one"),
        )),
    }
}

/// Returns the content of a response, preferring JSON.
fn content(response: &Value) -> Option<Content> {
    let types = response["content"].as_object()?;
    let json = types.iter().find(|(media_type, _)| is_json(media_type));
    let (media_type, body) = json.or_else(|| types.iter().next())?;
    Some(Content {
        media_type: media_type.clone(),
        schema: body["schema"].clone(),
    })
}

/// Returns the alternatives of `security`, each as the names of its schemes.
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

fn streams(source: &OperationSource<'_>) -> Result<Vec<Stream>, Error> {
    let Some(Value::Array(list)) = source.value.get("x-stream") else {
        return Ok(source.word("x-stream")?.into_iter().collect());
    };
    let read = |(index, item)| {
        Stream::deserialize(item).map_err(|error| {
            let at = format!("{}/x-stream/{index}", source.at);
            wrong(source.tree, &at, &format!("`x-stream`: {error}"))
        })
    };
    list.iter().enumerate().map(read).collect()
}

fn body(source: &OperationSource<'_>) -> Result<Option<Body>, Error> {
    let Some(body) = source.value.get("requestBody") else {
        return Ok(None);
    };
    let schema = body.pointer("/content/application~1json/schema");
    let schema = schema.ok_or_else(|| {
        let at = child(source.at, "requestBody");
        let what = "only application/json request bodies with a schema are supported";
        wrong(source.tree, &at, what)
    })?;
    Ok(Some(Body {
        media_type: "application/json".to_owned(),
        schema: schema.clone(),
        required: body["required"] == true,
    }))
}

fn parameters(source: &OperationSource<'_>) -> Result<Vec<Parameter>, Error> {
    let at = child(source.at, "parameters");
    let list = source.value["parameters"].as_array();
    let read = |(index, value)| parameter(source, value, &format!("{at}/{index}"));
    list.into_iter().flatten().enumerate().map(read).collect()
}

fn parameter(source: &OperationSource<'_>, value: &Value, at: &str) -> Result<Parameter, Error> {
    let tree = source.tree;
    let location = match value["in"].as_str() {
        Some("path") => Location::Path,
        Some("query") => Location::Query,
        Some("header") => Location::Header,
        _ => {
            let what = "a parameter is `in: path`, `query` or `header`: write one of these instead";
            return Err(wrong(tree, at, what));
        }
    };
    let name = text(tree, at, "name")?;
    let schema = value["schema"].clone();
    let style = style(source.schemas, value, location);
    let style = style.map_err(|what| wrong(tree, at, &format!("the parameter `{name}` {what}")))?;
    Ok(Parameter {
        name,
        location,
        required: value["required"] == true,
        description: trimmed(value, "description"),
        schema,
        style,
    })
}

/// OpenAPI's styles, and `x-style: dotted`. `explode` is true by default with `form` alone.
fn style(
    schemas: &Schemas,
    parameter: &Value,
    location: Location,
) -> Result<QueryStyle, &'static str> {
    let target = schemas
        .resolve(&parameter["schema"])
        .unwrap_or(&Value::Null);
    let (is_list, is_object) = match schema::kind(target) {
        _ if target.get("enum").is_some() || target.get("oneOf").is_some() => (false, false),
        kind => (kind == Some("array"), kind == Some("object")),
    };
    if !is_list && !is_object {
        return Ok(QueryStyle::Form);
    }
    if location != Location::Query {
        return Err("is no single value: write it into the query");
    }
    if parameter["x-style"] == "dotted" {
        return if is_object {
            Ok(QueryStyle::Dotted)
        } else {
            Err("is a list, and only objects are dotted: leave `x-style` out")
        };
    }
    let style = parameter["style"].as_str().unwrap_or("form");
    match (style, parameter["explode"].as_bool()) {
        ("form", None | Some(true)) => Ok(QueryStyle::Form),
        ("form", Some(false)) => Ok(QueryStyle::Comma),
        ("spaceDelimited", None | Some(false)) if is_list => Ok(QueryStyle::Space),
        ("pipeDelimited", None | Some(false)) if is_list => Ok(QueryStyle::Pipe),
        ("deepObject", None | Some(true)) if is_object => Ok(QueryStyle::Deep),
        _ => Err("has a `style` that does not fit its schema: leave it out"),
    }
}

/// Reads `x-effect`, which names the change by its key: `{ add: users, at: /segments }`.
fn effect(word: &Value) -> Option<Effect> {
    let mut pairs = word.as_object()?.iter();
    let (stream, change) = pairs.find_map(|(key, stream)| {
        let change = Change::deserialize(Value::from(key.as_str())).ok()?;
        Some((stream.as_str()?.to_owned(), change))
    })?;
    let at = trimmed(word, "at");
    Some(Effect { stream, change, at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn openapis_styles_and_their_defaults() {
        let (list, object) = (json!({ "type": "array" }), json!({ "type": "object" }));
        for (words, schema, expected) in [
            (json!({}), &list, Some(QueryStyle::Form)),
            (json!({ "explode": true }), &object, Some(QueryStyle::Form)),
            (
                json!({ "style": "form", "explode": false }),
                &list,
                Some(QueryStyle::Comma),
            ),
            (
                json!({ "explode": false }),
                &object,
                Some(QueryStyle::Comma),
            ),
            (
                json!({ "style": "spaceDelimited" }),
                &list,
                Some(QueryStyle::Space),
            ),
            (json!({ "style": "spaceDelimited" }), &object, None),
            (
                json!({ "style": "pipeDelimited", "explode": false }),
                &list,
                Some(QueryStyle::Pipe),
            ),
            (
                json!({ "style": "pipeDelimited", "explode": true }),
                &list,
                None,
            ),
            (
                json!({ "style": "deepObject" }),
                &object,
                Some(QueryStyle::Deep),
            ),
            (
                json!({ "style": "deepObject", "explode": true }),
                &object,
                Some(QueryStyle::Deep),
            ),
            (
                json!({ "style": "deepObject", "explode": true }),
                &list,
                None,
            ),
            (json!({ "style": "matrix" }), &list, None),
            (
                json!({ "x-style": "dotted" }),
                &object,
                Some(QueryStyle::Dotted),
            ),
            (json!({ "x-style": "dotted" }), &list, None),
        ] {
            let mut parameter = words.clone();
            parameter["schema"] = schema.clone();
            let found = style(&Schemas::default(), &parameter, Location::Query);
            assert_eq!(found.ok(), expected, "{words}");
        }
        // Single values have no style, and only a query takes more than one value.
        let single = json!({ "schema": { "type": "string" } });
        let path = |parameter| style(&Schemas::default(), parameter, Location::Path).ok();
        assert_eq!(path(&single), Some(QueryStyle::Form));
        assert_eq!(path(&json!({ "schema": list })), None);
    }

    #[test]
    fn an_effect_names_its_stream() {
        let change = effect(&json!({"add": "users", "at": "/segments"})).unwrap();
        assert_eq!(
            (change.change, change.stream.as_str(), change.at.as_str()),
            (Change::Add, "users", "/segments")
        );
        assert!(effect(&json!({"paint": "users"})).is_none());
    }
}

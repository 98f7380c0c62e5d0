//! Parameters: where they stand, and how lists and objects are written into a query.

use std::collections::BTreeMap;

use heck::ToSnakeCase as _;
use serde_json::Value;

use super::{
    Report,
    keys::{entries, list},
};
use crate::codegen::is_number_or_text;

pub(super) fn check(report: &mut Report<'_>, path: &str, at: &str) {
    let declared = list(report, &format!("{at}/parameters"));
    let has_body = report.value(at).get("requestBody").is_some();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (index, parameter) in declared.iter().enumerate() {
        let at = format!("{at}/parameters/{index}");
        let wire = parameter["name"].as_str().unwrap_or_default().to_owned();
        place(report, path, &at, &wire);
        value(report, &at, &wire);
        let rust = wire
            .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
            .to_snake_case();
        if rust == "header_map" || (rust == "body" && has_body) {
            report.add(
                &at,
                format!("`{wire}` clashes with generated code"),
                "leave it out",
            );
        }
        if let Some(other) = names.insert(rust.clone(), wire.clone()) {
            report.add(
                &at,
                format!("`{other}` and `{wire}` would both be `{rust}`"),
                "leave one out",
            );
        }
    }
    let wires: Vec<&str> = declared
        .iter()
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    for index in 0..declared.len() {
        spread(report, &format!("{at}/parameters/{index}"), &wires);
    }
    for part in path.split('{').skip(1) {
        let wire = part.split('}').next().unwrap_or_default();
        if !declared
            .iter()
            .any(|parameter| parameter["name"] == wire && parameter["in"] == "path")
        {
            report.add(
                at,
                format!("the path's `{wire}` is not described"),
                "write it under `parameters`",
            );
        }
    }
}

fn place(report: &mut Report<'_>, path: &str, at: &str, wire: &str) {
    let parameter = report.value(at);
    let place = parameter["in"].as_str().unwrap_or_default();
    if place == "path" && parameter["required"] != true {
        report.add(
            at,
            format!("the path parameter `{wire}` is not required"),
            "write `required: true`",
        );
    }
    if place == "path" && !path.contains(&format!("{{{wire}}}")) {
        report.add(
            at,
            format!("`{wire}` does not stand in the path"),
            format!("write {{{wire}}} into the path, or leave it out"),
        );
    }
    if !["path", "query", "header"].contains(&place) {
        report.add(
            at,
            format!("a parameter in `{place}` is not supported"),
            "write path, query or header instead",
        );
    }
    if parameter.get("schema").is_none() {
        report.add(
            at,
            format!("the parameter `{wire}` has no schema"),
            "write `schema` with a type",
        );
    }
}

/// What a schema's values are, as far as writing them into a query goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Single,
    List,
    Object,
    Other,
}

/// The schema itself, references followed.
fn resolve<'t>(report: &Report<'t>, schema: &'t Value) -> &'t Value {
    let mut schema = schema;
    for _ in 0..16 {
        let reference = schema
            .get("$ref")
            .or_else(|| schema["allOf"][0].get("$ref"));
        match reference.and_then(Value::as_str) {
            Some(reference) => schema = report.value(reference.trim_start_matches('#')),
            None => break,
        }
    }
    schema
}

fn content(report: &Report<'_>, schema: &Value) -> Content {
    let schema = resolve(report, schema);
    match schema["type"].as_str() {
        _ if is_number_or_text(schema) => Content::Single,
        _ if schema.get("oneOf").is_some() => Content::Other,
        Some("array") => Content::List,
        Some("object") => Content::Object,
        Some(_) => Content::Single,
        None if schema.get("properties").is_some() => Content::Object,
        None if schema.get("enum").is_some() => Content::Single,
        None => Content::Other,
    }
}

fn value(report: &mut Report<'_>, at: &str, wire: &str) {
    let parameter = report.value(at);
    let schema = report.value(&format!("{at}/schema"));
    let in_query = parameter["in"] == "query";
    match content(report, schema) {
        Content::Single => single(report, at, in_query),
        Content::List | Content::Object if !in_query => report.add(
            &format!("{at}/schema"),
            format!("the parameter `{wire}` is no single value"),
            "write a scalar, or a $ref to an enum, instead",
        ),
        Content::List => {
            style(report, at, false);
            if content(report, &resolve(report, schema)["items"]) != Content::Single {
                report.add(
                    &format!("{at}/schema"),
                    format!("the items of `{wire}` are no single values"),
                    "write scalars, or a $ref to an enum, instead",
                );
            }
        }
        Content::Object => {
            style(report, at, true);
            object(report, at, schema, wire, 8);
        }
        Content::Other if !schema.is_null() => report.add(
            &format!("{at}/schema"),
            format!("nobody knows how `{wire}` is written"),
            "write a scalar, or in a query a list or a $ref to an object, instead",
        ),
        Content::Other => {}
    }
}

/// A single value is written in one way; words that say so do no harm.
fn single(report: &mut Report<'_>, at: &str, in_query: bool) {
    let usual = if in_query { "form" } else { "simple" };
    let style = report.value(&format!("{at}/style"));
    if !style.is_null() && style != usual {
        report.add(
            &format!("{at}/style"),
            "a single value has no other style",
            "leave it out",
        );
    }
    if !report.value(&format!("{at}/x-style")).is_null() {
        report.add(
            &format!("{at}/x-style"),
            "a single value has no style",
            "leave it out",
        );
    }
}

fn style(report: &mut Report<'_>, at: &str, of_object: bool) {
    let parameter = report.value(at);
    if let Some(word) = parameter.get("x-style") {
        if word != "dotted" || !of_object {
            report.add(
                &format!("{at}/x-style"),
                "the only value is `dotted`, for objects",
                "write that, or one of OpenAPI's styles as `style`",
            );
        }
        for key in ["style", "explode"] {
            if parameter.get(key).is_some() {
                report.add(
                    &format!("{at}/{key}"),
                    format!("`{key}` beside `x-style`"),
                    "leave it out",
                );
            }
        }
        return;
    }
    let style = parameter["style"].as_str().unwrap_or("form");
    let explode = parameter["explode"].as_bool();
    let known: &[&str] = if of_object {
        &["form", "deepObject"]
    } else {
        &["form", "spaceDelimited", "pipeDelimited"]
    };
    if !known.contains(&style) {
        report.add(
            &format!("{at}/style"),
            format!("`{style}` is no style of this value"),
            format!("write one of {} instead", known.join(", ")),
        );
    } else if style == "deepObject" && explode == Some(false) {
        report.add(
            &format!("{at}/explode"),
            "a deepObject is always exploded",
            "write true, or leave it out",
        );
    } else if style.ends_with("Delimited") && explode == Some(true) {
        report.add(
            &format!("{at}/explode"),
            "a delimiter has nothing to delimit",
            "write false, or `style: form`, instead",
        );
    }
}

/// What stands in an object must have a place in its style.
fn object(report: &mut Report<'_>, at: &str, schema: &Value, wire: &str, depth: u8) {
    let parameter = report.value(at);
    let nests = parameter["style"] == "deepObject" || parameter.get("x-style").is_some();
    let joined = !nests && parameter["explode"] == false;
    let schema = resolve(report, schema);
    let others = schema.get("additionalProperties");
    let values = others.filter(|values| values.is_object()).into_iter();
    let properties = schema["properties"].as_object().into_iter().flatten();
    for property in properties.map(|(_, property)| property).chain(values) {
        let fits = match content(report, property) {
            Content::Single => true,
            Content::List => {
                let items = &resolve(report, property)["items"];
                !joined && content(report, items) == Content::Single
            }
            Content::Object if nests => {
                // An object that contains itself would go on for ever.
                if depth > 0 {
                    object(report, at, property, wire, depth - 1);
                }
                true
            }
            Content::Object | Content::Other => false,
        };
        if !fits {
            report.add(
                &format!("{at}/schema"),
                format!("the style of `{wire}` cannot write all its properties"),
                "write single values and lists of them; objects in it need `style: deepObject` or `x-style: dotted`",
            );
            return;
        }
    }
    if !nests && schema.get("properties").is_none() {
        report.add(
            &format!("{at}/schema"),
            format!("nobody knows which parameters `{wire}` stands for"),
            "write a $ref to an object with properties, or `style: deepObject`",
        );
    }
}

/// An exploded object becomes parameters of their own, which must not be there already.
fn spread(report: &mut Report<'_>, at: &str, wires: &[&str]) {
    let parameter = report.value(at);
    let schema = report.value(&format!("{at}/schema"));
    let is_spread = parameter["style"].as_str().unwrap_or("form") == "form"
        && parameter["explode"] != false
        && parameter.get("x-style").is_none();
    if !is_spread || content(report, schema) != Content::Object {
        return;
    }
    let wire = &parameter["name"];
    for (name, _) in resolve(report, schema)["properties"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if wires.contains(&name.as_str()) && wire != name {
            report.add(
                at,
                format!("its property `{name}` is a parameter too"),
                "leave one out",
            );
        }
    }
}

/// A request's body.
pub(super) fn body(report: &mut Report<'_>, at: &str) {
    let at = format!("{at}/requestBody");
    let body = report.value(&at);
    if body.is_null() {
        return;
    }
    if body.get("required").is_some_and(|word| !word.is_boolean()) {
        report.add(
            &format!("{at}/required"),
            "`required` is true or false",
            "write true, or leave it out for a body that may be missing",
        );
    }
    let types: Vec<String> = entries(report, &format!("{at}/content"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    if types != ["application/json"] {
        report.add(
            &at,
            "only JSON bodies are sent",
            "write one content, application/json, instead",
        );
    }
}

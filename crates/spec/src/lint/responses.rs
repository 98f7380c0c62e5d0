//! Request bodies and responses.

use serde_json::Value;

use crate::{
    lint::{
        lookup::JSON_SCHEMA,
        report::{Report, known_instead, problem},
        schema_kind::{SchemaKind, component, kind, target},
    },
    pointer::escape,
    rules,
    schema::is_number_or_text,
};

pub(super) fn check(report: &mut Report<'_>, at: &str) {
    body(report, at);
    let responses = report.entries(&format!("{at}/responses"));
    for (status, response) in &responses {
        if *status == "default" {
            problem!(report, rules::SUCCESS, key response;
                "`default` does not name a status"; "list the statuses instead");
        } else if !is_status(status) {
            problem!(report, rules::STATUS, key response;
                "`{status}` is not a status"; "write a status such as `\"404\"` or `\"5XX\"` instead");
        } else if !status.starts_with('2') {
            failure(report, response);
        }
    }
    let successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let successes: Vec<&String> = successes.map(|(_, response)| response).collect();
    if let [response] = successes.as_slice() {
        success(report, at, response);
    } else if report.at(at, "responses").is_object() {
        let count = successes.len();
        problem!(report, rules::SUCCESS, &format!("{at}/responses");
            "the operation has {count} success responses"; "write exactly one 2xx response");
        for response in successes {
            report.also(response, "success response");
        }
    }
}

fn is_status(status: &str) -> bool {
    let mut characters = status.chars();
    characters.next().is_some_and(|c| ('1'..='5').contains(&c))
        && (characters.as_str() == "XX"
            || (status.len() == 3 && characters.all(|c| c.is_ascii_digit())))
}

fn media_types<'t>(report: &Report<'t>, at: &str) -> Vec<&'t str> {
    let content = report.at(at, "content").as_object().into_iter().flatten();
    content.map(|(name, _)| name.as_str()).collect()
}

fn success(report: &mut Report<'_>, at: &str, response: &str) {
    let types = media_types(report, response);
    let [media_type] = types.as_slice() else {
        if types.is_empty() {
            nothing(report, at, response);
        } else {
            problem!(report, rules::MEDIA_TYPE, response;
                "the success response has more than one media type"; "write application/json or text/csv");
        }
        return;
    };
    if response.ends_with("/204") || response.ends_with("/205") {
        problem!(report, rules::MEDIA_TYPE, key response;
            "a response with this status has no body";
            "remove `content`, or write the status of the response that has a body");
    }
    let media = format!("{response}/content/{}", escape(media_type));
    let csv = format!("{at}/x-csv");
    match *media_type {
        "application/json" => named_schema(report, &format!("{media}/schema")),
        "text/csv" => plain_csv(report, at, &format!("{media}/schema")),
        _ => problem!(report, rules::MEDIA_TYPE, key &media;
            "the media type `{media_type}` is not supported"; "write application/json or text/csv instead"),
    }
    if (*media_type == "text/csv") != report.value(&csv).is_object() {
        problem!(report, rules::MEDIA_TYPE, response;
            "text/csv and `x-csv` require each other"; "add the missing one, or remove both");
    }
}

/// Without content, nothing can refer into the response.
fn nothing(report: &mut Report<'_>, at: &str, response: &str) {
    for word in [
        "x-pagination",
        "x-csv",
        "x-envelope/data",
        "x-envelope/unwrap",
    ] {
        let place = format!("{at}/{word}");
        if !report.value(&place).is_null() {
            problem!(report, rules::MEDIA_TYPE, key &place;
                "the success response has no content to read this from";
                "remove it, or add the `content` of the success response");
            report.also(response, "success response");
        }
    }
}

fn named_schema(report: &mut Report<'_>, at: &str) {
    let schema = report.value(at);
    let is_named = |schema: &Value| schema.get("$ref").is_some();
    let is_list = schema["type"] == "array" && is_named(&schema["items"]);
    if schema.is_object() && !is_named(schema) && !is_list && !is_inline_type(schema) {
        problem!(report, rules::ANSWER, at;
            "an inline response schema has no name";
            "write a $ref, or a list of a $ref; for any JSON, a component with `description` and `x-personal`");
    }
}

/// Inline objects, enums and `oneOf` are reported by `schemas`.
fn is_inline_type(schema: &Value) -> bool {
    let words = ["properties", "enum", "oneOf"];
    words.iter().any(|word| schema.get(word).is_some())
}

fn plain_csv(report: &mut Report<'_>, at: &str, schema: &str) {
    let value = report.value(schema);
    if value.is_object() && value["type"] != "string" {
        problem!(report, rules::CSV, schema;
            "the schema of a CSV response must be a string"; "write `type: string`; `x-csv` lists the columns");
    }
    let Some(row) = report.at(at, "x-csv/row").as_str() else {
        return;
    };
    let Some(row) = target(report, &component(row)) else {
        return;
    };
    if kind(report, &row) != SchemaKind::Record {
        problem!(report, rules::CSV, &format!("{at}/x-csv/row");
            "the row is not an object with properties"; "write the name of such a component");
        return;
    }
    let properties = report.entries(&format!("{row}/properties"));
    for (name, property) in &properties {
        use SchemaKind::{Enum, Moment, Nothing, Text};
        let is_text = matches!(kind(report, property), Text | Moment | Enum | Nothing);
        if !is_text || report.value(property)["type"] == "integer" {
            problem!(report, rules::CSV, property;
                "the row's property `{name}` is not a string";
                "write `type: string`, with `x-timestamp` for times");
        }
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    for (_, column) in report.entries(&format!("{at}/x-csv/columns")) {
        if let Some(name) = report.value(&column).as_str()
            && !known.contains(&name)
        {
            problem!(report, rules::UNKNOWN_PROPERTY, &column;
                "the row has no property `{name}`"; known_instead(name, &known));
        }
    }
}

/// An error body serves as documentation, and is decoded as untyped JSON.
fn failure(report: &mut Report<'_>, response: &str) {
    for media_type in media_types(report, response) {
        if media_type == "application/json" || media_type.ends_with("+json") {
            named_schema(
                report,
                &format!("{response}/content/{}/schema", escape(media_type)),
            );
        }
    }
}

fn body(report: &mut Report<'_>, at: &str) {
    let at = format!("{at}/requestBody");
    let body = report.value(&at);
    if !body.is_object() {
        return;
    }
    if media_types(report, &at) != ["application/json"] {
        problem!(report, rules::MEDIA_TYPE, &format!("{at}/content");
            "only JSON request bodies are supported"; "write application/json as the only media type");
        return;
    }
    let at = format!("{at}/{JSON_SCHEMA}");
    let schema = report.value(&at);
    if !schema.is_object() || schema.get("$ref").is_some() {
        return;
    }
    let items = &schema["items"];
    let is_scalar = matches!(
        items["type"].as_str(),
        Some("string" | "boolean" | "integer" | "number")
    );
    let is_plain = items.get("$ref").is_some()
        || is_number_or_text(items)
        || (is_scalar
            && items.get("x-timestamp").is_none()
            && items.get("enum").is_none()
            && items["nullable"] != true);
    let is_wrong = schema["type"] != "array" || !is_plain || schema["nullable"] == true;
    if is_wrong && !is_inline_type(schema) && !is_inline_type(items) {
        problem!(report, rules::BODY, &at;
            "an inline body schema has no name";
            "write a $ref, or a list of $refs, strings, booleans or numbers");
    }
}

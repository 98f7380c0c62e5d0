//! Request bodies and responses.

use serde_json::Value;

use crate::{
    lint::{
        keys::{entries, meant},
        kinds::{Kind, component, kind, target},
        report::{Report, problem},
    },
    pointer::escape,
    rules,
    schema::is_number_or_text,
};

pub(super) fn check(report: &mut Report<'_>, at: &str) {
    body(report, at);
    let responses = entries(report, &format!("{at}/responses"));
    for (status, response) in &responses {
        if status == "default" {
            problem!(report, rules::SUCCESS, key response;
                "`default` does not name a status"; "list the statuses instead");
        } else if !is_status(status) {
            problem!(report, rules::STATUS, key response;
                "`{status}` is not a status"; "write a status such as `\"404\"` or `\"5XX\"` instead");
        } else if !status.starts_with('2') {
            failure(report, response);
        }
    }
    let successes: Vec<&String> = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(_, response)| response)
        .collect();
    if let [response] = successes.as_slice() {
        success(report, at, response);
    } else if report.value(&format!("{at}/responses")).is_object() {
        report.add(
            rules::SUCCESS,
            &format!("{at}/responses"),
            format!("the operation has {} success responses", successes.len()),
            "write exactly one 2xx response",
        );
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

fn media_types(report: &Report<'_>, at: &str) -> Vec<String> {
    entries(report, &format!("{at}/content"))
        .into_iter()
        .map(|(name, _)| name)
        .collect()
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
    match media_type.as_str() {
        "application/json" => answer(report, &format!("{media}/schema")),
        "text/csv" => plain_csv(report, at, &format!("{media}/schema")),
        _ => problem!(report, rules::MEDIA_TYPE, key &media;
            "the media type `{media_type}` is not supported"; "write application/json or text/csv instead"),
    }
    if (media_type == "text/csv") != report.value(&csv).is_object() {
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

fn answer(report: &mut Report<'_>, at: &str) {
    let schema = report.value(at);
    let is_named = |schema: &Value| schema.get("$ref").is_some();
    let is_list = schema["type"] == "array" && is_named(&schema["items"]);
    if schema.is_object() && !is_named(schema) && !is_list && !is_told(schema) {
        problem!(report, rules::ANSWER, at;
            "an inline response schema has no name";
            "write a $ref, or a list of a $ref; for any JSON, a component with `description` and `x-personal`");
    }
}

/// Inline objects, enums and `oneOf` are reported by `schemas`.
fn is_told(schema: &Value) -> bool {
    ["properties", "enum", "oneOf"]
        .iter()
        .any(|word| schema.get(word).is_some())
}

fn plain_csv(report: &mut Report<'_>, at: &str, schema: &str) {
    let value = report.value(schema);
    if value.is_object() && value["type"] != "string" {
        problem!(report, rules::CSV, schema;
            "the schema of a CSV response must be a string"; "write `type: string`; `x-csv` lists the columns");
    }
    let Some(row) = report.value(&format!("{at}/x-csv/row")).as_str() else {
        return;
    };
    let row = component(row);
    let Some(row) = target(report, &row) else {
        return;
    };
    if kind(report, &row) != Kind::Record {
        problem!(report, rules::CSV, &format!("{at}/x-csv/row");
            "the row is not an object with properties"; "write the name of such a component");
        return;
    }
    let properties = entries(report, &format!("{row}/properties"));
    for (name, property) in &properties {
        if !matches!(
            kind(report, property),
            Kind::Text | Kind::Moment | Kind::Enum | Kind::Nothing
        ) || report.value(property)["type"] == "integer"
        {
            problem!(report, rules::CSV, property;
                "the row's property `{name}` is not a string";
                "write `type: string`, with `x-timestamp` for times");
        }
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    for (_, column) in entries(report, &format!("{at}/x-csv/columns")) {
        if let Some(name) = report.value(&column).as_str()
            && !known.contains(&name)
        {
            problem!(report, rules::UNKNOWN_PROPERTY, &column;
                "the row has no property `{name}`"; meant(name, &known));
        }
    }
}

/// An error body serves as documentation, and is decoded as untyped JSON.
fn failure(report: &mut Report<'_>, response: &str) {
    for media_type in media_types(report, response) {
        let at = format!("{response}/content/{}/schema", escape(&media_type));
        let is_json = media_type == "application/json" || media_type.ends_with("+json");
        if is_json {
            answer(report, &at);
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
    let at = format!("{at}/content/application~1json/schema");
    let schema = report.value(&at);
    if !schema.is_object() || schema.get("$ref").is_some() {
        return;
    }
    let items = &schema["items"];
    let is_plain = items.get("$ref").is_some()
        || is_number_or_text(items)
        || (matches!(
            items["type"].as_str(),
            Some("string" | "boolean" | "integer" | "number")
        ) && items.get("x-timestamp").is_none()
            && items.get("enum").is_none()
            && items["nullable"] != true);
    let is_wrong = schema["type"] != "array" || !is_plain || schema["nullable"] == true;
    if is_wrong && !is_told(schema) && !is_told(items) {
        problem!(report, rules::BODY, &at;
            "an inline body schema has no name";
            "write a $ref, or a list of $refs, strings, booleans or numbers");
    }
}

//! Bodies and answers.

use serde_json::Value;

use crate::{
    lint::{
        keys::{entries, meant},
        kinds::{Kind, component, kind, target},
        report::Report,
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
            report.add_key(
                rules::SUCCESS,
                response,
                "`default` says nothing about a status",
                "write the statuses instead",
            );
        } else if !is_status(status) {
            report.add_key(
                rules::STATUS,
                response,
                format!("`{status}` is no status"),
                "write one such as `\"404\"`, or `\"5XX\"`, instead",
            );
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
            format!("there are {} successes", successes.len()),
            "write exactly one 2xx",
        );
        for response in successes {
            report.also(response, "one");
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
            report.add(
                rules::MEDIA_TYPE,
                response,
                "a success has one media type",
                "write application/json or text/csv",
            );
        }
        return;
    };
    if response.ends_with("/204") || response.ends_with("/205") {
        report.add_key(
            rules::MEDIA_TYPE,
            response,
            "HTTP has no body with this status",
            "leave out `content`, or write the status that the body comes with",
        );
    }
    let media = format!("{response}/content/{}", escape(media_type));
    let csv = format!("{at}/x-csv");
    match media_type.as_str() {
        "application/json" => answer(report, &format!("{media}/schema")),
        "text/csv" => plain_csv(report, at, &format!("{media}/schema")),
        _ => report.add_key(
            rules::MEDIA_TYPE,
            &media,
            format!("`{media_type}` is not decoded"),
            "write application/json or text/csv instead",
        ),
    }
    if (media_type == "text/csv") != report.value(&csv).is_object() {
        report.add(
            rules::MEDIA_TYPE,
            response,
            "text/csv and `x-csv` belong together",
            "write both or neither",
        );
    }
}

/// A success without content has nothing to look into.
fn nothing(report: &mut Report<'_>, at: &str, response: &str) {
    for word in [
        "x-pagination",
        "x-csv",
        "x-envelope/data",
        "x-envelope/unwrap",
    ] {
        let place = format!("{at}/{word}");
        if !report.value(&place).is_null() {
            report.add_key(
                rules::MEDIA_TYPE,
                &place,
                "the success has no content to read this from",
                "leave it out, or write the `content` of the success",
            );
            report.also(response, "the success");
        }
    }
}

fn answer(report: &mut Report<'_>, at: &str) {
    let schema = report.value(at);
    let is_named = |schema: &Value| schema.get("$ref").is_some();
    let is_list = schema["type"] == "array" && is_named(&schema["items"]);
    if schema.is_object() && !is_named(schema) && !is_list && !is_told(schema) {
        report.add(
            rules::ANSWER,
            at,
            "an answer in place has no name",
            "write a $ref, or a list of a $ref; any JSON is a component with a description and `x-personal`",
        );
    }
}

/// What must not stand in place anywhere is told already.
fn is_told(schema: &Value) -> bool {
    ["properties", "enum", "oneOf"]
        .iter()
        .any(|word| schema.get(word).is_some())
}

fn plain_csv(report: &mut Report<'_>, at: &str, schema: &str) {
    let value = report.value(schema);
    if value.is_object() && value["type"] != "string" {
        report.add(
            rules::CSV,
            schema,
            "the schema of CSV is a text",
            "write `type: string`; `x-csv` has the columns",
        );
    }
    let Some(row) = report.value(&format!("{at}/x-csv/row")).as_str() else {
        return;
    };
    let row = component(row);
    let Some(row) = target(report, &row) else {
        return;
    };
    if kind(report, &row) != Kind::Record {
        report.add(
            rules::CSV,
            &format!("{at}/x-csv/row"),
            "a row is an object with properties",
            "write a component that is one",
        );
        return;
    }
    let properties = entries(report, &format!("{row}/properties"));
    for (name, property) in &properties {
        if !matches!(
            kind(report, property),
            Kind::Text | Kind::Moment | Kind::Enum | Kind::Nothing
        ) || report.value(property)["type"] == "integer"
        {
            report.add(
                rules::CSV,
                property,
                format!("the field `{name}` of a row is no text"),
                "write `type: string`, with `x-timestamp` for times",
            );
        }
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    for (_, column) in entries(report, &format!("{at}/x-csv/columns")) {
        if let Some(name) = report.value(&column).as_str()
            && !known.contains(&name)
        {
            report.add(
                rules::UNKNOWN_PROPERTY,
                &column,
                format!("there is no property `{name}` in the row"),
                meant(name, &known),
            );
        }
    }
}

/// The body of an error is documentation: it is read as JSON.
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
        report.add(
            rules::MEDIA_TYPE,
            &format!("{at}/content"),
            "only JSON bodies are sent",
            "write one content, application/json, instead",
        );
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
        report.add(
            rules::BODY,
            &at,
            "a body in place has no name",
            "write a $ref, or a list of $refs, texts, truth values or whole numbers",
        );
    }
}

//! Rows of what stands inside texts and mappings, and of how words are put together.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Row;
use crate::lint::FIELDS;

const MESSAGE: [&str; 10] = [
    "{method}",
    "{path_and_query}",
    "{path}",
    "{query}",
    "{host}",
    "{body}",
    "{body_sha256}",
    "{timestamp}",
    "{nonce}",
    "{header:NAME}",
];
const HEADERS: [&str; 4] = ["{key}", "{signature}", "{timestamp}", "{nonce}"];
const HEADER_VALUE: [&str; 2] = ["with {key}", "constant"];
const SECURITY: [&str; 4] = [
    "one scheme",
    "several schemes at once",
    "alternatives",
    "none",
];
const OTHERS: [(&str, &[&str]); 5] = [
    ("request", &["application/json"]),
    (
        "response",
        &[
            "application/json",
            "another type of JSON",
            "text/csv",
            "something else",
        ],
    ),
    ("status", &["one", "a class of them"]),
    ("requestBody", &["required", "optional"]),
    (
        "parameter in a query",
        &["a single value", "a list", "an object"],
    ),
];
const SCOPE: [&str; 4] = ["in the path", "in the query", "one", "several"];
const FORMS: [&str; 7] = [
    "pointer",
    "first",
    "join",
    "map",
    "pairs",
    "phone",
    "phone in two parts",
];
pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |of: &str, word: &str, values: &[&str]| {
        rows.extend(values.iter().map(|value| Row::new(of, word, value)));
    };
    add("how words are put together", "x-scope", &SCOPE);
    add("how words are put together", "security", &SECURITY);
    for (word, values) in OTHERS {
        add("how words are put together", word, values);
    }
    add("x-header-value", "text", &HEADER_VALUE);
    add("x-signature", "message", &MESSAGE);
    add("x-signature", "headers", &HEADERS);
    for (entity, fields) in FIELDS {
        add("x-maps-to", entity, fields);
    }
    add("x-maps-to", "value", &FORMS);
    rows
}

pub(super) fn used(document: &Value) -> BTreeSet<Row> {
    let mut used = BTreeSet::new();
    for scheme in members(&document["components"]["securitySchemes"]) {
        scheme_rows(scheme, &mut used);
    }
    for schema in members(&document["components"]["schemas"]) {
        mapping_rows(&schema["x-maps-to"], &mut used);
    }
    let put = |used: &mut BTreeSet<Row>, word: &str, value: &str| {
        used.insert(Row::new("how words are put together", word, value));
    };
    let scope = document["x-scope"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    match scope.len() {
        0 => {}
        1 => put(&mut used, "x-scope", "one"),
        _ => put(&mut used, "x-scope", "several"),
    }
    for operation in members(&document["paths"]).flat_map(members) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let place = parameter["in"].as_str().unwrap_or_default();
            if scope.contains(&parameter["name"]) {
                put(&mut used, "x-scope", &format!("in the {place}"));
            }
            if place == "query" {
                let kind = match target(document, &parameter["schema"])["type"].as_str() {
                    Some("array") => "a list",
                    Some("object") => "an object",
                    _ => "a single value",
                };
                put(&mut used, "parameter in a query", kind);
            }
        }
        let own = operation.get("security").unwrap_or(&document["security"]);
        for value in security(own) {
            put(&mut used, "security", value);
        }
        let body = &operation["requestBody"];
        for (media, _) in entries(&body["content"]) {
            let is_required = body["required"] == true;
            put(&mut used, "request", media);
            put(
                &mut used,
                "requestBody",
                if is_required { "required" } else { "optional" },
            );
        }
        for (status, response) in entries(&operation["responses"]) {
            let is_class = status.ends_with("XX");
            put(
                &mut used,
                "status",
                if is_class { "a class of them" } else { "one" },
            );
            for (media, _) in entries(&response["content"]) {
                let kind = match media.as_str() {
                    "application/json" | "text/csv" => media,
                    other if other.contains("json") => "another type of JSON",
                    _ => "something else",
                };
                put(&mut used, "response", kind);
            }
        }
    }
    used
}

/// The schema that a reference leads to, or the schema itself.
fn target<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let name = crate::codegen::reference(schema);
    name.map_or(schema, |name| &document["components"]["schemas"][name])
}

fn security(word: &Value) -> Vec<&'static str> {
    let sets = word.as_array().map_or(&[][..], Vec::as_slice);
    let mut values = Vec::new();
    match sets.len() {
        0 => values.push("none"),
        1 => {}
        _ => values.push("alternatives"),
    }
    for set in sets {
        values.push(match set.as_object().map_or(0, serde_json::Map::len) {
            0 => "none",
            1 => "one scheme",
            _ => "several schemes at once",
        });
    }
    values
}

fn scheme_rows(scheme: &Value, used: &mut BTreeSet<Row>) {
    if let Some(text) = scheme["x-header-value"].as_str() {
        let value = HEADER_VALUE[usize::from(!text.contains("{key}"))];
        used.insert(Row::new("x-header-value", "text", value));
    }
    let signature = &scheme["x-signature"];
    let message = signature["message"].as_str().unwrap_or_default();
    for name in placeholders(message) {
        let name = match name.split_once(':') {
            Some(("{header", _)) => "{header:NAME}",
            _ => name,
        };
        used.insert(Row::new("x-signature", "message", name));
    }
    for (_, text) in entries(&signature["headers"]) {
        for name in placeholders(text.as_str().unwrap_or_default()) {
            used.insert(Row::new("x-signature", "headers", name));
        }
    }
}

/// The parts of a text that stand in braces, braces included.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(move |(begin, _)| {
        let length = text.get(begin..)?.find('}')? + 1;
        text.get(begin..begin + length)
    })
}

fn mapping_rows(mapping: &Value, used: &mut BTreeSet<Row>) {
    for (entity, fields) in entries(mapping) {
        for (field, value) in entries(fields) {
            used.insert(Row::new("x-maps-to", entity, field));
            form_rows(value, used);
        }
    }
}

fn form_rows(value: &Value, used: &mut BTreeSet<Row>) {
    let form = match value {
        Value::Object(object) if object.contains_key("phone") => {
            let in_parts = object["phone"].is_object();
            FORMS[if in_parts { 6 } else { 5 }]
        }
        Value::Object(object) => {
            let form = ["first", "join", "map", "pairs"];
            let form = form.into_iter().find(|form| object.contains_key(*form));
            form.unwrap_or("another form")
        }
        _ => "pointer",
    };
    used.insert(Row::new("x-maps-to", "value", form));
    for part in ["first", "join"] {
        for value in value[part].as_array().into_iter().flatten() {
            form_rows(value, used);
        }
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn members(value: &Value) -> impl Iterator<Item = &Value> {
    entries(value).map(|(_, value)| value)
}

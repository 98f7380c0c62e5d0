//! Schemas that would become wrong types.

mod components;
mod graph;
mod values;

pub(super) use values::{allows, needs_arguments};

use serde_json::Value;

use crate::{
    lint::{
        keys::{entries, list},
        kinds::{Kind, own_kind},
        report::Report,
        vocabulary::SCHEMA_WORDS,
    },
    rules,
    schema::is_limit,
};

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Component,
    Property,
    /// An entry of a list or a value of a map.
    Part,
    Parameter,
    /// A body, an answer, a header.
    Other,
}

pub(super) fn check(report: &mut Report<'_>) {
    components::check(report);
    graph::check(report);
    for (_, item) in entries(report, "/paths") {
        for (_, at) in entries(report, &item) {
            for (index, _) in list(report, &format!("{at}/parameters")).iter().enumerate() {
                schema(
                    report,
                    &format!("{at}/parameters/{index}/schema"),
                    Role::Parameter,
                );
            }
            for (_, media) in entries(report, &format!("{at}/requestBody/content")) {
                schema(report, &format!("{media}/schema"), Role::Other);
            }
            for (_, response) in entries(report, &format!("{at}/responses")) {
                for (media_type, media) in entries(report, &format!("{response}/content")) {
                    // What is in the columns is said of the row.
                    if media_type != "text/csv" {
                        schema(report, &format!("{media}/schema"), Role::Other);
                    }
                }
                for (_, header) in entries(report, &format!("{response}/headers")) {
                    schema(report, &format!("{header}/schema"), Role::Other);
                }
            }
        }
    }
}

/// A schema and all that is written inside it.
pub(super) fn schema(report: &mut Report<'_>, at: &str, role: Role) {
    let value = report.value(at);
    if !value.is_object() || value.get("$ref").is_some() {
        return;
    }
    if let Some(all) = value.get("allOf") {
        all_of(report, at, all);
        values::send(report, at, role);
        return;
    }
    in_place(report, at, role);
    words(report, at, role);
    values::check(report, at);
    values::send(report, at, role);
    personal(report, at);
    timestamp(report, at);
    if value["type"] == "array" && value.get("items").is_none() {
        report.add(
            rules::MISSING_WORD,
            at,
            "`items` is missing",
            "write what it is a list of",
        );
    }
    if value["additionalProperties"] == false {
        report.add(
            rules::CLOSED_OBJECT,
            &format!("{at}/additionalProperties"),
            "a new field would make answers unreadable",
            "leave it out",
        );
    }
    for (_, property) in entries(report, &format!("{at}/properties")) {
        schema(report, &property, Role::Property);
    }
    schema(report, &format!("{at}/items"), Role::Part);
    schema(report, &format!("{at}/additionalProperties"), Role::Part);
}

/// Only components have names of their own.
fn in_place(report: &mut Report<'_>, at: &str, role: Role) {
    if role == Role::Component {
        return;
    }
    let value = report.value(at);
    if value.get("enum").is_some() {
        report.add(
            rules::INLINE_ENUM,
            at,
            "an enum in place could take another type's name",
            "write a component and a $ref instead",
        );
    }
    if value.get("properties").is_some() {
        report.add(
            rules::INLINE_OBJECT,
            at,
            "an object in place could take another type's name",
            "write a component and a $ref instead",
        );
    }
    if own_kind(value) == Kind::OneOf {
        report.add(
            rules::ONE_OF,
            at,
            "`oneOf` in place has no name",
            "write a component and a $ref instead",
        );
    }
}

const GENERAL: &[&str] = &[
    "type",
    "title",
    "description",
    "nullable",
    "deprecated",
    "default",
    "example",
    "x-send",
    "x-evidence",
];

/// What may stand beside a single `allOf`, limits aside.
const BESIDE_ALL_OF: &[&str] = &[
    "allOf",
    "title",
    "description",
    "nullable",
    "deprecated",
    "default",
    "example",
    "x-send",
    "x-personal",
    "x-evidence",
];

/// The words of each type, beside those of all.
fn of_type(value: &Value) -> (&'static str, &'static [&'static str]) {
    if value.get("oneOf").is_some() {
        return ("`oneOf`", &["oneOf", "x-personal"]);
    }
    match value.get("type").and_then(Value::as_str) {
        Some("string") if value.get("enum").is_some() => ("an enum", &["enum"]),
        Some("string") => (
            "a text",
            &["minLength", "maxLength", "x-personal", "x-timestamp"],
        ),
        Some("integer") => (
            "a whole number",
            &[
                "format",
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "x-personal",
                "x-timestamp",
            ],
        ),
        Some("number") => (
            "a number",
            &[
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "x-personal",
            ],
        ),
        Some("boolean") => ("a truth value", &["x-personal"]),
        Some("array") => ("a list", &["items", "minItems", "maxItems", "uniqueItems"]),
        Some("object") => (
            "an object",
            &[
                "properties",
                "required",
                "additionalProperties",
                "minProperties",
                "maxProperties",
                "x-personal",
                "x-maps-to",
            ],
        ),
        _ => ("any JSON", &["x-personal", "x-maps-to"]),
    }
}

/// Whether it is a word of schemas at all; others are told already.
fn is_word(word: &str) -> bool {
    SCHEMA_WORDS.words.iter().any(|known| known.name == word)
}

fn words(report: &mut Report<'_>, at: &str, role: Role) {
    let value = report.value(at);
    let (name, own) = of_type(value);
    // A type that is none is told already.
    if value.get("type").is_some() && name == "any JSON" {
        return;
    }
    for (word, child) in entries(report, at) {
        let is_format = word == "format";
        if is_format && value["type"] == "integer" {
            if !matches!(value["format"].as_str(), Some("int32" | "int64")) {
                format(report, &child);
            }
        } else if is_format {
            format(report, &child);
        } else if word == "x-maps-to" && role != Role::Component {
            report.add_key(
                rules::SCHEMA_WORDS,
                &child,
                "`x-maps-to` stands on components",
                "write it on the component of the record",
            );
        } else if is_word(&word)
            && !GENERAL.contains(&word.as_str())
            && !own.contains(&word.as_str())
        {
            let fix = match word.as_str() {
                "enum" => "write `type: string`, or leave it out",
                "properties" | "required" | "additionalProperties" => {
                    "write `type: object`, or leave it out"
                }
                "items" => "write `type: array`, or leave it out",
                _ => "leave it out, or write the type it belongs to",
            };
            report.add_key(
                rules::SCHEMA_WORDS,
                &child,
                format!("`{word}` says nothing about {name}"),
                fix,
            );
        }
    }
}

fn format(report: &mut Report<'_>, at: &str) {
    let format = report.value(at).as_str().unwrap_or_default();
    report.add(
        rules::FORMAT,
        at,
        format!("`{format}` would refuse what platforms do send, or is not read"),
        "write `x-timestamp` for moments, or leave it out",
    );
}

fn all_of(report: &mut Report<'_>, at: &str, all: &Value) {
    let single =
        matches!(all.as_array().map(Vec::as_slice), Some([one]) if one.get("$ref").is_some());
    if !single {
        report.add(
            rules::ALL_OF,
            &format!("{at}/allOf"),
            "`allOf` is for one $ref",
            "write `allOf: [{ $ref: … }]`, or a component with all properties, instead",
        );
    }
    for (word, child) in entries(report, at) {
        if is_word(&word) && !BESIDE_ALL_OF.contains(&word.as_str()) && !is_limit(&word) {
            report.add_key(
                rules::SCHEMA_WORDS,
                &child,
                format!("`{word}` beside `allOf` is not read"),
                "write it on the component",
            );
        }
    }
}

/// What kind of personal data it is stands on everything whose values are free.
fn personal(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    if value.get("x-personal").is_some() || value.get("$ref").is_some() {
        return;
    }
    let what = match own_kind(value) {
        Kind::Text => "a text",
        Kind::NumberOrText => {
            let mut variants = value["oneOf"].as_array().into_iter().flatten();
            if variants.any(|variant| variant.get("x-personal").is_some()) {
                return;
            }
            "a number or text"
        }
        Kind::Json => "any JSON",
        Kind::Map if !value["additionalProperties"].is_object() => "an object of free values",
        _ => return,
    };
    report.add(
        rules::PERSONAL,
        at,
        format!("{what} of which nobody knows whether it is personal data"),
        "write `x-personal`, with `none` if it is nobody's",
    );
}

fn timestamp(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    let Some(styles) = value.get("x-timestamp") else {
        return;
    };
    let styles: Vec<&str> = match styles {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    let (is_number, what) = match value["type"].as_str() {
        Some("integer") => (true, "a whole number"),
        Some("string") => (false, "a text"),
        _ => return,
    };
    let fits = |style: &&str| (*style == "unix-millis") == is_number;
    // Where platforms write times in several ways, the type is that of what is sent: the first.
    if let Some(style) = styles.first().filter(|style| !fits(style)) {
        report.add(
            rules::TIMESTAMP,
            &format!("{at}/x-timestamp"),
            format!("`{style}` is not how {what} says a time"),
            "write `unix-millis` with `type: integer`, the others with `type: string`",
        );
    }
}

/// Whether the schema is written in place, not as a reference.
pub(super) fn is_in_place(value: &Value) -> bool {
    crate::schema::reference(value).is_none()
}

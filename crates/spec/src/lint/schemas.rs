//! Schemas: inline types, keywords of each type, personal data and timestamps.

mod components;
mod graph;
mod values;

pub(super) use values::{allows, needs_arguments};

use serde_json::Value;

use crate::{
    lint::{
        clashes::contains,
        report::{Report, problem},
        schema_kind::{SchemaKind, own_kind},
        vocabulary::SCHEMA_WORDS,
    },
    rules,
    schema::is_limit,
};

/// The position of a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SchemaPosition {
    Component,
    Property,
    /// An item of a list or a value of a map.
    Part,
    Parameter,
    /// A request body, a response or a header.
    Other,
}

pub(super) fn check(report: &mut Report<'_>) {
    components::check(report);
    graph::check(report);
    for at in report.operations() {
        let parameters = report.items(&format!("{at}/parameters")).into_iter();
        let parameters = parameters.map(|(_, parameter)| (parameter, SchemaPosition::Parameter));
        let body = report
            .entries(&format!("{at}/requestBody/content"))
            .into_iter();
        let mut holders: Vec<_> = body
            .map(|(_, media)| (media, SchemaPosition::Other))
            .collect();
        holders.extend(parameters);
        for (_, response) in report.entries(&format!("{at}/responses")) {
            let content = report.entries(&format!("{response}/content")).into_iter();
            // The row component describes the contents of CSV.
            let content = content.filter(|(media_type, _)| *media_type != "text/csv");
            let headers = report.entries(&format!("{response}/headers"));
            holders.extend(
                content
                    .chain(headers)
                    .map(|(_, holder)| (holder, SchemaPosition::Other)),
            );
        }
        for (holder, position) in holders {
            schema(report, &format!("{holder}/schema"), position);
        }
    }
}

/// Checks a schema and its inline children.
pub(super) fn schema(report: &mut Report<'_>, at: &str, position: SchemaPosition) {
    let value = report.value(at);
    if !value.is_object() || value.get("$ref").is_some() {
        return;
    }
    if let Some(all) = value.get("allOf") {
        all_of(report, at, all);
        values::send(report, at, position);
        return;
    }
    in_place(report, at, position);
    words(report, at, position);
    values::check(report, at);
    values::send(report, at, position);
    personal(report, at);
    timestamp(report, at);
    if value["type"] == "array" && value.get("items").is_none() {
        problem!(report, rules::MISSING_WORD, at;
            "`items` is missing"; "write the schema of its items");
    }
    if value["additionalProperties"] == false {
        problem!(report, rules::CLOSED_OBJECT, &format!("{at}/additionalProperties");
            "a new field would break decoding of responses"; "remove it");
    }
    for (_, property) in report.entries(&format!("{at}/properties")) {
        schema(report, &property, SchemaPosition::Property);
    }
    schema(report, &format!("{at}/items"), SchemaPosition::Part);
    schema(
        report,
        &format!("{at}/additionalProperties"),
        SchemaPosition::Part,
    );
}

/// Checks for inline types, which have no name.
fn in_place(report: &mut Report<'_>, at: &str, position: SchemaPosition) {
    let value = report.value(at);
    if position == SchemaPosition::Component {
        return;
    }
    for (rule, word, what) in [
        (
            rules::INLINE_ENUM,
            "enum",
            "the name of an inline enum could clash with another type",
        ),
        (
            rules::INLINE_OBJECT,
            "properties",
            "the name of an inline object could clash with another type",
        ),
        (rules::ONE_OF, "oneOf", "an inline `oneOf` has no name"),
    ] {
        let is_one_of = own_kind(value) == SchemaKind::OneOf;
        if value.get(word).is_some() && (word != "oneOf" || is_one_of) {
            problem!(report, rule, at; what; "move it into a component and write a $ref");
        }
    }
}

/// Keywords of every type.
const GENERAL: &str =
    "type title description nullable deprecated default example x-send x-evidence";

/// Keys that are permitted beside a single `allOf`, in addition to limits.
const BESIDE_ALL_OF: &str =
    "allOf title description nullable deprecated default example x-send x-personal x-evidence";

/// Returns the name of a schema's type and its keywords, in addition to the general ones.
fn of_type(value: &Value) -> (&'static str, &'static str) {
    match value.get("type").and_then(Value::as_str) {
        _ if value.get("oneOf").is_some() => ("`oneOf`", "oneOf x-personal"),
        Some("string") if value.get("enum").is_some() => ("an enum", "enum"),
        Some("string") => ("a string", "minLength maxLength x-personal x-timestamp"),
        Some("integer") => (
            "an integer",
            "format minimum maximum exclusiveMinimum exclusiveMaximum x-personal x-timestamp",
        ),
        Some("number") => (
            "a number",
            "minimum maximum exclusiveMinimum exclusiveMaximum x-personal",
        ),
        Some("boolean") => ("a boolean", "x-personal"),
        Some("array") => ("a list", "items minItems maxItems uniqueItems"),
        Some("object") => (
            "an object",
            "properties required additionalProperties minProperties maxProperties x-personal x-maps-to",
        ),
        _ => ("any JSON", "x-personal x-maps-to"),
    }
}

/// Returns whether a key is a keyword of schemas; others are reported by `keys`.
fn is_word(word: &str) -> bool {
    SCHEMA_WORDS.words.iter().any(|known| known.name == word)
}

fn words(report: &mut Report<'_>, at: &str, position: SchemaPosition) {
    let value = report.value(at);
    let (name, own) = of_type(value);
    // An unknown type is reported by `keys`.
    if value.get("type").is_some() && name == "any JSON" {
        return;
    }
    for (word, child) in report.entries(at) {
        if word == "format" {
            let is_integer = value["type"] == "integer";
            if !is_integer || !matches!(value["format"].as_str(), Some("int32" | "int64")) {
                format(report, &child);
            }
        } else if word == "x-maps-to" && position != SchemaPosition::Component {
            problem!(report, rules::SCHEMA_WORDS, key &child;
                "`x-maps-to` is only read on components"; "move it to the component of the record");
        } else if is_word(word) && !contains(GENERAL, word) && !contains(own, word) {
            let fix = match word {
                "enum" => "write `type: string`, or remove it",
                "properties" | "required" | "additionalProperties" => {
                    "write `type: object`, or remove it"
                }
                "items" => "write `type: array`, or remove it",
                _ => "remove it, or write the type it applies to",
            };
            problem!(report, rules::SCHEMA_WORDS, key &child; "`{word}` does not apply to {name}"; fix);
        }
    }
}

fn format(report: &mut Report<'_>, at: &str) {
    let format = report.value(at).as_str().unwrap_or_default();
    problem!(report, rules::FORMAT, at;
        "the format `{format}` is not supported, or rejects values that platforms do send";
        "write `x-timestamp` for times, or remove it");
}

fn all_of(report: &mut Report<'_>, at: &str, all: &Value) {
    let single =
        matches!(all.as_array().map(Vec::as_slice), Some([one]) if one.get("$ref").is_some());
    if !single {
        problem!(report, rules::ALL_OF, &format!("{at}/allOf");
            "`allOf` does not contain exactly one $ref";
            "write `allOf: [{{ $ref: … }}]` instead, or a component with all properties");
    }
    for (word, child) in report.entries(at) {
        if is_word(word) && !contains(BESIDE_ALL_OF, word) && !is_limit(word) {
            problem!(report, rules::SCHEMA_WORDS, key &child;
                "`{word}` beside `allOf` is ignored"; "move it to the component");
        }
    }
}

/// Checks that every free-form value has a category of personal data.
fn personal(report: &mut Report<'_>, at: &str) {
    let value = report.value(at);
    if value.get("x-personal").is_some() || value.get("$ref").is_some() {
        return;
    }
    let what = match own_kind(value) {
        SchemaKind::Text => "a string",
        SchemaKind::NumberOrText => {
            let mut variants = value["oneOf"].as_array().into_iter().flatten();
            if variants.any(|variant| variant.get("x-personal").is_some()) {
                return;
            }
            "a number or string"
        }
        SchemaKind::Json => "any JSON",
        SchemaKind::Map if !value["additionalProperties"].is_object() => "a free-form object",
        _ => return,
    };
    problem!(report, rules::PERSONAL, at;
        "{what} needs `x-personal`, because it can contain personal data";
        "add `x-personal`, with `none` for data that is not personal");
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
        Some("integer") => (true, "an integer"),
        Some("string") => (false, "a string"),
        _ => return,
    };
    let fits = |style: &&str| (*style == "unix-millis") == is_number;
    // If a platform uses several formats, the first one is sent and determines the type.
    if let Some(style) = styles.first().filter(|style| !fits(style)) {
        problem!(report, rules::TIMESTAMP, &format!("{at}/x-timestamp");
            "`{style}` is not a format of {what}";
            "write `unix-millis` with `type: integer`, other formats with `type: string`");
    }
}

/// Returns whether a schema is inline, not a reference.
pub(super) fn is_in_place(value: &Value) -> bool {
    crate::schema::reference(value).is_none()
}

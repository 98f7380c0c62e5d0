//! `x-maps-to`: the mapping of records to contacts, conversations and messages.

use serde_json::Value;

use crate::{
    lint::{
        clashes::contains,
        pointers,
        report::{Report, known_instead, problem},
    },
    rules,
};

/// The entities that records map to, and their fields.
pub(super) const FIELDS: &[(&str, &str)] = &[
    (
        "contact",
        "id external_id display_name first_name last_name username email phone avatar_url language \
         timezone gender country region city source banned tags attributes created_at updated_at \
         last_seen_at last_message",
    ),
    (
        "conversation",
        "id contact_id status subject agent_id started_at updated_at last_message_at last_message \
         last_message_author",
    ),
    (
        "message",
        "id conversation_id contact_id author text sent_at",
    ),
];

pub(super) fn check(report: &mut Report<'_>) {
    for (_, component) in report.entries("/components/schemas") {
        // A mapping on any JSON applies to records without a schema.
        let has_type = report.value(&component).get("type").is_some();
        let record = has_type.then_some(component.as_str());
        for (entity, at) in report.entries(&format!("{component}/x-maps-to")) {
            let Some((_, fields)) = FIELDS.iter().find(|(name, _)| *name == entity) else {
                let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
                unknown(report, &at, entity, &known);
                continue;
            };
            for (field, at) in report.entries(&at) {
                if contains(fields, field) {
                    value(report, &at, record, field);
                } else {
                    let known: Vec<&str> = fields.split_whitespace().collect();
                    unknown(report, &at, field, &known);
                }
            }
        }
    }
}

fn unknown(report: &mut Report<'_>, at: &str, name: &str, known: &[&str]) {
    problem!(report, rules::MAPPING, key at; "`x-maps-to` has no target `{name}`"; known_instead(name, known));
}

fn value(report: &mut Report<'_>, at: &str, record: Option<&str>, field: &str) {
    let value = report.value(at);
    let Value::Object(object) = value else {
        pointer(report, at, record);
        return;
    };
    let keys: Vec<&str> = object.keys().map(String::as_str).collect();
    let is_attributes = field == "attributes";
    match keys.as_slice() {
        ["first"] => parts(report, &format!("{at}/first"), record, field),
        ["join", "with"] | ["with", "join"] => {
            parts(report, &format!("{at}/join"), record, field);
            if !object["with"].is_string() {
                wrong(report, &format!("{at}/with"));
            }
        }
        ["map"] if is_attributes => pointer(report, &format!("{at}/map"), record),
        ["phone"] if field == "phone" => phone(report, &format!("{at}/phone"), record),
        _ if is_attributes && is_exactly(&keys, &["pairs", "key", "value"]) => {
            pointer(report, &format!("{at}/pairs"), record);
            pointer(report, &format!("{at}/key"), None);
            pointer(report, &format!("{at}/value"), None);
        }
        _ => wrong(report, at),
    }
}

fn is_exactly(keys: &[&str], wanted: &[&str]) -> bool {
    keys.len() == wanted.len() && wanted.iter().all(|key| keys.contains(key))
}

fn parts(report: &mut Report<'_>, at: &str, record: Option<&str>, field: &str) {
    let parts = report.items(at);
    if parts.is_empty() {
        wrong(report, at);
    }
    for (_, at) in parts {
        value(report, &at, record, field);
    }
}

fn phone(report: &mut Report<'_>, at: &str, record: Option<&str>) {
    let keys = report.entries(at);
    let names: Vec<&str> = keys.iter().map(|(name, _)| *name).collect();
    if !report.value(at).is_object() {
        pointer(report, at, record);
    } else if is_exactly(&names, &["prefix", "number"]) {
        for (_, at) in keys {
            pointer(report, &at, record);
        }
    } else {
        wrong(report, at);
    }
}

fn pointer(report: &mut Report<'_>, at: &str, record: Option<&str>) {
    match report.value(at).as_str() {
        Some(text) if text.is_empty() || text.starts_with('/') => {
            if let Some(record) = record {
                pointers::follow(report, at, record);
            }
        }
        _ => wrong(report, at),
    }
}

fn wrong(report: &mut Report<'_>, at: &str) {
    problem!(report, rules::MAPPING, at;
        "this is not a valid expression for the field";
        "write a pointer, `first`, or `join` with `with`; for `attributes` also `map` or `pairs`, for `phone` also `phone`");
}

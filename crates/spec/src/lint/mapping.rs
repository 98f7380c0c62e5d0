//! `x-maps-to`: the mapping of records to contacts, conversations and messages.

use serde_json::Value;

use crate::{
    lint::{
        keys::{entries, list, meant},
        pointers,
        report::{Report, problem},
    },
    rules,
};

/// The entities that records map to, and their fields.
pub(super) const FIELDS: &[(&str, &[&str])] = &[
    (
        "contact",
        &[
            "id",
            "external_id",
            "display_name",
            "first_name",
            "last_name",
            "username",
            "email",
            "phone",
            "avatar_url",
            "language",
            "timezone",
            "gender",
            "country",
            "region",
            "city",
            "source",
            "banned",
            "tags",
            "attributes",
            "created_at",
            "updated_at",
            "last_seen_at",
            "last_message",
        ],
    ),
    (
        "conversation",
        &[
            "id",
            "contact_id",
            "status",
            "subject",
            "agent_id",
            "started_at",
            "updated_at",
            "last_message_at",
            "last_message",
            "last_message_author",
        ],
    ),
    (
        "message",
        &[
            "id",
            "conversation_id",
            "contact_id",
            "author",
            "text",
            "sent_at",
        ],
    ),
];

pub(super) fn check(report: &mut Report<'_>) {
    for (_, component) in entries(report, "/components/schemas") {
        // A mapping on any JSON applies to records without a schema.
        let record = report
            .value(&component)
            .get("type")
            .map(|_| component.clone());
        for (of, at) in entries(report, &format!("{component}/x-maps-to")) {
            let Some((_, fields)) = FIELDS.iter().find(|(name, _)| *name == of) else {
                let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
                unknown(report, &at, &of, &known);
                continue;
            };
            for (field, at) in entries(report, &at) {
                if fields.contains(&field.as_str()) {
                    value(report, &at, record.as_deref(), &field);
                } else {
                    unknown(report, &at, &field, fields);
                }
            }
        }
    }
}

fn unknown(report: &mut Report<'_>, at: &str, name: &str, known: &[&str]) {
    problem!(report, rules::MAPPING, key at; "`x-maps-to` has no target `{name}`"; meant(name, known));
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
        _ if is_attributes && is_pairs(&keys) => {
            let list = format!("{at}/pairs");
            pointer(report, &list, record);
            for part in ["key", "value"] {
                pointer(report, &format!("{at}/{part}"), None);
            }
        }
        _ => wrong(report, at),
    }
}

fn is_pairs(keys: &[&str]) -> bool {
    keys.len() == 3
        && ["pairs", "key", "value"]
            .iter()
            .all(|key| keys.contains(key))
}

fn parts(report: &mut Report<'_>, at: &str, record: Option<&str>, field: &str) {
    let count = list(report, at).len();
    if count == 0 {
        wrong(report, at);
    }
    for index in 0..count {
        value(report, &format!("{at}/{index}"), record, field);
    }
}

fn phone(report: &mut Report<'_>, at: &str, record: Option<&str>) {
    if !report.value(at).is_object() {
        pointer(report, at, record);
        return;
    }
    let keys = entries(report, at);
    let is_whole = keys.len() == 2
        && ["prefix", "number"]
            .iter()
            .all(|key| keys.iter().any(|(name, _)| name == key));
    if !is_whole {
        wrong(report, at);
        return;
    }
    for (_, at) in keys {
        pointer(report, &at, record);
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

//! Descriptions, which become Rust documentation.

use serde_json::Value;

use crate::{
    lint::{
        clashes::contains,
        report::{Report, problem},
    },
    pointer::child,
    rules,
};

/// Keys whose value is prose.
const TEXTS: &[&str] = &["description", "summary", "x-notice"];

/// Keys whose value is data, not prose.
const DATA: &str = "default enum example properties schemas securitySchemes x-csv x-headers x-maps-to x-signature x-stream";

pub(super) fn check(report: &mut Report<'_>) {
    walk(report, report.value(""), "");
}

fn walk(report: &mut Report<'_>, value: &Value, at: &str) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let at = child(at, key);
                match value.as_str() {
                    Some(text) if TEXTS.contains(&key.as_str()) => prose(report, text, &at),
                    Some(_) => {}
                    None if contains(DATA, key) => named(report, key, value, &at),
                    None => walk(report, value, &at),
                }
            }
        }
        Value::Array(_) => {
            for (item, at) in report.items(at) {
                walk(report, item, &at);
            }
        }
        _ => {}
    }
}

/// Walks the children of an object with arbitrary keys.
fn named(report: &mut Report<'_>, key: &str, value: &Value, at: &str) {
    if !matches!(key, "properties" | "schemas" | "securitySchemes") {
        return;
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        walk(report, value, &child(at, name));
    }
}

/// Checks that a text is valid Rust documentation.
fn prose(report: &mut Report<'_>, text: &str, at: &str) {
    let is_indented = |line: &str| line.starts_with("    ") || line.starts_with('\t');
    if text.lines().any(is_indented) || text.contains("```") {
        problem!(report, rules::PROSE, at;
            "code blocks would run as tests"; "write it as plain text");
    }
    let outside: String = text.split('`').step_by(2).collect();
    if outside.contains(['<', '>', '[', ']']) || outside.contains("://") {
        problem!(report, rules::PROSE, at;
            "a bare URL or one of < > [ ] would be rendered as a link or a tag";
            "put backquotes around it");
    }
}

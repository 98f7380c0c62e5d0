//! Descriptions, which become Rust documentation.

use serde_json::Value;

use crate::{
    lint::report::{Report, problem},
    pointer::escape,
    rules,
};

/// Keys whose value is prose.
const TEXTS: &[&str] = &["description", "summary", "x-notice"];

/// Keys whose value is data, not prose.
const DATA: &[&str] = &[
    "default",
    "enum",
    "example",
    "properties",
    "schemas",
    "securitySchemes",
    "x-csv",
    "x-headers",
    "x-maps-to",
    "x-signature",
    "x-stream",
];

pub(super) fn check(report: &mut Report<'_>) {
    walk(report, report.value(""), "");
}

fn walk(report: &mut Report<'_>, value: &Value, at: &str) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                let at = format!("{at}/{}", escape(key));
                match child.as_str() {
                    Some(text) if TEXTS.contains(&key.as_str()) => prose(report, text, &at),
                    Some(_) => {}
                    None if DATA.contains(&key.as_str()) => named(report, key, child, &at),
                    None => walk(report, child, &at),
                }
            }
        }
        Value::Array(list) => {
            for (index, child) in list.iter().enumerate() {
                walk(report, child, &format!("{at}/{index}"));
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
    for (name, child) in value.as_object().into_iter().flatten() {
        walk(report, child, &format!("{at}/{}", escape(name)));
    }
}

/// Checks that a text is valid Rust documentation.
fn prose(report: &mut Report<'_>, text: &str, at: &str) {
    if text
        .lines()
        .any(|line| line.starts_with("    ") || line.starts_with('\t'))
        || text.contains("```")
    {
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

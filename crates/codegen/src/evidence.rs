//! The source of each statement of a spec: the word `x-evidence`, with its inheritance resolved.

use serde::Deserialize as _;
use serde_json::Value;

use botroster_spec::{
    Spec,
    model::{Evidence, Operation},
};

/// Returns the evidence at a pointer: that of the value itself or of the nearest value around it. A `$ref` is not followed.
pub(crate) fn at(spec: &Spec, pointer: &str) -> Option<Evidence> {
    let words = spec.tree.way(pointer);
    let nearest = words.filter_map(|value| value.get("x-evidence")).last()?;
    Evidence::deserialize(nearest).ok()
}

/// Formats evidence as `“Title” (grade)`.
pub(crate) fn named(evidence: &Evidence) -> String {
    format!("“{}” ({})", evidence.from, evidence.grade)
}

/// Appends the evidence at the inner pointer to a text about it, unless it equals that at the outer pointer.
pub(crate) fn noted(spec: &Spec, text: &str, (inner, outer): (&str, &str)) -> String {
    let text = text.trim();
    match at(spec, inner) {
        Some(own) if at(spec, outer).as_ref() != Some(&own) => {
            format!("{text} Source: {}.", named(&own))
        }
        _ => text.to_owned(),
    }
}

/// Returns the pointer of a parameter.
pub(crate) fn parameter(spec: &Spec, operation: &Operation, wire: &str) -> String {
    let at = format!("{}/parameters", operation.pointer());
    let list = spec.tree.value(&at);
    let mut list = list.and_then(Value::as_array).into_iter().flatten();
    match list.position(|parameter| parameter["name"] == wire) {
        Some(index) => format!("{at}/{index}"),
        None => operation.pointer(),
    }
}

/// A documented error of an operation.
pub(crate) struct DocumentedFailure {
    /// Status, and the platform's error code and its name.
    pub(crate) label: String,
    pub(crate) summary: String,
    pub(crate) pointer: String,
}

/// Returns the documented errors of an operation, sorted by status; a status precedes its error codes.
pub(crate) fn failures(spec: &Spec, operation: &Operation) -> Vec<DocumentedFailure> {
    let mut failures = Vec::new();
    for (status, response, pointer) in spec
        .tree
        .entries(&format!("{}/responses", operation.pointer()))
    {
        if status.starts_with('2') {
            continue;
        }
        let summary = response["description"].as_str().unwrap_or_default();
        failures.push(DocumentedFailure {
            label: status.clone(),
            summary: line(summary),
            pointer,
        });
    }
    let codes = format!("{}/x-errors", operation.pointer());
    let list = spec.tree.value(&codes).and_then(Value::as_array);
    for (index, word) in list.into_iter().flatten().enumerate() {
        let text = |key: &str| match &word[key] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let label = format!(
            "{}, code {} `{}`",
            text("status"),
            text("code"),
            text("name")
        );
        failures.push(DocumentedFailure {
            label: label.trim_end_matches(" ``").to_owned(),
            summary: line(&text("summary")),
            pointer: format!("{codes}/{index}"),
        });
    }
    // The sort is stable, and responses were added first.
    failures.sort_by_key(|failure| failure.label.get(..3).map(str::to_owned));
    failures
}

/// Joins the lines of a text.
pub(crate) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

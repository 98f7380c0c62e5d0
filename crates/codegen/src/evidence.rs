//! Which document says what, and how well: the word `x-evidence`, with its inheritance resolved.

use serde::Deserialize as _;
use serde_json::Value;

use botroster_spec::{
    Spec,
    model::{Evidence, Operation},
};

/// What holds at a place: the nearest word there or around it. A `$ref` is not followed, so what it leads to is looked up at its own place.
pub(crate) fn at(spec: &Spec, pointer: &str) -> Option<Evidence> {
    let words = spec.tree.way(pointer);
    let nearest = words.filter_map(|value| value.get("x-evidence")).last()?;
    Evidence::deserialize(nearest).ok()
}

/// `“Title” (grade)`.
pub(crate) fn named(evidence: &Evidence) -> String {
    format!("“{}” ({})", evidence.from, evidence.grade)
}

/// What is said of the inner place where it differs from what is said of the outer one.
pub(crate) fn difference(spec: &Spec, inner: &str, outer: &str) -> Option<String> {
    let own = at(spec, inner)?;
    let differs = at(spec, outer)
        .is_none_or(|around| (around.from, around.grade) != (own.from.clone(), own.grade.clone()));
    differs.then(|| named(&own))
}

/// A text about the first place, with its evidence where that is not the second one's.
pub(crate) fn noted(spec: &Spec, text: &str, (inner, outer): (&str, &str)) -> String {
    match difference(spec, inner, outer) {
        Some(from) => format!("{} From {from}.", text.trim()),
        None => text.trim().to_owned(),
    }
}

/// Where a parameter stands in the document.
pub(crate) fn parameter(spec: &Spec, operation: &Operation, wire: &str) -> String {
    let at = format!("{}/parameters", operation.pointer());
    let list = spec.tree.value(&at);
    let mut list = list.and_then(Value::as_array).into_iter().flatten();
    match list.position(|parameter| parameter["name"] == wire) {
        Some(index) => format!("{at}/{index}"),
        None => operation.pointer(),
    }
}

/// A documented failure.
pub(crate) struct Failure {
    /// The status, and the platform's code and its name.
    pub(crate) label: String,
    pub(crate) summary: String,
    pub(crate) pointer: String,
}

/// The documented failures of an operation, by status, codes behind the status they come with.
pub(crate) fn failures(spec: &Spec, operation: &Operation) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (status, response, pointer) in spec
        .tree
        .entries(&format!("{}/responses", operation.pointer()))
    {
        if status.starts_with('2') {
            continue;
        }
        let summary = response["description"].as_str().unwrap_or_default();
        failures.push(Failure {
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
        failures.push(Failure {
            label: label.trim_end_matches(" ``").to_owned(),
            summary: line(&text("summary")),
            pointer: format!("{codes}/{index}"),
        });
    }
    // The status alone comes before its codes.
    failures.sort_by_key(|failure| failure.label.get(..3).map(str::to_owned));
    failures
}

/// A text on one line.
pub(crate) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

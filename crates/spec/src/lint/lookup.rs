//! Lookup of the parts of an operation that extensions refer to.

use crate::{
    lint::{
        keys::{entries, list, meant},
        kinds::target,
        report::{Report, problem},
    },
    nearest::nearest,
    rules,
};

/// Returns the pointer to the schema of the JSON success response.
pub(super) fn answer(report: &Report<'_>, at: &str) -> Option<String> {
    let responses = entries(report, &format!("{at}/responses"));
    let (_, success) = responses
        .iter()
        .find(|(status, _)| status.starts_with('2'))?;
    let schema = format!("{success}/content/application~1json/schema");
    report.value(&schema).is_object().then_some(schema)
}

/// Returns the pointer to the schema of the JSON request body.
pub(super) fn body(report: &Report<'_>, at: &str) -> Option<String> {
    let schema = format!("{at}/requestBody/content/application~1json/schema");
    report.value(&schema).is_object().then_some(schema)
}

/// Returns the pointer to a parameter.
pub(super) fn parameter(report: &Report<'_>, at: &str, wire: &str) -> Option<String> {
    let at = format!("{at}/parameters");
    let index = list(report, &at)
        .iter()
        .position(|parameter| parameter["name"] == wire)?;
    Some(format!("{at}/{index}"))
}

pub(super) fn unknown_parameter(report: &mut Report<'_>, at: &str, place: &str, wire: &str) {
    let known: Vec<&str> = list(report, &format!("{at}/parameters"))
        .iter()
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    let fix = match nearest(wire, known.iter().copied()) {
        Some(near) => format!("write `{near}` instead"),
        None => "declare it under `parameters`".into(),
    };
    problem!(report, rules::UNKNOWN_PARAMETER, place; "there is no parameter `{wire}`"; fix);
}

/// Returns the pointer to a top-level property of the request body; reports a missing one if the body has a schema.
pub(super) fn property(
    report: &mut Report<'_>,
    at: &str,
    place: &str,
    wire: &str,
) -> Option<String> {
    let body = body(report, at)?;
    let record = target(report, &body)?;
    let properties = entries(report, &format!("{record}/properties"));
    let found = properties.iter().find(|(name, _)| name == wire);
    if found.is_none() {
        let known: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
        problem!(report, rules::UNKNOWN_PROPERTY, place;
            "the body has no property `{wire}`"; meant(wire, &known));
    }
    found.map(|(_, at)| at.clone())
}

/// Returns whether a name is a token of HTTP, as header names are.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

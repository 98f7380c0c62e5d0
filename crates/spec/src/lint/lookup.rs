//! Lookup of the parts of an operation that extensions refer to.

use crate::{
    lint::{
        report::{Report, known_instead, problem, similar_or},
        schema_kind::target,
    },
    rules,
};

/// Path from a body or response to its JSON schema.
pub(super) const JSON_SCHEMA: &str = "content/application~1json/schema";

/// Returns the pointer to the schema of the JSON success response.
pub(super) fn success_schema(report: &Report<'_>, at: &str) -> Option<String> {
    let responses = report.entries(&format!("{at}/responses"));
    let mut successes = responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'));
    let schema = format!("{}/{JSON_SCHEMA}", successes.next()?.1);
    report.value(&schema).is_object().then_some(schema)
}

/// Returns the pointer to the schema of the JSON request body.
pub(super) fn body(report: &Report<'_>, at: &str) -> Option<String> {
    let schema = format!("{at}/requestBody/{JSON_SCHEMA}");
    report.value(&schema).is_object().then_some(schema)
}

/// Returns the pointer to a parameter.
pub(super) fn parameter(report: &Report<'_>, at: &str, wire: &str) -> Option<String> {
    let mut parameters = report.items(&format!("{at}/parameters")).into_iter();
    parameters
        .find(|(parameter, _)| parameter["name"] == wire)
        .map(|(_, at)| at)
}

pub(super) fn unknown_parameter(report: &mut Report<'_>, at: &str, place: &str, wire: &str) {
    let parameters = report.list(&format!("{at}/parameters"));
    let known = parameters
        .iter()
        .filter_map(|parameter| parameter["name"].as_str());
    problem!(report, rules::UNKNOWN_PARAMETER, place;
        "the parameter `{wire}` is not declared";
        similar_or(wire, known, "declare it under `parameters`"));
}

/// Returns the pointer to a top-level property of the request body; reports a missing one if the body has a schema.
pub(super) fn property(
    report: &mut Report<'_>,
    at: &str,
    place: &str,
    wire: &str,
) -> Option<String> {
    let record = target(report, &body(report, at)?)?;
    let properties = report.entries(&format!("{record}/properties"));
    if let Some((_, found)) = properties.iter().find(|(name, _)| *name == wire) {
        return Some(found.clone());
    }
    let known: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    problem!(report, rules::UNKNOWN_PROPERTY, place;
        "the body has no property `{wire}`"; known_instead(wire, &known));
    None
}

/// Returns whether a name is a token of HTTP, as header names are.
pub(super) fn is_token(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_part)
}

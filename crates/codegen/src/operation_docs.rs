//! Documentation of an operation, on the method that creates its request builder.

use anyhow::Result;

use crate::{
    doctest, evidence,
    facade::{ArgumentRole, Request, RequestField},
    schema,
};
use botroster_spec::{
    Spec,
    idents::camel,
    model::{Operation, RateLimit, Retry},
};

/// Returns the documentation of the method, as Markdown.
pub(super) fn text(spec: &Spec, request: &Request<'_>) -> Result<String> {
    let operation = request.operation;
    let mut parts = vec![operation.summary.clone(), operation.description.clone()];
    parts.extend(list(
        "Arguments:",
        request
            .with_role(ArgumentRole::Argument)
            .map(|field| argument(request, field)),
    ));
    let options = [ArgumentRole::Position, ArgumentRole::Option];
    let setters = request
        .fields
        .iter()
        .filter(|field| options.contains(&field.role));
    parts.extend(list(
        "Options, set on the request builder:",
        setters.map(|field| {
            let (setter, builder) = (&field.ident, request.name());
            format!(
                "[`{setter}`]({builder}::{setter}): {}",
                evidence::line(&field.text)
            )
        }),
    ));
    parts.push(conduct(spec, operation));
    let (at, failures) = (operation.pointer(), evidence::failures(spec, operation));
    if !failures.is_empty() {
        parts.push("# Errors".to_owned());
    }
    parts.extend(list(
        "Any [`ErrorKind`](crate::ErrorKind) is possible. Documented error responses:",
        failures.iter().map(|failure| {
            let places = (failure.pointer.as_str(), at.as_str());
            let text = evidence::noted(spec, &failure.summary, places);
            format!("{}: {text}", failure.label)
        }),
    ));
    parts.push("# Example".to_owned());
    parts.push(doctest::example(spec, request)?);
    parts.retain(|part| !part.is_empty());
    Ok(parts.join("\n\n"))
}

/// Returns a list under its heading, or `None` if it is empty.
fn list(heading: &str, entries: impl Iterator<Item = String>) -> Option<String> {
    let entries: Vec<String> = entries.map(|entry| format!("- {entry}")).collect();
    (!entries.is_empty()).then(|| format!("{heading}\n\n{}", entries.join("\n")))
}

fn argument(request: &Request<'_>, field: &RequestField) -> String {
    let text = evidence::line(&field.text);
    let component = request.schema_of(field).and_then(schema::reference);
    let see = component.map_or_else(String::new, |name| {
        let name = camel(name);
        format!(" See [`types::{name}`](crate::types::{name}).")
    });
    format!("`{}`: {text}{see}", field.ident)
}

/// Describes method, path, retries, rate limit and source.
fn conduct(spec: &Spec, operation: &Operation) -> String {
    let mut text = format!("`{} {}`. ", operation.method, operation.path);
    text.push_str(match operation.retry {
        Retry::Read => "Read-only; retried on transient failures.",
        Retry::Idempotent => "An idempotent write; retried on transient failures.",
        Retry::Never => {
            "A write; not retried once the platform may have received it, in which case the error is \
             [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown)."
        }
    });
    if let Some(RateLimit { requests, per }) = operation.rate_limit {
        let per = per.as_secs();
        text.push_str(&format!(
            " Rate limit: {requests} requests per {per} s; further requests wait."
        ));
    }
    if let Some(evidence) = evidence::at(spec, &operation.pointer()) {
        text.push_str(&format!(" Source: {}.", evidence::named(&evidence)));
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::{facade, testing};

    #[test]
    fn bounds_errors_and_evidence_stand_at_the_operation() {
        let (spec, raw) = testing::everything();
        let mut shown = String::new();
        for request in facade::requests(&spec, &raw).unwrap() {
            let text = super::text(&spec, &request).unwrap();
            let (prose, _) = text.split_once("# Example").unwrap();
            shown += &format!("== {}\n{prose}", request.operation.id);
        }
        insta::assert_snapshot!(shown);
    }
}

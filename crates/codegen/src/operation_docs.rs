//! What is written about an operation on the method that makes its request.

use anyhow::Result;

use crate::{
    doctest, evidence,
    facade::{Field, Request, Role},
    schema,
};
use botroster_spec::{
    Spec,
    idents::camel,
    model::{Operation, RateLimit, Retry},
};

/// The documentation of the method.
pub(super) fn text(spec: &Spec, request: &Request<'_>) -> Result<String> {
    let operation = request.operation;
    let mut parts = vec![operation.summary.clone(), operation.description.clone()];
    parts.extend(list(
        "Arguments:",
        request
            .with_role(Role::Argument)
            .map(|field| argument(request, field)),
    ));
    let options = [Role::Position, Role::Option];
    let setters = request
        .fields
        .iter()
        .filter(|field| options.contains(&field.role));
    parts.extend(list(
        "Options of the request:",
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
        "Any [`ErrorKind`](crate::ErrorKind) is possible. The document describes these responses:",
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

/// A list under its heading, or nothing.
fn list(heading: &str, entries: impl Iterator<Item = String>) -> Option<String> {
    let entries: Vec<String> = entries.map(|entry| format!("- {entry}")).collect();
    (!entries.is_empty()).then(|| format!("{heading}\n\n{}", entries.join("\n")))
}

fn argument(request: &Request<'_>, field: &Field) -> String {
    let text = evidence::line(&field.text);
    let component = match &field.wire {
        None => request.operation.body_schema(),
        Some(wire) => request
            .operation
            .parameter(wire)
            .map(|parameter| &parameter.schema),
    };
    let component = component.and_then(|schema| schema::reference(schema));
    let see = component.map_or_else(String::new, |name| {
        let name = camel(name);
        format!(" See [`types::{name}`](crate::types::{name}).")
    });
    format!("`{}`: {text}{see}", field.ident)
}

/// Method and path, how it is repeated and slowed down, and which document says so.
fn conduct(spec: &Spec, operation: &Operation) -> String {
    let mut text = format!("`{} {}`. ", operation.method, operation.path);
    text.push_str(match operation.retry {
        Retry::Read => "A read: it changes nothing and is retried on transient failures.",
        Retry::Idempotent => "An idempotent write: it is retried on transient failures.",
        Retry::Never => {
            "A write that is not retried once it may have been received; the call then fails with \
             [`OutcomeUnknown`](crate::ErrorKind::OutcomeUnknown)."
        }
    });
    if let Some(RateLimit { requests, per }) = operation.rate_limit {
        let per = per.as_secs();
        text.push_str(&format!(
            " At most {requests} requests are sent in {per} s; further requests wait."
        ));
    }
    if let Some(evidence) = evidence::at(spec, &operation.pointer()) {
        text.push_str(&format!(" From {}.", evidence::named(&evidence)));
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

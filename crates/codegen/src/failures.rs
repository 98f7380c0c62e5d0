//! Documented errors of an operation: the platform's error codes, and error responses.

use botroster_spec::model::{Operation, PlatformError, Response};

/// Returns the errors of an operation: those of `x-errors` first, then its error responses.
pub(crate) fn known(operation: &Operation) -> impl Iterator<Item = PlatformError> {
    let responses = responses(operation).map(|response| PlatformError {
        status: response.status,
        code: None,
        name: None,
        summary: response.description.clone(),
        find: None,
        evidence: None,
    });
    operation.errors.iter().cloned().chain(responses)
}

/// Returns the error responses with a documented JSON body.
pub(crate) fn with_bodies(operation: &Operation) -> impl Iterator<Item = &Response> {
    responses(operation).filter(|response| response.json().is_some())
}

/// Returns the responses for error statuses or classes of them.
fn responses(operation: &Operation) -> impl Iterator<Item = &Response> {
    let failures = operation.failures.iter();
    failures.filter(|failure| failure.status >= 300 || (3..=5).contains(&failure.status))
}

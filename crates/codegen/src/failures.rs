//! Documented errors of an operation: the platform's error codes, and error responses.

use botroster_spec::model::{ErrorCode, Find, Operation, Response};

/// An error in the table of operations.
pub(crate) struct KnownError<'o> {
    pub(crate) status: u16,
    pub(crate) code: Option<&'o ErrorCode>,
    pub(crate) name: Option<&'o str>,
    pub(crate) summary: &'o str,
    pub(crate) anywhere: bool,
}

/// Returns the errors of an operation: those of `x-errors` first, then its error responses.
pub(crate) fn known(operation: &Operation) -> impl Iterator<Item = KnownError<'_>> {
    let named = operation.errors.iter().map(|error| KnownError {
        status: error.status,
        code: error.code.as_ref(),
        name: error.name.as_deref(),
        summary: error.summary.trim(),
        anywhere: error.find == Some(Find::Anywhere),
    });
    let responses = responses(operation).map(|response| KnownError {
        status: response.status,
        code: None,
        name: None,
        summary: &response.description,
        anywhere: false,
    });
    named.chain(responses)
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

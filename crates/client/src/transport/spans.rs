//! Tracing spans of calls and attempts, named after OpenTelemetry's conventions for HTTP clients. They contain no arguments.

use tracing::{Span, field::Empty};

use super::{Attempt, AttemptError};
use crate::{Error, base_url::BaseUrl, operation::Operation, retry::Failure};

pub(super) fn call_span(operation: &Operation) -> Span {
    tracing::info_span!(
        "call",
        otel.kind = "internal",
        otel.name = operation.id,
        http.request.method = operation.method,
        url.template = operation.path,
        error.r#type = Empty,
    )
}

pub(super) fn record_error(span: &Span, error: &Error) {
    span.record("error.type", tracing::field::debug(error.kind()));
}

pub(super) fn attempt_span(operation: &Operation, base: &BaseUrl, attempt: u32) -> Span {
    let (host, port) = base.host_and_port();
    tracing::info_span!(
        "attempt",
        otel.kind = "client",
        otel.name = operation.method,
        http.request.method = operation.method,
        url.template = operation.path,
        server.address = host,
        server.port = port,
        http.request.resend_count = attempt - 1,
        http.response.status_code = Empty,
        error.r#type = Empty,
    )
}

pub(super) fn record_outcome<B>(span: &Span, outcome: &Result<Attempt<B>, AttemptError>) {
    match outcome {
        Ok(done) => {
            span.record("http.response.status_code", done.status.as_u16());
        }
        Err(AttemptError::Failed(Failure::Send(error))) => {
            span.record("error.type", tracing::field::debug(error));
        }
        Err(AttemptError::Failed(Failure::Status(_)) | AttemptError::Fatal(_)) => {
            span.record("error.type", "response");
        }
    }
}

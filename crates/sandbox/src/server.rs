//! A platform's replies as HTTP.

use crate::{
    connection::Unread,
    payload::{Payload, plain},
    platform::Platform,
    recorded::{RecordedRequest, Violation, ViolationKind},
    respond::{Content, Reply},
};
use http::{Response, StatusCode, header, request::Parts};
use jiff::Timestamp;

/// The response of a reply.
pub(crate) fn response(reply: Reply) -> Response<Payload> {
    let (media, payload) = match reply.content {
        Content::None => ("", Payload::empty()),
        Content::Json(value) => (reply.media.as_str(), Payload::bytes(value.to_string())),
        Content::Bytes(bytes) => (reply.media.as_str(), Payload::bytes(bytes)),
        Content::Rows(export) => ("text/csv; charset=utf-8", Payload::rows(export)),
    };
    let mut response = Response::builder().status(reply.status);
    if !media.is_empty() {
        response = response.header(header::CONTENT_TYPE, media);
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response
        .body(payload)
        .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

/// Refuses a request whose body did not come, and records it.
pub(crate) fn unread(platform: &Platform, parts: &Parts, unread: Unread) -> Response<Payload> {
    let (status, why) = unread.told();
    let target = parts.uri.path_and_query();
    platform.state().note(RecordedRequest {
        number: 0,
        time: Timestamp::now(),
        method: parts.method.to_string(),
        target: target.map(ToString::to_string).unwrap_or_default(),
        operation: None,
        status: status.as_u16(),
        violations: vec![Violation::new(ViolationKind::Body, None, why)],
        notes: Vec::new(),
        fault: None,
        signature: None,
    });
    closing(plain(status))
}

/// The rest of the request is not read.
pub(crate) fn closing(mut response: Response<Payload>) -> Response<Payload> {
    let close = http::HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

impl Unread {
    /// The status of a refusal, and why.
    pub(crate) fn told(self) -> (StatusCode, &'static str) {
        match self {
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is longer than 1 MiB.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "The body did not come in 30 s.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many bodies are being read.",
            ),
            Self::Broken => (StatusCode::BAD_REQUEST, "The body cannot be read."),
        }
    }
}

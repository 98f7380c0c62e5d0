//! Everything that can be wrong with a request before its records are looked up. All of it is found, not only the first.

mod body;
mod rules;
mod scope;

use super::{
    failure::RequestFailure,
    parsed::{ParsedRequest, RawRequest},
};
use crate::{
    access::control::{Admission, Attempt},
    platform::Platform,
    recorded::{SignatureVerdict, ViolationKind},
    spec::Operation,
    values::moment::Moment,
};
use botroster_auth::SigningInput;
use http::{HeaderMap, HeaderValue, header};
use std::sync::Arc;

/// The result of the checks.
#[derive(Debug)]
pub(crate) struct CheckedRequest {
    /// In the order in which a host checks: the response is about the first.
    pub(crate) failures: Vec<RequestFailure>,
    pub(crate) notes: Vec<String>,
    pub(crate) signature: Option<SignatureVerdict>,
    /// The platform in the scope that the request names.
    pub(crate) platform: Arc<Platform>,
}

pub(crate) fn check(
    platform: &Arc<Platform>,
    raw: &RawRequest<'_>,
    parsed: &ParsedRequest<'_>,
    moment: Moment,
) -> CheckedRequest {
    let mut failures = Vec::new();
    let mut notes = Vec::new();
    let operation = parsed.operation;
    let (admitted, signature) = authenticate(platform, raw, operation, moment, &mut failures);
    if let Some(admitted) = &admitted {
        failures.extend(exceeded_limit(platform, parsed, admitted, moment));
    }
    constant_headers(operation, raw.headers, &mut failures);
    failures.extend(parsed.params_failures.iter().cloned());
    body::check(platform, raw, parsed, &mut failures, &mut notes);
    let in_scope = scope::find(platform, parsed.call(), admitted.as_ref());
    let in_scope = in_scope.unwrap_or_else(|failure| {
        failures.push(failure);
        Arc::clone(platform)
    });
    rules::check(parsed.call(), &mut failures);
    CheckedRequest {
        failures,
        notes,
        signature,
        platform: in_scope,
    }
}

fn authenticate(
    platform: &Platform,
    raw: &RawRequest<'_>,
    operation: &Operation,
    moment: Moment,
    failures: &mut Vec<RequestFailure>,
) -> (Option<Admission>, Option<SignatureVerdict>) {
    let host = raw.headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let input = SigningInput {
        method: raw.method,
        host,
        path: raw.path,
        query: raw.query,
        body: raw.body,
        ..SigningInput::default()
    };
    let attempt = Attempt {
        input: &input,
        headers: raw.headers,
        now: moment.time,
    };
    let (admitted, signature) = platform.access.admit(operation, attempt);
    let admitted = admitted.map_err(|problems| {
        failures.extend(problems.into_iter().map(|(at, problem)| {
            let failure = RequestFailure::new(401, "The credentials are missing or wrong.");
            RequestFailure {
                at,
                ..failure.recorded(problem)
            }
        }));
    });
    (admitted.ok(), signature)
}

fn exceeded_limit(
    platform: &Platform,
    parsed: &ParsedRequest<'_>,
    admitted: &Admission,
    moment: Moment,
) -> Option<RequestFailure> {
    let (operation, limit) = (parsed.operation, parsed.operation.rate_limit?);
    let mut state = platform.state();
    let limiter = &mut state.limiter;
    let passed = limiter.pass(parsed.number, &admitted.credential, limit, moment.instant);
    let seconds = passed.err()?;
    let (requests, per) = (limit.requests, limit.per.as_secs());
    let id = &operation.id;
    let failure = RequestFailure::new(429, format!("Too many requests: wait {seconds} s."));
    let failure = failure.recorded(format!(
        "{id} allows {requests} requests in {per} s; wait {seconds} s"
    ));
    Some(RequestFailure {
        retry_after: Some(seconds),
        ..failure
    })
}

/// Headers with a constant value; the parameters of a media type count if the document has them.
fn constant_headers(
    operation: &Operation,
    headers: &HeaderMap,
    failures: &mut Vec<RequestFailure>,
) {
    for (name, value) in &operation.headers {
        let sent = headers.get(name);
        let is_whole =
            sent.is_some_and(|sent| sent.as_bytes().eq_ignore_ascii_case(value.as_bytes()));
        let received = essence(sent);
        if is_whole || received.eq_ignore_ascii_case(value) {
            continue;
        }
        let kind = match *name == header::CONTENT_TYPE {
            true => ViolationKind::MediaType,
            false => ViolationKind::Header,
        };
        let received = received_header(received);
        let message = format!("the header {name} must be {value}; {received}");
        failures.push(RequestFailure::bad(name.as_str(), message).kind(kind));
    }
}

/// A header value without parameters.
fn essence(value: Option<&HeaderValue>) -> &str {
    let text = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim()
}

/// The received value of a header that is not secret; quoted if it looks like a media type.
fn received_header(value: &str) -> String {
    match value {
        "" => "it is missing".to_owned(),
        value if value.len() < 60 && value.contains('/') => format!("it is {value}"),
        _ => "it is something else".to_owned(),
    }
}

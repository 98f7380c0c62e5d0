//! The meaning of a response: a success, or one of the platform's ways to report a failure.

use http::{StatusCode, header::CONTENT_TYPE};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{
    Error, ErrorCode, ErrorKind,
    decode::{self, Captured, Unreadable},
    operation::{DocumentedError, Operation, ValueTest},
    response::BufferedResponse,
    surrogates,
};

/// A pointer that no response has a value at.
const NOWHERE: &str = "/\u{0}";

impl ValueTest {
    fn is_met(&self, value: &Value) -> bool {
        match *self {
            Self::Present => !value.is_null(),
            Self::IsBool(wanted) => value.as_bool() == Some(wanted),
            Self::IsText(wanted) => value.as_str() == Some(wanted),
            Self::NotText(unwanted) => value.as_str().is_some_and(|text| text != unwanted),
            Self::Min(least) => value.as_i64().is_some_and(|number| number >= least),
        }
    }
}

/// The pointers of the values that [`is_failure`] examines.
pub(crate) fn condition_pointers(
    operation: &'static Operation,
) -> impl Iterator<Item = &'static str> {
    let conditions = operation.envelope.fail_when.iter();
    conditions.map(|condition| condition.at)
}

/// Returns whether the values of a 2xx response report a failure.
pub(crate) fn is_failure(operation: &Operation, captured: &Captured) -> bool {
    operation.envelope.fail_when.iter().any(|condition| {
        captured
            .get(condition.at)
            .is_some_and(|value| condition.test.is_met(value))
    })
}

/// Returns whether a 2xx response that was not decoded reports a failure.
pub(crate) fn reports_failure(operation: &'static Operation, response: &BufferedResponse) -> bool {
    let wanted: Vec<&'static str> = condition_pointers(operation).collect();
    decode::take::<IgnoredAny>(&response.body, &[NOWHERE], &wanted)
        .is_ok_and(|taken| is_failure(operation, &taken.captured))
}

/// The error of a response that cannot be decoded.
pub(crate) fn undecodable(
    operation: &'static Operation,
    response: BufferedResponse,
    why: &Unreadable,
) -> Error {
    let content_type = response
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type
        .and_then(|text| text.split(';').next())
        .map(str::trim)
        .unwrap_or("no content type");
    let text = if why.syntax && !media_type.ends_with("json") {
        format!("expected JSON, got {media_type}: check the base URL")
    } else {
        format!("the response does not match the spec: {}", why.text)
    };
    Error::new(ErrorKind::Decode, text)
        .with_operation(operation)
        .with_response(response)
}

/// The error of a response that reports a failure, by its status or by its body.
pub(crate) fn failure(operation: &'static Operation, response: BufferedResponse) -> Error {
    let status = response.status;
    let json: Option<Value> = serde_json::from_slice(&response.body)
        .ok()
        .or_else(|| serde_json::from_slice(&surrogates::repair(&response.body)?).ok());
    let code = json.as_ref().and_then(|json| code(operation, json));
    let message = json.as_ref().and_then(|json| message(operation, json));
    let effective = effective_status(status, code.as_ref());
    let documented = documented(operation, effective, code.as_ref(), json.as_ref());
    let code = code.or_else(|| documented.and_then(|info| info.code).map(ErrorCode::from));
    Error::new(kind(effective), text(status, documented))
        .with_operation(operation)
        .with_response(response)
        .with_platform_error(code, documented, message)
}

/// Some platforms send their actual status in the body of a 200.
fn effective_status(status: StatusCode, code: Option<&ErrorCode>) -> StatusCode {
    let number = code.and_then(ErrorCode::as_i64);
    match number.and_then(|code| StatusCode::from_u16(u16::try_from(code).ok()?).ok()) {
        Some(actual)
            if status.is_success() && (actual.is_client_error() || actual.is_server_error()) =>
        {
            actual
        }
        _ => status,
    }
}

fn text(status: StatusCode, documented: Option<&DocumentedError>) -> String {
    match documented {
        Some(DocumentedError {
            name: Some(name),
            summary,
            ..
        }) => format!("{name}: {summary}"),
        Some(info) => info.summary.to_owned(),
        None if status.is_success() => "the response reports a failure".to_owned(),
        None if status.is_redirection() => {
            "redirects are not followed, because they would send the credentials to another URL: check the base URL".to_owned()
        }
        None => "undocumented status".to_owned(),
    }
}

fn kind(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 | 403 => ErrorKind::Authentication,
        404 => ErrorKind::NotFound,
        429 => ErrorKind::RateLimited,
        300..=399 => ErrorKind::Redirect,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Rejected,
    }
}

fn code(operation: &Operation, json: &Value) -> Option<ErrorCode> {
    let mut pointers = operation.envelope.code.iter();
    pointers.find_map(|pointer| ErrorCode::of(json.pointer(pointer)?))
}

fn message(operation: &Operation, json: &Value) -> Option<String> {
    operation
        .envelope
        .message
        .iter()
        .find_map(|pointer| json.pointer(pointer)?.as_str().map(str::to_owned))
}

/// The best matching documented error: one with the platform's code, otherwise the one of the status, otherwise the one of
/// the class of the status.
fn documented(
    operation: &'static Operation,
    status: StatusCode,
    code: Option<&ErrorCode>,
    json: Option<&Value>,
) -> Option<&'static DocumentedError> {
    let of = |status: u16| {
        let errors = operation.errors.iter();
        errors.filter(move |info| info.status == status)
    };
    let of_status =
        |status: u16| of(status).find(|info| info.code.is_none() && info.name.is_none());
    of(status.as_u16())
        .filter(|info| info.code.is_some() || info.name.is_some())
        .find(|info| {
            let is_code = |code: &ErrorCode| info.code.is_some_and(|known| *code == known);
            code.is_some_and(is_code)
                || (info.anywhere && json.is_some_and(|json| mentions(json, info)))
        })
        .or_else(|| of_status(status.as_u16()))
        .or_else(|| of_status(status.as_u16() / 100))
}

/// Returns whether some value of the body is the code or name of the error. The decoder's depth limit bounds the recursion.
fn mentions(json: &Value, info: &DocumentedError) -> bool {
    match json {
        Value::Number(_) | Value::String(_) => {
            let is_code = |code: ErrorCode| info.code.is_some_and(|known| code == known);
            (info.name.is_some() && info.name == json.as_str())
                || ErrorCode::of(json).is_some_and(is_code)
        }
        Value::Array(list) => list.iter().any(|value| mentions(value, info)),
        Value::Object(map) => map.values().any(|value| mentions(value, info)),
        Value::Null | Value::Bool(_) => false,
    }
}

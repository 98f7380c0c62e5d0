//! What an answer means: success, or one of the platform's ways to say no.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use crate::{
    Error, ErrorCode, ErrorKind,
    decode::Captured,
    operation::{ErrorInfo, FailWhen, Operation, Test},
    surrogates,
};

impl Test {
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

/// Whether an answer with a 2xx status says that it is none.
pub(crate) fn says_no(conditions: &[FailWhen], captured: &Captured) -> bool {
    conditions.iter().any(|condition| {
        captured
            .get(condition.at)
            .is_some_and(|value| condition.test.is_met(value))
    })
}

/// The error of an answer that is a failure.
pub(crate) fn failure(
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    attempts: u32,
) -> Error {
    let json: Option<Value> = serde_json::from_slice(&body)
        .ok()
        .or_else(|| serde_json::from_slice(&surrogates::repair(&body)?).ok());
    let code = json.as_ref().and_then(|json| code(operation, json));
    let message = json.as_ref().and_then(|json| message(operation, json));
    // Some platforms put the status that they mean into the body of a 200.
    let number = code.as_ref().and_then(ErrorCode::as_i64);
    let meant = match number.and_then(|code| StatusCode::from_u16(u16::try_from(code).ok()?).ok()) {
        Some(meant)
            if status.is_success() && (meant.is_client_error() || meant.is_server_error()) =>
        {
            meant
        }
        _ => status,
    };
    let documented = documented(operation, meant, code.as_ref(), json.as_ref());
    let code = code.or_else(|| documented.and_then(|info| info.code).map(ErrorCode::from));
    let text = match documented {
        Some(ErrorInfo { name: Some(name), summary, .. }) => format!("{name}: {summary}"),
        Some(info) => info.summary.to_owned(),
        None if status.is_success() => "the platform says the call failed".to_owned(),
        None if status.is_redirection() => {
            "a redirect, which is not followed because it would carry the credential to another place: check the base URL".to_owned()
        }
        None => "not a status the platform documents".to_owned(),
    };
    Error::new(kind(meant), text)
        .with_operation(operation)
        .with_answer(status, headers, body)
        .with_platform_words(code, documented, message)
        .with_attempts(attempts)
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

/// The documented error that fits best: one with the platform's code, else the one of the status.
fn documented(
    operation: &'static Operation,
    status: StatusCode,
    code: Option<&ErrorCode>,
    json: Option<&Value>,
) -> Option<&'static ErrorInfo> {
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

/// Some value of the body is the error's code or name. Recursion is bounded by the decoder's own depth limit.
fn mentions(json: &Value, info: &ErrorInfo) -> bool {
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

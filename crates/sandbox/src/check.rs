//! Everything that can be wrong with a request before its records are looked for. All of it is found, not the first only.

use crate::{
    auth::Admitted,
    came::came,
    failure::Failure,
    params::{self, Params},
    platform::Platform,
    pointer,
    recorded::{SignatureVerdict, ViolationKind},
    respond::Incoming,
    spec::{Operation, words::Rule},
    validate::Validator,
};
use botroster_auth::SigningInput;
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Instant, SystemTime},
};

/// What the checks found.
#[derive(Debug)]
pub(crate) struct Checked {
    /// In the order a host checks in: the first is the one that is answered.
    pub(crate) failures: Vec<Failure>,
    pub(crate) notes: Vec<String>,
    pub(crate) signature: Option<SignatureVerdict>,
    pub(crate) params: Params,
    pub(crate) body: Option<Value>,
    /// The platform as the scope asked for sees it.
    pub(crate) bot: Arc<Platform>,
}

pub(crate) fn check(
    platform: &Arc<Platform>,
    request: &Incoming<'_>,
    (number, operation): (usize, &Operation),
    path: &BTreeMap<String, String>,
    (time, instant): (SystemTime, Instant),
) -> Checked {
    let mut failures = Vec::new();
    let (admitted, signature) = security(platform, request, operation, time, &mut failures);
    if let (Some(admitted), Some(limit)) = (&admitted, operation.rate_limit) {
        let passed = platform
            .state()
            .limiter
            .pass(number, &admitted.credential, limit, instant);
        let (requests, per) = (limit.0, limit.1.as_secs());
        failures.extend(passed.err().map(|seconds| Failure {
            retry_after: Some(seconds),
            ..Failure::new(429, format!("Too many requests: wait {seconds} s.")).telling(format!(
                "{} allows {requests} requests in {per} s; wait {seconds} s",
                operation.id
            ))
        }));
    }
    constants(operation, request.headers, &mut failures);
    let (params, wrong) = params::read(
        operation,
        &platform.spec.schemas,
        path,
        request.query.unwrap_or_default(),
        request.headers,
    );
    failures.extend(wrong);
    let mut notes = Vec::new();
    let body = body(platform, operation, request, &mut failures, &mut notes);
    let asked = (&params, body.as_ref());
    let bot = match scoped(platform, operation, admitted.as_ref(), asked) {
        Ok(bot) => bot,
        Err(failure) => {
            failures.push(failure);
            Arc::clone(platform)
        }
    };
    rules(operation, &params, body.as_ref(), &mut failures);
    Checked {
        failures,
        notes,
        signature,
        params,
        body,
        bot,
    }
}

fn security(
    platform: &Platform,
    request: &Incoming<'_>,
    operation: &Operation,
    time: SystemTime,
    failures: &mut Vec<Failure>,
) -> (Option<Admitted>, Option<SignatureVerdict>) {
    let host = request.headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let input = SigningInput {
        method: request.method,
        host,
        path: request.path,
        query: request.query,
        body: request.body,
        ..SigningInput::default()
    };
    let (admitted, signature) = platform
        .gate
        .admit(operation, &input, request.headers, time);
    match admitted {
        Ok(admitted) => (Some(admitted), signature),
        Err(reasons) => {
            failures.extend(reasons.into_iter().map(|(at, reason)| {
                let failure = Failure::new(401, "The credentials are missing or wrong.");
                let failure = failure.telling(reason);
                match at {
                    Some(at) => failure.at(at),
                    None => failure,
                }
            }));
            (None, signature)
        }
    }
}

/// Headers with a constant value; parameters of a media type count where the document has them.
fn constants(operation: &Operation, headers: &HeaderMap, failures: &mut Vec<Failure>) {
    for (name, value) in &operation.headers {
        let sent = headers.get(name);
        let is_whole =
            sent.is_some_and(|sent| sent.as_bytes().eq_ignore_ascii_case(value.as_bytes()));
        let came = essence(sent);
        if is_whole || came.eq_ignore_ascii_case(value) {
            continue;
        }
        let kind = match *name == header::CONTENT_TYPE {
            true => ViolationKind::MediaType,
            false => ViolationKind::Header,
        };
        let message = format!("the header {name} must be {value}; {}", shown(came));
        failures.push(Failure::bad(name.as_str(), message).kind(kind));
    }
}

fn essence(value: Option<&HeaderValue>) -> &str {
    let text = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim()
}

/// What came in a header whose value is no secret: shown when it looks like a media type.
fn shown(came: &str) -> String {
    match came {
        "" => "it is missing".to_owned(),
        came if came.len() < 60 && came.contains('/') => format!("{came} came"),
        _ => "something else came".to_owned(),
    }
}

fn body(
    platform: &Platform,
    operation: &Operation,
    request: &Incoming<'_>,
    failures: &mut Vec<Failure>,
    notes: &mut Vec<String>,
) -> Option<Value> {
    let bad = |message: String| Failure::new(400, message).kind(ViolationKind::Body);
    let Some(expected) = &operation.body else {
        if !request.body.is_empty() {
            let length = request.body.len();
            failures.push(bad(format!(
                "{} takes no body; {length} bytes came",
                operation.id
            )));
        }
        return None;
    };
    if request.body.is_empty() {
        if expected.required {
            failures.push(bad(format!(
                "the body is missing; {} is expected",
                expected.media
            )));
        }
        return None;
    }
    let media = essence(request.headers.get(header::CONTENT_TYPE));
    let is_expected = media.eq_ignore_ascii_case(&expected.media);
    let is_told = operation
        .headers
        .iter()
        .any(|(name, _)| *name == header::CONTENT_TYPE);
    if !is_expected && !is_told {
        let message = format!(
            "the header content-type must be {}; {}",
            expected.media,
            shown(media)
        );
        failures.push(Failure::bad("content-type", message).kind(ViolationKind::MediaType));
    }
    let body: Value = match serde_json::from_slice(request.body) {
        Ok(body) => body,
        Err(error) => {
            if is_expected {
                failures.push(bad(format!("the body is no valid JSON: {error}")));
            }
            return None;
        }
    };
    let validator = Validator {
        schemas: &platform.spec.schemas,
        all_sent: true,
    };
    let found = validator.findings(&expected.schema, &body);
    failures.extend(found.invalid.iter().map(|invalid| {
        let message = invalid.sentence("the body");
        let failure = match invalid.pointer.as_str() {
            "" => Failure::new(400, message),
            place => Failure::bad(&pointer::leaf(place), message).at(place),
        };
        failure.kind(ViolationKind::Body)
    }));
    let unnamed = found.unnamed.iter();
    notes.extend(unnamed.map(|one| one.sentence("the body")));
    Some(body)
}

/// The platform as the scope that a request names sees it, if its key may.
fn scoped(
    platform: &Arc<Platform>,
    operation: &Operation,
    admitted: Option<&Admitted>,
    (params, body): (&Params, Option<&Value>),
) -> Result<Arc<Platform>, Failure> {
    let mut given: Vec<(&str, String)> = Vec::new();
    for name in &platform.spec.scope {
        let value = params.get(name).or_else(|| body?.get(name));
        given.extend(value.map(|value| (name.as_str(), params::text(value))));
    }
    let names = || given.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let bots = platform.bots();
    let has = |bot: &&Arc<Platform>, (name, value): &(&str, String)| {
        bot.scope
            .iter()
            .any(|(own, text)| own == name && text == value)
    };
    let found = bots
        .iter()
        .find(|bot| given.iter().all(|one| has(bot, one)));
    let foreign: Vec<&str> = given
        .iter()
        .filter(|one| !bots.iter().any(|bot| has(&bot, one)))
        .map(|(name, _)| *name)
        .collect();
    let Some(bot) = found else {
        let status = operation.first_documented(&[403, 400, 404]);
        let (about, told) = match foreign.is_empty() {
            true => {
                let names = names();
                let told = format!("{} are of different scopes", names.join(" and "));
                (names, told)
            }
            false => {
                let told = foreign.iter().map(|name| {
                    let known = bots.iter().flat_map(|bot| &bot.scope);
                    let known = known.filter(|(own, _)| own == name);
                    let known: Vec<&str> = known.map(|(_, value)| value.as_str()).collect();
                    format!(
                        "{name} is none of this sandbox's; known are {}",
                        known.join(", ")
                    )
                });
                let told: Vec<String> = told.collect();
                (foreign, told.join(", "))
            }
        };
        let message = format!("No access: {}.", about.join(", "));
        let failure = Failure::new(status, message).about(about.iter().copied());
        return Err(failure.kind(ViolationKind::Scope).telling(told));
    };
    let scope = bot.scope.iter().cloned().collect();
    let Some(admitted) = admitted.filter(|one| !platform.gate.may_see(one, &scope)) else {
        return Ok(Arc::clone(bot));
    };
    let key = platform.gate.name(admitted);
    let status = match given.is_empty() {
        true => operation.first_documented(&[403, 401]),
        false => operation.first_documented(&[403, 401, 400, 404]),
    };
    let what = match names().as_slice() {
        [] => operation.id.clone(),
        names => format!("this {}", names.join(" and ")),
    };
    let failure = Failure::new(status, "No access.").kind(ViolationKind::Access);
    let failure = failure.about(names());
    Err(failure.telling(format!("the key {key:?} has no access to {what}")))
}

fn rules(
    operation: &Operation,
    params: &Params,
    body: Option<&Value>,
    failures: &mut Vec<Failure>,
) {
    let value = |place: &String| match place.starts_with('/') {
        true => body.and_then(|body| body.pointer(place)),
        false => params.get(place),
    };
    for rule in &operation.rules {
        let (message, places) = match rule {
            Rule::AnyOf(places) => {
                let is_there = |place| value(place).is_some_and(|value| !value.is_null());
                if places.iter().any(is_there) || body.is_none() {
                    continue;
                }
                (format!("one of {} is required", places.join(", ")), places)
            }
            Rule::Less(places) => {
                let values: Vec<Option<&Value>> = places.iter().map(value).collect();
                let wrong = values.windows(2).find_map(|pair| match pair {
                    [Some(one), Some(two)] if !less(one, two) => Some((*one, *two)),
                    _ => None,
                });
                let Some((one, two)) = wrong else { continue };
                let order = places.join(" must be less than ");
                let schema = serde_json::json!({"type": "integer"});
                let (one, two) = (came(&schema, one), came(&schema, two));
                (format!("{order}; {one} and {two} came"), places)
            }
        };
        let failure = Failure::new(400, message).about(places.iter().map(String::as_str));
        failures.push(failure.kind(ViolationKind::Rule));
    }
}

fn less(one: &Value, two: &Value) -> bool {
    // Neighbours among great integers are one and the same f64.
    if let (Some(one), Some(two)) = (one.as_i64(), two.as_i64()) {
        return one < two;
    }
    match (one.as_f64(), two.as_f64()) {
        (Some(one), Some(two)) => one < two,
        _ => params::text(one) < params::text(two),
    }
}

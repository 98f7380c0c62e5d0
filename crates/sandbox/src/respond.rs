//! From a request to its response, in the order a strict host checks.

use crate::{
    answer, auth,
    csv::Export,
    failure::Failure,
    params::{self, Params},
    platform::{Platform, Target},
    recorded::{RecordedRequest, Violation, ViolationKind},
    route::{Route, route},
    spec::{Operation, words::Rule},
    validate::Validator,
};
use botroster_auth::SigningInput;
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// A request as it came in.
pub(crate) struct Incoming<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// A response without its transport.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The media type of JSON.
    pub(crate) media: String,
    pub(crate) headers: Vec<(header::HeaderName, String)>,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    None,
    Json(Value),
    /// As it is to be written.
    Bytes(Vec<u8>),
    Rows(Export),
}

impl Reply {
    pub(crate) fn new(status: u16, content: Content) -> Self {
        Self {
            status,
            media: "application/json".to_owned(),
            headers: Vec::new(),
            content,
        }
    }
}

/// Answers a request that arrives now; what is to be recorded about it.
pub(crate) fn respond(
    platform: &Arc<Platform>,
    request: &Incoming<'_>,
    clock: (SystemTime, Instant),
) -> (Reply, RecordedRequest) {
    let mut judged = Judged::default();
    let reply = match route(&platform.spec, request.method, request.path) {
        Route::Unknown => {
            let message = "There is no such path.";
            judged.add(ViolationKind::UnknownPath, None, message);
            Reply::new(404, Content::Json(json!({"error": {"message": message}})))
        }
        Route::WrongMethod(methods) => {
            let message = format!("This path allows {}.", methods.join(", "));
            judged.add(ViolationKind::Method, None, message.as_str());
            let mut reply = Reply::new(405, Content::Json(json!({"error": {"message": message}})));
            reply.headers.push((header::ALLOW, methods.join(", ")));
            reply
        }
        Route::Found { operation, path } => {
            found(platform, request, operation, &path, clock, &mut judged)
        }
    };
    let target = match request.query {
        Some(query) => format!("{}?{query}", request.path),
        None => request.path.to_owned(),
    };
    let entry = RecordedRequest {
        number: 0,
        time: Timestamp::try_from(clock.0).unwrap_or_default(),
        method: request.method.to_owned(),
        target,
        operation: judged.operation,
        status: reply.status,
        violations: judged.violations,
        notes: judged.notes,
        fault: None,
        signature: None,
    };
    (reply, entry)
}

/// What is found out about a request on the way to its response.
#[derive(Debug, Default)]
struct Judged {
    operation: Option<String>,
    violations: Vec<Violation>,
    notes: Vec<String>,
}

impl Judged {
    fn add(&mut self, kind: ViolationKind, at: Option<&str>, message: impl Into<String>) {
        self.violations.push(Violation::new(kind, at, message));
    }
}

fn found(
    platform: &Arc<Platform>,
    request: &Incoming<'_>,
    number: usize,
    path: &BTreeMap<String, String>,
    clock: (SystemTime, Instant),
    judged: &mut Judged,
) -> Reply {
    let Some(operation) = platform.spec.operations.get(number) else {
        return Reply::new(404, Content::None);
    };
    judged.operation = Some(operation.id.clone());
    let now = clock
        .0
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0);
    let checked = check(platform, request, (number, operation), path, clock);
    let answered = checked
        .and_then(|(params, body)| act(platform, (number, operation), &params, body.as_ref(), now));
    match answered {
        Ok(Content::Json(_)) if operation.success.status == 204 => Reply::new(204, Content::None),
        Ok(content) => Reply::new(operation.success.status, content),
        Err(failure) => {
            judged.violations.extend(failure.violations());
            let body = answer::refusal(operation, &platform.spec.schemas, &failure, now);
            let mut reply = Reply::new(failure.status, Content::Json(body));
            reply.media = answer::media(operation, failure.status).to_owned();
            let seconds = failure
                .retry_after
                .map(|seconds| (header::RETRY_AFTER, seconds.to_string()));
            reply.headers.extend(seconds);
            reply
        }
    }
}

/// Everything that can be wrong with a request before its records are looked for.
fn check(
    platform: &Platform,
    request: &Incoming<'_>,
    (number, operation): (usize, &Operation),
    path: &BTreeMap<String, String>,
    (time, instant): (SystemTime, Instant),
) -> Result<(Params, Option<Value>), Failure> {
    let host = request
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let input = SigningInput {
        method: request.method,
        host,
        path: request.path,
        query: request.query,
        body: request.body,
        ..SigningInput::default()
    };
    let credential = platform
        .gate
        .admit(operation, &input, request.headers, time)
        .ok_or_else(|| Failure::new(401, "The credentials are missing or wrong."))?;
    if let Some(limit) = operation.rate_limit {
        let passed = platform
            .state()
            .limiter
            .pass(number, &credential, limit, instant);
        passed.map_err(|seconds| Failure {
            retry_after: Some(seconds),
            ..Failure::new(429, format!("Too many requests: wait {seconds} s."))
        })?;
    }
    constants(operation, request.headers)?;
    let schemas = &platform.spec.schemas;
    let params = params::read(
        operation,
        schemas,
        path,
        request.query.unwrap_or_default(),
        request.headers,
    )?;
    let body = body(platform, operation, request)?;
    let foreign = auth::foreign_scope(&platform.scope, &params, body.as_ref());
    if !foreign.is_empty() {
        let status = operation.first_documented(&[403, 400, 404]);
        return Err(
            Failure::new(status, format!("No access: {}.", foreign.join(", "))).about(foreign),
        );
    }
    rules(operation, &params, body.as_ref())?;
    Ok((params, body))
}

/// Headers with a constant value; parameters of a media type do not count.
fn constants(operation: &Operation, headers: &HeaderMap) -> Result<(), Failure> {
    for (name, value) in &operation.headers {
        if !essence(headers.get(name)).eq_ignore_ascii_case(value) {
            return Err(Failure::bad(
                name.as_str(),
                format!("The header {name} must be {value}."),
            ));
        }
    }
    Ok(())
}

fn essence(value: Option<&HeaderValue>) -> &str {
    let text = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim()
}

fn body(
    platform: &Platform,
    operation: &Operation,
    request: &Incoming<'_>,
) -> Result<Option<Value>, Failure> {
    let Some(expected) = &operation.body else {
        return match request.body {
            [] => Ok(None),
            _ => Err(Failure::new(400, "A body is not expected here.")),
        };
    };
    if request.body.is_empty() {
        return match expected.required {
            true => Err(Failure::new(400, "The body is missing.")),
            false => Ok(None),
        };
    }
    if !essence(request.headers.get(header::CONTENT_TYPE)).eq_ignore_ascii_case(&expected.media) {
        return Err(Failure::bad(
            "content-type",
            format!("The header content-type must be {}.", expected.media),
        ));
    }
    let body: Value = serde_json::from_slice(request.body)
        .map_err(|_| Failure::new(400, "The body is no valid JSON."))?;
    let validator = Validator {
        schemas: &platform.spec.schemas,
        all_sent: true,
    };
    validator
        .check(&expected.schema, &body)
        .map_err(|invalid| {
            let place = if invalid.pointer.is_empty() {
                "The body"
            } else {
                invalid.pointer.as_str()
            };
            Failure::bad(
                &crate::pointer::leaf(&invalid.pointer),
                format!("{place} {}.", invalid.reason),
            )
        })?;
    Ok(Some(body))
}

fn rules(operation: &Operation, params: &Params, body: Option<&Value>) -> Result<(), Failure> {
    let value = |place: &String| match place.starts_with('/') {
        true => body.and_then(|body| body.pointer(place)),
        false => params.get(place),
    };
    for rule in &operation.rules {
        match rule {
            Rule::AnyOf(places) => {
                if !places
                    .iter()
                    .any(|place| value(place).is_some_and(|value| !value.is_null()))
                {
                    let message = format!("One of these is required: {}.", places.join(", "));
                    return Err(Failure::new(400, message).about(places.iter().map(String::as_str)));
                }
            }
            Rule::Less(places) => {
                let values: Vec<Option<&Value>> = places.iter().map(value).collect();
                if values
                    .windows(2)
                    .any(|pair| matches!(pair, [Some(one), Some(two)] if !less(one, two)))
                {
                    let message = format!("These must be in order: {}.", places.join(", "));
                    return Err(Failure::new(400, message).about(places.iter().map(String::as_str)));
                }
            }
        }
    }
    Ok(())
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

/// Does what the operation is for.
fn act(
    platform: &Arc<Platform>,
    (number, operation): (usize, &Operation),
    params: &Params,
    body: Option<&Value>,
    now: i64,
) -> Result<Content, Failure> {
    match platform.targets.get(number) {
        Some(Target::List) => platform
            .list(number, operation, params, body, now)
            .map(Content::Json),
        Some(Target::Csv {
            collection,
            columns,
        }) => Ok(Content::Rows(Export::new(
            Arc::clone(platform),
            operation,
            *collection,
            columns,
            params,
            body,
        ))),
        Some(target) => platform
            .single(operation, target, params, body, now)
            .map(Content::Json),
        None => Err(Failure::new(500, "This operation cannot be answered.")),
    }
}

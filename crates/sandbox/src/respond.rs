//! From a request to its response, in the order a strict host checks.

use crate::{
    answer,
    check::check,
    csv::Export,
    failure::Failure,
    params::Params,
    platform::{Platform, Target},
    recorded::{RecordedRequest, SignatureVerdict, Violation, ViolationKind},
    route::{Route, route},
    spec::Operation,
};
use http::{HeaderMap, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// No more is recorded of one request.
const RECORDED: usize = 50;

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
        Route::Found { operation, path } => {
            found(platform, request, operation, &path, clock, &mut judged)
        }
        lost => {
            let message = lost.message(&platform.spec, request.method, request.path);
            let (status, kind) = match &lost {
                Route::WrongMethod(_) => (405, ViolationKind::Method),
                _ => (404, ViolationKind::UnknownPath),
            };
            let body = json!({"error": {"message": message}});
            let mut reply = Reply::new(status, Content::Json(body));
            if let Route::WrongMethod(methods) = &lost {
                reply.headers.push((header::ALLOW, methods.join(", ")));
            }
            judged.violations.push(Violation::new(kind, None, message));
            reply
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
        signature: judged.signature,
    };
    (reply, entry)
}

/// What is found out about a request on the way to its response.
#[derive(Debug, Default)]
struct Judged {
    operation: Option<String>,
    violations: Vec<Violation>,
    notes: Vec<String>,
    signature: Option<SignatureVerdict>,
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
    let now = clock
        .0
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0);
    let checked = check(platform, request, (number, operation), path, clock);
    judged.operation = Some(operation.id.clone());
    judged.signature = checked.signature;
    judged.notes = checked.notes;
    let refused = checked.failures.iter().take(RECORDED);
    judged.violations = refused.map(Failure::violation).collect();
    let asked = (&checked.params, checked.body.as_ref());
    let answered = match checked.failures.into_iter().next() {
        Some(failure) => Err(failure),
        None => act(&checked.bot, (number, operation), asked, now, judged),
    };
    match answered {
        Ok(Content::Json(_)) if operation.success.status == 204 => Reply::new(204, Content::None),
        Ok(content) => Reply::new(operation.success.status, content),
        Err(failure) => {
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

/// Does what the operation is for.
fn act(
    platform: &Arc<Platform>,
    (number, operation): (usize, &Operation),
    (params, body): (&Params, Option<&Value>),
    now: i64,
    judged: &mut Judged,
) -> Result<Content, Failure> {
    let acted = match platform.targets.get(number) {
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
    };
    match &acted {
        Ok(_) => judged
            .notes
            .extend(platform.left_out(number, operation, (params, body))),
        Err(failure) => judged.violations.push(failure.violation()),
    }
    acted
}

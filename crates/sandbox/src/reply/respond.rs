//! From a parsed request to its response, in the order in which a strict host checks.

use super::{
    content::{Reply, ReplyBody},
    csv::CsvExport,
    refusal,
};
use crate::{
    platform::{Platform, target::OperationTarget},
    recorded::{RecordedRequest, Violation, ViolationKind},
    request::{
        check::check,
        failure::RequestFailure,
        parsed::{OperationCall, ParsedRequest, RawRequest},
        route::Unrouted,
    },
    values::moment::Moment,
};
use http::header;
use serde_json::json;
use std::sync::Arc;

/// Maximum number of violations recorded for one request.
const MAX_VIOLATIONS: usize = 50;

/// The response to a request, and what to record about it.
pub(crate) fn respond(
    platform: &Arc<Platform>,
    raw: &RawRequest<'_>,
    parsed: &Result<ParsedRequest<'_>, Unrouted>,
    moment: Moment,
) -> (Reply, RecordedRequest) {
    let mut record = RecordedRequest::new(moment.timestamp(), raw.method, raw.target());
    let reply = match parsed {
        Ok(parsed) => handle(platform, raw, parsed, moment, &mut record),
        Err(unrouted) => {
            let message = unrouted.message(&platform.spec, raw.method, raw.path);
            let (status, kind) = match unrouted {
                Unrouted::WrongMethod(_) => (405, ViolationKind::Method),
                Unrouted::UnknownPath => (404, ViolationKind::UnknownPath),
            };
            let body = json!({"error": {"message": message}});
            let mut reply = Reply::new(status, ReplyBody::Json(body));
            if let Unrouted::WrongMethod(methods) = unrouted {
                reply.headers.push((header::ALLOW, methods.join(", ")));
            }
            let violation = Violation::new(kind, None, message);
            record.violations.push(violation);
            reply
        }
    };
    record.status = reply.status;
    (reply, record)
}

fn handle(
    platform: &Arc<Platform>,
    raw: &RawRequest<'_>,
    parsed: &ParsedRequest<'_>,
    moment: Moment,
    record: &mut RecordedRequest,
) -> Reply {
    let checked = check(platform, raw, parsed, moment);
    let operation = parsed.operation;
    record.operation = Some(operation.id.clone());
    record.signature = checked.signature;
    record.notes = checked.notes;
    let refused = checked.failures.iter().take(MAX_VIOLATIONS);
    record.violations = refused.map(RequestFailure::violation).collect();
    let performed = match checked.failures.into_iter().next() {
        Some(failure) => Err(failure),
        None => perform(&checked.platform, parsed.call(), moment.millis(), record),
    };
    match performed {
        Ok(ReplyBody::Json(_)) if operation.success.content.is_none() => {
            Reply::new(operation.success.status, ReplyBody::Empty)
        }
        Ok(body) => Reply::new(operation.success.status, body),
        Err(failure) => {
            let schemas = &platform.spec.schemas;
            let mut reply = refusal::reply(operation, schemas, &failure, moment.millis());
            let seconds = failure
                .retry_after
                .map(|seconds| (header::RETRY_AFTER, seconds.to_string()));
            reply.headers.extend(seconds);
            reply
        }
    }
}

/// Performs the operation.
fn perform(
    platform: &Arc<Platform>,
    call: OperationCall<'_>,
    now: i64,
    record: &mut RecordedRequest,
) -> Result<ReplyBody, RequestFailure> {
    let performed = match platform.targets.get(call.number) {
        Some(OperationTarget::List) => platform.list(call, now).map(ReplyBody::Json),
        Some(OperationTarget::Csv {
            collection,
            columns,
        }) => {
            let export = CsvExport::new(Arc::clone(platform), call, *collection, columns, now);
            Ok(ReplyBody::Csv(export))
        }
        Some(target) => platform.single(call, target, now).map(ReplyBody::Json),
        None => Err(RequestFailure::new(
            500,
            "This operation cannot be answered.",
        )),
    };
    match &performed {
        Ok(_) => record.notes.extend(platform.omitted(call)),
        Err(failure) => record.violations.push(failure.violation()),
    }
    performed
}

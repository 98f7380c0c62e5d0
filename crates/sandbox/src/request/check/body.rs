//! The body: present, of the right media type, valid JSON, and valid against its schema.

use super::{essence, received_header};
use crate::{
    platform::Platform,
    recorded::ViolationKind,
    request::{
        failure::RequestFailure,
        parsed::{ParsedRequest, RawRequest},
    },
    spec::Operation,
    values::validate::{Findings, Validator},
};
use botroster_spec::{model::Body, pointer};
use http::header;

pub(super) fn check(
    platform: &Platform,
    raw: &RawRequest<'_>,
    parsed: &ParsedRequest<'_>,
    failures: &mut Vec<RequestFailure>,
    notes: &mut Vec<String>,
) {
    let bad = |message: String| RequestFailure::new(400, message).kind(ViolationKind::Body);
    let (id, length) = (&parsed.operation.id, raw.body.len());
    let Some(expected) = &parsed.operation.body else {
        if length > 0 {
            failures.push(bad(format!("{id} takes no body, got {length} bytes")));
        }
        return;
    };
    let Some(body) = &parsed.body else {
        if expected.required {
            let media = &expected.media_type;
            failures.push(bad(format!("the body is missing; {media} is expected")));
        }
        return;
    };
    let media = essence(raw.headers.get(header::CONTENT_TYPE));
    let is_expected = media.eq_ignore_ascii_case(&expected.media_type);
    if !is_expected {
        failures.extend(wrong_media(parsed.operation, expected, media));
    }
    match body {
        Ok(body) => {
            let validator = Validator {
                schemas: &platform.spec.schemas,
                all_sent: true,
            };
            let found = validator.findings(&expected.schema, body);
            report(&found, failures, notes);
        }
        Err(error) if is_expected => {
            failures.push(bad(format!("the body is not valid JSON: {error}")));
        }
        Err(_) => {}
    }
}

/// `None` if the header is checked as a constant one already.
fn wrong_media(operation: &Operation, expected: &Body, media: &str) -> Option<RequestFailure> {
    let mut constants = operation.headers.iter();
    if constants.any(|(name, _)| *name == header::CONTENT_TYPE) {
        return None;
    }
    let (expected, received) = (&expected.media_type, received_header(media));
    let message = format!("the header content-type must be {expected}; {received}");
    let failure = RequestFailure::bad("content-type", message);
    Some(failure.kind(ViolationKind::MediaType))
}

fn report(found: &Findings, failures: &mut Vec<RequestFailure>, notes: &mut Vec<String>) {
    failures.extend(found.invalid.iter().map(|invalid| {
        let message = invalid.sentence("the body");
        let failure = match invalid.pointer.as_str() {
            "" => RequestFailure::new(400, message),
            place => RequestFailure::bad(&pointer::leaf(place), message).at(place),
        };
        failure.kind(ViolationKind::Body)
    }));
    let undefined = found.undefined.iter();
    notes.extend(undefined.map(|one| one.sentence("the body")));
}

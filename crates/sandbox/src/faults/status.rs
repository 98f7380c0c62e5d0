//! Another status than the request deserves.

use super::Fault;
use crate::{
    answer,
    failure::Failure,
    respond::{Content, Reply},
    schema::Schemas,
    spec::Operation,
};
use http::header;
use serde_json::json;
use std::time::{Duration, SystemTime};

/// Where a request came in, for redirects.
pub(super) struct Seen<'a> {
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
    pub(super) time: SystemTime,
    /// The same in milliseconds.
    pub(super) now: i64,
}

/// More seconds than 64 bits count.
const HUGE: &str = "99999999999999999999";
const PAGE: &str = "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>";

/// What is answered instead.
pub(super) fn reply(
    fault: &Fault,
    operation: Option<&Operation>,
    schemas: &Schemas,
    seen: &Seen<'_>,
) -> Reply {
    let failed = |status, message: &str| {
        refusal(operation, schemas, &Failure::new(status, message), seen.now)
    };
    let seconds = fault.count("seconds");
    let limited = |after: Option<String>| {
        let mut reply = failed(429, "Too many requests.");
        reply
            .headers
            .extend(after.map(|after| (header::RETRY_AFTER, after)));
        reply
    };
    let status = u16::try_from(fault.argument("status")).unwrap_or(500);
    match fault.kind.name {
        "rate-limited" => limited(Some(seconds.to_string())),
        "rate-limited-date" => {
            let date = seen.time.checked_add(Duration::from_secs(seconds));
            limited(date.map(httpdate::fmt_http_date))
        }
        "rate-limited-garbage" => limited(Some("soon".to_owned())),
        "rate-limited-huge" => limited(Some(HUGE.to_owned())),
        "rate-limited-none" => limited(None),
        "redirect" => redirect(status, other_origin(seen)),
        "redirect-same" => redirect(status, target(seen, "/")),
        "html" => {
            let mut reply = Reply::new(200, Content::Bytes(PAGE.as_bytes().to_vec()));
            reply.media = "text/html; charset=utf-8".to_owned();
            reply
        }
        "envelope" => {
            let status = operation.map_or(500, |operation| {
                operation.first_documented(&[500, 400, 401])
            });
            let mut reply = failed(status, "Something went wrong.");
            reply.status = 200;
            reply
        }
        "empty" => Reply::new(200, Content::None),
        _ => failed(status, "This was done on purpose."),
    }
}

fn refusal(operation: Option<&Operation>, schemas: &Schemas, failure: &Failure, now: i64) -> Reply {
    let Some(operation) = operation else {
        let body = json!({"error": {"message": failure.message}});
        return Reply::new(failure.status, Content::Json(body));
    };
    let body = answer::refusal(operation, schemas, failure, now);
    let mut reply = Reply::new(failure.status, Content::Json(body));
    reply.media = answer::media(operation, failure.status).to_owned();
    reply
}

fn redirect(status: u16, location: String) -> Reply {
    let mut reply = Reply::new(status, Content::None);
    reply.headers.push((header::LOCATION, location));
    reply
}

fn target(seen: &Seen<'_>, behind: &str) -> String {
    let query = seen.query.map(|query| format!("?{query}"));
    format!("{}{behind}{}", seen.path, query.unwrap_or_default())
}

/// The same port by another name.
fn other_origin(seen: &Seen<'_>) -> String {
    let (name, port) = seen.host.rsplit_once(':').unwrap_or((seen.host, "80"));
    let other = if name.eq_ignore_ascii_case("localhost") {
        "127.0.0.1"
    } else {
        "localhost"
    };
    format!("http://{other}:{port}{}", target(seen, ""))
}

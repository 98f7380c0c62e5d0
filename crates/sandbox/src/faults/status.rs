//! Responses with another status than the request warrants.

use super::fault::Fault;
use crate::{
    reply::{
        content::{Reply, ReplyBody},
        refusal,
    },
    request::failure::RequestFailure,
    spec::Operation,
    values::moment::Moment,
};
use botroster_spec::schema::Schemas;
use http::header;
use serde_json::json;
use std::time::Duration;

/// The URL of a request, for redirects.
pub(super) struct RequestLocation<'a> {
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

/// A number of seconds that exceeds 64 bits.
const HUGE: &str = "99999999999999999999";
const PAGE: &str = "<!doctype html><title>Maintenance</title><p>We will be back soon.</p>";

/// The response to send instead.
pub(super) fn reply(
    fault: &Fault,
    operation: Option<&Operation>,
    schemas: &Schemas,
    location: &RequestLocation<'_>,
    moment: Moment,
) -> Reply {
    let failed = |status, message: &str| {
        refuse(
            operation,
            schemas,
            &RequestFailure::new(status, message),
            moment,
        )
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
            let date = moment.time.checked_add(Duration::from_secs(seconds));
            limited(date.map(httpdate::fmt_http_date))
        }
        "rate-limited-garbage" => limited(Some("soon".to_owned())),
        "rate-limited-huge" => limited(Some(HUGE.to_owned())),
        "rate-limited-none" => limited(None),
        "redirect" => redirect(status, other_origin(location)),
        "redirect-same" => redirect(status, target(location, "/")),
        "html" => {
            let mut reply = Reply::new(200, ReplyBody::Bytes(PAGE.as_bytes().to_vec()));
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
        "empty" => Reply::new(200, ReplyBody::Empty),
        _ => failed(status, "This error is injected."),
    }
}

fn refuse(
    operation: Option<&Operation>,
    schemas: &Schemas,
    failure: &RequestFailure,
    moment: Moment,
) -> Reply {
    let Some(operation) = operation else {
        let body = json!({"error": {"message": failure.message}});
        return Reply::new(failure.status, ReplyBody::Json(body));
    };
    refusal::reply(operation, schemas, failure, moment.millis())
}

fn redirect(status: u16, url: String) -> Reply {
    let mut reply = Reply::new(status, ReplyBody::Empty);
    reply.headers.push((header::LOCATION, url));
    reply
}

fn target(location: &RequestLocation<'_>, behind: &str) -> String {
    let query = location.query.map(|query| format!("?{query}"));
    format!("{}{behind}{}", location.path, query.unwrap_or_default())
}

/// The same port under another host name.
fn other_origin(location: &RequestLocation<'_>) -> String {
    let (name, port) = location
        .host
        .rsplit_once(':')
        .unwrap_or((location.host, "80"));
    let other = if name.eq_ignore_ascii_case("localhost") {
        "127.0.0.1"
    } else {
        "localhost"
    };
    format!("http://{other}:{port}{}", target(location, ""))
}

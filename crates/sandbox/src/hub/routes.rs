//! Routes of the hub.

use super::{
    Hub,
    guard::{self, Refused},
    snippets, views,
};
use crate::{
    faults::fault::Fault,
    http::{
        exchange::{BodyError, HandlerOutcome, ReceivedRequest, closing, empty_response},
        payload::Payload,
    },
    values::text::percent_decode,
};
use bytes::Bytes;
use http::{Method, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// Default and maximum number of requests in a response.
const REQUESTS: (usize, usize) = (100, 1000);
/// Restricts scripts, styles and requests of the page to the hub.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An error with its fix.
pub(crate) struct ApiProblem {
    status: StatusCode,
    message: String,
    fix: String,
}

impl ApiProblem {
    pub(crate) fn new(
        status: StatusCode,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            status,
            message: message.into(),
            fix: fix.into(),
        }
    }
}

type ApiResult = Result<Response<Payload>, ApiProblem>;

/// Handles a request to the hub.
pub(crate) async fn handle(hub: Arc<Hub>, request: ReceivedRequest) -> HandlerOutcome {
    let checked = guard::check(request.method(), request.headers(), hub.address);
    let result = match checked {
        Ok(()) => routed(&hub, &request),
        Err(Refused::Host) => Err(ApiProblem::new(
            StatusCode::FORBIDDEN,
            "the request names another host",
            "use the address that the sandbox printed, or localhost",
        )),
        Err(Refused::Origin) => Err(ApiProblem::new(
            StatusCode::FORBIDDEN,
            "the request comes from another site",
            "send it from the sandbox's own page, or from outside a browser",
        )),
    };
    let response = result.unwrap_or_else(|problem| {
        let body = json!({"error": {"message": problem.message, "fix": problem.fix}});
        json_of(problem.status, &body)
    });
    HandlerOutcome::Response(match request.body() {
        Ok(_) => response,
        Err(_) => closing(response),
    })
}

fn routed(hub: &Hub, request: &ReceivedRequest) -> ApiResult {
    let path = request.uri().path();
    let id = path.strip_prefix("/_sandbox/faults/");
    let methods = match path {
        "/" | "/style.css" | "/app.js" => "GET",
        "/_sandbox/platforms" | "/_sandbox/requests" | "/_sandbox/snippets" | "/_sandbox/state" => {
            "GET"
        }
        "/_sandbox/faults" => "GET, POST, DELETE",
        "/_sandbox/reset" => "POST",
        _ if id.is_some() => "DELETE",
        _ => return Err(unknown(path)),
    };
    let method = match *request.method() {
        Method::HEAD => "GET",
        ref method => method.as_str(),
    };
    if !methods.split(", ").any(|known| known == method) {
        return Err(ApiProblem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("{path} does not accept {method}"),
            format!("use {methods}"),
        ));
    }
    match (method, path) {
        (_, "/") => Ok(asset(
            "text/html; charset=utf-8",
            include_str!("page/index.html"),
        )),
        (_, "/style.css") => Ok(asset(
            "text/css; charset=utf-8",
            include_str!("page/style.css"),
        )),
        (_, "/app.js") => Ok(asset(
            "text/javascript; charset=utf-8",
            include_str!("page/app.js"),
        )),
        (_, "/_sandbox/platforms") => Ok(ok(&views::platforms(hub))),
        (_, "/_sandbox/requests") => requests(hub, request.uri().query().unwrap_or_default()),
        (_, "/_sandbox/snippets") => snippets(hub, request.uri().query().unwrap_or_default()),
        (_, "/_sandbox/state") => Ok(ok(&views::state(hub))),
        ("GET", "/_sandbox/faults") => Ok(ok(&views::faults(hub))),
        ("POST", "/_sandbox/faults") => add_fault(hub, request.body()),
        (_, "/_sandbox/faults") => {
            hub.faults.clear();
            Ok(empty_response(StatusCode::NO_CONTENT))
        }
        (_, "/_sandbox/reset") => {
            hub.reset();
            Ok(empty_response(StatusCode::NO_CONTENT))
        }
        _ => remove_fault(hub, id.unwrap_or_default()),
    }
}

fn unknown(path: &str) -> ApiProblem {
    ApiProblem::new(
        StatusCode::NOT_FOUND,
        format!("{path} does not exist"),
        "the page is at /, the API below /_sandbox/: platforms, requests, snippets, faults, state, reset",
    )
}

fn add_fault(hub: &Hub, body: &Result<Bytes, BodyError>) -> ApiResult {
    const FIX: &str = r#"send JSON such as {"fault": "status", "status": 503, "operation": "list", "page": 3, "times": 2}; GET /_sandbox/faults lists the kinds"#;
    let body = body.as_ref().map_err(|error| {
        let (status, why) = error.refusal();
        ApiProblem::new(status, why, FIX)
    })?;
    let bad = |message: String| ApiProblem::new(StatusCode::BAD_REQUEST, message, FIX);
    let fault: Fault = serde_json::from_slice(body).map_err(|error| bad(error.to_string()))?;
    let id = hub
        .add_fault(fault)
        .map_err(|error| bad(error.to_string()))?;
    Ok(json_of(StatusCode::CREATED, &json!({"id": id})))
}

fn remove_fault(hub: &Hub, id: &str) -> ApiResult {
    match id.parse().is_ok_and(|id| hub.faults.remove(id)) {
        true => Ok(empty_response(StatusCode::NO_CONTENT)),
        false => Err(ApiProblem::new(
            StatusCode::NOT_FOUND,
            format!("fault {id} does not exist"),
            "GET /_sandbox/faults lists the active faults",
        )),
    }
}

fn requests(hub: &Hub, query: &str) -> ApiResult {
    let params = query_of(query, &["platform", "after", "limit"])?;
    let platform = params.get("platform").map(String::as_str);
    if let Some(name) = platform
        && !hub.names().any(|known| known == name)
    {
        return Err(ApiProblem::new(
            StatusCode::BAD_REQUEST,
            format!("platform '{name}' does not exist"),
            format!("choose from {}", hub.names().collect::<Vec<_>>().join(", ")),
        ));
    }
    let number = |name: &str, otherwise: u64| match params.get(name) {
        None => Ok(otherwise),
        Some(text) => text.parse().map_err(|_| {
            ApiProblem::new(
                StatusCode::BAD_REQUEST,
                format!("'{name}' is not a number: {text}"),
                format!("write it as in ?{name}=10"),
            )
        }),
    };
    let limit = usize::try_from(number("limit", REQUESTS.0 as u64)?).unwrap_or(REQUESTS.1);
    let after = number("after", 0)?;
    Ok(ok(&views::requests(
        hub,
        platform,
        after,
        limit.min(REQUESTS.1),
    )))
}

fn snippets(hub: &Hub, query: &str) -> ApiResult {
    let params = query_of(query, &["platform", "operation"])?;
    let named = |name: &str| params.get(name).map_or("", String::as_str);
    let listed = hub
        .platforms
        .iter()
        .find(|listed| listed.platform.spec.platform == named("platform"));
    let snippets = listed.and_then(|listed| {
        let base_url = listed.description["base_url"].as_str()?;
        let address = base_url.strip_suffix(&listed.platform.spec.base_path)?;
        snippets::of(&listed.platform, address, named("operation"))
    });
    match snippets {
        Some(snippets) => Ok(ok(&snippets)),
        None => Err(ApiProblem::new(
            StatusCode::NOT_FOUND,
            "the operation does not exist",
            "GET /_sandbox/platforms lists platforms and operations",
        )),
    }
}

/// The parameters of a query; only these are known.
fn query_of(query: &str, known: &[&str]) -> Result<BTreeMap<String, String>, ApiProblem> {
    let bad = |message: String| {
        let fix = format!("it takes {}", known.join(", "));
        ApiProblem::new(StatusCode::BAD_REQUEST, message, fix)
    };
    let mut params = BTreeMap::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (Some(name), Some(value)) = (percent_decode(name, true), percent_decode(value, true))
        else {
            return Err(bad("the query is not properly percent-encoded".to_owned()));
        };
        if !known.contains(&name.as_str()) {
            return Err(bad(format!("parameter '{name}' does not exist")));
        }
        params.insert(name, value);
    }
    Ok(params)
}

fn ok(body: &impl Serialize) -> Response<Payload> {
    json_of(StatusCode::OK, body)
}

fn json_of(status: StatusCode, body: &impl Serialize) -> Response<Payload> {
    let text = serde_json::to_string(body).unwrap_or_else(|_| Value::Null.to_string());
    let mut response = asset("application/json", text);
    *response.status_mut() = status;
    response
}

fn asset(media: &'static str, text: impl Into<Bytes>) -> Response<Payload> {
    let response = Response::builder()
        .header(header::CONTENT_TYPE, media)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, POLICY);
    response
        .body(Payload::bytes(text))
        .unwrap_or_else(|_| empty_response(StatusCode::INTERNAL_SERVER_ERROR))
}

//! Requests to a platform that listens.

use super::{
    active::ActiveFaults,
    request::FaultedRequest,
    wire::{WireFault, WireResponse},
};
use crate::{
    http::{
        exchange::{BodyError, HandlerOutcome, ReceivedRequest, Takeover, closing, empty_response},
        payload::Payload,
    },
    platform::Platform,
    recorded::{RecordedRequest, Violation, ViolationKind},
    reply::respond::respond,
    request::parsed::{ParsedRequest, RawRequest},
    values::moment::Moment,
};
use http::{Method, Response, request::Parts};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc::UnboundedSender;

/// A platform that listens.
#[derive(Debug)]
pub(crate) struct PlatformServer {
    pub(crate) platform: Arc<Platform>,
    pub(crate) faults: Arc<ActiveFaults>,
    /// Makes the platform refuse connections for a time.
    pub(crate) outage: UnboundedSender<Duration>,
}

/// Handles a request.
pub(crate) async fn handle(
    server: Arc<PlatformServer>,
    request: ReceivedRequest,
) -> HandlerOutcome {
    let platform = &server.platform;
    platform.state().requests += 1;
    let (parts, body) = request.into_parts();
    let body = match body {
        Ok(body) => body,
        Err(error) => return HandlerOutcome::Response(refuse_body(platform, &parts, error)),
    };
    let raw = RawRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
    };
    let parsed = ParsedRequest::parse(&platform.spec, &raw);
    if !server.faults.any() {
        let (reply, record) = respond(platform, &raw, &parsed, Moment::now());
        platform.state().record(record);
        return HandlerOutcome::Response(reply.into_response());
    }
    let (reply, network) = FaultedRequest::new(platform, &server.faults, &raw, &parsed).reply();
    let response = reply.into_response();
    let Some(chosen) = network else {
        return HandlerOutcome::Response(response);
    };
    let fault = &chosen.fault;
    let Some(wire) = WireFault::of(fault) else {
        tokio::time::sleep(Duration::from_millis(fault.count("delay"))).await;
        return HandlerOutcome::Response(response);
    };
    let response = WireResponse {
        response,
        wire,
        is_head: parts.method == Method::HEAD,
    };
    let seconds = (fault.kind.name == "down").then(|| fault.count("seconds"));
    let outage = seconds.map(|seconds| (server.outage.clone(), Duration::from_secs(seconds)));
    let takeover: Takeover = Box::new(|stream| {
        Box::pin(async move {
            response.write(stream).await?;
            if let Some((sender, time)) = outage {
                let _ = sender.send(time);
            }
            Ok(())
        })
    });
    HandlerOutcome::Takeover(takeover)
}

/// Refuses a request whose body could not be read, and records it.
fn refuse_body(platform: &Platform, parts: &Parts, error: BodyError) -> Response<Payload> {
    let (status, message) = error.refusal();
    let target = parts.uri.path_and_query().map(ToString::to_string);
    let method = parts.method.as_str();
    let now = Moment::now().timestamp();
    platform.state().record(RecordedRequest {
        status: status.as_u16(),
        violations: vec![Violation::new(ViolationKind::Body, None, message)],
        ..RecordedRequest::new(now, method, target.unwrap_or_default())
    });
    closing(empty_response(status))
}

//! A platform over HTTP.

use crate::{
    payload::{Payload, plain},
    platform::Platform,
    respond::{Content, Incoming, Reply, respond},
};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming as HyperBody;
use std::{sync::Arc, time::SystemTime};
use tokio::time::Instant;

/// Longer request bodies are refused.
const MAX_BODY: usize = 1024 * 1024;

pub(crate) async fn answer(
    platform: Arc<Platform>,
    request: Request<HyperBody>,
) -> Response<Payload> {
    platform.state().requests += 1;
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return plain(StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(_) => return plain(StatusCode::BAD_REQUEST),
    };
    let incoming = Incoming {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query(),
        headers: &parts.headers,
        body: &body,
    };
    // The rate limit follows the runtime's clock, which a test may have stopped.
    let clock = (SystemTime::now(), Instant::now().into_std());
    let (reply, recorded) = respond(&platform, &incoming, clock);
    platform.state().note(recorded);
    response(reply)
}

fn response(reply: Reply) -> Response<Payload> {
    let (media, payload) = match reply.content {
        Content::None => (None, Payload::Bytes(None)),
        Content::Json(value) => (
            Some(reply.media.as_str()),
            Payload::Bytes(Some(Bytes::from(value.to_string()))),
        ),
        Content::Rows(export) => (
            Some("text/csv; charset=utf-8"),
            Payload::Rows(Box::new(export)),
        ),
    };
    let mut response = Response::builder().status(reply.status);
    if let Some(media) = media {
        response = response.header(header::CONTENT_TYPE, media);
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response
        .body(payload)
        .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

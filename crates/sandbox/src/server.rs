//! HTTP on a loopback port.

use crate::{
    csv::Export,
    platform::Platform,
    respond::{Content, Incoming, Reply, respond},
};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::{
    body::{Body, Frame, Incoming as HyperBody, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::SystemTime,
};
use tokio::{net::TcpListener, task::JoinSet, time::Instant};

/// Longer request bodies are refused.
const MAX_BODY: usize = 1024 * 1024;

/// Accepts connections until it is dropped; they end with it.
pub(crate) async fn serve(listener: TcpListener, platform: Arc<Platform>) {
    let mut connections = JoinSet::new();
    loop {
        // An accept that fails, as for want of file descriptors, says nothing about the next one.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let platform = Arc::clone(&platform);
        let service = service_fn(move |request| answer(Arc::clone(&platform), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        connections.spawn(async move {
            // A client that goes away in the middle is no concern of the sandbox.
            let _ = connection.await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(
    platform: Arc<Platform>,
    request: Request<HyperBody>,
) -> Result<Response<Payload>, Infallible> {
    platform.state().requests += 1;
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE));
        }
        Err(_) => return Ok(plain(StatusCode::BAD_REQUEST)),
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
    let reply = respond(&platform, &incoming, clock);
    Ok(response(reply))
}

fn plain(status: StatusCode) -> Response<Payload> {
    let mut response = Response::new(Payload::Bytes(None));
    *response.status_mut() = status;
    response
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

/// A response's body.
enum Payload {
    Bytes(Option<Bytes>),
    Rows(Box<Export>),
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let next = match &mut *self {
            Self::Bytes(bytes) => bytes.take(),
            Self::Rows(export) => export.chunk(),
        };
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Bytes(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Rows(_) => SizeHint::default(),
        }
    }
}

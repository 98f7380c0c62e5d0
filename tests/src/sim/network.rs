//! A network whose answers come in pieces, late, or not to their end.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use botroster_client::{HttpSend, IncomingResponse, OutgoingRequest, SendError};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

/// A piece of a body.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Bytes.
    Bytes(Bytes),
    /// Nothing for some time.
    Wait(Duration),
    /// The connection breaks.
    Break,
    /// Nothing, for ever.
    Stall,
}

/// What comes back for one request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// No answer, after some time.
    Fail(SendError, Duration),
    /// No answer, for ever.
    Stall,
    /// An answer.
    Answer(Answer),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Whether a length or chunks mark the end.
    pub delimited: bool,
    /// Time until the head is there.
    pub late: Duration,
    /// Body.
    pub pieces: Vec<Piece>,
}

impl Answer {
    /// An answer in one piece.
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            delimited: true,
            late: Duration::ZERO,
            pieces: vec![Piece::Bytes(body.into())],
        }
    }

    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// With a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The bytes, where it is still one piece.
    pub fn bytes(&self) -> Bytes {
        match &self.pieces[..] {
            [Piece::Bytes(bytes)] => bytes.clone(),
            pieces => panic!("{} pieces", pieces.len()),
        }
    }

    /// The same with another body.
    #[must_use]
    pub fn map(mut self, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Self {
        self.pieces = vec![Piece::Bytes(change(self.bytes().to_vec()).into())];
        self
    }

    /// The first part of the body, and then this.
    #[must_use]
    pub fn cut(mut self, end: Option<Piece>) -> Self {
        let bytes = self.bytes();
        self.pieces = vec![Piece::Bytes(bytes.slice(..bytes.len() * 2 / 3))];
        self.pieces.extend(end);
        self
    }

    /// The body in pieces of so many bytes, with waits between them.
    #[must_use]
    pub fn slow(mut self, size: usize, wait: Duration) -> Self {
        let bytes = self.bytes();
        let pieces = bytes
            .chunks(size)
            .map(|piece| Piece::Bytes(bytes.slice_ref(piece)));
        self.pieces = pieces
            .flat_map(|piece| [Piece::Wait(wait), piece])
            .filter(|piece| !matches!(piece, Piece::Wait(Duration::ZERO)))
            .collect();
        self
    }

    fn into_incoming(self) -> IncomingResponse {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_str(&value).unwrap(),
            );
        }
        let body = stream::iter(self.pieces).filter_map(|piece| async move {
            match piece {
                Piece::Bytes(bytes) => Some(Ok(bytes)),
                Piece::Wait(time) => {
                    pause(time).await;
                    None
                }
                Piece::Break => Some(Err(SendError::Broken)),
                Piece::Stall => std::future::pending().await,
            }
        });
        IncomingResponse {
            status: StatusCode::from_u16(self.status).unwrap(),
            headers,
            delimited: self.delimited,
            body: body.boxed(),
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// Time that passes, unless there is none: even the shortest sleep gives other tasks their turn.
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// A network that answers by a function of the request.
pub struct Network<F>(pub F);

impl<F: Fn(&OutgoingRequest) -> Reply + Send + Sync + 'static> HttpSend for Network<F> {
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        let reply = (self.0)(&request);
        Box::pin(async move {
            match reply {
                Reply::Fail(error, after) => {
                    pause(after).await;
                    Err(error)
                }
                Reply::Stall => std::future::pending().await,
                Reply::Answer(answer) => {
                    pause(answer.late).await;
                    Ok(answer.into_incoming())
                }
            }
        })
    }
}

/// A network that can be changed behind a client's back.
#[derive(Clone, Default)]
pub struct Switch(Arc<Mutex<Option<Arc<dyn HttpSend>>>>);

impl Switch {
    /// From now on, this one.
    pub fn to(&self, network: impl HttpSend) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(network));
    }
}

impl HttpSend for Switch {
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        let network = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Box::pin(async move { network.expect("a network").send(request).await })
    }
}

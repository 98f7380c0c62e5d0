//! A network inside the process that follows a script.

use std::{
    collections::VecDeque,
    future::{self, Future},
    pin::Pin,
    sync::{Arc, Mutex},
};

use botroster_client::{HttpSend, IncomingResponse, OutgoingRequest, SendError};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

/// What comes back for one request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// An answer.
    Answer(Answer),
    /// No answer.
    Fail(SendError),
    /// Nothing, for ever.
    Stall,
}

/// An answer as the network gives it.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    chunks: Vec<Result<Bytes, SendError>>,
    delimited: bool,
    stalls: bool,
}

impl Answer {
    /// An answer with this body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        }
        Self {
            status: StatusCode::from_u16(status).unwrap(),
            headers,
            chunks: vec![Ok(body.into())],
            delimited: true,
            stalls: false,
        }
    }

    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// A CSV answer.
    pub fn csv(body: impl Into<Bytes>) -> Self {
        Self::new(200, "text/csv", body)
    }

    /// With another header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        self
    }

    /// The body in these pieces.
    #[must_use]
    pub fn with_chunks(mut self, chunks: Vec<Result<Bytes, SendError>>) -> Self {
        self.chunks = chunks;
        self
    }

    /// Only the end of the connection ends the body.
    #[must_use]
    pub fn undelimited(mut self) -> Self {
        self.delimited = false;
        self
    }

    /// The body comes and never ends.
    #[must_use]
    pub fn stalling(mut self) -> Self {
        self.stalls = true;
        self
    }

    fn into_incoming(self) -> IncomingResponse {
        let chunks = stream::iter(self.chunks);
        let body = if self.stalls {
            chunks.chain(stream::pending()).boxed()
        } else {
            chunks.boxed()
        };
        IncomingResponse {
            status: self.status,
            headers: self.headers,
            delimited: self.delimited,
            body,
        }
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

type Respond = dyn Fn(&OutgoingRequest) -> Reply + Send + Sync;

/// A network that keeps what was sent and answers as told.
pub struct Network {
    respond: Box<Respond>,
    sent: Mutex<Vec<OutgoingRequest>>,
}

impl Network {
    /// Answers each request by a function of it.
    pub fn new(respond: impl Fn(&OutgoingRequest) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            respond: Box::new(respond),
            sent: Mutex::default(),
        })
    }

    /// Answers one request after the other; more of them than answers is a failed test.
    pub fn script<R: Into<Reply>>(replies: impl IntoIterator<Item = R>) -> Arc<Self> {
        let replies: VecDeque<Reply> = replies.into_iter().map(Into::into).collect();
        let replies = Mutex::new(replies);
        Self::new(move |_| {
            let next = replies.lock().unwrap().pop_front();
            next.expect("a request that the script does not have")
        })
    }

    /// Answers every request the same.
    pub fn always(reply: impl Into<Reply>) -> Arc<Self> {
        let reply = reply.into();
        Self::new(move |_| reply.clone())
    }

    /// The requests so far.
    pub fn sent(&self) -> Vec<OutgoingRequest> {
        self.sent.lock().unwrap().clone()
    }

    /// Returns the number of requests so far.
    pub fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

impl HttpSend for Network {
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        self.sent.lock().unwrap().push(request.clone());
        let reply = (self.respond)(&request);
        Box::pin(async move {
            match reply {
                Reply::Answer(answer) => Ok(answer.into_incoming()),
                Reply::Fail(error) => Err(error),
                Reply::Stall => future::pending().await,
            }
        })
    }
}

/// The value of a query parameter, decoded.
pub fn query(request: &OutgoingRequest, name: &str) -> Option<String> {
    let mut pairs = request.url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

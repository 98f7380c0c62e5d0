//! One call of one operation: build, send, understand.

use std::{fmt, future::Future, pin::Pin};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    Error, ErrorKind, Item, Items, Outgoing, Page, Pages,
    codegen::Core,
    cursor::Position,
    decode::{self, First, Unreadable},
    envelope, fetch,
    operation::Operation,
    page::Metadata,
    transport::Answer,
    walk::WalkOptions,
};

/// What a generated request builder knows of itself.
pub trait Call: Clone + Send + Sync + 'static {
    /// The operation's row.
    fn operation(&self) -> &'static Operation;
    /// The client's shared part.
    fn core(&self) -> &Core;
    /// The request, without what an attempt adds.
    ///
    /// # Errors
    /// An argument that cannot be sent.
    fn build(&self) -> Result<Outgoing, Error>;
    /// The position that the caller set, in a list.
    fn position(&self) -> Option<Position> {
        None
    }
    /// How the list is to be walked.
    fn walk_options(&self) -> WalkOptions {
        WalkOptions::default()
    }
    /// Moves to a position of a list.
    fn seek(&mut self, _position: &Position) {}
}

/// What awaiting a request builder runs.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// An answer as it came, bounded.
#[derive(Clone)]
pub struct RawResponse {
    status: StatusCode,
    body: Bytes,
    metadata: Metadata,
}

impl RawResponse {
    /// The HTTP status, any.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.metadata.headers()
    }

    /// The body. It holds personal data.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Attempts, time, request identifier.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Sends, and gives the answer without judging it.
///
/// # Errors
/// Those of building and of the network; no status is an error here.
pub async fn send_raw<C: Call>(call: C) -> Result<RawResponse, Error> {
    let answer = call
        .core()
        .transport()
        .run(call.operation(), call.build()?)
        .await?;
    Ok(RawResponse {
        status: answer.status,
        body: answer.body.clone(),
        metadata: Metadata::of(answer),
    })
}

/// Sends, and decodes the payload.
///
/// # Errors
/// All of [`ErrorKind`] but those of lists.
pub async fn send<C: Call, T: DeserializeOwned>(call: C) -> Result<T, Error> {
    let operation = call.operation();
    let answer = call
        .core()
        .transport()
        .run(operation, call.build()?)
        .await?;
    read_one(operation, answer)
}

/// Sends, where a success has no payload. A body that comes all the same is read for `fail-when` only.
///
/// # Errors
/// All of [`ErrorKind`] but those of lists and of decoding.
pub async fn send_for_nothing<C: Call>(call: C) -> Result<(), Error> {
    let operation = call.operation();
    let answer = call
        .core()
        .transport()
        .run(operation, call.build()?)
        .await?;
    if !answer.status.is_success() || says_no(operation, &answer) {
        return Err(refuse(operation, answer));
    }
    Ok(())
}

fn read_one<T: DeserializeOwned>(
    operation: &'static Operation,
    answer: Answer,
) -> Result<T, Error> {
    if !answer.status.is_success() {
        return Err(refuse(operation, answer));
    }
    let envelope = &operation.envelope;
    let wanted: Vec<&'static str> = envelope
        .fail_when
        .iter()
        .map(|condition| condition.at)
        .collect();
    let taken = if envelope.first {
        decode::take::<First<T>>(&answer.body, &[envelope.data], &wanted)
            .map(|taken| (taken.data.and_then(|first| first.0), taken.captured))
    } else {
        decode::take::<T>(&answer.body, &[envelope.data], &wanted)
            .map(|taken| (taken.data, taken.captured))
    };
    let (data, captured) = match taken {
        Ok(taken) => taken,
        // An answer that says no may well lack what a success has.
        Err(error) => {
            return Err(if says_no(operation, &answer) {
                refuse(operation, answer)
            } else {
                unreadable(operation, answer, &error)
            });
        }
    };
    if envelope::says_no(envelope.fail_when, &captured) {
        return Err(refuse(operation, answer));
    }
    data.ok_or_else(|| {
        Error::new(ErrorKind::Decode, "the answer has no payload and no error")
            .with_operation(operation)
            .with_answer(answer.status, answer.headers, answer.body)
            .with_attempts(answer.attempts)
    })
}

/// Sends, and decodes one page of a list.
///
/// # Errors
/// All of [`ErrorKind`].
pub async fn send_page<C: Call, T: Item>(call: C) -> Result<Page<T>, Error> {
    match call.operation().pagination.as_ref() {
        None => Err(
            Error::new(ErrorKind::InvalidInput, "this operation is not a list")
                .with_operation(call.operation()),
        ),
        Some(pagination) => {
            let position = match call.walk_options().start {
                Some(Ok(position)) => Some(position),
                Some(Err(error)) => return Err(Error::new(error.kind(), error.to_string())),
                None => call.position(),
            };
            let position = position.unwrap_or_else(|| pagination.start());
            let mut call = call;
            call.seek(&position);
            Ok(fetch::fetch(&call, pagination, &position).await?.page)
        }
    }
}

/// The pages of a list.
pub fn pages<C: Call, T: Item>(call: C) -> Pages<T> {
    Pages::of(call)
}

/// The items of a list.
pub fn stream<C: Call, T: Item>(call: C) -> Items<T> {
    Items::of(Pages::of(call))
}

/// Whether an answer that cannot be read as a success says that it is none.
pub(crate) fn says_no(operation: &'static Operation, answer: &Answer) -> bool {
    let conditions = operation.envelope.fail_when;
    let wanted: Vec<&'static str> = conditions.iter().map(|condition| condition.at).collect();
    decode::take::<serde::de::IgnoredAny>(&answer.body, &["/\u{0}"], &wanted)
        .is_ok_and(|taken| envelope::says_no(conditions, &taken.captured))
}

pub(crate) fn refuse(operation: &'static Operation, answer: Answer) -> Error {
    envelope::failure(
        operation,
        answer.status,
        answer.headers,
        answer.body,
        answer.attempts,
    )
}

pub(crate) fn unreadable(operation: &'static Operation, answer: Answer, why: &Unreadable) -> Error {
    let content_type = answer
        .headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type
        .and_then(|text| text.split(';').next())
        .map(str::trim)
        .unwrap_or("nothing");
    let text = if why.syntax && !media_type.ends_with("json") {
        format!("expected JSON, got {media_type}: is the base URL the API's?")
    } else {
        format!("the answer is not what the spec says: {}", why.text)
    };
    Error::new(ErrorKind::Decode, text)
        .with_operation(operation)
        .with_answer(answer.status, answer.headers, answer.body)
        .with_attempts(answer.attempts)
}

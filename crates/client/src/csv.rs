//! CSV exports, decoded row by row as they arrive.

mod parser;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{
    StreamExt as _,
    future::select,
    stream::{self, BoxStream},
};
use http::{HeaderMap, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;

use crate::{
    Error, ErrorKind, Items, SendError, call::Call, envelope, exchange, operation::Operation,
    response::BufferedResponse,
};
use parser::Parser;

/// Maximum number of bytes read from the body of a response that is not an export.
const MAX_ERROR_BODY: usize = 1 << 20;

type Chunks = BoxStream<'static, Result<Bytes, Error>>;

/// The rows of an export.
pub type Rows<T> = Items<T>;

/// Sends a call and returns the bytes of the export as they arrive.
///
/// # Errors
/// The call fails before the response headers arrive. A connection that breaks later is an error in the stream.
pub async fn open_bytes<C: Call>(
    call: C,
) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send + 'static, Error> {
    open(&call).await
}

/// Sends a call and decodes the rows of the export as they arrive.
pub fn open_rows<C: Call, T: DeserializeOwned + Send + 'static>(
    call: C,
    columns: &'static [(&'static str, &'static str)],
) -> Rows<T> {
    let opened = async move {
        match open(&call).await {
            Ok(body) => Parser::new(call.operation(), columns, body).rows().boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    };
    Items::boxed(Box::pin(stream::once(opened).flatten()))
}

/// Returns the bytes of a success. If neither a length nor chunks mark the end of the body, the stream ends with an error unless
/// the options allow such exports: a truncated one would look complete.
async fn open<C: Call>(call: &C) -> Result<Chunks, Error> {
    let operation = call.operation();
    let opened = exchange::open(call).await?;
    let incoming = opened.response;
    let other = incoming.status.is_success() && is_document(&incoming.headers);
    if incoming.status.is_success() && !other {
        let chunks = incoming
            .body
            .map(move |chunk| chunk.map_err(|error| interrupted(operation, error)));
        if incoming.delimited || call.core().transport().options.undelimited_exports {
            return Ok(chunks.boxed());
        }
        let text = "all received rows were delivered, but the response has neither a length nor chunks, so the export may be truncated: enable undelimited exports to accept it";
        let unverified = Error::new(ErrorKind::Unverified, text).with_operation(operation);
        return Ok(chunks.chain(stream::iter([Err(unverified)])).boxed());
    }
    let (status, headers, mut rest, mut body) =
        (incoming.status, incoming.headers, incoming.body, Vec::new());
    let reading = async {
        while let Some(Ok(chunk)) = rest.next().await {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ERROR_BODY {
                break;
            }
        }
    };
    // What has arrived by then is sufficient.
    let transport = call.core().transport();
    let limit = transport.runtime.sleep(transport.options.attempt_timeout);
    select(Box::pin(reading), limit).await;
    let response = BufferedResponse {
        status,
        headers,
        body: body.into(),
        attempts: opened.attempts,
        elapsed: std::time::Duration::ZERO,
    };
    if !other || envelope::reports_failure(operation, &response) {
        return Err(envelope::failure(operation, response));
    }
    let text = "expected CSV, got another document type: check the base URL";
    Err(Error::new(ErrorKind::Decode, text)
        .with_operation(operation)
        .with_response(response))
}

/// Returns whether the content type is HTML, JSON or XML, which some servers send with a 2xx status. Any other type may be CSV, because
/// platforms do not document the content type of their exports.
fn is_document(headers: &HeaderMap) -> bool {
    let text = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = text
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    media_type == "text/html" || media_type.ends_with("json") || media_type.ends_with("xml")
}

fn interrupted(operation: &'static Operation, error: SendError) -> Error {
    let kind = if error == SendError::Timeout {
        ErrorKind::Timeout
    } else {
        ErrorKind::Connection
    };
    Error::new(kind, format!("{error} before the export was complete")).with_operation(operation)
}

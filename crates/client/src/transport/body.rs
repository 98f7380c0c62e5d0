//! Reads a response body up to a limit.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::{Attempt, AttemptError};
use crate::{Error, ErrorKind, IncomingResponse, operation::Operation, retry::Failure};

/// Reads at most `limit` bytes.
pub(super) async fn read(
    operation: &'static Operation,
    mut response: IncomingResponse,
    limit: usize,
) -> Result<Attempt<Bytes>, AttemptError> {
    let mut first = Bytes::new();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.body.next().await {
        let chunk = chunk.map_err(|error| AttemptError::Failed(Failure::Send(error)))?;
        if first.len().max(body.len()) + chunk.len() > limit {
            let text = format!(
                "the response exceeds the body limit of {limit} bytes: raise the limit if this is expected"
            );
            return Err(AttemptError::Fatal(
                Error::new(ErrorKind::TooLarge, text).with_operation(operation),
            ));
        }
        if first.is_empty() {
            // A small body arrives in one chunk, which is not copied.
            first = chunk;
            continue;
        }
        if body.is_empty() {
            body.extend_from_slice(&first);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Attempt {
        status: response.status,
        headers: response.headers,
        body: if body.is_empty() {
            first
        } else {
            body.freeze()
        },
    })
}

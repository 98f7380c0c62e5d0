//! Requests, as progenitor's layer builds them and the facade completes them.

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use serde::Serialize;

use crate::{Error, ErrorKind, OutgoingRequest};

/// Converts the request that progenitor's layer built.
///
/// # Errors
/// The request cannot be built from the arguments.
pub fn built(
    built: Result<reqwest::Request, progenitor_client::Error<()>>,
) -> Result<OutgoingRequest, Error> {
    // The cause may contain an argument.
    let Ok(mut request) = built else {
        let text = "the request cannot be built from its arguments: nothing was sent";
        return Err(Error::new(ErrorKind::InvalidInput, text));
    };
    let body = match request.body() {
        None => Bytes::new(),
        Some(body) => match body.as_bytes() {
            Some(bytes) => Bytes::copy_from_slice(bytes),
            None => {
                let text = "a streamed body cannot be signed: nothing was sent";
                return Err(Error::new(ErrorKind::InvalidInput, text));
            }
        },
    };
    let mut url = request.url().clone();
    if let Some(query) = url.query().and_then(percent_encoded) {
        url.set_query(Some(&query));
    }
    Ok(OutgoingRequest {
        method: request.method().clone(),
        headers: std::mem::take(request.headers_mut()),
        url,
        body,
    })
}

/// Rewrites a form-encoded query to RFC 3986's percent-encoding, with `%20` for a space.
fn percent_encoded(query: &str) -> Option<String> {
    let differs = query.contains(['+', '*']) || query.contains("%7E");
    differs.then(|| {
        query
            .replace('+', "%20")
            .replace('*', "%2A")
            .replace("%7E", "~")
    })
}

/// Sets the JSON body of a request. Without a body, the request is unchanged and has no content type.
///
/// # Errors
/// The body cannot be serialised as JSON.
pub fn put_body(request: &mut OutgoingRequest, body: Option<&impl Serialize>) -> Result<(), Error> {
    let Some(body) = body else {
        return Ok(());
    };
    let Ok(bytes) = serde_json::to_vec(body) else {
        let text = "the body cannot be serialised as JSON: nothing was sent";
        return Err(Error::new(ErrorKind::InvalidInput, text));
    };
    request.body = bytes.into();
    request
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(())
}

//! Bodies that progenitor's layer does not write.

use http::{HeaderValue, header::CONTENT_TYPE};
use serde::Serialize;

use crate::{Error, ErrorKind, OutgoingRequest};

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

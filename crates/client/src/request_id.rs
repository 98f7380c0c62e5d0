//! Request identifiers in response headers.

use http::HeaderMap;

/// The request identifier of a response, from the first of the usual headers that is present.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-correlation-id", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

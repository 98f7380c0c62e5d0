//! [`HttpSend`] over `reqwest`.

use std::{future::Future, pin::Pin, time::Duration};

use futures_util::StreamExt as _;

use super::{HttpSend, IncomingResponse, OutgoingRequest, SendError};

/// The real network.
pub(crate) struct Reqwest(pub(crate) reqwest::Client);

/// Builds the HTTP client: no redirects, no transparent decompression, timeouts, no proxy for loopback addresses.
pub(crate) fn http_client(
    connect: Duration,
    read: Duration,
    loopback: bool,
) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect)
        .read_timeout(read)
        // Shorter than the idle timeout of common servers, which close connections without notice.
        .pool_idle_timeout(Duration::from_secs(4))
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .referer(false)
        .http1_only()
        .https_only(!loopback);
    if loopback {
        builder.no_proxy()
    } else {
        builder
    }
    .build()
}

impl HttpSend for Reqwest {
    fn send<'a>(
        &'a self,
        request: OutgoingRequest,
    ) -> Pin<Box<dyn Future<Output = Result<IncomingResponse, SendError>> + Send + 'a>> {
        Box::pin(async move {
            let mut outgoing = reqwest::Request::new(request.method, request.url);
            *outgoing.headers_mut() = request.headers;
            if !request.body.is_empty() {
                *outgoing.body_mut() = Some(request.body.into());
            }
            let mut response = self
                .0
                .execute(outgoing)
                .await
                .map_err(|error| classify(&error))?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let delimited = headers.contains_key(http::header::CONTENT_LENGTH)
                || headers.contains_key(http::header::TRANSFER_ENCODING);
            let body = response
                .bytes_stream()
                .map(|chunk| chunk.map_err(|error| classify(&error)));
            Ok(IncomingResponse {
                status,
                headers,
                delimited,
                body: Box::pin(body),
            })
        })
    }
}

fn classify(error: &reqwest::Error) -> SendError {
    if error.is_connect() || error.is_builder() {
        SendError::NotSent
    } else if error.is_timeout() {
        SendError::Timeout
    } else {
        SendError::Broken
    }
}

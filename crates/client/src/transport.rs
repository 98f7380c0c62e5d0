//! The transport: sends a request, with retries, until there is a response or a final failure.

mod attempts;
mod body;
mod prepare;
mod spans;

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::{
    Error, HttpSend, IncomingResponse, Options, OutgoingRequest, Runtime,
    base_url::BaseUrl,
    credentials::Keyring,
    limiter::Limiter,
    operation::Operation,
    response::BufferedResponse,
    retry::{Budget, Failure},
    skew::Skew,
};

/// The state that all calls of a client share.
pub(crate) struct Transport {
    pub(crate) base: BaseUrl,
    pub(crate) send: Arc<dyn HttpSend>,
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) credentials: Keyring,
    pub(crate) omitted: Vec<String>,
    pub(crate) limiter: Limiter,
    pub(crate) budget: Budget,
    pub(crate) skew: Skew,
    pub(crate) options: Options,
    pub(crate) user_agent: HeaderValue,
}

/// The limits of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallLimits {
    pub(crate) deadline: Duration,
    pub(crate) attempts: u32,
}

/// A response whose body is still to be read.
pub(crate) struct OpenResponse {
    pub(crate) response: IncomingResponse,
    pub(crate) attempts: u32,
}

/// The response to one attempt. `B` is what the caller made of the body.
struct Attempt<B> {
    status: StatusCode,
    headers: HeaderMap,
    body: B,
}

/// An attempt without a response.
enum AttemptError {
    /// Another attempt may succeed.
    Failed(Failure),
    /// Another attempt would fail the same way.
    Fatal(Error),
}

impl Transport {
    /// Sends the request and reads the response, whatever its status.
    pub(crate) async fn run(
        &self,
        operation: &'static Operation,
        request: OutgoingRequest,
        limits: CallLimits,
    ) -> Result<BufferedResponse, Error> {
        let started = self.runtime.monotonic();
        let limit = self.options.body_limit;
        let (attempt, attempts) = self
            .attempts(operation, &request, limits, started, |response| {
                body::read(operation, response, limit)
            })
            .await?;
        let elapsed = self.runtime.monotonic().duration_since(started);
        Ok(BufferedResponse {
            status: attempt.status,
            headers: attempt.headers,
            body: attempt.body,
            attempts,
            elapsed,
        })
    }

    /// Sends the request and leaves the body of the response unread.
    pub(crate) async fn open(
        &self,
        operation: &'static Operation,
        request: OutgoingRequest,
        limits: CallLimits,
    ) -> Result<OpenResponse, Error> {
        let unread = |response: IncomingResponse| async {
            let (status, headers) = (response.status, response.headers.clone());
            Ok(Attempt {
                status,
                headers,
                body: response,
            })
        };
        let started = self.runtime.monotonic();
        let (attempt, attempts) = self
            .attempts(operation, &request, limits, started, unread)
            .await?;
        Ok(OpenResponse {
            response: attempt.body,
            attempts,
        })
    }
}

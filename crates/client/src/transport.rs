//! One call on the network: every attempt in its order, until there is an answer or there cannot be one.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use botroster_auth::{Authenticator, SigningInput};
use bytes::{Bytes, BytesMut};
use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, USER_AGENT},
};

use crate::{
    Error, ErrorKind, HttpSend, Options, Outgoing, Runtime, SendError,
    base_url::BaseUrl,
    limiter::Limiter,
    operation::{Operation, RetryClass},
    retry::{self, Failure},
    send::Incoming,
};

/// What all calls of one client share.
pub(crate) struct Transport {
    pub(crate) base: BaseUrl,
    pub(crate) send: Arc<dyn HttpSend>,
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) authenticators: BTreeMap<&'static str, Authenticator>,
    /// For a scheme without a credential: what to set.
    pub(crate) missing: BTreeMap<&'static str, String>,
    pub(crate) omitted: Vec<String>,
    pub(crate) limiter: Limiter,
    pub(crate) options: Options,
    pub(crate) user_agent: HeaderValue,
}

/// An answer whose body was read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

/// An answer as it came, and how many attempts it took.
pub(crate) struct Opened {
    pub(crate) incoming: Incoming,
    pub(crate) attempts: u32,
}

/// What one attempt gives: the head and whatever was asked to be made of the body.
struct Attempt<B> {
    status: StatusCode,
    headers: HeaderMap,
    body: B,
}

enum Ended {
    /// May be tried again.
    Failed(Failure, Option<Duration>),
    /// Will not get better.
    Fatal(Error),
}

impl Transport {
    /// Sends the request and reads the answer, whatever its status.
    pub(crate) async fn run(
        &self,
        operation: &'static Operation,
        request: Outgoing,
    ) -> Result<Answer, Error> {
        let started = self.runtime.monotonic();
        let limit = self.options.body_limit;
        let (attempt, attempts) = self
            .attempts(operation, request, |incoming| {
                read(operation, incoming, limit)
            })
            .await?;
        let Attempt {
            status,
            headers,
            body,
        } = attempt;
        let elapsed = self.runtime.monotonic().duration_since(started);
        Ok(Answer {
            status,
            headers,
            body,
            attempts,
            elapsed,
        })
    }

    /// Sends the request and leaves the body of the answer to the caller.
    pub(crate) async fn open(
        &self,
        operation: &'static Operation,
        request: Outgoing,
    ) -> Result<Opened, Error> {
        let whole = |incoming: Incoming| async {
            let (status, headers) = (incoming.status, incoming.headers.clone());
            Ok(Attempt {
                status,
                headers,
                body: incoming,
            })
        };
        let (attempt, attempts) = self.attempts(operation, request, whole).await?;
        Ok(Opened {
            incoming: attempt.body,
            attempts,
        })
    }

    async fn attempts<B, F, Fut>(
        &self,
        operation: &'static Operation,
        request: Outgoing,
        body: F,
    ) -> Result<(Attempt<B>, u32), Error>
    where
        F: Fn(Incoming) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, Ended>>,
    {
        let deadline = self.runtime.monotonic() + self.options.deadline;
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.wait_for_limit(operation, deadline, attempt).await?;
            let outgoing = self
                .prepare(operation, &request)
                .map_err(|error| error.with_operation(operation))?;
            let exchange = async {
                let incoming = self
                    .send
                    .send(outgoing)
                    .await
                    .map_err(|error| Ended::Failed(Failure::Send(error), None))?;
                body(incoming).await
            };
            let left = deadline.saturating_duration_since(self.runtime.monotonic());
            let time = self.options.attempt_timeout.min(left);
            let ended = match select(Box::pin(exchange), self.runtime.sleep(time)).await {
                Either::Left((Ok(done), _)) => {
                    let after = retry::retry_after(&done.headers);
                    if done.status == StatusCode::TOO_MANY_REQUESTS
                        && let Some(after) = after
                    {
                        self.limiter
                            .pause(operation.id, self.runtime.monotonic() + after);
                    }
                    let last = attempt >= self.options.attempts;
                    match self.next_wait(
                        operation,
                        Failure::Status(done.status),
                        attempt,
                        after,
                        deadline,
                    ) {
                        Some(wait) if !last => {
                            self.pause(operation, attempt, wait, Failure::Status(done.status))
                                .await;
                            continue;
                        }
                        _ => return Ok((done, attempt)),
                    }
                }
                Either::Left((Err(ended), _)) => ended,
                Either::Right(_) => Ended::Failed(Failure::Send(SendError::Timeout), None),
            };
            let (failure, after) = match ended {
                Ended::Fatal(error) => return Err(error.with_attempts(attempt)),
                Ended::Failed(failure, after) => (failure, after),
            };
            match self.next_wait(operation, failure, attempt, after, deadline) {
                Some(wait) if attempt < self.options.attempts => {
                    self.pause(operation, attempt, wait, failure).await
                }
                _ => return Err(gave_up(operation, failure).with_attempts(attempt)),
            }
        }
    }

    /// The wait before another attempt, unless it would end after the deadline.
    fn next_wait(
        &self,
        operation: &Operation,
        failure: Failure,
        attempt: u32,
        after: Option<Duration>,
        deadline: Instant,
    ) -> Option<Duration> {
        let wait = retry::wait(operation, failure, attempt, after, self.runtime.random())?;
        (self.runtime.monotonic() + wait < deadline).then_some(wait)
    }

    async fn pause(
        &self,
        operation: &'static Operation,
        attempt: u32,
        wait: Duration,
        failure: Failure,
    ) {
        tracing::debug!(
            operation = operation.id,
            attempt,
            wait_ms = wait.as_millis(),
            ?failure,
            "trying again"
        );
        self.runtime.sleep(wait).await;
    }

    async fn wait_for_limit(
        &self,
        operation: &'static Operation,
        deadline: Instant,
        attempt: u32,
    ) -> Result<(), Error> {
        while let Err(wait) =
            self.limiter
                .take(operation.id, operation.rate_limit, self.runtime.monotonic())
        {
            if self.runtime.monotonic() + wait >= deadline {
                let text = format!(
                    "the rate limit leaves no place for another {} s, which is after this call's deadline",
                    wait.as_secs()
                );
                return Err(Error::new(ErrorKind::RateLimited, text)
                    .with_operation(operation)
                    .with_attempts(attempt - 1));
            }
            self.runtime.sleep(wait).await;
        }
        Ok(())
    }

    /// The request with everything an attempt adds: constants, credentials with this moment's time.
    fn prepare(
        &self,
        operation: &'static Operation,
        request: &Outgoing,
    ) -> Result<Outgoing, Error> {
        if !self.base.is_origin_of(&request.url) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the request would leave the base URL's origin: nothing was sent",
            ));
        }
        let mut outgoing = request.clone();
        // progenitor announces the spec's version to everybody.
        outgoing.headers.remove("api-version");
        outgoing
            .headers
            .insert(ACCEPT, HeaderValue::from_static(operation.accept));
        outgoing.headers.insert(USER_AGENT, self.user_agent.clone());
        for (name, value) in operation.headers {
            outgoing.headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        self.authenticate(operation, &mut outgoing)?;
        for name in &self.omitted {
            outgoing.headers.remove(name.as_str());
        }
        Ok(outgoing)
    }

    fn authenticate(
        &self,
        operation: &'static Operation,
        outgoing: &mut Outgoing,
    ) -> Result<(), Error> {
        let ready = |schemes: &&&[&'static str]| {
            schemes
                .iter()
                .all(|scheme| self.authenticators.contains_key(scheme))
        };
        let Some(schemes) = operation.security.iter().find(ready) else {
            return match operation.security.first() {
                None => Ok(()),
                Some(first) => Err(self.missing_credential(first)),
            };
        };
        let url = outgoing.url.clone();
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        let input = SigningInput {
            method: outgoing.method.as_str(),
            host: &host,
            path: url.path(),
            query: url.query(),
            body: &outgoing.body,
            nonce: None,
        };
        let now = self.runtime.now();
        for authenticator in schemes
            .iter()
            .filter_map(|scheme| self.authenticators.get(scheme))
        {
            authenticator
                .authenticate(&input, now, &mut outgoing.headers)
                .map_err(|error| Error::new(ErrorKind::Credentials, error.to_string()))?;
        }
        Ok(())
    }

    fn missing_credential(&self, schemes: &[&'static str]) -> Error {
        let what = schemes.iter().find_map(|scheme| self.missing.get(scheme));
        let what = what.map_or("a credential is missing", String::as_str);
        Error::new(ErrorKind::Credentials, format!("{what}; nothing was sent"))
    }
}

/// Reads at most `limit` bytes.
async fn read(
    operation: &'static Operation,
    mut incoming: Incoming,
    limit: usize,
) -> Result<Attempt<Bytes>, Ended> {
    let mut body = BytesMut::new();
    while let Some(chunk) = incoming.body.next().await {
        let chunk = chunk.map_err(|error| Ended::Failed(Failure::Send(error), None))?;
        if body.len() + chunk.len() > limit {
            let text = format!(
                "the answer is larger than {limit} bytes: raise the body limit if that is expected"
            );
            return Err(Ended::Fatal(
                Error::new(ErrorKind::TooLarge, text).with_operation(operation),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Attempt {
        status: incoming.status,
        headers: incoming.headers,
        body: body.freeze(),
    })
}

fn gave_up(operation: &'static Operation, failure: Failure) -> Error {
    let (kind, text) = match failure {
        Failure::Send(SendError::NotSent) => (
            ErrorKind::Connection,
            "no connection could be made: is the base URL right and the host up?",
        ),
        Failure::Send(_) if operation.retry == RetryClass::Never => (
            ErrorKind::OutcomeUnknown,
            "the connection was lost after the request may have been sent: look whether it took effect before sending it again",
        ),
        Failure::Send(SendError::Timeout) => (ErrorKind::Timeout, "no answer in time"),
        Failure::Send(_) | Failure::Status(_) => (
            ErrorKind::Connection,
            "the connection broke before the answer was complete",
        ),
    };
    Error::new(kind, text).with_operation(operation)
}

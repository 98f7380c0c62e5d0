//! The attempts of one call, until there is an answer or there cannot be one.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant, SystemTime},
};

use http::{HeaderMap, StatusCode};
use tracing::{Instrument as _, Span, field::Empty};

use crate::{
    Error, ErrorKind, Outgoing, SendError,
    credentials::Ready,
    operation::{Operation, RetryClass},
    retry::{self, Failure},
    send::Incoming,
    transport::Transport,
};

/// What an attempt gives: the head, and whatever was asked to be made of the body.
pub(crate) struct Attempt<B> {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: B,
}

/// Why an attempt gives nothing.
pub(crate) enum Ended {
    /// It may be tried again.
    Failed(Failure),
    /// It will not get better.
    Fatal(Error),
}

/// What an attempt was sent with.
struct Sent<'a> {
    at: SystemTime,
    started: Instant,
    credentials: &'a Arc<Ready>,
    was_corrected: bool,
}

/// Where a call stands.
struct Course {
    deadline: Instant,
    /// When the current attempt began.
    now: Instant,
    attempt: u32,
    /// What the last retry took from the budget.
    taken: u32,
    /// The one retry that costs nothing, for a connection that the server had closed already.
    free: bool,
    /// The one retry with other credentials.
    renewable: bool,
}

impl Transport {
    /// Sends until it succeeds, for good or for as often as the options and the deadline allow. Any status is a success here that
    /// must not or may no longer be tried again.
    ///
    /// A span covers the call and one each attempt, with OpenTelemetry's names for HTTP clients. Nothing in them comes from arguments.
    pub(crate) async fn attempts<B, F, Fut>(
        &self,
        operation: &'static Operation,
        request: &Outgoing,
        started: Instant,
        body: F,
    ) -> Result<(Attempt<B>, u32), Error>
    where
        F: Fn(Incoming) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, Ended>>,
    {
        let span = tracing::info_span!(
            "call",
            otel.kind = "internal",
            otel.name = operation.id,
            http.request.method = operation.method,
            url.template = operation.path,
            error.r#type = Empty,
        );
        let outcome = self
            .all_attempts(operation, request, started, body)
            .instrument(span.clone())
            .await;
        if let Err(error) = &outcome {
            span.record("error.type", tracing::field::debug(error.kind()));
        }
        outcome
    }

    async fn all_attempts<B, F, Fut>(
        &self,
        operation: &'static Operation,
        request: &Outgoing,
        started: Instant,
        body: F,
    ) -> Result<(Attempt<B>, u32), Error>
    where
        F: Fn(Incoming) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, Ended>>,
    {
        let mut course = Course {
            deadline: started + self.options.deadline,
            now: started,
            attempt: 0,
            taken: 0,
            free: true,
            renewable: true,
        };
        loop {
            course.attempt += 1;
            self.wait_for_limit(operation, &mut course).await?;
            let now = self.runtime.now();
            let credentials = self.credentials.ready();
            let was_corrected = self.skew.is_known();
            let outgoing = self
                .prepare(operation, request, &credentials, now)
                .map_err(|error| error.with_operation(operation))?;
            let span = self.attempt_span(operation, &course);
            let outcome = self
                .attempt(outgoing, &body, &course)
                .instrument(span.clone())
                .await;
            record(&span, &outcome);
            let again = match &outcome {
                Err(Ended::Fatal(_)) => None,
                Err(Ended::Failed(failure)) => self.next(operation, *failure, None, &mut course),
                Ok(done) if done.status.is_success() => None,
                Ok(done) => {
                    let sent = Sent {
                        at: now,
                        started: course.now,
                        credentials: &credentials,
                        was_corrected,
                    };
                    self.after_refusal(operation, done.status, &done.headers, &sent, &mut course)
                }
            };
            if let Some(wait) = again {
                tracing::debug!(
                    operation = operation.id,
                    attempt = course.attempt,
                    wait_ms = wait.as_millis(),
                    "trying again"
                );
                if !wait.is_zero() {
                    self.runtime.sleep(wait).await;
                }
                course.now = self.runtime.monotonic();
                continue;
            }
            return match outcome {
                Ok(done) => {
                    if !done.status.is_server_error()
                        && done.status != StatusCode::TOO_MANY_REQUESTS
                    {
                        self.budget.give(course.taken);
                    }
                    Ok((done, course.attempt))
                }
                Err(Ended::Fatal(error)) => Err(error.with_attempts(course.attempt)),
                Err(Ended::Failed(failure)) => {
                    Err(gave_up(operation, failure).with_attempts(course.attempt))
                }
            };
        }
    }

    /// Whether a call that was refused with `used` has other credentials by now.
    fn renew(&self, operation: &Operation, used: &Arc<Ready>) -> bool {
        used.schemes(operation)
            .is_some_and(|schemes| self.credentials.renew(used, schemes))
    }

    fn attempt_span(&self, operation: &Operation, course: &Course) -> Span {
        let (host, port) = self.base.host_and_port();
        tracing::info_span!(
            "attempt",
            otel.kind = "client",
            otel.name = operation.method,
            http.request.method = operation.method,
            url.template = operation.path,
            server.address = host,
            server.port = port,
            http.request.resend_count = course.attempt - 1,
            http.response.status_code = Empty,
            error.r#type = Empty,
        )
    }

    async fn attempt<B, F, Fut>(
        &self,
        outgoing: Outgoing,
        body: &F,
        course: &Course,
    ) -> Result<Attempt<B>, Ended>
    where
        F: Fn(Incoming) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, Ended>>,
    {
        let exchange = async {
            let incoming = self.send.send(outgoing).await;
            body(incoming.map_err(|error| Ended::Failed(Failure::Send(error)))?).await
        };
        let left = course.deadline.saturating_duration_since(course.now);
        let mut timeout = self.runtime.sleep(self.options.attempt_timeout.min(left));
        let mut exchange = pin!(exchange);
        poll_fn(|context| match exchange.as_mut().poll(context) {
            Poll::Pending => timeout
                .as_mut()
                .poll(context)
                .map(|()| Err(Ended::Failed(Failure::Send(SendError::Timeout)))),
            ended => ended,
        })
        .await
    }

    /// The wait before another attempt after an answer that is no success, if there is to be one.
    fn after_refusal(
        &self,
        operation: &'static Operation,
        status: StatusCode,
        headers: &HeaderMap,
        sent: &Sent<'_>,
        course: &mut Course,
    ) -> Option<Duration> {
        let after = retry::retry_after(headers, self.runtime.now());
        if let (StatusCode::TOO_MANY_REQUESTS, Some(after)) = (status, after) {
            self.limiter
                .pause(operation.id, self.runtime.monotonic() + after);
        }
        let round_trip = self
            .runtime
            .monotonic()
            .saturating_duration_since(sent.started);
        if self.may_correct_clock(operation, sent.credentials)
            && self
                .skew
                .learn(status, headers, sent.at, round_trip, sent.was_corrected)
        {
            tracing::warn!(
                operation = operation.id,
                "this machine's clock is off: corrected by the server's"
            );
            return Some(Duration::ZERO);
        }
        if status == StatusCode::UNAUTHORIZED
            && std::mem::take(&mut course.renewable)
            && self.renew(operation, sent.credentials)
        {
            return Some(Duration::ZERO);
        }
        self.next(operation, Failure::Status(status), after, course)
    }

    /// The wait before another attempt, if there is to be one.
    fn next(
        &self,
        operation: &Operation,
        failure: Failure,
        after: Option<Duration>,
        course: &mut Course,
    ) -> Option<Duration> {
        if course.attempt >= self.options.attempts || !retry::allows(operation, failure) {
            return None;
        }
        // Servers close idle connections without a word: the first break says little about the platform.
        let is_break = failure == Failure::Send(SendError::Broken);
        if is_break && operation.retry == RetryClass::Read && std::mem::take(&mut course.free) {
            return Some(Duration::ZERO);
        }
        let wait = after.unwrap_or_else(|| retry::backoff(course.attempt, self.runtime.random()));
        if self.runtime.monotonic() + wait >= course.deadline {
            return None;
        }
        course.taken = self.budget.take(failure)?;
        Some(wait)
    }

    async fn wait_for_limit(
        &self,
        operation: &'static Operation,
        course: &mut Course,
    ) -> Result<(), Error> {
        while let Err(wait) = self
            .limiter
            .take(operation.id, operation.rate_limit, course.now)
        {
            if course.now + wait >= course.deadline {
                let text = format!(
                    "the rate limit leaves no place for another {} s, which is after this call's deadline",
                    wait.as_secs()
                );
                return Err(Error::new(ErrorKind::RateLimited, text)
                    .with_operation(operation)
                    .with_attempts(course.attempt - 1));
            }
            self.runtime.sleep(wait).await;
            course.now = self.runtime.monotonic();
        }
        Ok(())
    }
}

fn record<B>(span: &Span, outcome: &Result<Attempt<B>, Ended>) {
    match outcome {
        Ok(done) => {
            span.record("http.response.status_code", done.status.as_u16());
        }
        Err(Ended::Failed(Failure::Send(error))) => {
            span.record("error.type", tracing::field::debug(error));
        }
        Err(Ended::Failed(Failure::Status(_)) | Ended::Fatal(_)) => {
            span.record("error.type", "answer");
        }
    }
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

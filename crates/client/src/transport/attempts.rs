//! The loop over the attempts of one call. It does the I/O; [`AttemptPolicy`] decides.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant, SystemTime},
};

use http::{HeaderMap, StatusCode};
use tracing::Instrument as _;

use super::{
    Attempt, AttemptError, CallLimits, Transport,
    spans::{attempt_span, call_span, record_error, record_outcome},
};
use crate::{
    Error, ErrorKind, IncomingResponse, OutgoingRequest, SendError,
    credentials::Ready,
    operation::{Operation, RetryClass},
    retry::{AttemptPolicy, Decision, Failure, retry_after},
};

/// The circumstances under which an attempt was sent.
struct Sent<'a> {
    at: SystemTime,
    started: Instant,
    credentials: &'a Arc<Ready>,
    /// Whether the clock had been corrected.
    was_corrected: bool,
}

impl Transport {
    /// Sends the request until there is a response that is a success or must not be retried, as often as the options and the
    /// deadline allow. Returns the response and the number of attempts.
    pub(super) async fn attempts<B, F, Fut>(
        &self,
        operation: &'static Operation,
        request: &OutgoingRequest,
        limits: CallLimits,
        started: Instant,
        body: F,
    ) -> Result<(Attempt<B>, u32), Error>
    where
        F: Fn(IncomingResponse) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, AttemptError>>,
    {
        let span = call_span(operation);
        let outcome = self
            .all_attempts(operation, request, limits, started, body)
            .instrument(span.clone())
            .await;
        if let Err(error) = &outcome {
            record_error(&span, error);
        }
        outcome
    }

    async fn all_attempts<B, F, Fut>(
        &self,
        operation: &'static Operation,
        request: &OutgoingRequest,
        limits: CallLimits,
        started: Instant,
        body: F,
    ) -> Result<(Attempt<B>, u32), Error>
    where
        F: Fn(IncomingResponse) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, AttemptError>>,
    {
        let deadline = started + limits.deadline;
        let mut policy = AttemptPolicy::new(operation.retry, limits.attempts, deadline);
        // The cost of the last retry.
        let mut taken = 0;
        let mut now = started;
        loop {
            policy.begin();
            now = self.wait_for_limit(operation, &policy, now).await?;
            let sent = Sent {
                at: self.runtime.now(),
                started: now,
                credentials: &self.credentials.ready(),
                was_corrected: self.skew.is_known(),
            };
            let outgoing = self
                .prepare(operation, request, sent.credentials, sent.at)
                .map_err(|error| error.with_operation(operation))?;
            let span = attempt_span(operation, &self.base, policy.attempt());
            let outcome = self
                .attempt(outgoing, &body, policy.time_left(now))
                .instrument(span.clone())
                .await;
            record_outcome(&span, &outcome);
            let decision = match &outcome {
                Err(AttemptError::Fatal(_)) => Decision::End,
                Err(AttemptError::Failed(failure)) => self.decide(&mut policy, *failure, None),
                Ok(done) if done.status.is_success() => Decision::End,
                Ok(done) => {
                    self.after_rejection(operation, done.status, &done.headers, &sent, &mut policy)
                }
            };
            match decision {
                Decision::Retry { cost: 0, wait } => self.pause(operation, &policy, wait).await,
                Decision::Retry { cost, wait } if self.budget.take(cost) => {
                    taken = cost;
                    self.pause(operation, &policy, wait).await;
                }
                _ => return self.end(operation, outcome, policy.attempt(), taken),
            }
            now = self.runtime.monotonic();
        }
    }

    /// Sends one attempt and reads its body, within the timeout of an attempt and the time left until the deadline.
    async fn attempt<B, F, Fut>(
        &self,
        outgoing: OutgoingRequest,
        body: &F,
        time_left: Duration,
    ) -> Result<Attempt<B>, AttemptError>
    where
        F: Fn(IncomingResponse) -> Fut,
        Fut: Future<Output = Result<Attempt<B>, AttemptError>>,
    {
        let failed = |error| AttemptError::Failed(Failure::Send(error));
        let exchange = async {
            let response = self.send.send(outgoing).await;
            body(response.map_err(failed)?).await
        };
        let mut timeout = self
            .runtime
            .sleep(self.options.attempt_timeout.min(time_left));
        let mut exchange = pin!(exchange);
        poll_fn(|context| match exchange.as_mut().poll(context) {
            Poll::Pending => timeout
                .as_mut()
                .poll(context)
                .map(|()| Err(failed(SendError::Timeout))),
            ended => ended,
        })
        .await
    }

    /// Decides what follows a response that is not a success.
    fn after_rejection(
        &self,
        operation: &'static Operation,
        status: StatusCode,
        headers: &HeaderMap,
        sent: &Sent<'_>,
        policy: &mut AttemptPolicy,
    ) -> Decision {
        let after = retry_after(headers, self.runtime.now());
        if let (StatusCode::TOO_MANY_REQUESTS, Some(after)) = (status, after) {
            self.limiter
                .pause(operation.id, self.runtime.monotonic() + after);
        }
        if self.corrects_clock(operation, status, headers, sent)
            || (policy.take_renewal(status) && self.renew(operation, sent.credentials))
        {
            return Decision::Retry {
                wait: Duration::ZERO,
                cost: 0,
            };
        }
        self.decide(policy, Failure::Status(status), after)
    }

    fn decide(
        &self,
        policy: &mut AttemptPolicy,
        failure: Failure,
        retry_after: Option<Duration>,
    ) -> Decision {
        let now = self.runtime.monotonic();
        policy.after(failure, retry_after, now, || self.runtime.random())
    }

    /// Returns whether a rejection was due to this machine's clock, which is then corrected.
    fn corrects_clock(
        &self,
        operation: &'static Operation,
        status: StatusCode,
        headers: &HeaderMap,
        sent: &Sent<'_>,
    ) -> bool {
        let round_trip = self
            .runtime
            .monotonic()
            .saturating_duration_since(sent.started);
        let is_corrected = self.may_correct_clock(operation, sent.credentials)
            && self
                .skew
                .learn(status, headers, sent.at, round_trip, sent.was_corrected);
        if is_corrected {
            tracing::warn!(
                operation = operation.id,
                "the local clock is wrong: corrected with the time of the server"
            );
        }
        is_corrected
    }

    /// Returns whether other credentials are available after a call with `used` was rejected.
    fn renew(&self, operation: &Operation, used: &Arc<Ready>) -> bool {
        used.schemes(operation)
            .is_some_and(|schemes| self.credentials.renew(used, schemes))
    }

    /// Waits before a retry.
    async fn pause(&self, operation: &Operation, policy: &AttemptPolicy, wait: Duration) {
        tracing::debug!(
            operation = operation.id,
            attempt = policy.attempt(),
            wait_ms = wait.as_millis(),
            "retrying"
        );
        if !wait.is_zero() {
            self.runtime.sleep(wait).await;
        }
    }

    /// Waits until the rate limit allows a request. Returns the current time.
    async fn wait_for_limit(
        &self,
        operation: &'static Operation,
        policy: &AttemptPolicy,
        mut now: Instant,
    ) -> Result<Instant, Error> {
        while let Err(wait) = self.limiter.take(operation.id, operation.rate_limit, now) {
            if policy.expires_within(now, wait) {
                let text = format!(
                    "the rate limit allows the next request in {} s, after the deadline of this call",
                    wait.as_secs()
                );
                return Err(Error::new(ErrorKind::RateLimited, text)
                    .with_operation(operation)
                    .with_attempts(policy.attempt() - 1));
            }
            self.runtime.sleep(wait).await;
            now = self.runtime.monotonic();
        }
        Ok(now)
    }

    fn end<B>(
        &self,
        operation: &'static Operation,
        outcome: Result<Attempt<B>, AttemptError>,
        attempts: u32,
        taken: u32,
    ) -> Result<(Attempt<B>, u32), Error> {
        match outcome {
            Ok(done) => {
                if !done.status.is_server_error() && done.status != StatusCode::TOO_MANY_REQUESTS {
                    self.budget.give(taken);
                }
                Ok((done, attempts))
            }
            Err(AttemptError::Fatal(error)) => Err(error.with_attempts(attempts)),
            Err(AttemptError::Failed(failure)) => {
                Err(final_failure(operation, failure).with_attempts(attempts))
            }
        }
    }
}

fn final_failure(operation: &'static Operation, failure: Failure) -> Error {
    let (kind, text) = match failure {
        Failure::Send(SendError::NotSent) => (
            ErrorKind::Connection,
            "the connection failed: check the base URL and that the host is up",
        ),
        Failure::Send(_) if operation.retry == RetryClass::Never => (
            ErrorKind::OutcomeUnknown,
            "the connection was lost after the request may have been sent: check whether it took effect before sending it again",
        ),
        Failure::Send(SendError::Timeout) => (ErrorKind::Timeout, "the response timed out"),
        Failure::Send(_) | Failure::Status(_) => (
            ErrorKind::Connection,
            "the connection broke before the response was complete",
        ),
    };
    Error::new(kind, text).with_operation(operation)
}

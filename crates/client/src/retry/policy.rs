//! The attempts of one call as a state machine without I/O: the outcome of an attempt goes in, a decision comes out.

use std::time::{Duration, Instant};

use http::StatusCode;

use super::Failure;
use crate::{SendError, operation::RetryClass};

const BASE: Duration = Duration::from_millis(200);
const CAP: Duration = Duration::from_secs(20);
const RETRY_COST: u32 = 5;
const TIMEOUT_COST: u32 = 10;

/// What follows a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Another attempt, after a wait, if the budget has `cost` tokens.
    Retry { wait: Duration, cost: u32 },
    /// The failure is final.
    End,
}

/// The progress of one call.
#[derive(Debug)]
pub(crate) struct AttemptPolicy {
    class: RetryClass,
    max_attempts: u32,
    deadline: Instant,
    attempt: u32,
    /// One retry without a wait and a cost, after the first broken connection.
    has_free_retry: bool,
    /// One retry with renewed credentials.
    has_renewal: bool,
}

impl AttemptPolicy {
    pub(crate) fn new(class: RetryClass, max_attempts: u32, deadline: Instant) -> Self {
        Self {
            class,
            max_attempts,
            deadline,
            attempt: 0,
            has_free_retry: true,
            has_renewal: true,
        }
    }

    /// Starts an attempt.
    pub(crate) fn begin(&mut self) {
        self.attempt += 1;
    }

    /// The number of the current attempt, from 1.
    pub(crate) fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The time until the deadline.
    pub(crate) fn time_left(&self, now: Instant) -> Duration {
        self.deadline.saturating_duration_since(now)
    }

    /// Returns whether the deadline passes during a wait.
    pub(crate) fn expires_within(&self, now: Instant, wait: Duration) -> bool {
        now + wait >= self.deadline
    }

    /// Returns whether credentials may be renewed after this status. Returns `true` once.
    pub(crate) fn take_renewal(&mut self, status: StatusCode) -> bool {
        status == StatusCode::UNAUTHORIZED && std::mem::take(&mut self.has_renewal)
    }

    /// Decides what follows a failed attempt. `retry_after` is the wait that the platform requests; `jitter`, a number from 0
    /// to 1, is drawn for other waits.
    pub(crate) fn after(
        &mut self,
        failure: Failure,
        retry_after: Option<Duration>,
        now: Instant,
        jitter: impl FnOnce() -> f64,
    ) -> Decision {
        if self.attempt >= self.max_attempts || !allows(self.class, failure) {
            return Decision::End;
        }
        // Servers close idle connections without notice: the first broken connection says little about the platform.
        let is_broken = failure == Failure::Send(SendError::Broken);
        if is_broken && self.class == RetryClass::Read && std::mem::take(&mut self.has_free_retry) {
            return Decision::Retry {
                wait: Duration::ZERO,
                cost: 0,
            };
        }
        let wait = retry_after.unwrap_or_else(|| backoff(self.attempt, jitter()));
        if self.expires_within(now, wait) {
            return Decision::End;
        }
        Decision::Retry {
            wait,
            cost: cost(failure),
        }
    }
}

/// Returns whether an operation may be retried after a failure.
///
/// A request that was not sent, or was rejected with 429, has had no effect: it may be retried whatever its class.
fn allows(class: RetryClass, failure: Failure) -> bool {
    let is_harmless = class != RetryClass::Never;
    match failure {
        Failure::Send(SendError::NotSent) => true,
        Failure::Send(SendError::Timeout | SendError::Broken) => is_harmless,
        Failure::Status(StatusCode::TOO_MANY_REQUESTS) => true,
        Failure::Status(status) => {
            is_harmless && matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
        }
    }
}

fn cost(failure: Failure) -> u32 {
    match failure {
        Failure::Send(SendError::Timeout) => TIMEOUT_COST,
        Failure::Send(_) | Failure::Status(_) => RETRY_COST,
    }
}

/// Exponential backoff with full jitter: from zero to a step that doubles with each attempt. `attempt` starts at 1.
fn backoff(attempt: u32, jitter: f64) -> Duration {
    let doublings = 1_u32.checked_shl(attempt.saturating_sub(1));
    let step = BASE.saturating_mul(doublings.unwrap_or(u32::MAX));
    step.min(CAP).mul_f64(jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROKEN: Failure = Failure::Send(SendError::Broken);
    const TIMEOUT: Failure = Failure::Send(SendError::Timeout);
    const NOT_SENT: Failure = Failure::Send(SendError::NotSent);
    const UNAVAILABLE: Failure = Failure::Status(StatusCode::SERVICE_UNAVAILABLE);
    const TOO_MANY: Failure = Failure::Status(StatusCode::TOO_MANY_REQUESTS);
    const FREE: Decision = Decision::Retry {
        wait: Duration::ZERO,
        cost: 0,
    };

    fn started(
        class: RetryClass,
        max_attempts: u32,
        deadline: Duration,
    ) -> (AttemptPolicy, Instant) {
        let now = Instant::now();
        let mut policy = AttemptPolicy::new(class, max_attempts, now + deadline);
        policy.begin();
        (policy, now)
    }

    fn retries(class: RetryClass, failure: Failure) -> bool {
        let (mut policy, now) = started(class, 3, Duration::from_secs(300));
        policy.after(failure, None, now, || 0.5) != Decision::End
    }

    #[test]
    fn waits_double_up_to_the_cap_and_are_jittered() {
        assert_eq!(backoff(1, 1.0), Duration::from_millis(200));
        assert_eq!(backoff(3, 1.0), Duration::from_millis(800));
        assert_eq!(backoff(40, 1.0), CAP);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
        assert_eq!(backoff(1, 7.0), Duration::from_millis(200));
    }

    #[test]
    fn writes_are_retried_only_when_they_had_no_effect() {
        for failure in [NOT_SENT, TOO_MANY] {
            for class in [RetryClass::Read, RetryClass::Idempotent, RetryClass::Never] {
                assert!(retries(class, failure), "{class:?} {failure:?}");
            }
        }
        for failure in [BROKEN, TIMEOUT, UNAVAILABLE] {
            assert!(retries(RetryClass::Read, failure), "{failure:?}");
            assert!(retries(RetryClass::Idempotent, failure), "{failure:?}");
            assert!(!retries(RetryClass::Never, failure), "{failure:?}");
        }
        for status in [400, 401, 403, 404, 409, 422, 501, 505] {
            let failure = Failure::Status(StatusCode::from_u16(status).unwrap());
            assert!(!retries(RetryClass::Read, failure), "{status}");
        }
    }

    #[test]
    fn the_number_of_attempts_is_limited() {
        let (mut policy, now) = started(RetryClass::Read, 2, Duration::from_secs(300));
        assert_eq!(policy.attempt(), 1);
        assert_ne!(policy.after(UNAVAILABLE, None, now, || 0.0), Decision::End);
        policy.begin();
        assert_eq!(policy.attempt(), 2);
        assert_eq!(policy.after(UNAVAILABLE, None, now, || 0.0), Decision::End);
    }

    #[test]
    fn the_first_broken_connection_of_a_read_is_retried_at_once_and_for_free() {
        let (mut policy, now) = started(RetryClass::Read, 9, Duration::from_secs(300));
        assert_eq!(policy.after(BROKEN, None, now, || 1.0), FREE);
        policy.begin();
        let second = Decision::Retry {
            wait: Duration::from_millis(400),
            cost: RETRY_COST,
        };
        assert_eq!(policy.after(BROKEN, None, now, || 1.0), second);
        let (mut write, now) = started(RetryClass::Idempotent, 9, Duration::from_secs(300));
        assert_ne!(write.after(BROKEN, None, now, || 1.0), FREE);
    }

    #[test]
    fn a_timeout_costs_more_than_other_failures() {
        let (mut policy, now) = started(RetryClass::Read, 9, Duration::from_secs(300));
        let wait = Duration::from_millis(100);
        let cost = TIMEOUT_COST;
        let decision = policy.after(TIMEOUT, None, now, || 0.5);
        assert_eq!(decision, Decision::Retry { wait, cost });
    }

    #[test]
    fn the_platforms_wait_replaces_the_backoff() {
        let (mut policy, now) = started(RetryClass::Never, 9, Duration::from_secs(300));
        let wait = Duration::from_secs(7);
        let decision = policy.after(TOO_MANY, Some(wait), now, || unreachable!());
        assert_eq!(
            decision,
            Decision::Retry {
                wait,
                cost: RETRY_COST
            }
        );
    }

    #[test]
    fn a_wait_up_to_the_deadline_ends_the_call() {
        let deadline = Duration::from_secs(10);
        let (mut policy, now) = started(RetryClass::Read, 9, deadline);
        let almost = deadline - Duration::from_millis(1);
        assert_eq!(
            policy.after(TOO_MANY, Some(deadline), now, || 0.0),
            Decision::End
        );
        assert_ne!(
            policy.after(TOO_MANY, Some(almost), now, || 0.0),
            Decision::End
        );
        assert_eq!(policy.time_left(now + almost), Duration::from_millis(1));
        assert_eq!(policy.time_left(now + deadline * 2), Duration::ZERO);
    }

    #[test]
    fn credentials_are_renewed_once_and_after_a_401_only() {
        let (mut policy, _) = started(RetryClass::Read, 9, Duration::from_secs(300));
        assert!(!policy.take_renewal(StatusCode::FORBIDDEN));
        assert!(policy.take_renewal(StatusCode::UNAUTHORIZED));
        assert!(!policy.take_renewal(StatusCode::UNAUTHORIZED));
    }
}

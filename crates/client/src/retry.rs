//! Whether and when to try again: decisions only, no waiting.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use crate::{
    http_date,
    operation::{Operation, RetryClass},
    send::SendError,
};

/// How an attempt ended without a usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No answer, or not the whole of it.
    Send(SendError),
    /// An answer with this status.
    Status(StatusCode),
}

const BASE: Duration = Duration::from_millis(200);
const CAP: Duration = Duration::from_secs(20);
/// A platform that asks for more than a day is taken to mean a day.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether an operation may be tried again after a failure.
///
/// What was not sent and what was refused with 429 has had no effect: every class may try again.
pub(crate) fn allows(operation: &Operation, failure: Failure) -> bool {
    let harmless = operation.retry != RetryClass::Never;
    match failure {
        Failure::Send(SendError::NotSent) => true,
        Failure::Send(SendError::Timeout | SendError::Broken) => harmless,
        Failure::Status(StatusCode::TOO_MANY_REQUESTS) => true,
        Failure::Status(status) => {
            harmless && matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
        }
    }
}

/// Full jitter: anything from nothing to the doubled step. `attempt` counts from 1.
pub(crate) fn backoff(attempt: u32, random: f64) -> Duration {
    let doublings = 1_u32.checked_shl(attempt.saturating_sub(1));
    let step = BASE.saturating_mul(doublings.unwrap_or(u32::MAX));
    step.min(CAP).mul_f64(random.clamp(0.0, 1.0))
}

/// `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3). A date that is past is no wait; what is neither is as if
/// it were not there.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are more than a day, too.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let then = http_date::parse(text)?;
        then.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// Tokens that all calls of a client share, so that a platform in trouble does not get a multiple of its load.
///
/// A retry takes tokens and a success gives them back; while there are none, failures are final at once.
#[derive(Debug)]
pub(crate) struct Budget(Mutex<u32>);

const TOKENS: u32 = 500;
const RETRY_COST: u32 = 5;
const TIMEOUT_COST: u32 = 10;

impl Default for Budget {
    fn default() -> Self {
        Self(Mutex::new(TOKENS))
    }
}

impl Budget {
    /// Takes what a retry after this failure costs, and says how much that was; `None` if there is not enough.
    pub(crate) fn take(&self, failure: Failure) -> Option<u32> {
        let cost = match failure {
            Failure::Send(SendError::Timeout) => TIMEOUT_COST,
            Failure::Send(_) | Failure::Status(_) => RETRY_COST,
        };
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = tokens.checked_sub(cost)?;
        Some(cost)
    }

    /// Gives back what the last retry of a call took, or one token for a call that needed none.
    pub(crate) fn give(&self, taken: u32) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *tokens = tokens.saturating_add(taken.max(1)).min(TOKENS);
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn after(text: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(text).unwrap());
        retry_after(
            &headers,
            SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777),
        )
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        for (text, wait) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
            ("Sun Nov  6 08:49:47 1994", Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0)),
            ("99999999999999999999999999", Some(86_400)),
            ("Sat, 06 Nov 2094 08:49:37 GMT", Some(86_400)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(after(text), wait.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn waits_double_up_to_the_cap_and_jitter_fills_them() {
        assert_eq!(backoff(1, 1.0), Duration::from_millis(200));
        assert_eq!(backoff(3, 1.0), Duration::from_millis(800));
        assert_eq!(backoff(40, 1.0), CAP);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
    }

    #[test]
    fn the_budget_runs_out_and_fills_up_again() {
        let budget = Budget::default();
        let failure = Failure::Status(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            (0..200).filter(|_| budget.take(failure).is_some()).count(),
            100
        );
        budget.give(0);
        assert_eq!(budget.take(failure), None);
        budget.give(5);
        assert_eq!(budget.take(failure), Some(5));
        for _ in 0..1000 {
            budget.give(1);
        }
        let timeout = Failure::Send(SendError::Timeout);
        assert_eq!(
            (0..200).filter(|_| budget.take(timeout).is_some()).count(),
            50
        );
    }
}

//! Whether and when to try again: decisions only, no waiting.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use crate::{
    operation::{Operation, RetryClass},
    send::SendError,
};

/// How an attempt ended without a usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Send(SendError),
    Status(StatusCode),
}

const BASE: Duration = Duration::from_millis(200);
const CAP: Duration = Duration::from_secs(20);

/// The wait before the next attempt, or `None` where there must be none.
///
/// What was not sent and what was refused with 429 has had no effect: every class may try again.
pub(crate) fn wait(
    operation: &Operation,
    failure: Failure,
    attempt: u32,
    retry_after: Option<Duration>,
    random: f64,
) -> Option<Duration> {
    let harmless = operation.retry != RetryClass::Never;
    let again = match failure {
        Failure::Send(SendError::NotSent) => true,
        Failure::Send(SendError::Timeout | SendError::Broken) => harmless,
        Failure::Status(StatusCode::TOO_MANY_REQUESTS) => true,
        Failure::Status(status) => {
            harmless && matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504)
        }
    };
    again.then(|| retry_after.unwrap_or_else(|| backoff(attempt, random)))
}

/// Full jitter: anything from nothing to the doubled step.
fn backoff(attempt: u32, random: f64) -> Duration {
    let step = BASE.saturating_mul(
        1_u32
            .checked_shl(attempt.saturating_sub(1))
            .unwrap_or(u32::MAX),
    );
    step.min(CAP).mul_f64(random.clamp(0.0, 1.0))
}

/// `Retry-After` in whole seconds. Anything else is as if it were not there.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    text.parse::<u32>()
        .ok()
        .map(|seconds| Duration::from_secs(seconds.into()))
}

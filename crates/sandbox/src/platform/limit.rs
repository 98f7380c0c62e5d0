//! Rate limits as sliding windows.
//!
//! Not a crate such as `governor`, which implements a leaky bucket: it would not allow a full burst per window.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Instant,
};

use botroster_spec::model::RateLimit;

/// The times of accepted requests, by operation and credential.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    passed: BTreeMap<(usize, String), VecDeque<Instant>>,
}

impl RateLimiter {
    /// Accepts a request, or returns how many seconds to wait.
    pub(crate) fn pass(
        &mut self,
        operation: usize,
        credential: &str,
        RateLimit { requests, per }: RateLimit,
        now: Instant,
    ) -> Result<(), u64> {
        let passed = self
            .passed
            .entry((operation, credential.to_owned()))
            .or_default();
        while passed
            .front()
            .is_some_and(|first| now.duration_since(*first) >= per)
        {
            passed.pop_front();
        }
        match passed.front() {
            Some(first) if passed.len() as u64 >= u64::from(requests) => {
                let wait = per.saturating_sub(now.duration_since(*first));
                Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
            }
            None if requests == 0 => Err(per.as_secs().max(1)),
            _ => {
                passed.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn windows_slide() {
        let mut limiter = RateLimiter::default();
        let limit = RateLimit {
            requests: 2,
            per: Duration::from_secs(60),
        };
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        assert_eq!(limiter.pass(0, "a", limit, at(0)), Ok(()));
        assert_eq!(limiter.pass(0, "a", limit, at(30_000)), Ok(()));
        assert_eq!(limiter.pass(0, "a", limit, at(30_500)), Err(30));
        assert_eq!(limiter.pass(0, "b", limit, at(30_500)), Ok(()));
        assert_eq!(limiter.pass(1, "a", limit, at(30_500)), Ok(()));
        assert_eq!(limiter.pass(0, "a", limit, at(60_000)), Ok(()));
        assert_eq!(limiter.pass(0, "a", limit, at(60_001)), Err(30));
    }
}

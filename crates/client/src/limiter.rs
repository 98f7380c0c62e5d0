//! Documented rate limits, enforced before a request is sent.
//!
//! Written by hand because rate-limiting crates implement token buckets or GCRA, which allow up to twice the limit within one
//! window.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::operation::RateLimit;

/// A log of the last send times of each operation (a sliding window).
///
/// It allows no more than the limit in any window, and the first requests immediately. The log is local to the process: two
/// processes with one credential share the platform's limit but not the log.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    logs: Mutex<HashMap<&'static str, Log>>,
}

#[derive(Debug, Default)]
struct Log {
    sent: VecDeque<Instant>,
    not_before: Option<Instant>,
}

impl Limiter {
    /// Records a request.
    ///
    /// # Errors
    /// The time to wait before the next try.
    pub(crate) fn take(
        &self,
        operation: &'static str,
        limit: Option<RateLimit>,
        now: Instant,
    ) -> Result<(), Duration> {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(limit) = limit else {
            return match logs.get(operation).and_then(|log| log.not_before) {
                Some(then) if then > now => Err(then - now),
                _ => Ok(()),
            };
        };
        let log = logs.entry(operation).or_default();
        // The window includes both ends: a request exactly one window ago still counts.
        while log
            .sent
            .front()
            .is_some_and(|sent| now.duration_since(*sent) > limit.per)
        {
            log.sent.pop_front();
        }
        let full = usize::try_from(limit.requests).is_ok_and(|most| log.sent.len() >= most.max(1));
        let window_opens = log
            .sent
            .front()
            .filter(|_| full)
            .map(|first| *first + limit.per + Duration::from_millis(1));
        match log.not_before.into_iter().chain(window_opens).max() {
            Some(then) if then > now => Err(then - now),
            _ => {
                log.sent.push_back(now);
                Ok(())
            }
        }
    }

    /// Blocks an operation until the time that the platform requested.
    pub(crate) fn pause(&self, operation: &'static str, until: Instant) {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let log = logs.entry(operation).or_default();
        log.not_before = log.not_before.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_window_exceeds_the_limit_and_the_first_requests_do_not_wait() {
        let limiter = Limiter::default();
        let limit = Some(RateLimit {
            requests: 100,
            per: Duration::from_secs(60),
        });
        let start = Instant::now();
        let (mut now, mut sent) = (start, Vec::new());
        while now < start + Duration::from_secs(600) {
            match limiter.take("op", limit, now) {
                Ok(()) => sent.push(now),
                Err(wait) => now += wait,
            }
        }
        assert!(sent.iter().take(100).all(|at| *at == start));
        for (index, at) in sent.iter().enumerate() {
            let window = sent
                .iter()
                .skip(index)
                .take_while(|later| **later - *at <= Duration::from_secs(60));
            assert!(window.count() <= 100);
        }
        assert!(sent.len() >= 950, "{}", sent.len());
    }

    #[test]
    fn a_paused_operation_waits() {
        let limiter = Limiter::default();
        let now = Instant::now();
        limiter.pause("op", now + Duration::from_secs(7));
        assert_eq!(limiter.take("op", None, now), Err(Duration::from_secs(7)));
        assert_eq!(limiter.take("other", None, now), Ok(()));
        assert_eq!(
            limiter.take("op", None, now + Duration::from_secs(7)),
            Ok(())
        );
    }
}

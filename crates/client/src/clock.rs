//! Time and random numbers as one trait, so that tests can replace them.

use std::{
    future::Future,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// Clock, timer and random numbers of a client.
pub trait Runtime: Send + Sync + 'static {
    /// The wall-clock time, used in signatures.
    fn now(&self) -> SystemTime;
    /// The monotonic time, used for rate limits and deadlines.
    fn monotonic(&self) -> Instant;
    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
    /// A random number in `0.0..1.0`, used as jitter of retries.
    fn random(&self) -> f64;
    /// A unique string for security schemes that require a nonce: 128 random bits in hexadecimal.
    fn nonce(&self) -> String {
        (0..4)
            .map(|_| format!("{:08x}", (self.random() * f64::from(u32::MAX)) as u32))
            .collect()
    }
}

/// The system clock and tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tokio;

impl Runtime for Tokio {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        // A new hasher has random keys; the upper 53 bits of its hash fill a fraction.
        let bits = RandomState::new().build_hasher().finish() >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_numbers_fill_the_range() {
        let mut numbers: Vec<f64> = (0..1000).map(|_| Tokio.random()).collect();
        numbers.sort_by(f64::total_cmp);
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(numbers[100] < 0.5 && numbers[900] > 0.5);
        numbers.dedup();
        assert!(numbers.len() > 990, "{}", numbers.len());
    }
}

//! Time, waiting and chance, injected, so that tests run in virtual time.

use std::{
    future::Future,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// What a client asks of the world besides the network.
pub trait Runtime: Send + Sync + 'static {
    /// The wall clock: what signatures carry.
    fn now(&self) -> SystemTime;
    /// A clock that never goes back: what limits and deadlines count with.
    fn monotonic(&self) -> Instant;
    /// Waits.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
    /// A number in `0.0..1.0` for the jitter of retries.
    fn random(&self) -> f64;
    /// A text that no other call gives, for schemes that want one: 128 random bits in hex.
    fn nonce(&self) -> String {
        (0..4)
            .map(|_| format!("{:08x}", (self.random() * f64::from(u32::MAX)) as u32))
            .collect()
    }
}

/// The real one, on tokio's timer.
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
        // A fresh hasher is keyed at random; its upper 53 bits fill a fraction.
        let bits = RandomState::new().build_hasher().finish() >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_fills_the_whole_range_and_stays_in_it() {
        let mut numbers: Vec<f64> = (0..1000).map(|_| Tokio.random()).collect();
        numbers.sort_by(f64::total_cmp);
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(numbers[100] < 0.5 && numbers[900] > 0.5);
        numbers.dedup();
        assert!(numbers.len() > 990, "{}", numbers.len());
    }
}

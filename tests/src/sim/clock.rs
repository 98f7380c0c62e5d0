//! Virtual time for many tasks at once: tokio's paused clock behind the clients' runtime.

use std::{
    future::Future,
    pin::Pin,
    sync::Mutex,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::runtime::START;

/// A clock, timer and source of chance on tokio's paused time, which moves on when every task waits.
pub struct VirtualTime {
    origin: tokio::time::Instant,
    random: Mutex<fastrand::Rng>,
    /// What the wall clock shows besides the time that passed, in seconds.
    shift: Mutex<i64>,
}

impl VirtualTime {
    /// A clock that shows [`START`], with this seed of chance.
    pub fn new(seed: u64) -> Self {
        Self {
            origin: tokio::time::Instant::now(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            shift: Mutex::new(0),
        }
    }

    /// Sets the wall clock this many seconds off, as a person or a time server does.
    pub fn shift(&self, seconds: i64) {
        *self.shift.lock().unwrap() = seconds;
    }

    /// Goes on with another seed of chance.
    pub fn reseed(&self, seed: u64) {
        *self.random.lock().unwrap() = fastrand::Rng::with_seed(seed);
    }

    /// The time that passed.
    pub fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }
}

/// The right time, whatever the wall clock of a [`VirtualTime`] shows.
pub fn true_time(elapsed: Duration) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(START) + elapsed
}

impl botroster_client::Runtime for VirtualTime {
    fn now(&self) -> SystemTime {
        let (now, shift) = (true_time(self.elapsed()), *self.shift.lock().unwrap());
        let by = Duration::from_secs(shift.unsigned_abs());
        if shift < 0 { now - by } else { now + by }
    }

    fn monotonic(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        self.random.lock().unwrap().f64()
    }
}

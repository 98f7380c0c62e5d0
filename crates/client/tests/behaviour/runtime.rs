//! A clock that moves only when somebody waits.

use std::{
    future::{self, Future},
    pin::Pin,
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// The wall clock's time when a test begins: 2026-01-01T00:00:00Z.
pub const START: u64 = 1_767_225_600;

/// The limit of an attempt that tests over sockets set, and [`Runtime::on_sockets`] never reaches.
pub const PATIENCE: Duration = Duration::from_millis(59_007);

/// A clock, timer and source of chance without surprises.
///
/// A wait is over at once and moves the clock by its length. A wait that was set up and never polled, as the limit of an attempt that
/// has its answer, moves nothing.
#[derive(Clone)]
pub struct Runtime {
    shared: Arc<Shared>,
    patience: Option<Duration>,
}

struct Shared {
    start: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    elapsed: Duration,
    waits: Vec<Duration>,
}

impl Runtime {
    /// For a scripted network, whose answers are there when they are asked for.
    pub fn new() -> Self {
        let shared = Shared {
            start: Instant::now(),
            state: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
            patience: None,
        }
    }

    /// For sockets, whose answers take real time: a wait of [`PATIENCE`] never ends.
    pub fn on_sockets() -> Self {
        Self {
            patience: Some(PATIENCE),
            ..Self::new()
        }
    }

    /// The waits, in their order.
    pub fn waits(&self) -> Vec<Duration> {
        self.shared.state.lock().unwrap().waits.clone()
    }

    /// How far the clock has moved.
    pub fn elapsed(&self) -> Duration {
        self.shared.state.lock().unwrap().elapsed
    }

    /// Moves the clock.
    pub fn advance(&self, time: Duration) {
        self.shared.state.lock().unwrap().elapsed += time;
    }
}

impl Default for Runtime {
    fn default() -> Self {
        Self::new()
    }
}

impl botroster_client::Runtime for Runtime {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.elapsed()
    }

    fn monotonic(&self) -> Instant {
        self.shared.start + self.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if self.patience == Some(duration) {
            return Box::pin(future::pending());
        }
        let shared = self.shared.clone();
        let end = self.elapsed() + duration;
        Box::pin(async move {
            let mut state = shared.state.lock().unwrap();
            state.elapsed = state.elapsed.max(end);
            state.waits.push(duration);
        })
    }

    fn random(&self) -> f64 {
        0.5
    }
}

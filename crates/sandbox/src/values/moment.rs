//! The moment at which a request is handled.

use jiff::Timestamp;
use std::time::{Instant, SystemTime};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// For signatures and records.
    pub(crate) time: SystemTime,
    /// For rate limits.
    pub(crate) instant: Instant,
}

impl Moment {
    /// Now. Rate limits follow the clock of the runtime, which a test may have paused.
    pub(crate) fn now() -> Self {
        Self {
            time: SystemTime::now(),
            instant: tokio::time::Instant::now().into_std(),
        }
    }

    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::try_from(self.time).unwrap_or_default()
    }

    /// Milliseconds since 1970.
    pub(crate) fn millis(self) -> i64 {
        self.timestamp().as_millisecond()
    }
}

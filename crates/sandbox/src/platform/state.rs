//! What changes while a platform runs: writes, counters and the request log.

use super::limit::RateLimiter;
use crate::{data::store::Store, recorded::RecordedRequest};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Number of requests the log keeps.
const LOGGED: usize = 1000;

#[derive(Debug, Default)]
pub(crate) struct PlatformState {
    pub(crate) store: Store,
    pub(crate) limiter: RateLimiter,
    /// Number of requests that arrived, refused ones included.
    pub(crate) requests: u64,
    /// The last record of each page, by collection and by the token that requests the next page.
    pub(crate) page_ends: HashMap<(usize, String), u64>,
    /// Each with its number among the requests to all platforms.
    log: VecDeque<(u64, RecordedRequest)>,
    /// Numbers the requests to all platforms.
    counter: Arc<AtomicU64>,
    /// Number of recorded requests.
    pub(crate) recorded: u64,
}

impl PlatformState {
    /// Restores the initial state; the numbers across platforms continue.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            counter: Arc::clone(&self.counter),
            ..Self::default()
        };
    }

    /// Numbers requests together with those of other platforms.
    pub(crate) fn count_with(&mut self, counter: &Arc<AtomicU64>) {
        self.counter = Arc::clone(counter);
    }

    /// Records a request under the next number.
    pub(crate) fn record(&mut self, request: RecordedRequest) {
        self.recorded += 1;
        let request = RecordedRequest {
            number: self.recorded,
            ..request
        };
        if self.log.len() == LOGGED {
            self.log.pop_front();
        }
        let seq = self.counter.fetch_add(1, Ordering::Relaxed) + 1;
        self.log.push_back((seq, request));
    }

    /// The last requests, oldest first.
    pub(crate) fn logged(&self) -> impl Iterator<Item = &(u64, RecordedRequest)> {
        self.log.iter()
    }
}

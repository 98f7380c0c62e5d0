use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::progress::Progress;
use crate::sink::Counts;
use crate::stream_report::StreamReport;

/// The counters of a running stream, incremented by its lists and by the writer.
#[derive(Default)]
pub(crate) struct StreamTally {
    fetched: AtomicU64,
    new: AtomicU64,
    changed: AtomicU64,
    unchanged: AtomicU64,
    rejected: AtomicU64,
    walks_done: AtomicU64,
    gone: AtomicU64,
    requests: AtomicU64,
    retries: AtomicU64,
    /// The expected number of records plus one; 0 if unknown.
    expected: AtomicU64,
}

impl StreamTally {
    pub(crate) fn fetched(&self, records: u64) {
        self.fetched.fetch_add(records, Relaxed);
    }

    pub(crate) fn rejected(&self, records: u64) {
        self.rejected.fetch_add(records, Relaxed);
    }

    /// Counts one call that took `attempts` requests.
    pub(crate) fn sent(&self, attempts: u32) {
        self.requests.fetch_add(u64::from(attempts), Relaxed);
        self.retries
            .fetch_add(u64::from(attempts.saturating_sub(1)), Relaxed);
    }

    pub(crate) fn expect(&self, records: u64) {
        self.expected.store(records.saturating_add(1), Relaxed);
    }

    pub(crate) fn walk_done(&self) {
        self.walks_done.fetch_add(1, Relaxed);
    }

    pub(crate) fn gone(&self) {
        self.gone.fetch_add(1, Relaxed);
    }

    pub(crate) fn stored(&self, counts: Counts) {
        self.new.fetch_add(counts.new, Relaxed);
        self.changed.fetch_add(counts.changed, Relaxed);
        self.unchanged.fetch_add(counts.unchanged, Relaxed);
    }

    pub(crate) fn progress(&self, walks: u64) -> Progress {
        Progress {
            fetched: self.fetched.load(Relaxed),
            expected: self.expected.load(Relaxed).checked_sub(1),
            walks_done: self.walks_done.load(Relaxed),
            walks,
        }
    }

    pub(crate) fn write_to(&self, report: &mut StreamReport) {
        report.fetched = self.fetched.load(Relaxed);
        report.new = self.new.load(Relaxed);
        report.changed = self.changed.load(Relaxed);
        report.unchanged = self.unchanged.load(Relaxed);
        report.rejected = self.rejected.load(Relaxed);
        report.walks = self.walks_done.load(Relaxed);
        report.gone = self.gone.load(Relaxed);
        report.requests = self.requests.load(Relaxed);
        report.retries = self.retries.load(Relaxed);
    }
}

use crate::stream_report::{StreamId, StreamReport};

/// The progress of a stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records fetched so far.
    pub fetched: u64,
    /// Records in total, if the platform reports it.
    pub expected: Option<u64>,
    /// Lists read to the end so far.
    pub walks_done: u64,
    /// Lists to read: one, or one for each seed or parent record.
    pub walks: u64,
}

/// Receives the progress of a sync.
///
/// The methods are called from several threads concurrently. A slow observer slows the sync down. `()` ignores
/// everything.
pub trait Observer: Send + Sync {
    /// Called when a stream starts.
    fn started(&self, _stream: &StreamId, _progress: &Progress) {}
    /// Called when a page was fetched or the end of a list was reached.
    fn progressed(&self, _stream: &StreamId, _progress: &Progress) {}
    /// Called when a stream completed, failed or was skipped.
    fn finished(&self, _report: &StreamReport) {}
}

impl Observer for () {}

use serde::Serialize;

/// Which stream of which account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct StreamId {
    /// The platform's name.
    pub platform: &'static str,
    /// The account's name.
    pub account: String,
    /// The stream's name.
    pub stream: &'static str,
}

/// How far a stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Records fetched so far.
    pub fetched: u64,
    /// Records there are, where the platform tells.
    pub expected: Option<u64>,
    /// Lists walked to their end so far.
    pub walks_done: u64,
    /// Lists to walk: one, or one for every seed or parent record.
    pub walks: u64,
}

/// Hears how a sync goes. Called from several threads at once; a slow observer slows the sync.
pub trait Observer: Send + Sync {
    /// A stream begins.
    fn started(&self, _stream: &StreamId, _progress: &Progress) {}
    /// A page was fetched or a list ended.
    fn progressed(&self, _stream: &StreamId, _progress: &Progress) {}
    /// A stream ended, well or not, or was skipped.
    fn finished(&self, _report: &crate::StreamReport) {}
}

/// Hears nothing.
impl Observer for () {}

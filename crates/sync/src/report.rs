use crate::sink::SinkError;
use crate::stream_report::StreamReport;

/// The result of [`sync`](crate::sync).
#[derive(Debug)]
pub struct SyncReport {
    /// The streams of all jobs, in the order of the jobs.
    pub streams: Vec<StreamReport>,
    /// The error because of which the database stopped accepting records. Pages stored before it remain.
    pub failure: Option<SinkError>,
}

impl SyncReport {
    /// Returns whether every stream that was not skipped was fetched and stored completely.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failure.is_none() && self.streams.iter().all(|stream| stream.error.is_none())
    }
}

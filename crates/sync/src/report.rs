use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::{SinkError, StreamId};

/// What a sync did.
#[derive(Debug)]
pub struct Report {
    /// Every stream of every job, in the order of the jobs.
    pub streams: Vec<StreamReport>,
    /// Why the database stopped taking records, if it did. What was stored before stays, page by page whole.
    pub failure: Option<SinkError>,
}

impl Report {
    /// Whether everything that was not skipped was fetched and stored.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failure.is_none() && self.streams.iter().all(|stream| stream.error.is_none())
    }
}

/// What became of one stream.
#[derive(Clone, Debug, Serialize)]
pub struct StreamReport {
    /// Which stream.
    #[serde(flatten)]
    pub id: StreamId,
    /// Records the platform sent, a record that came twice counted twice.
    pub fetched: u64,
    /// Records that were not in the database.
    pub new: u64,
    /// Records that were there and differ now.
    pub changed: u64,
    /// Records that were there as they are.
    pub unchanged: u64,
    /// Records that could not be stored: no readable JSON, or nothing to know them by.
    pub rejected: u64,
    /// Lists walked: one, or one for every seed or parent record.
    pub walks: u64,
    /// Lists of parent records that the platform no longer knows.
    pub gone: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that repeated a failed one.
    pub retries: u64,
    /// Wall time.
    #[serde(rename = "elapsed_ms", serialize_with = "millis")]
    pub elapsed: Duration,
    /// Why the stream did not run.
    pub skipped: Option<String>,
    /// Why the stream is incomplete.
    pub error: Option<String>,
}

impl StreamReport {
    pub(crate) fn new(id: StreamId) -> Self {
        Self {
            id,
            fetched: 0,
            new: 0,
            changed: 0,
            unchanged: 0,
            rejected: 0,
            walks: 0,
            gone: 0,
            requests: 0,
            retries: 0,
            elapsed: Duration::ZERO,
            skipped: None,
            error: None,
        }
    }
}

fn millis<S: Serializer>(elapsed: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}

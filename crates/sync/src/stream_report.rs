use std::time::Duration;

use serde::{Serialize, Serializer};

/// Identifies a stream of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct StreamId {
    /// The name of the platform.
    pub platform: &'static str,
    /// The name of the account.
    pub account: String,
    /// The name of the stream.
    pub stream: &'static str,
}

/// The result of one stream.
#[derive(Clone, Debug, Serialize)]
pub struct StreamReport {
    /// The stream.
    #[serde(flatten)]
    pub id: StreamId,
    /// Records received, duplicates included.
    pub fetched: u64,
    /// Records that were inserted.
    pub new: u64,
    /// Records that were updated because they differ from the stored ones.
    pub changed: u64,
    /// Records that are equal to the stored ones and were not written.
    pub unchanged: u64,
    /// Records that could not be stored, because they are not valid JSON or have no key.
    pub rejected: u64,
    /// Lists read to the end: one, or one for each seed or parent record.
    pub walks: u64,
    /// Lists of parent records that no longer exist on the platform (404).
    pub gone: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that retried a failed one.
    pub retries: u64,
    /// Elapsed wall-clock time.
    #[serde(rename = "elapsed_ms", serialize_with = "millis")]
    pub elapsed: Duration,
    /// The reason why the stream was skipped.
    pub skipped: Option<String>,
    /// The reason why the stream is incomplete.
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

//! Records that do not match the spec.

use std::fmt;

use serde::Serialize;
use serde_json::value::RawValue;

/// A record of a list that does not match the spec. Its JSON is kept, so that no data is lost.
#[derive(Clone, Serialize)]
pub struct Rejected {
    index: usize,
    reason: String,
    #[serde(rename = "record")]
    raw: Box<RawValue>,
}

impl Rejected {
    pub(crate) fn new(index: usize, reason: String, raw: Box<RawValue>) -> Self {
        Self { index, reason, raw }
    }

    /// The zero-based index on the page.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The mismatch, without values of the record.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The JSON as received. May contain personal data.
    pub fn raw(&self) -> &RawValue {
        &self.raw
    }
}

impl fmt::Debug for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("index", &self.index)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

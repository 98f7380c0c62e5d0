//! One page of a list, and what is known about it.

use std::{fmt, time::Duration};

use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;

use crate::{cursor::Cursor, error::request_id, transport::Answer};

/// One page of a list.
#[derive(Clone)]
pub struct Page<T> {
    /// The items, in the server's order.
    pub items: Vec<T>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) repeated: usize,
    pub(crate) totals: Totals,
    pub(crate) next: Option<Cursor>,
    pub(crate) metadata: Metadata,
}

/// How much there is, as the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Items in all pages.
    pub items: Option<u64>,
    /// Pages.
    pub pages: Option<u64>,
}

/// What is known of an exchange besides its payload.
#[derive(Clone, Default)]
pub struct Metadata {
    status: Option<StatusCode>,
    headers: HeaderMap,
    attempts: u32,
    elapsed: Duration,
}

impl Metadata {
    pub(crate) fn of(answer: Answer) -> Self {
        Self {
            status: Some(answer.status),
            headers: answer.headers,
            attempts: answer.attempts,
            elapsed: answer.elapsed,
        }
    }

    /// The HTTP status; `None` for a page that was not fetched.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Requests that were sent for it.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Time it took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The platform's identifier of the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata")
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// A record that is not what the spec says. It is kept as it came, so that nothing is lost.
#[derive(Clone)]
pub struct Rejected {
    pub(crate) index: usize,
    pub(crate) reason: String,
    pub(crate) raw: Box<RawValue>,
}

impl Rejected {
    pub(crate) fn new(index: usize, reason: String, raw: Box<RawValue>) -> Self {
        Self { index, reason, raw }
    }

    /// Its place on the page, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What is wrong, without its values.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The JSON as it came.
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

impl<T> Page<T> {
    /// A page of these items, for tests of code that takes pages.
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            rejected: Vec::new(),
            repeated: 0,
            totals: Totals::default(),
            next: None,
            metadata: Metadata {
                attempts: 1,
                ..Metadata::default()
            },
        }
    }

    /// The same page, with totals.
    #[must_use]
    pub fn with_totals(mut self, totals: Totals) -> Self {
        self.totals = totals;
        self
    }

    /// Records of this page that are not what the spec says.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// Records left out because they stood on an earlier page of the same walk: while a list is read, records that come in at its front
    /// push others to the next page.
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// How much there is, as the server says.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Where the next page begins, to go on there later, also in another process: see `resume` of the
    /// request. `None` on the last page.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }

    /// Status, headers, attempts.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items)
            .field("rejected", &self.rejected)
            .field("totals", &self.totals)
            .finish_non_exhaustive()
    }
}

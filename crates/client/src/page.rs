//! One page of a list.

use std::fmt;

use serde::Serialize;

use crate::{cursor::Cursor, page_report::PageReport, rejected::Rejected, response::Metadata};

/// One page of a list.
///
/// It serialises as an object with `items`, `rejected` (`index`, `reason` and the `record` as received), `repeated`, `totals`,
/// `report` and `cursor`. This contains personal data.
#[derive(Clone, Serialize)]
pub struct Page<T> {
    /// The items, in the server's order.
    pub items: Vec<T>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) repeated: usize,
    pub(crate) totals: Totals,
    pub(crate) report: PageReport,
    #[serde(rename = "cursor")]
    pub(crate) next: Option<Cursor>,
    #[serde(skip)]
    pub(crate) metadata: Metadata,
}

/// The size of a list as the server reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Number of items on all pages.
    pub items: Option<u64>,
    /// Number of pages.
    pub pages: Option<u64>,
}

impl<T> Page<T> {
    /// Creates a page of items, for tests of code that takes pages.
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            rejected: Vec::new(),
            repeated: 0,
            totals: Totals::default(),
            report: PageReport::default(),
            next: None,
            metadata: Metadata::not_fetched(),
        }
    }

    /// Sets the totals.
    #[must_use]
    pub fn with_totals(mut self, totals: Totals) -> Self {
        self.totals = totals;
        self
    }

    /// Records of this page that do not match the spec.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The number of records dropped because they were on an earlier page of the same walk. Records inserted at the front of
    /// a list while it is read move others to the next page.
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// The size of the list as the server reports it.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Sets the metadata that the platform reports.
    #[must_use]
    pub fn with_report(mut self, report: PageReport) -> Self {
        self.report = report;
        self
    }

    /// The documented metadata of the page, as the platform reports it.
    pub fn report(&self) -> &PageReport {
        &self.report
    }

    /// The position of the next page; `None` on the last page. A request continues there with `resume`, in this process or
    /// another.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.next.as_ref()
    }

    /// Status, headers, attempts and elapsed time of the response.
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

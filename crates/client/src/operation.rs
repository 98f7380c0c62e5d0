//! Operations as data: the tables that the generator writes from a spec.

use std::time::Duration;

/// An operation of a spec. Generated crates have one static for each.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: &'static str,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template, relative to the base URL.
    pub path: &'static str,
    /// Alternative sets of security schemes. All schemes of one set are required.
    pub security: &'static [&'static [&'static str]],
    /// Constant headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// Media type of the documented success response.
    pub accept: &'static str,
    /// Whether the operation may be retried.
    pub retry: RetryClass,
    /// Documented rate limit.
    pub rate_limit: Option<RateLimit>,
    /// Structure of a response.
    pub envelope: EnvelopeRules,
    /// For a list: how it is paged.
    pub pagination: Option<PagingPlan>,
    /// Documented failures.
    pub errors: &'static [DocumentedError],
}

/// Whether an operation may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryClass {
    /// It has no effect on the platform, whatever its HTTP method.
    Read,
    /// A write whose repetition has no further effect.
    Idempotent,
    /// A write that must not be repeated.
    Never,
}

/// A rate limit: at most `requests` within any window of length `per`, for one operation and credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Maximum number of requests in a window.
    pub requests: u32,
    /// Length of the window.
    pub per: Duration,
}

/// The locations of payload, message and error code in a response, and the conditions of a failure.
#[derive(Debug, Clone, Copy)]
pub struct EnvelopeRules {
    /// JSON Pointer to the payload; `""` is the whole response.
    pub data: &'static str,
    /// Whether the payload is a list with one element.
    pub first: bool,
    /// Pointers to an error message. The first string found is used.
    pub message: &'static [&'static str],
    /// Pointers to an error code. The first code found is used.
    pub code: &'static [&'static str],
    /// Conditions of which any makes a 2xx response a failure.
    pub fail_when: &'static [FailureCondition],
}

/// A condition that makes a 2xx response a failure.
#[derive(Debug, Clone, Copy)]
pub struct FailureCondition {
    /// JSON Pointer to the tested value.
    pub at: &'static str,
    /// Test of the value.
    pub test: ValueTest,
}

/// A test of one value of a response. An absent value fails every test.
#[derive(Debug, Clone, Copy)]
pub enum ValueTest {
    /// Present and not null.
    Present,
    /// Equal to this boolean.
    IsBool(bool),
    /// Equal to this string.
    IsText(&'static str),
    /// A string other than this.
    NotText(&'static str),
    /// An integer at least this large.
    Min(i64),
}

/// How a list is paged.
#[derive(Debug, Clone, Copy)]
pub struct PagingPlan {
    /// Style of positions.
    pub style: PagingStyle,
    /// Position of the first page.
    pub first: u64,
    /// Pointers to the list. The first list found is used; `""` is the whole response.
    pub items: &'static [&'static str],
    /// Pointer to the key of a record.
    pub key: Option<&'static str>,
    /// Source of the next cursor.
    pub next: CursorSource,
    /// Pointer to the number of pages.
    pub total_pages: Option<&'static str>,
    /// Pointer to the number of items.
    pub total: Option<&'static str>,
    /// Pointer to the page size that the server used.
    pub echo_size: Option<&'static str>,
    /// Pointers to other documented metadata of a page.
    pub report: PageReportPointers,
}

/// The pointers to the documented metadata of a page.
#[derive(Debug, Clone, Copy)]
pub struct PageReportPointers {
    /// Pointer to the position of the page.
    pub position: Option<&'static str>,
    /// Pointer to a number of records.
    pub count: Option<&'static str>,
    /// Pointer to a boolean that tells success from failure.
    pub success: Option<&'static str>,
    /// Pointers to a message.
    pub message: &'static [&'static str],
    /// Pointers to a code.
    pub code: &'static [&'static str],
}

impl PageReportPointers {
    /// No documented metadata.
    pub const NONE: Self = Self {
        position: None,
        count: None,
        success: None,
        message: &[],
        code: &[],
    };

    /// All pointers.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static str> {
        [self.position, self.count, self.success]
            .into_iter()
            .flatten()
            .chain(self.message.iter().copied())
            .chain(self.code.iter().copied())
    }
}

/// The style of positions in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingStyle {
    /// Page numbers.
    Page,
    /// Numbers of items to skip.
    Offset,
    /// Cursors from the response or its last item.
    Cursor,
    /// A single response with the whole list.
    Single,
}

/// The source of the next cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorSource {
    /// None: positions are counted.
    Counted,
    /// A pointer into the response.
    Pointer(&'static str),
    /// A pointer into the last item.
    LastItem(&'static str),
}

/// A documented error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentedCode {
    /// An integer, or a string that contains one.
    Number(i64),
    /// Any other string.
    Text(&'static str),
}

/// A documented error.
#[derive(Debug, Clone, Copy)]
pub struct DocumentedError {
    /// HTTP status, or its first digit for the whole class.
    pub status: u16,
    /// The platform's error code.
    pub code: Option<DocumentedCode>,
    /// The platform's name of the error.
    pub name: Option<&'static str>,
    /// Meaning of the error.
    pub summary: &'static str,
    /// Whether the code or name may be anywhere in the body.
    pub anywhere: bool,
}

//! One row an operation: everything about a call that is data in the spec.

use std::time::Duration;

/// An operation of a platform, as its spec describes it. Generated crates hold one static a row.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: &'static str,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template, without the base URL's own path.
    pub path: &'static str,
    /// Alternatives, each a set of schemes that must all be satisfied.
    pub security: &'static [&'static [&'static str]],
    /// Constant headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// Media type of the documented success.
    pub accept: &'static str,
    /// What may be done after a failure.
    pub retry: RetryClass,
    /// Documented request limit.
    pub rate_limit: Option<RateLimit>,
    /// How an answer wraps its payload and reports failure.
    pub envelope: Envelope,
    /// How a list continues.
    pub pagination: Option<Pagination>,
    /// Documented failures.
    pub errors: &'static [ErrorInfo],
}

/// Whether sending an operation twice can do harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryClass {
    /// Reads: changes nothing on the platform, whatever the HTTP method says.
    Read,
    /// Writes whose repetition has no further effect.
    Idempotent,
    /// Writes that must not be sent twice.
    Never,
}

/// At most `requests` in any window of `per`, for one operation and credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests in a window.
    pub requests: u32,
    /// The window.
    pub per: Duration,
}

/// Where an answer keeps its payload, its message and its failure.
#[derive(Debug, Clone, Copy)]
pub struct Envelope {
    /// JSON Pointer of the payload; `""` is the whole answer.
    pub data: &'static str,
    /// The payload is a list of one.
    pub first: bool,
    /// Pointers of a text for people.
    pub message: &'static [&'static str],
    /// Pointers of the platform's own code.
    pub code: &'static [&'static str],
    /// Conditions under which a 2xx answer is a failure.
    pub fail_when: &'static [FailWhen],
}

/// One condition of [`Envelope::fail_when`].
#[derive(Debug, Clone, Copy)]
pub struct FailWhen {
    /// JSON Pointer.
    pub at: &'static str,
    /// What about it.
    pub test: Test,
}

/// A condition on one value of an answer. An absent value meets none.
#[derive(Debug, Clone, Copy)]
pub enum Test {
    /// There and not null.
    Present,
    /// Equal to this boolean.
    IsBool(bool),
    /// Equal to this text.
    IsText(&'static str),
    /// A text other than this.
    NotText(&'static str),
    /// A number at least this large.
    Min(i64),
}

/// How a list continues.
#[derive(Debug, Clone, Copy)]
pub struct Pagination {
    /// Page numbers, offsets, cursors, or one answer.
    pub style: Style,
    /// The first position.
    pub first: u64,
    /// Pointers of the list, the first one there counts; `""` is an answer that is itself a list.
    pub items: &'static [&'static str],
    /// Pointer into a record: what tells records apart.
    pub key: Option<&'static str>,
    /// Where the next cursor is.
    pub next: Next,
    /// Pointer of the number of pages.
    pub total_pages: Option<&'static str>,
    /// Pointer of the number of items.
    pub total: Option<&'static str>,
    /// Pointer of the page size that the server used.
    pub echo_size: Option<&'static str>,
}

/// The kinds of positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Numbered pages.
    Page,
    /// A number of items to skip.
    Offset,
    /// A text given by the server or taken from the last item.
    Cursor,
    /// The whole list in one answer.
    Single,
}

/// Where a cursor comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nowhere: positions are counted.
    Counted,
    /// A pointer into the answer.
    Pointer(&'static str),
    /// A pointer into the last item.
    LastItem(&'static str),
}

/// A documented error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A number, or a text that is one.
    Number(i64),
    /// Any other text.
    Text(&'static str),
}

/// A documented failure.
#[derive(Debug, Clone, Copy)]
pub struct ErrorInfo {
    /// HTTP status, or the first digit for a whole class of them.
    pub status: u16,
    /// The platform's code, where it has one.
    pub code: Option<Code>,
    /// The platform's name for it.
    pub name: Option<&'static str>,
    /// What it means.
    pub summary: &'static str,
    /// The code or name may stand anywhere in the body.
    pub anywhere: bool,
}

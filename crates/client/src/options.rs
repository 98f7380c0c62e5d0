//! Options of a client.

use std::time::Duration;

/// Timeouts, retries and limits of a client. The defaults suit programs that read lists.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) attempts: u32,
    pub(crate) body_limit: usize,
    pub(crate) dedupe: bool,
    pub(crate) page_limit: u64,
    pub(crate) undelimited_exports: bool,
    pub(crate) clock_correction: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(60),
            deadline: Duration::from_secs(300),
            attempts: 3,
            body_limit: 64 << 20,
            dedupe: true,
            page_limit: 1_000_000,
            undelimited_exports: false,
            clock_correction: true,
        }
    }
}

impl Options {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of establishing a connection. Default: 10 s.
    #[must_use]
    pub fn with_connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets the timeout between two reads of a response. Default: 30 s.
    #[must_use]
    pub fn with_read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }

    /// Sets the timeout of one attempt, until its response has been read. Default: 60 s. For a streamed export, until its
    /// headers have been read.
    #[must_use]
    pub fn with_attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// Sets the deadline of a call, including waits and retries. Default: 300 s.
    #[must_use]
    pub fn with_deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// Sets the maximum number of attempts, including the first. Default: 3; minimum: 1.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the maximum size of a response body in bytes. Default: 64 MiB. Does not apply to streamed exports.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets whether a walk over a list drops repeated records, identified by their key. Default: `true`. This needs about
    /// twenty bytes of memory for each record.
    #[must_use]
    pub fn with_dedupe(mut self, dedupe: bool) -> Self {
        self.dedupe = dedupe;
        self
    }

    /// Sets whether the client corrects its clock, once, if a signature is rejected and the `Date` of the response differs
    /// from the local clock by 30 s to 24 h. Default: `true`.
    #[must_use]
    pub fn with_clock_correction(mut self, correct: bool) -> Self {
        self.clock_correction = correct;
        self
    }

    /// Sets the maximum number of pages of a walk over a list. Default: 1,000,000.
    #[must_use]
    pub fn with_page_limit(mut self, pages: u64) -> Self {
        self.page_limit = pages;
        self
    }

    /// Sets whether an export may end with the closing of the connection, with neither a length nor chunks. Default: `false`,
    /// because a truncated export looks the same. Its rows are delivered either way; unless allowed, an error of kind
    /// [`Unverified`](crate::ErrorKind::Unverified) follows them.
    #[must_use]
    pub fn with_undelimited_exports(mut self, allow: bool) -> Self {
        self.undelimited_exports = allow;
        self
    }
}

//! What a user may set on a client.

use std::time::Duration;

/// Limits of a client. The defaults suit a program that reads lists.
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
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time to make a connection; 10 s by default.
    #[must_use]
    pub fn with_connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Time between two pieces of an answer; 30 s by default.
    #[must_use]
    pub fn with_read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = limit;
        self
    }

    /// Time for one attempt until its answer is read; 60 s by default. Does not apply to streamed exports.
    #[must_use]
    pub fn with_attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = limit;
        self
    }

    /// Time for one call, its waits and retries included; 300 s by default.
    #[must_use]
    pub fn with_deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// How often a request is sent at most, the first time included; 3 by default, at least 1.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Bytes of an answer at most; 64 MiB by default. Does not apply to streamed exports.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Whether a walk over a list leaves out records that it has met already, by their key; yes by default. It
    /// remembers at most some twenty bytes a record for it.
    #[must_use]
    pub fn with_dedupe(mut self, dedupe: bool) -> Self {
        self.dedupe = dedupe;
        self
    }

    /// Whether a refused signature is made again, once a client, with the server's time where its `Date` says that this
    /// machine's clock is 30 s to 24 h off; yes by default.
    #[must_use]
    pub fn with_clock_correction(mut self, correct: bool) -> Self {
        self.clock_correction = correct;
        self
    }

    /// Pages of one walk over a list at most; a million by default.
    #[must_use]
    pub fn with_page_limit(mut self, pages: u64) -> Self {
        self.page_limit = pages;
        self
    }

    /// Whether an export may end by the server closing the connection, with neither a length nor chunks; no by default, since a
    /// cut one looks the same. Its rows are delivered in any case; without leave an error of kind
    /// [`Unverified`](crate::ErrorKind::Unverified) follows them.
    #[must_use]
    pub fn with_undelimited_exports(mut self, allow: bool) -> Self {
        self.undelimited_exports = allow;
        self
    }
}

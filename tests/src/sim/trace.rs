//! What a thread says at the level of TRACE, kept in memory.

use std::{cell::RefCell, io, sync::Once};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{fmt::MakeWriter, fmt::format::FmtSpan, util::SubscriberInitExt as _};

thread_local! {
    static SAID: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Keep;

impl io::Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        SAID.with_borrow_mut(|said| said.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Keep {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

/// Keeps everything from now on, whatever crate says it: events and spans of tracing, and records of log.
pub fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .without_time()
            .with_writer(Keep)
            .finish()
            .init();
    });
}

/// What this thread has said since the last time, without how long it took.
pub fn take() -> String {
    let said = String::from_utf8(SAID.take()).unwrap();
    let lines = said
        .lines()
        .map(|line| line.split(" time.busy=").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

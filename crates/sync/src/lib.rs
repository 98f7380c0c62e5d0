#![doc = include_str!("../README.md")]

mod content;
mod engine;
mod job;
mod prepare;
mod progress;
mod report;
mod sink;
mod stream;
mod stream_report;
mod tally;
mod writer;

pub use engine::sync;
pub use job::{Job, PlannedStream};
pub use progress::{Observer, Progress};
pub use report::SyncReport;
pub use sink::{Sink, SinkError, SinkErrorKind};
pub use stream_report::{StreamId, StreamReport};

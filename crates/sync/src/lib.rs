//! Streams of platform records into one SQLite database, upserted in transactions.
//!
//! [`sync`] takes [`Job`]s (a platform, an account, its streams), walks every stream page by page, maps each record to the
//! common model and stores it through a [`Sink`]. It runs once and returns a [`Report`]; when to run again is for others to decide.
//!
//! - Platforms run concurrently; the streams of one account run in order, parents before their children.
//! - A page is stored whole or not at all: a kill at any moment leaves a database that the next run completes.
//! - A record that is as it was is not written again, so the counts of a report say what really changed.
//! - One stream's failure does not stop the others, and nothing is dropped in silence: every record that could not
//!   be stored is counted as rejected.
//!
//! # The database
//!
//! The tables `contacts`, `conversations` and `messages` have the columns of the common model
//! ([`botroster_contacts::Record::FIELDS`]) as text; `banned` is 0 or 1, `tags` is a JSON array and `attributes` a JSON object.
//! `raw` is the platform's record as it came. A row is known by `platform`, `account`, `stream` and `id`. `first_stored_at` and
//! `last_changed_at` are this computer's time. `runs` has one row a run, `walks` one row a stream and run.

mod content;
mod engine;
mod job;
mod observer;
mod prepare;
mod report;
mod sink;
mod stream;
mod tally;
mod writer;

pub use engine::sync;
pub use job::{Job, PlannedStream};
pub use observer::{Observer, Progress, StreamId};
pub use report::{Report, StreamReport};
pub use sink::{Sink, SinkError, SinkErrorKind};

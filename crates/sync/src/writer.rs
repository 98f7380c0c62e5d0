//! The thread that writes the database. SQLite allows one writer at a time, and waiting for it must not block the network.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use crate::sink::{Sink, SinkError, StoredRecord};
use crate::stream_report::{StreamId, StreamReport};
use crate::tally::StreamTally;

/// Pages queued for writing; a full queue makes the readers wait, which bounds the memory.
const WAITING_PAGES: usize = 16;

/// Records after which no further queued page is added to a transaction.
const TRANSACTION_RECORDS: usize = 500;

/// One page of a stream.
pub(crate) struct Batch {
    pub(crate) id: Arc<StreamId>,
    pub(crate) entries: Vec<StoredRecord>,
    pub(crate) tally: Arc<StreamTally>,
}

enum WriterCommand {
    Store(Batch),
    /// Replies once everything sent before is stored.
    Flush(oneshot::Sender<()>),
    Record(Box<StreamReport>),
}

/// The writer has stopped. Its error is returned by [`DatabaseWriter::join`].
#[derive(Debug)]
pub(crate) struct Stopped;

/// Sends pages and reports to the writer. Clones send to the same writer.
#[derive(Clone)]
pub(crate) struct Outlet {
    sender: mpsc::Sender<WriterCommand>,
}

/// The writer, which ends when the last outlet is dropped.
pub(crate) struct DatabaseWriter {
    thread: JoinHandle<Result<(), SinkError>>,
}

pub(crate) fn start(sink: Sink) -> Result<(Outlet, DatabaseWriter), SinkError> {
    let (sender, receiver) = mpsc::channel(WAITING_PAGES);
    let path = sink.path().to_owned();
    let thread = thread::Builder::new()
        .name("database".to_owned())
        .spawn(move || write(sink, receiver));
    let thread = thread
        .map_err(|_| SinkError::other(&path, "the thread that writes it cannot be started"))?;
    Ok((Outlet { sender }, DatabaseWriter { thread }))
}

impl Outlet {
    pub(crate) async fn store(&self, batch: Batch) -> Result<(), Stopped> {
        self.sender
            .send(WriterCommand::Store(batch))
            .await
            .map_err(|_| Stopped)
    }

    /// Waits until everything sent before is stored.
    pub(crate) async fn flush(&self) -> Result<(), Stopped> {
        let (done, stored) = oneshot::channel();
        self.sender
            .send(WriterCommand::Flush(done))
            .await
            .map_err(|_| Stopped)?;
        stored.await.map_err(|_| Stopped)
    }

    pub(crate) async fn record(&self, report: &StreamReport) -> Result<(), Stopped> {
        self.sender
            .send(WriterCommand::Record(Box::new(report.clone())))
            .await
            .map_err(|_| Stopped)
    }
}

impl DatabaseWriter {
    /// Blocks until the writer has ended. Drop all outlets first.
    pub(crate) fn join(self) -> Result<(), SinkError> {
        match self.thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn write(mut sink: Sink, mut receiver: mpsc::Receiver<WriterCommand>) -> Result<(), SinkError> {
    let run = sink.begin_run()?;
    let mut next = receiver.blocking_recv();
    while let Some(command) = next.take() {
        match command {
            WriterCommand::Store(batch) => {
                let (batches, after) = gather(batch, &mut receiver);
                store(&mut sink, &batches)?;
                next = after;
            }
            WriterCommand::Flush(done) => {
                // The receiver may have been dropped meanwhile.
                let _ = done.send(());
            }
            WriterCommand::Record(report) => sink.record_walk(run, &report)?,
        }
        if next.is_none() {
            next = receiver.blocking_recv();
        }
    }
    sink.finish_run(run)
}

/// Takes further queued pages. Returns the batches and the command that followed them, if it was another one.
fn gather(
    first: Batch,
    receiver: &mut mpsc::Receiver<WriterCommand>,
) -> (Vec<Batch>, Option<WriterCommand>) {
    let mut records = first.entries.len();
    let mut batches = vec![first];
    while records < TRANSACTION_RECORDS {
        match receiver.try_recv() {
            Ok(WriterCommand::Store(batch)) => {
                records += batch.entries.len();
                batches.push(batch);
            }
            Ok(other) => return (batches, Some(other)),
            Err(_) => break,
        }
    }
    (batches, None)
}

fn store(sink: &mut Sink, batches: &[Batch]) -> Result<(), SinkError> {
    let counts = sink.store(
        batches
            .iter()
            .map(|batch| (&*batch.id, batch.entries.as_slice())),
    )?;
    for (batch, counts) in batches.iter().zip(counts) {
        batch.tally.stored(counts);
    }
    Ok(())
}

//! One thread writes the database: SQLite takes one writer at a time, and its waiting must not hold up the network.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

use crate::sink::{Entry, Sink, SinkError};
use crate::tally::Tally;
use crate::{StreamId, StreamReport};

/// Pages that wait to be written before the walks wait too: bounds the memory.
const WAITING_PAGES: usize = 16;

/// Records after which a transaction takes no further waiting page.
const TRANSACTION_RECORDS: usize = 500;

/// One page of a stream.
pub(crate) struct Batch {
    pub(crate) id: Arc<StreamId>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) tally: Arc<Tally>,
}

enum Command {
    Store(Batch),
    /// Answered once everything sent before is stored.
    Flush(oneshot::Sender<()>),
    Record(Box<StreamReport>),
}

/// The writer has stopped; its error is known at the end of the run.
#[derive(Debug)]
pub(crate) struct Stopped;

/// A place to send pages to. Clones send to the same writer.
#[derive(Clone)]
pub(crate) struct Outlet {
    sender: mpsc::Sender<Command>,
}

/// The writer itself, which ends when the last outlet is dropped.
pub(crate) struct Writer {
    thread: JoinHandle<Result<(), SinkError>>,
}

pub(crate) fn start(sink: Sink) -> Result<(Outlet, Writer), SinkError> {
    let (sender, receiver) = mpsc::channel(WAITING_PAGES);
    let path = sink.path().to_owned();
    let thread = thread::Builder::new()
        .name("database".to_owned())
        .spawn(move || write(sink, receiver));
    let thread =
        thread.map_err(|_| SinkError::other(&path, "no thread can be started to write it"))?;
    Ok((Outlet { sender }, Writer { thread }))
}

impl Outlet {
    pub(crate) async fn store(&self, batch: Batch) -> Result<(), Stopped> {
        self.sender
            .send(Command::Store(batch))
            .await
            .map_err(|_| Stopped)
    }

    /// Waits until everything sent before is stored.
    pub(crate) async fn flush(&self) -> Result<(), Stopped> {
        let (done, stored) = oneshot::channel();
        self.sender
            .send(Command::Flush(done))
            .await
            .map_err(|_| Stopped)?;
        stored.await.map_err(|_| Stopped)
    }

    pub(crate) async fn record(&self, report: &StreamReport) -> Result<(), Stopped> {
        self.sender
            .send(Command::Record(Box::new(report.clone())))
            .await
            .map_err(|_| Stopped)
    }
}

impl Writer {
    /// Waits for the end. Blocks; drop all outlets before.
    pub(crate) fn join(self) -> Result<(), SinkError> {
        match self.thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn write(mut sink: Sink, mut receiver: mpsc::Receiver<Command>) -> Result<(), SinkError> {
    let run = sink.begin_run()?;
    let mut next = receiver.blocking_recv();
    while let Some(command) = next.take() {
        match command {
            Command::Store(batch) => {
                let (batches, after) = gather(batch, &mut receiver);
                store(&mut sink, &batches)?;
                next = after;
            }
            Command::Flush(done) => {
                // Who asked may have given up meanwhile.
                let _ = done.send(());
            }
            Command::Record(report) => sink.record_walk(run, &report)?,
        }
        if next.is_none() {
            next = receiver.blocking_recv();
        }
    }
    sink.finish_run(run)
}

/// Takes further pages that already wait, and the command that ended the taking.
fn gather(first: Batch, receiver: &mut mpsc::Receiver<Command>) -> (Vec<Batch>, Option<Command>) {
    let mut records = first.entries.len();
    let mut batches = vec![first];
    while records < TRANSACTION_RECORDS {
        match receiver.try_recv() {
            Ok(Command::Store(batch)) => {
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

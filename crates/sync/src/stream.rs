use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use botroster_client::{Connection, Error, StreamInfo};
use futures_util::StreamExt as _;
use serde_json::value::RawValue;

use crate::content::{self, Fingerprint};
use crate::prepare::{PlannedWalk, Preparer};
use crate::progress::Observer;
use crate::stream_report::{StreamId, StreamReport};
use crate::tally::StreamTally;
use crate::writer::{Batch, Outlet, Stopped};

/// Lists of one stream that are read concurrently.
const CONCURRENT_WALKS: usize = 8;

/// Failed lists after which a stream stops: so many failures hardly come from the individual lists.
const FAILED_WALKS: usize = 16;

/// The lists of child streams to read, by stream.
pub(crate) type Children = HashMap<&'static str, Vec<PlannedWalk>>;

/// The sync of one stream of one account.
pub(crate) struct StreamRun<'a> {
    pub(crate) connection: &'a dyn Connection,
    pub(crate) stream: &'static StreamInfo,
    pub(crate) id: Arc<StreamId>,
    pub(crate) preparer: &'a Preparer,
    pub(crate) outlet: &'a Outlet,
    pub(crate) observer: &'a dyn Observer,
}

/// The result of a stream and the lists of its children.
pub(crate) struct Finished {
    pub(crate) report: StreamReport,
    pub(crate) children: Children,
}

enum WalkFailure {
    Platform(Error),
    Database,
}

impl From<Stopped> for WalkFailure {
    fn from(Stopped: Stopped) -> Self {
        Self::Database
    }
}

/// The state shared by the concurrent lists of a stream.
struct StreamState {
    walks: u64,
    tally: Arc<StreamTally>,
    children: Mutex<ChildWalks>,
}

#[derive(Default)]
struct ChildWalks {
    known: HashSet<(&'static str, String)>,
    walks: Children,
}

impl StreamRun<'_> {
    /// Reads the lists. Errors are returned in the report.
    pub(crate) async fn run(&self, walks: Vec<PlannedWalk>) -> Finished {
        let began = Instant::now();
        let state = StreamState {
            walks: u64::try_from(walks.len()).unwrap_or(u64::MAX),
            tally: Arc::default(),
            children: Mutex::default(),
        };
        self.observer
            .started(&self.id, &state.tally.progress(state.walks));
        let mut error = self.walk_all(walks, &state).await;
        if self.outlet.flush().await.is_err() {
            error = Some(DATABASE_STOPPED.to_owned());
        }
        let mut report = StreamReport::new((*self.id).clone());
        state.tally.write_to(&mut report);
        report.elapsed = began.elapsed();
        report.error = error;
        let children = state
            .children
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Finished {
            report,
            children: children.walks,
        }
    }

    /// Returns the first error, with the number of failed lists if there is more than one list.
    async fn walk_all(&self, walks: Vec<PlannedWalk>, state: &StreamState) -> Option<String> {
        let walks = futures_util::stream::iter(walks);
        let mut results = walks
            .map(|walk| self.walk(walk, state))
            .buffer_unordered(CONCURRENT_WALKS);
        let mut first: Option<Error> = None;
        let (mut failed, mut gone): (usize, Option<Error>) = (0, None);
        while let Some(result) = results.next().await {
            match result {
                Ok(()) => {}
                Err(WalkFailure::Database) => return Some(DATABASE_STOPPED.to_owned()),
                // The parent record was deleted after it was listed, which is not a failure.
                Err(WalkFailure::Platform(error))
                    if error.is_not_found() && self.stream.parent.is_some() =>
                {
                    state.tally.gone();
                    gone.get_or_insert(error);
                }
                Err(WalkFailure::Platform(error)) => {
                    failed += 1;
                    let hopeless = error.is_auth();
                    first.get_or_insert(error);
                    if hopeless || failed == FAILED_WALKS {
                        break;
                    }
                }
            }
        }
        let all_gone = state.tally.progress(state.walks).walks_done == 0;
        match (first, gone) {
            (Some(error), _) if state.walks > 1 => Some(format!(
                "{error} ({failed} of {} lists failed)",
                state.walks
            )),
            (Some(error), _) => Some(error.to_string()),
            // If every list is gone, the address is more likely wrong than all records deleted.
            (None, Some(error)) if all_gone => {
                Some(format!("{error} (for all {} lists)", state.walks))
            }
            (None, _) => None,
        }
    }

    async fn walk(&self, walk: PlannedWalk, state: &StreamState) -> Result<(), WalkFailure> {
        let mut pages = self
            .connection
            .walk(self.stream, &walk.arguments)
            .map_err(WalkFailure::Platform)?;
        let mut seen = HashMap::new();
        loop {
            match pages.try_next().await {
                Ok(Some(page)) => {
                    state.tally.sent(page.metadata().attempts());
                    if let Some(total) = page.totals().items.filter(|_| state.walks == 1) {
                        state.tally.expect(total);
                    }
                    let unread = u64::try_from(page.rejected().len()).unwrap_or(u64::MAX);
                    state.tally.fetched(unread);
                    state.tally.rejected(unread);
                    self.take(page.items, &walk, &mut seen, state).await?;
                }
                Ok(None) => {
                    state.tally.walk_done();
                    self.observer
                        .progressed(&self.id, &state.tally.progress(state.walks));
                    return Ok(());
                }
                Err(error) => {
                    state.tally.sent(error.attempts());
                    return Err(WalkFailure::Platform(error));
                }
            }
        }
    }

    /// Sends one page to the writer.
    async fn take(
        &self,
        records: Vec<Box<RawValue>>,
        walk: &PlannedWalk,
        seen: &mut HashMap<Fingerprint, u64>,
        state: &StreamState,
    ) -> Result<(), WalkFailure> {
        state
            .tally
            .fetched(u64::try_from(records.len()).unwrap_or(u64::MAX));
        let mut entries = Vec::with_capacity(records.len());
        for raw in records {
            match self.preparer.prepare(raw, walk, seen) {
                Ok(prepared) => {
                    entries.push(prepared.entry);
                    state.add_children(prepared.children);
                }
                Err(_) => state.tally.rejected(1),
            }
        }
        self.observer
            .progressed(&self.id, &state.tally.progress(state.walks));
        let batch = Batch {
            id: Arc::clone(&self.id),
            entries,
            tally: Arc::clone(&state.tally),
        };
        Ok(self.outlet.store(batch).await?)
    }
}

/// The cause is in `SyncReport::failure`.
const DATABASE_STOPPED: &str = "the database stopped accepting records";

impl StreamState {
    /// Adds the lists of child streams for a record, once if the record occurs twice.
    fn add_children(&self, added: Vec<(&'static str, PlannedWalk)>) {
        if added.is_empty() {
            return;
        }
        let mut children = self.children.lock().unwrap_or_else(PoisonError::into_inner);
        for (stream, walk) in added {
            let key = content::of_record(&walk.arguments, "");
            if children.known.insert((stream, content::hex(&key))) {
                children.walks.entry(stream).or_default().push(walk);
            }
        }
    }
}

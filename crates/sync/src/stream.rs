use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use botroster_client::{Connection, Error, StreamInfo};
use futures_util::StreamExt as _;
use serde_json::value::RawValue;

use crate::prepare::{Preparer, Walk};
use crate::tally::Tally;
use crate::writer::{Batch, Outlet, Stopped};
use crate::{Observer, StreamId, StreamReport};

/// Lists of one stream that are walked at the same time.
const CONCURRENT_WALKS: usize = 8;

/// Failed lists after which a stream with many of them gives up: the fault is then hardly in the lists.
const FAILED_WALKS: usize = 16;

/// The walks that records of a stream ask for, by the stream that makes them.
pub(crate) type Children = HashMap<&'static str, Vec<Walk>>;

/// One stream of one account while it is synced.
pub(crate) struct StreamRun<'a> {
    pub(crate) connection: &'a dyn Connection,
    pub(crate) stream: &'static StreamInfo,
    pub(crate) id: Arc<StreamId>,
    pub(crate) preparer: &'a Preparer,
    pub(crate) outlet: &'a Outlet,
    pub(crate) observer: &'a dyn Observer,
}

/// What a stream leaves behind.
pub(crate) struct Finished {
    pub(crate) report: StreamReport,
    pub(crate) children: Children,
}

enum Failure {
    Platform(Error),
    Database,
}

impl From<Stopped> for Failure {
    fn from(Stopped: Stopped) -> Self {
        Self::Database
    }
}

/// What the walks of a stream share.
struct Shared {
    walks: u64,
    tally: Arc<Tally>,
    children: Mutex<ChildWalks>,
}

#[derive(Default)]
struct ChildWalks {
    known: HashSet<(&'static str, String)>,
    walks: Children,
}

impl StreamRun<'_> {
    /// Walks the lists. Never fails: what goes wrong is in the report.
    pub(crate) async fn run(&self, walks: Vec<Walk>) -> Finished {
        let began = Instant::now();
        let shared = Shared {
            walks: u64::try_from(walks.len()).unwrap_or(u64::MAX),
            tally: Arc::default(),
            children: Mutex::default(),
        };
        self.observer
            .started(&self.id, &shared.tally.progress(shared.walks));
        let mut error = self.walk_all(walks, &shared).await;
        if self.outlet.flush().await.is_err() {
            error = Some(DATABASE_STOPPED.to_owned());
        }
        let mut report = StreamReport::new((*self.id).clone());
        shared.tally.write_to(&mut report);
        report.elapsed = began.elapsed();
        report.error = error;
        let children = shared
            .children
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Finished {
            report,
            children: children.walks,
        }
    }

    /// The first error, with the number of failed lists where there are many.
    async fn walk_all(&self, walks: Vec<Walk>, shared: &Shared) -> Option<String> {
        let walks = futures_util::stream::iter(walks);
        let mut results = walks
            .map(|walk| self.walk(walk, shared))
            .buffer_unordered(CONCURRENT_WALKS);
        let mut first: Option<Error> = None;
        let (mut failed, mut gone): (usize, Option<Error>) = (0, None);
        while let Some(result) = results.next().await {
            match result {
                Ok(()) => {}
                Err(Failure::Database) => return Some(DATABASE_STOPPED.to_owned()),
                // What was listed a moment ago is gone now: that happens to single records and is no failure.
                Err(Failure::Platform(error))
                    if error.is_not_found() && self.stream.parent.is_some() =>
                {
                    shared.tally.gone();
                    gone.get_or_insert(error);
                }
                Err(Failure::Platform(error)) => {
                    failed += 1;
                    let hopeless = error.is_auth();
                    first.get_or_insert(error);
                    if hopeless || failed == FAILED_WALKS {
                        break;
                    }
                }
            }
        }
        let all_gone = shared.tally.progress(shared.walks).walks_done == 0;
        match (first, gone) {
            (Some(error), _) if shared.walks > 1 => Some(format!(
                "{error} ({failed} of {} lists failed)",
                shared.walks
            )),
            (Some(error), _) => Some(error.to_string()),
            // Every single list gone is rather a wrong address than so many people who left at once.
            (None, Some(error)) if all_gone => {
                Some(format!("{error} (for every one of {} lists)", shared.walks))
            }
            (None, _) => None,
        }
    }

    async fn walk(&self, walk: Walk, shared: &Shared) -> Result<(), Failure> {
        let mut pages = self
            .connection
            .walk(self.stream, &walk.arguments)
            .map_err(Failure::Platform)?;
        let mut seen = HashMap::new();
        loop {
            match pages.try_next().await {
                Ok(Some(page)) => {
                    shared.tally.sent(page.metadata().attempts());
                    if let Some(total) = page.totals().items.filter(|_| shared.walks == 1) {
                        shared.tally.expect(total);
                    }
                    let unread = u64::try_from(page.rejected().len()).unwrap_or(u64::MAX);
                    shared.tally.fetched(unread);
                    shared.tally.rejected(unread);
                    self.take(page.items, &walk, &mut seen, shared).await?;
                }
                Ok(None) => {
                    shared.tally.walk_done();
                    self.observer
                        .progressed(&self.id, &shared.tally.progress(shared.walks));
                    return Ok(());
                }
                Err(error) => {
                    shared.tally.sent(error.attempts());
                    return Err(Failure::Platform(error));
                }
            }
        }
    }

    /// Hands one page to the writer.
    async fn take(
        &self,
        records: Vec<Box<RawValue>>,
        walk: &Walk,
        seen: &mut HashMap<crate::content::Fingerprint, u64>,
        shared: &Shared,
    ) -> Result<(), Failure> {
        shared
            .tally
            .fetched(u64::try_from(records.len()).unwrap_or(u64::MAX));
        let mut entries = Vec::with_capacity(records.len());
        for raw in records {
            match self.preparer.prepare(raw, walk, seen) {
                Ok(prepared) => {
                    entries.push(prepared.entry);
                    shared.keep(prepared.children);
                }
                Err(_) => shared.tally.rejected(1),
            }
        }
        self.observer
            .progressed(&self.id, &shared.tally.progress(shared.walks));
        let batch = Batch {
            id: Arc::clone(&self.id),
            entries,
            tally: Arc::clone(&shared.tally),
        };
        Ok(self.outlet.store(batch).await?)
    }
}

/// The report as a whole says why.
const DATABASE_STOPPED: &str = "the database took no more records";

impl Shared {
    /// Notes the walks a record asks for, once even where the record comes twice.
    fn keep(&self, asked: Vec<(&'static str, Walk)>) {
        if asked.is_empty() {
            return;
        }
        let mut children = self.children.lock().unwrap_or_else(PoisonError::into_inner);
        for (stream, walk) in asked {
            let key = crate::content::of_record(&walk.arguments, "");
            if children.known.insert((stream, crate::content::hex(&key))) {
                children.walks.entry(stream).or_default().push(walk);
            }
        }
    }
}

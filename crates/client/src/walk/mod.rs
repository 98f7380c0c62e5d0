//! A walk over all pages of a list that changes while it is read, on a server that may not tell the truth.
//!
//! Three things must not happen. A walk must end: pages that repeat, cursors in a circle and totals that lie stop it with an error.
//! It must not be short without a word: where rows vanish, later ones move to pages that were read, so
//! the walk steps back; where the server's total says that something is missing, it walks once more, and then says so.
//! And nothing comes twice: rows that come in at the front push others to the next page.

use std::{
    collections::HashSet,
    future::Future,
    hash::{BuildHasher as _, RandomState},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use futures_util::{StreamExt as _, stream::FuturesOrdered};

use crate::{
    Error, ErrorKind, Item, Page,
    call::Call,
    cursor::Position,
    fetch::{Fetched, fetch},
    item::Seen,
    operation::{Pagination, Style},
    pages::Completeness,
};

/// Whole pages of nothing new in a row, after which a server is taken to repeat itself. One can happen when many rows come in at once.
const MOST_REPEATED_PAGES: u32 = 2;
/// Falls of the total at one page, without anything new after stepping back, before it is taken to be wrong there.
const MOST_EQUAL_FALLS: u32 = 2;
/// Steps back without a new page between them, after which totals are taken to be wrong.
const MOST_STEPS_BACK: u32 = 50;
/// Walks over a list that the server's total says is not whole.
const MOST_PASSES: u32 = 2;

/// How a list is to be walked.
#[derive(Debug, Clone)]
pub struct WalkOptions {
    pub(crate) concurrency: usize,
    pub(crate) dedupe: Option<bool>,
    pub(crate) start: Option<Result<Position, Arc<Error>>>,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self {
            concurrency: 1,
            dedupe: None,
            start: None,
        }
    }
}

type Fetching<T> = Pin<Box<dyn Future<Output = (Position, Result<Fetched<T>, Error>)> + Send>>;

pub(crate) struct Walk<C, T> {
    call: C,
    pagination: &'static Pagination,
    concurrency: usize,
    key: Option<&'static str>,
    seen: Seen,
    guard: Guard,
    fetching: FuturesOrdered<Fetching<T>>,
    /// The next request to make.
    launch: Option<Position>,
    /// The last number that there is a page for, as far as the server has said, and the step from page to page.
    horizon: Option<(u64, u64)>,
    /// The last fall of the total: at which page, by how many pages, and how often in a row without anything new coming up.
    fall: Option<(u64, u64, u32)>,
    /// Steps back since the last new page.
    stalled: u32,
    /// The furthest number whose page was delivered.
    reached: Option<u64>,
    total: Option<u64>,
    distinct: u64,
    pages: u64,
    page_limit: u64,
    pass: u32,
    /// The walk began at the beginning, so that totals can be compared.
    whole: bool,
    over: bool,
    /// The list goes on at a place that its last record does not tell.
    is_stuck: bool,
    completeness: Arc<AtomicU8>,
}

impl<C: Call, T: Item> Walk<C, T> {
    pub(crate) fn new(
        call: C,
        pagination: &'static Pagination,
        completeness: Arc<AtomicU8>,
    ) -> Result<Self, Error> {
        let options = call.core().transport().options;
        let walk_options = call.walk_options();
        // A caller's own position (`.page(7)`, `.after("…")`, `.resume(…)`) is where the walk begins.
        let own = match walk_options.start {
            Some(Ok(position)) => Some(position),
            Some(Err(error)) => return Err(Error::new(error.kind(), error.to_string())),
            None => call
                .position()
                .filter(|position| *position != pagination.start()),
        };
        let whole = own.is_none();
        Ok(Self {
            concurrency: walk_options.concurrency.max(1),
            key: pagination
                .key
                .filter(|_| walk_options.dedupe.unwrap_or(options.dedupe)),
            seen: Seen::default(),
            guard: Guard::default(),
            fetching: FuturesOrdered::new(),
            launch: Some(own.unwrap_or_else(|| pagination.start())),
            horizon: None,
            fall: None,
            stalled: 0,
            reached: None,
            total: None,
            distinct: 0,
            pages: 0,
            page_limit: options.page_limit,
            pass: 1,
            whole,
            over: false,
            is_stuck: false,
            completeness,
            call,
            pagination,
        })
    }

    /// The next page; `None` after the last or after an error.
    pub(crate) async fn step(&mut self) -> Option<Result<Page<T>, Error>> {
        loop {
            if self.over {
                return None;
            }
            self.launch();
            let Some((position, fetched)) = self.fetching.next().await else {
                match self.end_of_pass() {
                    Ok(true) => continue,
                    Ok(false) => return None,
                    Err(error) => return self.fail(error),
                }
            };
            let delivered = match fetched {
                Err(error) => Err(error),
                Ok(fetched) => self.deliver(position, fetched),
            };
            match delivered {
                // A second look brings up new rows or nothing; empty pages of it are nobody's concern.
                Ok(page) if self.pass > 1 && page.items.is_empty() && page.rejected.is_empty() => {}
                Ok(page) => return Some(Ok(page)),
                Err(error) => return self.fail(error),
            }
        }
    }

    fn fail(&mut self, error: Error) -> Option<Result<Page<T>, Error>> {
        self.over = true;
        self.fetching = FuturesOrdered::new();
        Some(Err(error))
    }

    /// Starts as many requests as may run at once and are known to have a page.
    fn launch(&mut self) {
        while self.fetching.len() < self.concurrency {
            let Some(position) = self.launch.take() else {
                return;
            };
            let ahead = match (&position, self.horizon) {
                (Position::Number(number), Some((last, step))) if self.concurrency > 1 => {
                    Some(number + step).filter(|next| *next <= last)
                }
                _ => None,
            };
            self.launch = ahead.map(Position::Number);
            let mut call = self.call.clone();
            call.seek(&position);
            let pagination = self.pagination;
            self.fetching.push_back(Box::pin(async move {
                let fetched = fetch(&call, pagination, &position).await;
                (position, fetched)
            }));
        }
    }

    /// Takes a page in: what is new in it, and where to go on.
    fn deliver(&mut self, position: Position, fetched: Fetched<T>) -> Result<Page<T>, Error> {
        let Fetched {
            mut page,
            next,
            count,
            size,
            is_stuck,
        } = fetched;
        self.is_stuck = is_stuck;
        self.pages += 1;
        if self.pages > self.page_limit {
            return Err(self.error(format!(
                "more than {} pages: raise the page limit if that is expected",
                self.page_limit
            )));
        }
        let step = match self.pagination.style {
            Style::Offset => size.unwrap_or(count).max(1),
            _ => 1,
        };
        let steps_back = self.vanished(&page, size.unwrap_or(count).max(1));
        let is_new_ground = match (&position, self.reached) {
            (Position::Number(number), Some(reached)) => *number > reached,
            _ => true,
        };
        if let Some(key) = self.key {
            page.repeated = self.seen.drop_repeated(&mut page.items, key);
        }
        let fresh = u64::try_from(page.items.len() + page.rejected.len()).unwrap_or(u64::MAX);
        self.distinct += fresh;
        if fresh > 0 && !is_new_ground {
            self.fall = None;
        }
        if is_new_ground && self.pass == 1 {
            self.guard
                .check(self.key.is_some(), count, fresh, &page, next.as_ref())
                .map_err(|text| self.error(text))?;
        }
        self.total = page.totals.items.or(self.total);
        if let Position::Number(number) = position {
            self.reached = self.reached.max(Some(number));
            self.horizon = self.horizon_of(&page, step);
            if steps_back > 0 && !self.is_hollow(number, steps_back, fresh) {
                // Also on pages that are read again: rows can vanish at any time.
                self.stalled += 1;
                if self.stalled > MOST_STEPS_BACK {
                    return Err(self.error(
                        "the list changes faster than it can be read, or its totals are wrong",
                    ));
                }
                let back = number
                    .saturating_sub(steps_back * step)
                    .max(self.pagination.first);
                self.restart_at(Position::Number(back));
                return Ok(page);
            }
            if is_new_ground {
                self.stalled = 0;
            }
        }
        match next {
            None => self.restart_at_nothing(),
            Some(next) if self.launch.is_none() && self.fetching.is_empty() => {
                self.launch = Some(next)
            }
            Some(_) => {}
        }
        Ok(page)
    }

    /// A page that shows the same fall again and again, while stepping back brings up nothing new, has a wrong total.
    fn is_hollow(&mut self, number: u64, steps: u64, fresh: u64) -> bool {
        let times = match self.fall {
            Some((at, by, times)) if (at, by) == (number, steps) && fresh == 0 => times + 1,
            _ => 1,
        };
        self.fall = Some((number, steps, times));
        times > MOST_EQUAL_FALLS
    }

    /// Pages to step back: as many as the rows that vanished since the last page would fill, since as many unread ones moved
    /// to pages that were read.
    fn vanished(&self, page: &Page<T>, size: u64) -> u64 {
        match (self.total, page.totals.items) {
            (Some(before), Some(now)) if now < before && self.key.is_some() => {
                (before - now).div_ceil(size)
            }
            _ => 0,
        }
    }

    fn horizon_of(&self, page: &Page<T>, step: u64) -> Option<(u64, u64)> {
        let first = self.pagination.first;
        let last = match (self.pagination.style, page.totals) {
            (Style::Page, totals) => (first + totals.pages?).checked_sub(1)?,
            (Style::Offset, totals) => (first + totals.items?).checked_sub(1)?,
            (Style::Cursor | Style::Single, _) => return None,
        };
        Some((last, step))
    }

    fn restart_at(&mut self, position: Position) {
        self.fetching = FuturesOrdered::new();
        self.launch = Some(position);
    }

    fn restart_at_nothing(&mut self) {
        self.fetching = FuturesOrdered::new();
        self.launch = None;
    }

    /// Nothing is left to ask for: is it whole? `true` if the walk goes on with another pass.
    fn end_of_pass(&mut self) -> Result<bool, Error> {
        if self.is_stuck {
            return Err(self.error(
                "the last record of a page has no key, so that nothing after it can be asked for",
            ));
        }
        let expected = self.total.filter(|_| self.whole);
        let is_short = expected.is_some_and(|expected| self.distinct < expected);
        // Without keys a second pass could not tell old from new.
        if is_short && self.key.is_some() && self.pass < MOST_PASSES {
            self.pass += 1;
            self.restart_at(self.pagination.start());
            return Ok(true);
        }
        self.over = true;
        match expected {
            Some(expected) if is_short => {
                let seen = self.distinct;
                let text = format!(
                    "the list should have {expected} records, but only {seen} came: it changed while it was read, or the total is wrong"
                );
                Err(Error::new(ErrorKind::Incomplete { seen, expected }, text)
                    .with_operation(self.call.operation()))
            }
            Some(_) => {
                self.completeness
                    .store(Completeness::Complete as u8, Ordering::Release);
                Ok(false)
            }
            None => {
                self.completeness
                    .store(Completeness::Unverified as u8, Ordering::Release);
                Ok(false)
            }
        }
    }

    fn error(&self, text: impl Into<String>) -> Error {
        Error::new(ErrorKind::Paging, text).with_operation(self.call.operation())
    }
}

/// Notices a server that goes in a circle.
#[derive(Default)]
struct Guard {
    keyed: RandomState,
    cursors: HashSet<u64>,
    last_page: Option<u64>,
    repeated: u32,
}

impl Guard {
    fn check<T: Item>(
        &mut self,
        keys: bool,
        count: u64,
        fresh: u64,
        page: &Page<T>,
        next: Option<&Position>,
    ) -> Result<(), &'static str> {
        if let Some(Position::Cursor(Some(cursor))) = next
            && !self.cursors.insert(self.keyed.hash_one(cursor))
        {
            return Err("the server gave the same cursor twice, which would never end");
        }
        let is_repeated = if keys {
            count > 0 && fresh == 0
        } else {
            // Without keys a page is told by all of its text.
            let text = serde_json::to_string(&page.items).unwrap_or_default();
            let rejected: Vec<&str> = page.rejected().iter().map(|one| one.raw().get()).collect();
            let hash = self.keyed.hash_one((text, rejected));
            count > 0 && self.last_page.replace(hash) == Some(hash)
        };
        self.repeated = if is_repeated { self.repeated + 1 } else { 0 };
        if self.repeated >= MOST_REPEATED_PAGES {
            return Err("the server gives the same page again and again, which would never end");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

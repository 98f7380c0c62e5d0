//! A walk over all pages of a list that changes while it is read, on a server whose totals may be wrong.
//!
//! The walk has three guarantees. It ends: repeated pages, cursor cycles and inconsistent totals stop it with an error. It is
//! not silently incomplete: if records disappear, later ones move to pages that were already read, so the walk steps back; if
//! the server's total shows that records are missing, it makes a second pass and then reports the gap. It yields no record
//! twice: records inserted at the front push others to the next page.

mod guard;
#[cfg(test)]
mod tests;

use std::{future::Future, pin::Pin};

use futures_util::{StreamExt as _, stream::FuturesOrdered};

use crate::{
    Completeness, Error, ErrorKind, Item, Page,
    call::Call,
    completeness::SharedCompleteness,
    cursor::Position,
    fetch::{Fetched, fetch},
    item::SeenKeys,
    operation::{PagingPlan, PagingStyle},
};
use guard::CycleGuard;

/// Decreases of the total at one page, without new records after stepping back, before the total is ignored there.
const MAX_EQUAL_DECREASES: u32 = 2;
/// Steps back without a new page in between, after which the walk fails.
const MAX_STEPS_BACK: u32 = 50;
/// Passes over a list that is incomplete by the server's total.
const MAX_PASSES: u32 = 2;

type Fetching<T> = Pin<Box<dyn Future<Output = (Position, Result<Fetched<T>, Error>)> + Send>>;

pub(crate) struct Walk<C, T> {
    call: C,
    plan: &'static PagingPlan,
    concurrency: usize,
    key: Option<&'static str>,
    seen: SeenKeys,
    guard: CycleGuard,
    fetching: FuturesOrdered<Fetching<T>>,
    /// The position of the next request.
    launch: Option<Position>,
    /// The last position that has a page according to the server, and the step between pages.
    horizon: Option<(u64, u64)>,
    /// The last decrease of the total: its page, the pages it amounts to, and how often it repeated without new records.
    decrease: Option<(u64, u64, u32)>,
    /// Steps back since the last new page.
    stalled: u32,
    /// The highest position whose page was delivered.
    reached: Option<u64>,
    total: Option<u64>,
    distinct: u64,
    pages: u64,
    page_limit: u64,
    pass: u32,
    /// The walk started at the first page, so its count can be compared with the total.
    whole: bool,
    over: bool,
    /// The list continues after a record that lacks the cursor value.
    is_stuck: bool,
    completeness: SharedCompleteness,
}

impl<C: Call, T: Item> Walk<C, T> {
    pub(crate) fn new(
        call: C,
        plan: &'static PagingPlan,
        completeness: SharedCompleteness,
    ) -> Result<Self, Error> {
        let options = call.core().transport().options;
        let walk_options = call.walk_options();
        // A position that the caller set (`.page(7)`, `.after("…")`, `.resume(…)`) is where the walk starts.
        let own = walk_options.chosen_start(call.position(), plan)?;
        let whole = own.is_none();
        Ok(Self {
            concurrency: walk_options.concurrency.max(1),
            key: plan
                .key
                .filter(|_| walk_options.dedupe.unwrap_or(options.dedupe)),
            seen: SeenKeys::default(),
            guard: CycleGuard::default(),
            fetching: FuturesOrdered::new(),
            launch: Some(own.unwrap_or_else(|| plan.start())),
            horizon: None,
            decrease: None,
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
            plan,
        })
    }

    /// Returns the next page, or `None` after the last page or an error.
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
                // Only pages with new records of a second pass are of interest.
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

    /// Starts requests up to the concurrency limit, ahead of the responses only for pages that are known to exist.
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
            let plan = self.plan;
            self.fetching.push_back(Box::pin(async move {
                let fetched = fetch(&call, plan, &position).await;
                (position, fetched)
            }));
        }
    }

    /// Processes a page: drops repeated records and decides where to continue.
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
                "the list has more than {} pages: raise the page limit if this is expected",
                self.page_limit
            )));
        }
        let step = match self.plan.style {
            PagingStyle::Offset => size.unwrap_or(count).max(1),
            _ => 1,
        };
        let steps_back = self.pages_vanished(&page, size.unwrap_or(count).max(1));
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
            self.decrease = None;
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
            if steps_back > 0 && !self.is_false_decrease(number, steps_back, fresh) {
                // Also on pages that are read again: records can disappear at any time.
                self.stalled += 1;
                if self.stalled > MAX_STEPS_BACK {
                    return Err(self.error(
                        "the list changes faster than it can be read, or its totals are wrong",
                    ));
                }
                let back = number
                    .saturating_sub(steps_back * step)
                    .max(self.plan.first);
                self.restart_at(Position::Number(back));
                return Ok(page);
            }
            if is_new_ground {
                self.stalled = 0;
            }
        }
        match next {
            None => self.stop_launching(),
            Some(next) if self.launch.is_none() && self.fetching.is_empty() => {
                self.launch = Some(next)
            }
            Some(_) => {}
        }
        Ok(page)
    }

    /// Returns whether a page repeats the same decrease while stepping back finds no new records: its total is wrong.
    fn is_false_decrease(&mut self, number: u64, steps: u64, fresh: u64) -> bool {
        let times = match self.decrease {
            Some((at, by, times)) if (at, by) == (number, steps) && fresh == 0 => times + 1,
            _ => 1,
        };
        self.decrease = Some((number, steps, times));
        times > MAX_EQUAL_DECREASES
    }

    /// The number of pages to step back. For every record that disappeared since the last page, an unread one moved to a page
    /// that was already read.
    fn pages_vanished(&self, page: &Page<T>, size: u64) -> u64 {
        match (self.total, page.totals.items) {
            (Some(before), Some(now)) if now < before && self.key.is_some() => {
                (before - now).div_ceil(size)
            }
            _ => 0,
        }
    }

    fn horizon_of(&self, page: &Page<T>, step: u64) -> Option<(u64, u64)> {
        let first = self.plan.first;
        let last = match (self.plan.style, page.totals) {
            (PagingStyle::Page, totals) => (first + totals.pages?).checked_sub(1)?,
            (PagingStyle::Offset, totals) => (first + totals.items?).checked_sub(1)?,
            (PagingStyle::Cursor | PagingStyle::Single, _) => return None,
        };
        Some((last, step))
    }

    fn restart_at(&mut self, position: Position) {
        self.fetching = FuturesOrdered::new();
        self.launch = Some(position);
    }

    fn stop_launching(&mut self) {
        self.fetching = FuturesOrdered::new();
        self.launch = None;
    }

    /// Ends a pass and checks completeness. Returns `true` if another pass starts.
    fn end_of_pass(&mut self) -> Result<bool, Error> {
        if self.is_stuck {
            return Err(self.error(
                "the last record of a page has no key, so the next page cannot be requested",
            ));
        }
        let expected = self.total.filter(|_| self.whole);
        let is_short = expected.is_some_and(|expected| self.distinct < expected);
        // Without keys, a second pass cannot tell old records from new ones.
        if is_short && self.key.is_some() && self.pass < MAX_PASSES {
            self.pass += 1;
            self.restart_at(self.plan.start());
            return Ok(true);
        }
        self.over = true;
        match expected {
            Some(expected) if is_short => {
                let seen = self.distinct;
                let text = format!(
                    "the server reports {expected} records, but only {seen} were received: the list changed while it was read, or its total is wrong"
                );
                Err(Error::new(ErrorKind::Incomplete { seen, expected }, text)
                    .with_operation(self.call.operation()))
            }
            Some(_) => {
                self.completeness.set(Completeness::Complete);
                Ok(false)
            }
            None => {
                self.completeness.set(Completeness::Unverified);
                Ok(false)
            }
        }
    }

    fn error(&self, text: impl Into<String>) -> Error {
        Error::new(ErrorKind::Paging, text).with_operation(self.call.operation())
    }
}

//! Lists, page by page.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;

use crate::{
    Error, ErrorKind,
    call::Call,
    decode::{self, Captured, Taken},
    envelope,
    error::request_id,
    item::{Item, Seen, written},
    operation::{Next, Operation, Pagination, Style},
    transport::Answer,
};

/// One page of a list.
#[derive(Clone)]
pub struct Page<T> {
    /// The items, in the server's order.
    pub items: Vec<T>,
    rejected: Vec<Rejected>,
    repeated: usize,
    totals: Totals,
    metadata: Metadata,
}

/// How much there is, as the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Items in all pages.
    pub items: Option<u64>,
    /// Pages.
    pub pages: Option<u64>,
}

/// What is known of an exchange besides its payload.
#[derive(Clone, Default)]
pub struct Metadata {
    status: Option<StatusCode>,
    headers: HeaderMap,
    attempts: u32,
    elapsed: Duration,
}

impl Metadata {
    pub(crate) fn of(answer: &Answer) -> Self {
        Self {
            status: Some(answer.status),
            headers: answer.headers.clone(),
            attempts: answer.attempts,
            elapsed: answer.elapsed,
        }
    }

    /// The HTTP status; `None` for a page that was not fetched.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Requests that were sent for it.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Time it took, waits included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The platform's identifier of the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata")
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

/// A record that is not what the spec says. It is kept as it came, so that nothing is lost.
#[derive(Clone)]
pub struct Rejected {
    index: usize,
    reason: String,
    raw: Box<RawValue>,
}

impl Rejected {
    pub(crate) fn new(index: usize, reason: String, raw: Box<RawValue>) -> Self {
        Self { index, reason, raw }
    }

    /// Its place on the page, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// What is wrong, without its values.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The JSON as it came.
    pub fn raw(&self) -> &RawValue {
        &self.raw
    }
}

impl fmt::Debug for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("index", &self.index)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl<T> Page<T> {
    /// A page of these items, for tests of code that takes pages.
    pub fn new(items: Vec<T>) -> Self {
        Self {
            items,
            rejected: Vec::new(),
            repeated: 0,
            totals: Totals::default(),
            metadata: Metadata {
                attempts: 1,
                ..Metadata::default()
            },
        }
    }

    /// The same page, with totals.
    #[must_use]
    pub fn with_totals(mut self, totals: Totals) -> Self {
        self.totals = totals;
        self
    }

    /// Records of this page that are not what the spec says.
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// Records left out because they stood on an earlier page of the same walk: while a list is read, records that come in at its front
    /// push others to the next page.
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// How much there is, as the server says.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Status, headers, attempts.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("items", &self.items)
            .field("rejected", &self.rejected)
            .field("totals", &self.totals)
            .finish_non_exhaustive()
    }
}

/// Where in a list a request asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// A page number or an offset.
    Number(u64),
    /// A cursor; `None` is the beginning.
    Cursor(Option<String>),
}

impl Pagination {
    pub(crate) fn start(&self) -> Position {
        match self.style {
            Style::Cursor => Position::Cursor(None),
            Style::Page | Style::Offset | Style::Single => Position::Number(self.first),
        }
    }

    pub(crate) fn wanted(&self) -> impl Iterator<Item = &'static str> {
        let pointer = match self.next {
            Next::Pointer(pointer) => Some(pointer),
            Next::Counted | Next::LastItem(_) => None,
        };
        [self.total_pages, self.total, self.echo_size, pointer]
            .into_iter()
            .flatten()
    }

    /// The position after a page, or `None` at the end.
    fn after(&self, position: &Position, page: &Facts) -> Result<Option<Position>, Error> {
        if page.count == 0 {
            return Ok(None);
        }
        match (self.style, position) {
            (Style::Single, _) => Ok(None),
            (Style::Page, Position::Number(number)) => {
                let is_last = page
                    .pages
                    .is_some_and(|pages| number.saturating_sub(self.first) + 1 >= pages);
                Ok((!is_last).then(|| Position::Number(number + 1)))
            }
            (Style::Offset, Position::Number(number)) => {
                let next = number + page.count;
                let is_last = page.total.is_some_and(|total| next >= total + self.first);
                Ok((!is_last).then_some(Position::Number(next)))
            }
            (Style::Cursor, Position::Cursor(current)) => match &page.cursor {
                None => Ok(None),
                cursor if cursor == current => Err(Error::new(
                    ErrorKind::Paging,
                    "the server gave the same cursor twice, which would never end",
                )),
                Some(cursor) => Ok(Some(Position::Cursor(Some(cursor.clone())))),
            },
            _ => Err(Error::new(
                ErrorKind::Paging,
                "a position of another paging style",
            )),
        }
    }
}

/// What decides how a list goes on.
struct Facts {
    count: u64,
    pages: Option<u64>,
    total: Option<u64>,
    cursor: Option<String>,
}

pub(crate) struct Fetched<T> {
    pub(crate) page: Page<T>,
    next: Option<Position>,
}

/// Fetches one page.
pub(crate) async fn fetch<C: Call, T: Item>(
    call: &C,
    pagination: &Pagination,
    position: &Position,
) -> Result<Fetched<T>, Error> {
    let operation = call.operation();
    let answer = call
        .core()
        .transport()
        .run(operation, call.build().await?)
        .await?;
    read_page(operation, pagination, position, answer)
}

fn read_page<T: Item>(
    operation: &'static Operation,
    pagination: &Pagination,
    position: &Position,
    answer: Answer,
) -> Result<Fetched<T>, Error> {
    if !answer.status.is_success() {
        return Err(crate::call::refuse(operation, answer));
    }
    let mut wanted: Vec<&'static str> = pagination.wanted().collect();
    wanted.extend(
        operation
            .envelope
            .fail_when
            .iter()
            .map(|condition| condition.at),
    );
    wanted.dedup();
    let read = match decode::take::<Vec<T>>(&answer.body, pagination.items, &wanted) {
        Ok(taken) => Ok((taken, Vec::new())),
        Err(error) if error.syntax => Err(error),
        // Some record is not what the spec says: the others are still worth having.
        Err(_) => decode::take_leniently(&answer.body, pagination.items, &wanted),
    };
    let (Taken { data, captured }, rejected) = match read {
        Ok(read) => read,
        Err(unreadable) => return Err(crate::call::unreadable(operation, answer, &unreadable)),
    };
    if envelope::says_no(operation.envelope.fail_when, &captured) {
        return Err(crate::call::refuse(operation, answer));
    }
    let Some(items) = data else {
        let text = format!(
            "no list where the spec has one ({})",
            pagination.items.join(" or ")
        );
        return Err(Error::new(ErrorKind::Decode, text)
            .with_operation(operation)
            .with_answer(answer.status, answer.headers, answer.body));
    };
    let facts = Facts {
        count: u64::try_from(items.len() + rejected.len()).unwrap_or(u64::MAX),
        pages: captured.count(pagination.total_pages),
        total: captured.count(pagination.total),
        cursor: cursor(pagination, &captured, &items, &rejected),
    };
    let next = pagination
        .after(position, &facts)
        .map_err(|error| error.with_operation(operation))?;
    let totals = Totals {
        items: facts.total,
        pages: facts.pages,
    };
    let metadata = Metadata::of(&answer);
    Ok(Fetched {
        page: Page {
            items,
            rejected,
            repeated: 0,
            totals,
            metadata,
        },
        next,
    })
}

fn cursor<T: Item>(
    pagination: &Pagination,
    captured: &Captured,
    items: &[T],
    rejected: &[Rejected],
) -> Option<String> {
    let cursor = match pagination.next {
        Next::Counted => return None,
        Next::Pointer(pointer) => written(captured.get(pointer)?)?.into_owned(),
        Next::LastItem(pointer) => {
            // The last record decides, also where it could not be decoded.
            let count = items.len() + rejected.len();
            match rejected.last().filter(|record| record.index + 1 == count) {
                Some(record) => record.raw.text_at(pointer)?.into_owned(),
                None => items.last()?.text_at(pointer)?.into_owned(),
            }
        }
    };
    Some(cursor).filter(|cursor| !cursor.is_empty())
}

type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// The pages of a list, one request each, made when asked for.
#[must_use = "pages are fetched when asked for"]
pub struct Pages<T>(BoxStream<Result<Page<T>, Error>>);

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn of<C: Call>(call: C) -> Self
    where
        T: Item,
    {
        let Some(pagination) = call.operation().pagination.as_ref() else {
            let error = Error::new(ErrorKind::InvalidInput, "this operation is not a list")
                .with_operation(call.operation());
            return Self(Box::pin(stream::iter([Err(error)])));
        };
        // A caller's own position (`.page(7)`, `.after("…")`) stays; the walk goes on from there.
        let start = call.position().unwrap_or_else(|| pagination.start());
        let key = pagination
            .key
            .filter(|_| call.core().transport().options.dedupe);
        let state = Some((call, start, Seen::default()));
        Self(Box::pin(stream::unfold(state, move |state| async move {
            let (mut call, position, mut seen) = state?;
            call.seek(&position);
            match fetch::<C, T>(&call, pagination, &position).await {
                Ok(Fetched { mut page, next }) => {
                    if let Some(key) = key {
                        page.repeated = seen.drop_repeated(&mut page.items, key);
                    }
                    Some((Ok(page), next.map(|next| (call, next, seen))))
                }
                Err(error) => Some((Err(error), None)),
            }
        })))
    }

    /// Pages from any stream, for tests of code that takes them.
    pub fn from_stream(
        stream: impl Stream<Item = Result<Page<T>, Error>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(stream))
    }

    /// The next page, or `None` after the last. After an error there are no more.
    ///
    /// # Errors
    /// Those of the call for the page.
    pub fn try_next(&mut self) -> impl Future<Output = Result<Option<Page<T>>, Error>> + Send + '_ {
        let next = self.0.next();
        async move { next.await.transpose() }
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// The items of a list, over all its pages.
///
/// A record that is not what the spec says comes out as an error of kind [`ErrorKind::Decode`]; the
/// items after it follow when the stream is polled on.
#[must_use = "items are fetched when asked for"]
pub struct Items<T>(BoxStream<Result<T, Error>>);

impl<T: Send + 'static> Items<T> {
    pub(crate) fn boxed(stream: BoxStream<Result<T, Error>>) -> Self {
        Self(stream)
    }

    pub(crate) fn of(pages: Pages<T>) -> Self {
        Self(Box::pin(pages.flat_map(|page| match page {
            Err(error) => stream::iter(vec![Err(error)]),
            Ok(page) => {
                let Page {
                    items, rejected, ..
                } = page;
                let errors = rejected.into_iter().map(|record| {
                    let text = format!("record {} of the page: {}", record.index, record.reason);
                    Err(Error::new(ErrorKind::Decode, text))
                });
                stream::iter(items.into_iter().map(Ok).chain(errors).collect::<Vec<_>>())
            }
        })))
    }

    /// The next item, or `None` after the last.
    ///
    /// # Errors
    /// Those of the call for its page, and of a record that is not what the spec says.
    pub fn try_next(&mut self) -> impl Future<Output = Result<Option<T>, Error>> + Send + '_ {
        let next = self.0.next();
        async move { next.await.transpose() }
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

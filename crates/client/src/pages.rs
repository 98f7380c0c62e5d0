//! Lists, page by page and item by item.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};

use crate::{Error, ErrorKind, Item, Page, call::Call, walk::Walk};

type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// Whether a list that was read to its end is known to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Completeness {
    /// It is not read to its end.
    Unfinished,
    /// As many records came as the server says there are.
    Complete,
    /// The server does not say how many there are, or the walk did not begin at the beginning.
    Unverified,
}

fn completeness(state: &AtomicU8) -> Completeness {
    match state.load(Ordering::Acquire) {
        1 => Completeness::Complete,
        2 => Completeness::Unverified,
        _ => Completeness::Unfinished,
    }
}

/// The pages of a list, one request each, made when asked for.
///
/// A record that stood on an earlier page does not come again. After rows have vanished the pages before are read once more; where
/// fewer records came than the server says there are, the list is walked a second time. What is then still missing is an error of
/// kind [`ErrorKind::Incomplete`], after all that came.
#[must_use = "pages are fetched when asked for"]
pub struct Pages<T> {
    stream: BoxStream<Result<Page<T>, Error>>,
    completeness: Arc<AtomicU8>,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn of<C: Call>(call: C) -> Self
    where
        T: Item,
    {
        let state = Arc::new(AtomicU8::new(0));
        let operation = call.operation();
        let walk = match operation.pagination.as_ref() {
            Some(pagination) => Walk::new(call, pagination, state.clone()),
            None => Err(Error::new(
                ErrorKind::InvalidInput,
                "this operation is not a list",
            )),
        };
        let stream: BoxStream<_> = match walk {
            Ok(walk) => Box::pin(
                stream::unfold(walk, |mut walk: Walk<C, T>| async move {
                    walk.step().await.map(|page| (page, walk))
                })
                .fuse(),
            ),
            Err(error) => Box::pin(stream::iter([Err(error.with_operation(operation))])),
        };
        Self {
            stream,
            completeness: state,
        }
    }

    /// Pages from any stream, for tests of code that takes them.
    pub fn from_stream(
        stream: impl Stream<Item = Result<Page<T>, Error>> + Send + 'static,
    ) -> Self {
        Self {
            stream: Box::pin(stream.fuse()),
            completeness: Arc::default(),
        }
    }

    /// The next page, or `None` after the last. After an error there are no more.
    ///
    /// # Errors
    /// Those of the call for the page.
    pub fn try_next(&mut self) -> impl Future<Output = Result<Option<Page<T>>, Error>> + Send + '_ {
        let next = self.stream.next();
        async move { next.await.transpose() }
    }

    /// Whether what came is known to be all.
    pub fn completeness(&self) -> Completeness {
        completeness(&self.completeness)
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("completeness", &completeness(&self.completeness))
            .finish_non_exhaustive()
    }
}

/// The items of a list, over all its pages; see [`Pages`].
///
/// A record that is not what the spec says comes out as an error of kind [`ErrorKind::Decode`]; the
/// items after it follow when the stream is polled on.
#[must_use = "items are fetched when asked for"]
pub struct Items<T> {
    stream: BoxStream<Result<T, Error>>,
    completeness: Arc<AtomicU8>,
}

impl<T: Send + 'static> Items<T> {
    pub(crate) fn boxed(stream: BoxStream<Result<T, Error>>) -> Self {
        Self {
            stream: Box::pin(stream.fuse()),
            completeness: Arc::default(),
        }
    }

    pub(crate) fn of(pages: Pages<T>) -> Self {
        let completeness = pages.completeness.clone();
        let stream = pages.flat_map(|page| match page {
            Err(error) => stream::iter(vec![Err(error)]),
            Ok(page) => {
                let errors = page.rejected.into_iter().map(|record| {
                    let text = format!("record {} of the page: {}", record.index, record.reason);
                    Err(Error::new(ErrorKind::Decode, text))
                });
                stream::iter(
                    page.items
                        .into_iter()
                        .map(Ok)
                        .chain(errors)
                        .collect::<Vec<_>>(),
                )
            }
        });
        Self {
            stream: Box::pin(stream),
            completeness,
        }
    }

    /// The next item, or `None` after the last.
    ///
    /// # Errors
    /// Those of the call for its page, and of a record that is not what the spec says.
    pub fn try_next(&mut self) -> impl Future<Output = Result<Option<T>, Error>> + Send + '_ {
        let next = self.stream.next();
        async move { next.await.transpose() }
    }

    /// Whether what came is known to be all.
    pub fn completeness(&self) -> Completeness {
        completeness(&self.completeness)
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stream.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

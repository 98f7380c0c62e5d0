//! Lists, page by page and item by item.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{StreamExt as _, stream};

use crate::{
    Completeness, Error, ErrorKind, Item, Page, call::Call, completeness::SharedCompleteness,
    walk::Walk,
};

type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

/// The pages of a list, fetched on demand with one request each.
///
/// Records of earlier pages are not repeated. If records disappear during the walk, the preceding pages are read again; if
/// fewer records were received than the server reports, the list is walked a second time. If records are still missing, an
/// error of kind [`ErrorKind::Incomplete`] follows the received pages.
#[must_use = "pages are fetched on demand"]
pub struct Pages<T> {
    stream: BoxStream<Result<Page<T>, Error>>,
    completeness: SharedCompleteness,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn of<C: Call>(call: C) -> Self
    where
        T: Item,
    {
        let completeness = SharedCompleteness::default();
        let operation = call.operation();
        let walk = match operation.pagination.as_ref() {
            Some(plan) => Walk::new(call, plan, completeness.clone()),
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
            completeness,
        }
    }

    /// Creates pages from a stream, for tests of code that takes [`Pages`].
    pub fn from_stream(
        stream: impl Stream<Item = Result<Page<T>, Error>> + Send + 'static,
    ) -> Self {
        Self {
            stream: Box::pin(stream.fuse()),
            completeness: SharedCompleteness::default(),
        }
    }

    /// Returns the next page, or `None` after the last page or an error.
    ///
    /// # Errors
    /// The call for the page fails.
    pub fn try_next(&mut self) -> impl Future<Output = Result<Option<Page<T>>, Error>> + Send + '_ {
        let next = self.stream.next();
        async move { next.await.transpose() }
    }

    /// Returns whether the list is known to have been read completely.
    pub fn completeness(&self) -> Completeness {
        self.completeness.get()
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
            .field("completeness", &self.completeness.get())
            .finish_non_exhaustive()
    }
}

/// The items of a list, over all its pages; see [`Pages`].
///
/// A record that does not match the spec yields an error of kind [`ErrorKind::Decode`]; the stream continues with the items
/// after it.
#[must_use = "items are fetched on demand"]
pub struct Items<T> {
    stream: BoxStream<Result<T, Error>>,
    completeness: SharedCompleteness,
}

impl<T: Send + 'static> Items<T> {
    pub(crate) fn boxed(stream: BoxStream<Result<T, Error>>) -> Self {
        Self {
            stream: Box::pin(stream.fuse()),
            completeness: SharedCompleteness::default(),
        }
    }

    pub(crate) fn of(pages: Pages<T>) -> Self {
        let completeness = pages.completeness.clone();
        let stream = pages.flat_map(|page| match page {
            Err(error) => stream::iter(vec![Err(error)]),
            Ok(page) => {
                let errors = page.rejected.into_iter().map(|record| {
                    let text =
                        format!("record {} of the page: {}", record.index(), record.reason());
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

    /// Returns the next item, or `None` after the last.
    ///
    /// # Errors
    /// The call for its page fails, or the record does not match the spec.
    pub fn try_next(&mut self) -> impl Future<Output = Result<Option<T>, Error>> + Send + '_ {
        let next = self.stream.next();
        async move { next.await.transpose() }
    }

    /// Returns whether the list is known to have been read completely.
    pub fn completeness(&self) -> Completeness {
        self.completeness.get()
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

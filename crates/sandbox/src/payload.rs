//! The bodies of responses: in one piece, or made while they are sent.

use crate::{connection::Working, csv::Export};
use bytes::Bytes;
use http::{Response, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// A response's body.
pub(crate) struct Payload {
    content: Content,
    /// The connection is busy while there is a body to send.
    _working: Option<Working>,
}

enum Content {
    Bytes(Option<Bytes>),
    Rows {
        export: Box<Export>,
        /// Whether others had their turn since the last piece: making one takes a while.
        rested: bool,
    },
}

impl Payload {
    pub(crate) fn empty() -> Self {
        Self::of(Content::Bytes(None))
    }

    pub(crate) fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Bytes(Some(bytes.into())))
    }

    pub(crate) fn rows(export: Export) -> Self {
        Self::of(Content::Rows {
            export: Box::new(export),
            rested: true,
        })
    }

    fn of(content: Content) -> Self {
        Self {
            content,
            _working: None,
        }
    }

    pub(crate) fn keep(&mut self, working: Working) {
        self._working = Some(working);
    }

    /// The next piece; none at the end.
    pub(crate) fn chunk(&mut self) -> Option<Bytes> {
        match &mut self.content {
            Content::Bytes(bytes) => bytes.take(),
            Content::Rows { export, .. } => export.chunk(),
        }
    }

    /// How long it is, where that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Content::Rows { .. } => None,
        }
    }
}

/// A response without a body.
pub(crate) fn plain(status: StatusCode) -> Response<Payload> {
    let mut response = Response::new(Payload::empty());
    *response.status_mut() = status;
    response
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if let Content::Rows { rested, .. } = &mut self.content {
            *rested = !*rested;
            if *rested {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        Poll::Ready(self.chunk().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.content, Content::Bytes(None))
    }

    fn size_hint(&self) -> SizeHint {
        self.length()
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

//! Response bodies: in one piece, or produced while they are sent.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// A response body.
pub(crate) enum Payload {
    Bytes(Option<Bytes>),
    Chunks {
        chunks: Box<dyn Iterator<Item = Bytes> + Send>,
        /// Whether other tasks ran since the last chunk: producing one takes a while.
        yielded: bool,
    },
}

impl Payload {
    pub(crate) fn empty() -> Self {
        Self::Bytes(None)
    }

    pub(crate) fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::Bytes(Some(bytes.into()))
    }

    pub(crate) fn chunks(chunks: impl Iterator<Item = Bytes> + Send + 'static) -> Self {
        Self::Chunks {
            chunks: Box::new(chunks),
            yielded: true,
        }
    }

    /// The next chunk; `None` at the end.
    pub(crate) fn next_chunk(&mut self) -> Option<Bytes> {
        match self {
            Self::Bytes(bytes) => bytes.take(),
            Self::Chunks { chunks, .. } => chunks.next(),
        }
    }

    /// The length in bytes, if known in advance.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Chunks { .. } => None,
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if let Self::Chunks { yielded, .. } = &mut *self {
            *yielded = !*yielded;
            if *yielded {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        Poll::Ready(self.next_chunk().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Bytes(None))
    }

    fn size_hint(&self) -> SizeHint {
        self.length()
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

//! The bodies of responses: in one piece, or made while they are sent.

use crate::csv::Export;
use bytes::Bytes;
use http::{Response, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

/// A response's body.
pub(crate) enum Payload {
    Bytes(Option<Bytes>),
    Rows(Box<Export>),
}

impl Payload {
    /// The next piece; none at the end.
    pub(crate) fn chunk(&mut self) -> Option<Bytes> {
        match self {
            Self::Bytes(bytes) => bytes.take(),
            Self::Rows(export) => export.chunk(),
        }
    }
}

/// A response without a body.
pub(crate) fn plain(status: StatusCode) -> Response<Payload> {
    let mut response = Response::new(Payload::Bytes(None));
    *response.status_mut() = status;
    response
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(self.chunk().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Bytes(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Self::Rows(_) => SizeHint::default(),
        }
    }
}
